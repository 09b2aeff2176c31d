"""Servers for the client to call: the sandbox, and one that answers, hangs and cuts as told."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

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
    """Accepts connections, reads the request and does with the socket what it is told. `requests` holds their heads."""

    def __init__(self, behave: Peer) -> None:
        self.behave = behave
        self.requests: list[str] = []
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
            self.requests.append(head.decode())
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


def published(name: str) -> dict[str, Any]:
    """An answer from `jscode2session.json`."""
    file = Path(__file__).with_name("jscode2session.json")
    answers = {answer["id"]: answer["json"] for answer in json.loads(file.read_text(encoding="utf-8"))["answers"]}
    found: dict[str, Any] = answers[f"jscode2session.{name}"]
    return found
