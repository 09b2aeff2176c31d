"""Faults to order: an endpoint that errs, hangs, cuts the line or trickles, once or until it is told to stop."""

import contextlib
import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import Response, request

EVERYWHERE = "*"
CODES = {
    "-1": "system error",
    "45009": "reach max api daily quota limit",
    "45011": "api minute-quota reach limit  mustslower  retry next minute",
    "40001": "invalid credential, access_token is invalid or not latest, could get access_token by "
    "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r",
    "40164": "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist",
}
KINDS = (*CODES, "timeout", "cut", "502", "slow", "late")
"""`timeout` neither acts nor answers; `late` acts and answers too late; `slow` answers a byte at a time."""
BAD_GATEWAY = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n"
HANG_S, BETWEEN_BYTES_S, LOOK_S = 10.0, 0.2, 0.05


@dataclass(slots=True)
class Fault:
    """One fault on one path. `times` counts down; None stays until it is taken away."""

    kind: str
    times: int | None = None
    seconds: float = HANG_S


class Faults:
    """The faults in force, by path."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_path: dict[str, Fault] = {}

    def set(self, path: str, fault: Fault) -> None:
        """From now on."""
        with self._lock:
            self._by_path[path] = fault

    def clear(self, path: str | None = None) -> None:
        """Take one away, or all."""
        with self._lock:
            if path is None:
                self._by_path.clear()
            self._by_path.pop(path or "", None)

    def take(self, path: str) -> Fault | None:
        """The fault this request meets."""
        with self._lock:
            where = path if path in self._by_path else EVERYWHERE
            fault = self._by_path.get(where)
            if fault is not None and fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    del self._by_path[where]
            return fault

    def standing(self) -> list[dict[str, Any]]:
        """All in force."""
        return [
            {"path": path, "kind": fault.kind, "times": fault.times, "seconds": fault.seconds}
            for path, fault in sorted(self._by_path.items())
        ]


def instead(fault: Fault) -> Response | None:
    """What the fault answers in the endpoint's place; None where the endpoint answers first."""
    if fault.kind == "502":
        return Response(BAD_GATEWAY, 502, content_type="text/html")
    if fault.kind in ("timeout", "cut"):
        if fault.kind == "timeout":
            _hang(fault.seconds)
        return cut()
    return None


def afterwards(fault: Fault, response: Response) -> Response:
    """What the fault makes of the endpoint's own answer."""
    if fault.kind == "late":
        _hang(fault.seconds)
    elif fault.kind == "slow":
        content = response.get_data()
        response.response = _trickle(content)
        response.content_length = len(content)
    return response


def cut() -> Response:
    """Close the connection without a word: whatever is answered reaches nobody."""
    connection = _connection()
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Response(status=500)


def _connection() -> socket.socket | None:
    found: socket.socket | None = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    return found


def _hang(seconds: float) -> None:
    """Say nothing for so long, or until the caller has hung up: a thread is not wasted on who no longer waits."""
    connection, until = _connection(), time.monotonic() + seconds
    while time.monotonic() < until and not (connection is not None and _is_gone(connection)):
        time.sleep(LOOK_S)


def _is_gone(connection: socket.socket) -> bool:
    try:
        is_readable = bool(select.select([connection], [], [], 0)[0])
        return is_readable and connection.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):
        return True


def _trickle(content: bytes) -> Iterator[bytes]:
    for place in range(len(content)):
        time.sleep(BETWEEN_BYTES_S)
        yield content[place : place + 1]
