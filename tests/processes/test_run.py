"""`make run`: one command starts everything, a killed part comes back, a signal stops all of it in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.engines import ROOT
from tests.live import free_port

START_SECONDS, STOP_SECONDS = 60, 30
PARTS = {"wsgi:app": "web", "worker run": "worker", "desk run": "desk", "blueprints.sandbox": "sandbox"}


class Run:
    """A running `make run`."""

    def __init__(self, folder: Path, port: int, **more: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.said = folder / "said"
        env = {**os.environ, "DATA_DIR": str(folder / "data"), "PORT": str(port), "GONGYUN_ENV": "development"}
        env |= {"BUILD_CLIENTS": "0", **more}
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tools.run"], cwd=ROOT, env=env, stdout=said, stderr=said, start_new_session=True
            )

    def wait(self, path: str = "/readyz") -> None:
        """Return once the path answers 200."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.said.read_text()
            try:
                if requests.get(self.url + path, timeout=5).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.1)
        raise AssertionError(self.said.read_text())

    def children(self) -> dict[str, int]:
        """`{name: process id}`."""
        found = {}
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                line = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                found |= {name: int(child) for mark, name in PARTS.items() if mark in line}
        return found

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code."""
        self.process.send_signal(how)
        return self.process.wait(STOP_SECONDS)


@contextmanager
def run(folder: Path, port: int | None = None, **more: str) -> Iterator[Run]:
    """Started, and killed afterwards with all that it started where a test did not stop it."""
    started = Run(folder, port or free_port(), **more)
    try:
        yield started
    finally:
        children = [] if started.process.poll() is not None else list(started.children().values())
        started.process.kill()
        started.process.wait()
        for child in children:
            os.killpg(child, signal.SIGKILL)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything has been started once, and stopped."""
    folder = tmp_path_factory.mktemp("run")
    with run(folder) as first:
        first.wait()
        assert first.stop() == 0
    return folder


@pytest.fixture
def running(planted: Path) -> Iterator[Run]:
    """Everything runs."""
    with run(planted) as started:
        started.wait()
        yield started


def test_one_command_starts_everything_and_stops_it(running: Run) -> None:
    said = running.said.read_text()
    assert f"{running.url}/m/" in said
    assert f"{running.url}/console/" in said
    assert "worker-0001" in said
    assert "password: " in said
    assert set(running.children()) == {"web", "worker", "desk", "sandbox"}
    code = requests.post(f"{running.url}/sandbox/wx/login", json={"persona": "worker-0001"}, timeout=10).json()["code"]
    signed_in = requests.post(f"{running.url}/api/v1/auth/wechat", json={"code": code}, timeout=10)
    assert signed_in.status_code == 200
    children = running.children()
    assert running.stop() == 0
    assert not [pid for pid in children.values() if Path(f"/proc/{pid}").exists()]


def test_what_is_killed_comes_back(running: Run) -> None:
    before = running.children()
    for pid in before.values():
        os.killpg(pid, signal.SIGKILL)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and len(set(running.children().values()) - set(before.values())) < 4:
        time.sleep(0.1)
    running.wait()
    after = running.children()
    assert set(after) == set(before)
    assert not set(after.values()) & set(before.values())
    assert "web ended (signal SIGKILL); starting it again" in running.said.read_text()
    assert running.stop(signal.SIGINT) == 0


def test_without_node_the_api_is_served_and_one_line_says_what_is_missing(planted: Path) -> None:
    # A fingerprint that no build has: as on a machine where nothing was built yet.
    with run(planted, BUILD_CLIENTS="1", PATH="", VITE_NEVER_BUILT=planted.name) as started:
        started.wait("/healthz")
        assert started.stop() == 0
    told = [line for line in started.said.read_text().splitlines() if "Node.js" in line]
    assert told == ["工云 the pages are not built, node is not there: install Node.js 20.19 or newer with npm"]


def test_a_second_start_keeps_the_data(planted: Path) -> None:
    secret = (planted / "data" / "local-secrets.json").read_bytes()
    with run(planted) as second:
        second.wait("/healthz")
        assert second.stop() == 0
    assert (planted / "data" / "local-secrets.json").read_bytes() == secret


def test_a_port_in_use_is_told_before_anything_starts(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1"], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as other:  # fmt: skip
        assert other.stdout is not None
        port = int(other.stdout.readline().split("port ")[1].split()[0])
        with run(tmp_path, port) as refused:
            assert refused.process.wait(START_SECONDS) == 2
            assert f"PORT={port} is in use" in refused.said.read_text()
        other.terminate()
        other.stdout.close()


def test_wrong_settings_are_told_all_at_once(tmp_path: Path) -> None:
    env = {**os.environ, "GONGYUN_ENV": "production", "DATA_DIR": str(tmp_path), "WEB_WORKERS": "none"}
    done = subprocess.run(
        [sys.executable, "-m", "tools.run"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    for name in ("WEB_WORKERS", "FIELD_KEYS", "JWT_SECRET", "INDEX_KEY", "ATTENDANCE_KEY", "WECHAT_APPID"):
        assert name in done.stderr


def test_stopping_while_it_prepares_is_in_order_too(tmp_path: Path) -> None:
    with run(tmp_path) as early:
        time.sleep(1.0)
        assert early.stop() == 0
