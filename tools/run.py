"""`make run`: everything in the foreground. Database, demo data, web server, worker, booking desk, WeChat sandbox.

Ctrl-C or SIGTERM stops all of it in order, within 30 seconds. What the processes write is in DATA_DIR/log.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from config.settings import Settings, SettingsError, load
from tools.children import ROOT, Child, Program, shorten

LONGEST_SOCKET = 100
START_SECONDS = 60.0
FLASK = ("-m", "flask", "--app", "wsgi")
WEB = Program("web", ("-m", "gunicorn", "-c", "config/gunicorn.py", "wsgi:app"), stop_seconds=22.0)
WORKER = Program("worker", (*FLASK, "worker", "run"))
DESK = Program("desk", (*FLASK, "desk", "run"))


def main() -> int:
    """The exit code: 0 after an orderly stop, 1 when something cannot run, 2 for wrong settings."""
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    try:
        settings = load(os.environ)
        env = _environment(settings)
    except (SettingsError, PortTaken) as error:
        print(f"工云 {error}", file=sys.stderr)
        return 2
    if settings.build_clients:
        # Without pages the API still serves, and the builder has told what is missing.
        _finish("tools.clients", ["served"], env, stopping)
    prepared = _prepare(env, stopping)
    if prepared is None:
        return 0 if stopping.is_set() else 1
    children = [Child(program, env, settings.data_dir / "log" / f"{program.name}.log") for program in _programs(env)]
    try:
        return _run(children, settings, prepared, stopping)
    finally:
        _stop(children)


class PortTaken(Exception):
    """Somebody listens there already."""


def _environment(settings: Settings) -> dict[str, str]:
    _ask_for_port("PORT", settings.host, settings.port)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    env = {**os.environ, "DATA_DIR": str(settings.data_dir), "PYTHONUNBUFFERED": "1"}
    env["DESK_SOCKET"] = settings.desk_socket or _socket_path(settings.data_dir)
    if not settings.is_production:
        port = settings.sandbox_port
        if not os.environ.get("SANDBOX_PORT") and not _is_free("127.0.0.1", port):
            port = _free_port()
        _ask_for_port("SANDBOX_PORT", "127.0.0.1", port)
        env["SANDBOX_PORT"] = str(port)
    return env


def _socket_path(data_dir: Path) -> str:
    path = str(data_dir / "desk.sock")
    if len(path.encode()) <= LONGEST_SOCKET:
        return path
    return str(Path(tempfile.mkdtemp(prefix="gongyun-")) / "desk.sock")


def _ask_for_port(name: str, host: str, port: int) -> None:
    if not _is_free(host, port):
        raise PortTaken(f"cannot start: {name}={port} is in use on {host}; set {name} to a free port")


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _prepare(env: Mapping[str, str], stopping: threading.Event) -> dict[str, Any] | None:
    """What `tools.prepare` says; None where it failed, which it has told by then, or was stopped."""
    code, output = _finish("tools.prepare", [], env, stopping)
    lines = output.decode().strip().splitlines()
    if code != 0 or not lines:
        return None
    said: dict[str, Any] = json.loads(lines[-1])
    return said


def _finish(
    module: str, arguments: Sequence[str], env: Mapping[str, str], stopping: threading.Event
) -> tuple[int, bytes]:
    """Run a module of the tools to its end: its exit code and what it printed. Stopped with all it started."""
    if stopping.is_set():
        return 1, b""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=dict(env),
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    output: list[bytes] = []
    reader = threading.Thread(target=lambda: output.append(process.stdout.read() if process.stdout else b""))
    reader.start()
    while process.poll() is None:
        if stopping.wait(0.05):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            break
    process.wait()
    reader.join()
    return process.returncode, output[0]


def _programs(env: Mapping[str, str]) -> list[Program]:
    programs = [DESK, WEB, WORKER]
    if "SANDBOX_PORT" in env:
        threads = ("-k", "gthread", "-w", "1", "--threads", "32")
        serve = ("-m", "gunicorn", *threads, "--graceful-timeout", "2", "--no-control-socket")
        where = ("-b", f"127.0.0.1:{env['SANDBOX_PORT']}", "--log-level", "warning")
        programs.append(Program("sandbox", (*serve, *where, "blueprints.sandbox.app:from_environment()")))
    return programs


def _run(children: list[Child], settings: Settings, prepared: Mapping[str, Any], stopping: threading.Event) -> int:
    for child in children:
        shorten(child.log)
        child.start()
    deadline = time.monotonic() + START_SECONDS
    is_told = False
    while not stopping.wait(0.1):
        for child in children:
            happened = child.watch()
            if happened:
                print(f"工云 {happened}", file=sys.stderr, flush=True)
            if child.is_hopeless:
                print(f"工云 {child.program.name} does not stay up:\n{child.last_lines()}", file=sys.stderr)
                return 1
        if not is_told:
            is_told = _answers(settings)
            if is_told:
                _tell(settings, prepared)
            elif time.monotonic() > deadline:
                print(f"工云 the web server does not answer:\n{children[1].last_lines()}", file=sys.stderr)
                return 1
    return 0


def _stop(children: list[Child]) -> None:
    """The web server first: its last requests still need the desk. All of it within 30 seconds."""
    for names in (("web",), ("worker", "desk", "sandbox")):
        leaving = [child for child in children if child.program.name in names]
        for child in leaving:
            child.stop()
        for child in leaving:
            child.wait()


def _answers(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"{_address(settings)}/healthz", timeout=2) as answer:  # noqa: S310  our own  # nosec B310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _address(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104  compared, not bound  # nosec B104
    return f"http://{host}:{settings.port}"


def _tell(settings: Settings, prepared: Mapping[str, Any]) -> None:
    address = _address(settings)
    lines = [f"工云 {address}", f"phone   {address}/m/", f"console {address}/console/"]
    lines += [f"API     {address}/docs", f"logs    {settings.data_dir / 'log'}"]
    demo = prepared.get("demo") or {}
    lines += [f"{name}: {value}" for name, value in demo.items()]
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    sys.exit(main())
