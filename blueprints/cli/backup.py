"""`flask backup --to DIR`, `flask restore --from DIR`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from flask.cli import with_appcontext

from service.core.errors import ServiceError
from service.overview import custody

T = TypeVar("T")
SENTENCES = {
    "backup.broken": "{folder} is not a whole backup of this product for this database, so nothing was restored",
    "backup.keys_wrong": "the keys in force are not those of the backup in {folder}, so nothing was restored",
    "backup.failed": "the backup in {folder} could not be written or read",
    "backup.target_not_empty": (
        "the target is not empty: a backup goes into an empty folder, and is restored into an empty database"
    ),
}
"""What the operator reads, by code."""


@click.command("backup")
@click.option(
    "--to", "folder", required=True, type=click.Path(path_type=Path), help="An empty folder, made if missing."
)
@with_appcontext
def backup(folder: Path) -> None:
    """Write a backup while the product runs. It is void without its keys, which are not in it: keep them elsewhere."""
    click.echo(_told("written", _try(custody.write, folder)))


@click.command("restore")
@click.option("--from", "folder", required=True, type=click.Path(path_type=Path), help="A backup's folder.")
@with_appcontext
def restore(folder: Path) -> None:
    """Bring a backup back into an empty database of the same revision, and prove it; exit 2 naming what is wrong."""
    restored = _try(custody.restore, folder)
    click.echo(_told("restored", restored.manifest))
    for fault in restored.faults:
        click.echo(fault)
    if restored.faults:
        sys.exit(2)


def _try(command: Callable[[Path], T], folder: Path) -> T:
    try:
        return command(folder)
    except ServiceError as error:
        click.echo(f"Error: {_said(error, folder)}", err=True)
        sys.exit(2)


def _said(error: ServiceError, folder: Path) -> str:
    """The refusal as one sentence for the operator, with its code."""
    details = "; ".join(f"{name.replace('_', ' ')}: {_listed(value)}" for name, value in error.details.items() if value)
    sentence = SENTENCES.get(error.code, error.message).format(folder=folder)
    return f"{sentence}{f' ({details})' if details else ''} [{error.code}]"


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _told(verb: str, manifest: dict[str, Any]) -> str:
    tables = manifest["tables"]
    return f"{verb}: {sum(tables.values())} rows in {len(tables)} tables; needs the keys {manifest['key_ids']}"
