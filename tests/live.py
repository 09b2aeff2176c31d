"""The real server: gunicorn and the worker as processes of their own, on a fresh database, to be killed at will."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.engines import ROOT, environment

PROCESSES: Mapping[str, tuple[str, ...]] = {
    "web": ("-m", "gunicorn", "-c", "config/gunicorn.py", "wsgi:app"),
    "worker": ("-m", "flask", "--app", "wsgi", "worker", "run"),
    "desk": ("-m", "flask", "--app", "wsgi", "desk", "run"),
}
START_SECONDS = 30
STOP_SECONDS = 40


class LiveServer:
    """Processes of the product sharing one environment. `url` is where the web server listens."""

    def __init__(self, env: Mapping[str, str], folder: Path) -> None:
        self.env = {**os.environ, "HOST": "127.0.0.1", "PORT": str(free_port()), **env}
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`"""
        return f"http://127.0.0.1:{self.env['PORT']}"

    def flask(self, *command: str) -> str:
        """Run an operators' command to its end and return what it printed. Raises CalledProcessError."""
        program = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
        return subprocess.run(program, cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True).stdout

    def start(self, *names: str) -> None:
        """Start processes, each at the head of a group; the web server answers when this returns."""
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    [sys.executable, *PROCESSES[name]],
                    cwd=ROOT,
                    env=self.env,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        if "web" in names:
            self.wait()

    def wait(self, path: str = "/healthz", seconds: float = START_SECONDS) -> None:
        """Return once the path answers 200. Raises RuntimeError with the log's end."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.running["web"].poll() is None:
            try:
                if requests.get(self.url + path, timeout=5).status_code == requests.codes.ok:
                    return
            except (requests.ConnectionError, requests.Timeout):
                pass
            time.sleep(0.05)
        raise RuntimeError(f"{path} did not answer 200:\n{self.log('web')[-3000:]}")

    def log(self, name: str) -> str:
        """What a process has written so far."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def kill(self, name: str) -> None:
        """kill -9 of the process and everything it started, at once."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self, *names: str) -> dict[str, int]:
        """SIGTERM to the processes, to all where none is named: `{name: exit code}` once they have ended."""
        stopping = {name: self.running.pop(name) for name in names or tuple(self.running)}
        for process in stopping.values():
            process.terminate()
        return {name: _ended(process) for name, process in stopping.items()}


def _ended(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


@contextmanager
def live_server(
    database_url: str, folder: Path, processes: Sequence[str] = ("web", "worker"), **env: str
) -> Iterator[LiveServer]:
    """The product running on an empty database, migrated first; data and logs in `folder`; stopped afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    server = LiveServer({**environment(database_url, folder / "data"), **env}, folder)
    server.flask("db", "upgrade")
    try:
        server.start(*processes)
        yield server
    finally:
        for name in tuple(server.running):
            server.kill(name)


def free_port() -> int:
    """A TCP port that nobody listened on a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
