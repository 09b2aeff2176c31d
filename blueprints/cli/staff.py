"""`flask installation plant`, `flask staff ...`: what an installation needs before anybody can sign in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from service.core.access import SYSTEM, Role
from service.core.errors import ServiceError
from service.identity import accounts, separation
from service.overview import installation

installation_commands = AppGroup("installation", help="Starting an installation from nothing.")
staff = AppGroup("staff", help="Accounts of staff and trainers.")
GRANTED = [role.value for role in Role if role not in separation.IMPLIED]
PASSWORD = click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for.")


@installation_commands.command("plant")
def plant_tree() -> None:
    """Plant the union tree: the city's union, the counties', the park's, the towns'. Safe to repeat."""
    click.echo(f"planted below {installation.plant().name}")


@staff.command("open")
@click.argument("login")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(GRANTED))
@click.option("--node", "node_code", default="530800", show_default=True, help="The code of the union node.")
@PASSWORD
def open_account(login: str, name: str, roles: tuple[str, ...], node_code: str, password: str) -> None:
    """Open an account with roles on a node and everything below it."""
    with _told():
        person_id = installation.open_staff_account(
            login=login, name=name, password=password, roles=[Role(role) for role in roles], node_code=node_code
        )
        click.echo(f"{login}: person {person_id}")


@staff.command("password")
@click.argument("login")
@PASSWORD
def set_password(login: str, password: str) -> None:
    """Give an account another password, to be changed at the next sign-in; its sign-ins end."""
    with _told():
        accounts.set_password(SYSTEM, login, password, must_change=True)
        click.echo(f"{login}: password changed, sign-ins ended")


@staff.command("disable")
@click.argument("login")
def disable_account(login: str) -> None:
    """Switch an account off; its sign-ins end."""
    with _told():
        accounts.disable(SYSTEM, login)
        click.echo(f"{login}: disabled")


@contextmanager
def _told() -> Iterator[None]:
    """Refusals are told in one line, with exit code 2."""
    try:
        yield
    except ServiceError as error:
        click.echo(f"{error.code}: {error.message}", err=True)
        sys.exit(2)
