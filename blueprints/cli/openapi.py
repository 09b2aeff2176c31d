"""`flask openapi write`: the API's description as a file, from which the clients' types are made."""

from pathlib import Path

import click
from flask.cli import AppGroup

from blueprints import documentation

FILE = Path("client/openapi.json")
openapi = AppGroup("openapi", help="The API's description.")


@openapi.command("write")
@click.argument("file", default=FILE, type=click.Path(path_type=Path))
def write_openapi(file: Path) -> None:
    """Write the OpenAPI document into FILE (client/openapi.json)."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(documentation.document())
    click.echo(f"written: {file}")
