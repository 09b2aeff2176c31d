"""What each client checks of itself: its logic with vitest, its types with vue-tsc."""

import os
import subprocess

import pytest

from tests import equipment
from tools import clients, npm


def complaints(part: str, script: str) -> str:
    """What `npm run SCRIPT` says in the client's folder where it fails, nothing where it passes."""
    node = equipment.prepare(part)
    done = subprocess.run(
        [node.npm, "run", "--silent", script],
        cwd=clients.CLIENT / part,
        env={**os.environ, **npm.QUIET, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("part", ["worker", "console"])
@pytest.mark.parametrize("script", ["test", "type-check"])
def test_a_clients_own_checks_pass(part: str, script: str) -> None:
    said = complaints(part, script)
    assert not said, said
