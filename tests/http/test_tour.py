"""`docs/tour.sh` against what `make run` starts: the main job over real HTTP, from sign-in to the sealed sheet."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.engines import ROOT
from tests.live import free_port

START_SECONDS = 120
STOP_SECONDS = 40
TOUR_SECONDS = 150


@pytest.fixture
def product(new_database: Callable[[str], str], engine_name: str, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """What `make run` starts, on an empty database of the engine: its environment, once it has told its addresses."""
    env = {
        **os.environ,
        "GONGYUN_ENV": "development",
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": new_database(engine_name),
        "PORT": str(free_port()),
        "SANDBOX_PORT": str(free_port()),
        "PYTHON": sys.executable,
        "LESSON_IN": "20",
    }
    told = tmp_path / "told"
    with told.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "tools.run"], cwd=ROOT, env=env, stdout=output, stderr=output)
    try:
        _wait_until_told(process, told)
        yield env
    finally:
        process.terminate()
        code = process.wait(STOP_SECONDS)
    assert code == 0, told.read_text()


def _wait_until_told(process: subprocess.Popen[bytes], told: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "password: " not in told.read_text():
        assert process.poll() is None, told.read_text()
        assert time.monotonic() < deadline, told.read_text()
        time.sleep(0.1)


def test_the_tour_passes(product: Mapping[str, str]) -> None:
    tour = subprocess.run(
        ["bash", "docs/tour.sh"],
        cwd=ROOT,
        env=dict(product),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=TOUR_SECONDS,
    )
    assert tour.returncode == 0, tour.stdout
    assert tour.stdout.endswith("The tour is complete.\n")
