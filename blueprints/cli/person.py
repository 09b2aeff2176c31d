"""`flask person ...`: requests about personal data that came on paper."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup

from service.core.access import SYSTEM
from service.core.errors import ServiceError
from service.overview import on_paper

person = AppGroup("person", help="Requests about personal data that came on paper.")
WHY = click.option("--why", required=True, help="Who asked and what was checked; kept in the audit trail, sealed.")


@person.command("copy")
@click.argument("person_id", type=int)
@click.option("--to", "target", required=True, type=click.Path(path_type=Path, dir_okay=False), help="A new file.")
@WHY
def copy_data(person_id: int, target: Path, why: str) -> None:
    """Write everything held about a person into a zip, as the person would get it."""
    with _told():
        content = on_paper.copy_of(SYSTEM, person_id, why=why)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        click.echo(f"written: {target}, {len(content)} bytes")


@person.command("close")
@click.argument("person_id", type=int)
@WHY
def close_account(person_id: int, why: str) -> None:
    """Close a person's account: sign-ins end now, and after the days to think the person is erased."""
    with _told():
        closure = on_paper.close_account_of(SYSTEM, person_id, why=why)
        click.echo(f"erased after {closure.due_at:%F %T} UTC")


@contextmanager
def _told() -> Iterator[None]:
    """Refusals are told in one line, with exit code 2."""
    try:
        yield
    except ServiceError as error:
        click.echo(f"{error.code}: {error.message}", err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"not written: {error}", err=True)
        sys.exit(2)
