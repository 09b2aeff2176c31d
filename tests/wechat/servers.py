"""Servers for the client to call: the sandbox, and one that answers, hangs and cuts as told."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from werkzeug.serving import make_server

from tests.engines import ROOT
from tests.live import free_port

Peer = Callable[[socket.socket], None]


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a port of its own: its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class RawServer:
    """Accepts connections, reads a request and does with the socket what it is told.

    `requests` holds the requests' heads, `bodies` what followed.
    """

    def __init__(self, behave: Peer) -> None:
        self.behave = behave
        self.requests: list[str] = []
        self.bodies: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._is_open = True
        self._threads: list[threading.Thread] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def run(self) -> None:
        """Serve until closed."""
        while self._is_open:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._is_open = False
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(4096)
                if not piece:
                    return
                head += piece
            head, _, body = head.partition(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.lower().splitlines() if line.startswith(b"content-length:")), 0
            )
            while len(body) < length:
                body += connection.recv(4096)
            self.requests.append(head.decode())
            self.bodies.append(body)
            try:
                self.behave(connection)
            except OSError:
                return


@contextmanager
def raw_server(behave: Peer) -> Iterator[RawServer]:
    """A raw server, running."""
    server = RawServer(behave)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


def says(body: Any, *, status: str = "200 OK", content_type: str = "text/plain", more: str = "") -> Peer:
    """Answers with this body: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(content)}\r\n{more}"
    return lambda connection: connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + content)


def in_turn(*peers: Peer) -> Peer:
    """The first request meets the first of them, and so on."""
    left = iter(peers)

    def behave(connection: socket.socket) -> None:
        next(left)(connection)

    return behave


def hangs(seconds: float) -> Peer:
    """Reads the request and says nothing."""
    return lambda _connection: time.sleep(seconds)


def cuts(_connection: socket.socket) -> None:
    """Closes without a word."""


def trickles(connection: socket.socket) -> None:
    """A byte every tenth of a second, for a long time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.1)


@contextmanager
def sandbox_process(folder: Path, **env: str) -> Iterator[str]:
    """The sandbox as `make run` starts it, a process of its own: its address. Its log is `folder/sandbox.log`."""
    port = free_port()
    serve = (
        "-m",
        "gunicorn",
        "-k",
        "gthread",
        "-w",
        "1",
        "--threads",
        "32",
        "--graceful-timeout",
        "2",
        "--no-control-socket",
    )
    program = [*serve, "-b", f"127.0.0.1:{port}", "--log-level", "warning", "blueprints.sandbox.app:from_environment()"]
    settings = {**os.environ, "GONGYUN_ENV": "test", "DATA_DIR": str(folder / "data"), **env}
    with (folder / "sandbox.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *program], cwd=ROOT, env=settings, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/sandbox/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer")


def vectors() -> dict[str, Any]:
    """What others have published: signatures, ciphers, answers, events (`vectors.json`)."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
    return found


def published(name: str) -> dict[str, Any]:
    """A published answer (`jscode2session.ok`)."""
    found: dict[str, Any] = next(answer["json"] for answer in vectors()["answers"] if answer["id"] == name)
    return found
