"""The two servers that are compared: the product's and the baseline's, both by the product's gunicorn settings."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.bench.stage import clear_meters, family
from tests.engines import ROOT
from tests.live import free_port

LEAST_SHARE = 0.8
"""Of an equal share of the connections, what the worst-off process must hold."""


@contextmanager
def bare_server(env: Mapping[str, str], folder: Path) -> Iterator[tuple[int, int]]:
    """The baseline, running: (port, pid of gunicorn's master). `env` is the product's, so tokens are the same."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "bare.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "tests.bench.bare:app"],
            cwd=ROOT,
            env={**os.environ, **env, "PORT": str(port), "DATA_DIR": str(folder)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", process, folder / "bare.log")
        yield port, process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        clear_meters(port)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(url, timeout=5).status_code == requests.codes.ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.05)
    raise RuntimeError(log.read_text()[-3000:])


def spread_over(master: int) -> Callable[[], bool]:
    """Whether each of a gunicorn master's workers holds a fair share of the open connections.

    Idle workers race for new connections, and one of them at times wins nearly all: half the server would be measured.
    A phone opens its own connection, so a rush spreads evenly by itself.
    """

    def is_spread() -> bool:
        time.sleep(0.1)
        workers = [pid for pid in family(master) if pid != master]
        sockets = [_sockets(pid) for pid in workers]
        return min(sockets) >= LEAST_SHARE * sum(sockets) / len(sockets)

    return is_spread


def _sockets(pid: int) -> int:
    folder = Path(f"/proc/{pid}/fd")
    return sum(1 for each in folder.iterdir() if str(each.readlink()).startswith("socket:"))
