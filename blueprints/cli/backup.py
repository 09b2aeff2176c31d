"""`flask backup --to DIR`, `flask restore --from DIR`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from service.core import backup as backups
from service.core.errors import ServiceError


@click.command("backup")
@click.option(
    "--to", "folder", required=True, type=click.Path(path_type=Path), help="An empty folder, made if missing."
)
@with_appcontext
def backup(folder: Path) -> None:
    """Write a backup while the product runs. The keys (FIELD_KEYS) are not in it: keep them elsewhere."""
    click.echo(_told("written", _try(backups.write, folder)))


@click.command("restore")
@click.option(
    "--from", "folder", required=True, type=click.Path(path_type=Path, exists=True), help="A backup's folder."
)
@with_appcontext
def restore(folder: Path) -> None:
    """Bring a backup back into an empty database of the same revision."""
    click.echo(_told("restored", _try(backups.restore, folder)))


def _try(command: Callable[[Path], dict[str, Any]], folder: Path) -> dict[str, Any]:
    try:
        return command(folder)
    except ServiceError as error:
        raise click.ClickException(f"{error.code} {error.details or ''}") from error


def _told(verb: str, manifest: dict[str, Any]) -> str:
    tables = manifest["tables"]
    return f"{verb}: {sum(tables.values())} rows in {len(tables)} tables; needs the keys {manifest['key_ids']}"
