"""The desk process: one thread that decides whatever has arrived, together, in one transaction.

The more requests arrive, the larger the batches and the less each costs. While it is busy it waits 5 ms for company
before deciding; a lone request is decided at once.
"""

import contextlib
import selectors
import socket
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from service.booking import desk, line
from service.booking.receipts import Answer
from service.booking.rules import Ask
from service.core.errors import DatabaseAway

LINGER_SECONDS = 0.005
LARGEST_PACKET = 8192
BACKLOG = 512

log = structlog.get_logger("desk")

Decide = Callable[[list[Ask]], list[Answer]]


class Counter:
    """Listens at a socket in the file system that only its owner may open: it believes what it is told."""

    def __init__(self, path: str, decide: Decide = desk.decide) -> None:
        self._decide = decide
        self._selector = selectors.DefaultSelector()
        self._path = Path(path)
        self._path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(path)
        self._path.chmod(0o600)
        self._listener.listen(BACKLOG)
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._last = 0
        self.is_open = True

    def serve(self, patience: float = 1.0) -> None:
        """Decide until `is_open` is False; looks at it at least every `patience` seconds."""
        while self.is_open:
            waiting = self._arrivals(patience)
            if not waiting:
                continue
            if self._last > 1:
                self._linger(waiting)
            self._last = len(waiting)
            self._answer(waiting)
        self.close()

    def close(self) -> None:
        """Hang up on everybody and take the socket away."""
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()
        self._path.unlink(missing_ok=True)

    def _linger(self, waiting: list[tuple[socket.socket, Ask]]) -> None:
        until = time.monotonic() + LINGER_SECONDS
        while len(waiting) < desk.LARGEST_BATCH and (left := until - time.monotonic()) > 0:
            waiting += self._arrivals(left)

    def _arrivals(self, patience: float) -> list[tuple[socket.socket, Ask]]:
        """What has arrived within `patience` seconds, one request a line."""
        arrived = []
        for key, _ in self._selector.select(patience):
            if key.fileobj is self._listener:
                self._let_in()
            elif isinstance(key.fileobj, socket.socket) and (request := self._heard(key.fileobj)) is not None:
                arrived.append((key.fileobj, request))
        return arrived

    def _let_in(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                caller, _ = self._listener.accept()
                caller.setblocking(False)
                self._selector.register(caller, selectors.EVENT_READ)

    def _heard(self, caller: socket.socket) -> Ask | None:
        try:
            packet = caller.recv(LARGEST_PACKET)
        except BlockingIOError:
            return None
        except OSError:
            packet = b""
        if packet:
            return self._understood(caller, packet)
        self._selector.unregister(caller)
        caller.close()
        return None

    def _understood(self, caller: socket.socket, packet: bytes) -> Ask | None:
        try:
            return line.unpack_ask(packet)
        except (ValueError, TypeError):
            log.warning("packet_not_understood", size=len(packet))
            with contextlib.suppress(OSError):
                caller.send(line.FAILED)
            return None

    def _answer(self, waiting: list[tuple[socket.socket, Ask]]) -> None:
        for begin in range(0, len(waiting), desk.LARGEST_BATCH):
            batch = waiting[begin : begin + desk.LARGEST_BATCH]
            for (caller, _), answer in zip(batch, self._decided([ask for _, ask in batch]), strict=True):
                with contextlib.suppress(OSError):
                    caller.send(line.pack_answer(answer))

    def _decided(self, asks: list[Ask]) -> list[Answer | None]:
        """The answers; None for what could not be decided. One poisoned request does not spoil its neighbours."""
        try:
            return list(self._decide(asks))
        except DatabaseAway:
            return [None] * len(asks)
        except Exception as error:  # noqa: BLE001  whatever it is, every caller must get an answer
            log.warning("batch_failed", size=len(asks), error=type(error).__name__)
            if len(asks) == 1:
                return [None]
            return [self._decided([ask])[0] for ask in asks]
