"""Both clients are typed by the document that the API writes, and by nothing else."""

import json
import subprocess
from pathlib import Path

import pytest

from tests import equipment
from tools import clients

PARTS = pytest.mark.parametrize("part", ["worker", "console"])


def generated(part: str, file: Path) -> str:
    """The types that the client's own generator makes of `client/openapi.json`."""
    equipment.prepare(part)
    folder = clients.CLIENT / part
    script = json.loads((folder / "package.json").read_bytes())["scripts"]["types"]
    assert "../openapi.json" in script
    program, *arguments = script.replace(str(clients.TYPES), str(file)).split()
    subprocess.run(
        [folder / "node_modules" / ".bin" / program, *arguments], cwd=folder, check=True, capture_output=True
    )
    return file.read_text(encoding="utf-8")


@PARTS
def test_a_clients_types_come_from_the_api(part: str, tmp_path: Path) -> None:
    made = generated(part, tmp_path / "schema.d.ts")
    assert "/api/v1/training/classes/{class_id}/bookings" in made
    assert (clients.CLIENT / part / clients.TYPES).read_text(encoding="utf-8") == made


@PARTS
def test_a_client_that_does_not_fit_the_api_does_not_pass(part: str) -> None:
    """The negative control: a field the API does not have is a type error."""
    equipment.prepare(part)
    folder = clients.CLIENT / part
    wrong = folder / ".cache" / "wrong.ts"
    wrong.write_text(
        "import type { components } from '../src/api/schema'\n"
        "export const wrong = (line: components['schemas']['ClassLine']) => line.no_such_field\n",
        encoding="utf-8",
    )
    check = [folder / "node_modules" / ".bin" / "tsc", "--noEmit", "--strict", "--skipLibCheck", wrong]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "no_such_field" in done.stdout
