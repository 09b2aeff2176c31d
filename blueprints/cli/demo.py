"""`flask demo ...`: made-up people and classes for machines on which nobody is real. Production refuses."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from service.overview.demo import register, staff, start
from service.overview.demo.tokens import access_tokens

demo = AppGroup("demo", help="Made-up data; never in production.")


def _refuse_in_production() -> None:
    if current_app.config["GONGYUN"].is_production:
        click.echo("demo data is refused in production", err=True)
        sys.exit(2)


@demo.command("seed")
@click.option("--scale", type=click.Choice(list(register.SCALES)), default="small", show_default=True)
@click.option("--password", help="For all staff; the one kept in DATA_DIR where not given.")
def seed_demo(scale: str, password: str | None) -> None:
    """Plant staff, unions and workers; what stands already is left."""
    _refuse_in_production()
    start.seed(scale, password or staff.kept_password(), lambda said: click.echo(f"workers {said}", err=True))


@demo.command("refresh")
def refresh_demo() -> None:
    """Plant the small demo data once, and the classes of this start."""
    _refuse_in_production()
    for name, value in start.refresh().items():
        click.echo(f"{name}: {value}")


@demo.command("tokens")
@click.option("--count", type=click.IntRange(1, 1_145_000), required=True, help="How many workers.")
def print_tokens(count: int) -> None:
    """Access tokens of so many different members, one a line; workers are made when missing."""
    _refuse_in_production()
    for token in access_tokens(count):
        click.echo(token)
