"""`flask keys ...`: the keys of sealed personal data, looked at and replaced."""

import sys

import click
from flask.cli import AppGroup

from service.core.errors import ServiceError
from service.identity import key_rotation

keys = AppGroup("keys", help="Keys of sealed personal data.")


@keys.command("check")
def check_keys() -> None:
    """Which keys are in use where; exit 2 when one is missing or the blind indexes do not fit INDEX_KEY."""
    use = key_rotation.use()
    for seal, places in use.by_seal.items():
        for place, number in sorted(places.items()):
            click.echo(f"{seal.key_id} {key_rotation.cipher_name(seal)}: {place} {number}")
    click.echo(f"not in use here (backups may need them): {', '.join(use.unused) or 'none'}")
    click.echo(f"missing: {', '.join(use.missing) or 'none'}")
    click.echo(f"indexes of another INDEX_KEY: {', '.join(use.wrong_indexes) or 'none'}")
    if use.missing or use.wrong_indexes:
        sys.exit(2)


@keys.command("rotate")
def rotate_keys() -> None:
    """Seal everything anew by FIELD_KEY_ID and FIELD_CIPHER; the worker does it, while all goes on."""
    try:
        click.echo(f"{key_rotation.start()} columns and all files; `flask keys check` tells how far it has come")
    except ServiceError as error:
        raise click.ClickException(f"{error.code} {error.details}") from error


@keys.command("reindex")
@click.confirmation_option(prompt="Are web server, desk and worker stopped?")
def reindex_keys() -> None:
    """Make the blind indexes anew after a change of INDEX_KEY or INDEX_HASH. Everything else must be stopped."""
    click.echo(f"{key_rotation.reindex()} pieces of rows made anew")
