"""The line to the desk: one blocking socket a thread, one datagram out, one in.

Where no desk process runs, or it has died, the request is decided here, by the same rules under the same locks.
"""

import contextlib
import secrets
import socket
import threading
from dataclasses import replace
from typing import Any

import orjson

from service.booking import desk
from service.booking.receipts import Answer
from service.booking.rules import Ask
from service.core import configuration
from service.core.errors import DatabaseAway, Unavailable

LONGEST_ANSWER = 65_536
PATIENCE_SECONDS = 20.0
ACCEPTED, REFUSED, FAILED = b"A", b"R", b"F"

_mine = threading.local()


def ask(request: Ask) -> Answer:
    """The desk's answer, from the desk process if there is one. Raises DatabaseAway, Unavailable."""
    path = configuration.current().desk_socket
    if path:
        if request.key is None:
            # Sent again after a broken line, an unkeyed request must not come out as "already booked".
            request = replace(request, key=f"line:{secrets.token_hex(12)}")
        packet = pack(request)
        for _ in range(2):
            reply = _exchange(path, packet)
            if reply is not None:
                return unpack(reply)
    return desk.decide([request])[0]


def _exchange(path: str, packet: bytes) -> bytes | None:
    """One datagram there and back; None where the line is broken."""
    try:
        line: socket.socket | None = getattr(_mine, "line", None)
        if line is None:
            line = _mine.line = _connected(path)
        line.sendall(packet)
        reply = line.recv(LONGEST_ANSWER)
    except TimeoutError as error:
        _hang_up()
        raise Unavailable from error
    except OSError:
        _hang_up()
        return None
    if not reply:
        _hang_up()
        return None
    return reply


def _connected(path: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line.settimeout(PATIENCE_SECONDS)
    try:
        line.connect(path)
    except OSError:
        line.close()
        raise
    return line


def _hang_up() -> None:
    line: socket.socket | None = getattr(_mine, "line", None)
    _mine.line = None
    if line is not None:
        with contextlib.suppress(OSError):
            line.close()


def pack(request: Ask) -> bytes:
    """A request as it goes to the desk."""
    return orjson.dumps(
        [request.person_id, request.offering_id, request.actor_id, request.key, request.body_hash, request.reason]
    )


def unpack_ask(packet: bytes) -> Ask:
    """A request as it came to the desk."""
    fields: list[Any] = orjson.loads(packet)
    return Ask(*fields)


def pack_answer(answer: Answer | None) -> bytes:
    """An answer as it goes back; None where the desk could not decide."""
    if answer is None:
        return FAILED
    return (ACCEPTED if answer.is_accepted else REFUSED) + answer.body


def unpack(reply: bytes) -> Answer:
    """An answer as it came back. Raises DatabaseAway where the desk could not decide."""
    if reply[:1] == FAILED:
        raise DatabaseAway
    return Answer(reply[:1] == ACCEPTED, reply[1:])
