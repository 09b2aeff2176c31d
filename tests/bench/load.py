"""A light load generator: one thread, epoll over keep-alive sockets to 127.0.0.1, requests as ready bytes.

It shares the cores with the server it measures, so it does as little as it can for a request: one `send`, one or two
`recv`, a search for the end of the answer. Everything it learns stays in arrays by request number.
"""

import errno
import select
import socket
import threading
from array import array
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic, sleep, thread_time

LOST = -1
"""The status of a request whose connection broke before the answer was whole."""
HUNG = -2
"""The status of a request that was not answered in `patience` seconds."""
HEADERS_END = b"\r\n\r\n"
RECONNECT_SECONDS = 0.05
GATHER_SECONDS = 0.001
"""Answers of a millisecond are taken in one wake-up: a third less CPU than a wake-up for each."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Send the same bytes again after a lost connection or one of `statuses`, `after` seconds later.

    One second, because a process may answer "full" to a key that was accepted a moment ago (see the operations guide).
    """

    statuses: frozenset[int] = frozenset({503})
    after: float = 1.0
    give_up_after: float = 120.0


@dataclass(frozen=True, slots=True)
class Slice:
    """What one stretch of load gave: requests answered, wall seconds, CPU seconds of the generator."""

    answered: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds if self.seconds else 0.0


class Connection:
    """One keep-alive socket and the request under way on it."""

    __slots__ = ("buffer", "index", "is_closing", "is_connecting", "need", "sent_at", "sock")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.is_connecting = True
        self.is_closing = False
        self.index = -1
        self.buffer = b""
        self.need = 0
        self.sent_at = 0.0


class Load:
    """Requests in order over `connections` sockets; answers by request number.

    `requests` are taken round and round; `total` bounds how many are sent over all runs. `keep` names the statuses
    whose bodies are wanted. `statuses`, `first_sent`, `sent`, `received` have one entry a request, in the order first
    sent; `seen` counts every answer, also those that were followed by a retry; `broken` those that broke off.
    """

    def __init__(
        self,
        port: int,
        requests: Sequence[bytes],
        *,
        connections: int = 64,
        total: int | None = None,
        retry: Retry | None = None,
        keep: frozenset[int] = frozenset(),
        patience: float = 30.0,
        is_spread: Callable[[], bool] | None = None,
    ) -> None:
        self.port = port
        self.requests = requests
        self.connections = connections
        self.total = len(requests) if total is None else total
        self.retry = retry
        self.keep = keep
        self.patience = patience
        self.is_spread = is_spread
        self.statuses = array("h")
        self.first_sent = array("d")
        self.sent = array("d")
        self.received = array("d")
        self.bodies: dict[int, bytes] = {}
        self.samples: dict[int, bytes] = {}
        self.seen: Counter[int] = Counter()
        self.answered = 0
        self.broken = 0
        self.cpu_seconds = 0.0
        self._open: dict[int, Connection] = {}
        self._idle: list[Connection] = []
        self._reopen_at: deque[float] = deque()
        self._again: deque[tuple[float, int]] = deque()
        self._in_flight = 0
        self._limit = 0
        self._is_stopped = False
        self._poll: select.epoll
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None

    # -- what a drill or a benchmark calls

    def run(self, *, seconds: float | None = None, count: int | None = None) -> Slice:
        """Send for so long, or so many, or all that are left; return when all that was sent is answered."""
        before, cpu = self.answered, thread_time()
        self._limit = min(self.total, len(self.statuses) + (self.total if count is None else count))
        self._poll = select.epoll()
        try:
            self._connect_all()
            began = monotonic()
            self._loop(None if seconds is None else began + seconds)
            ended = monotonic()
        finally:
            self._close()
        spent = thread_time() - cpu
        self.cpu_seconds += spent
        return Slice(self.answered - before, ended - began, spent)

    def start(self) -> None:
        """Run all of it in a thread, so that the caller can break things meanwhile."""
        self._thread = threading.Thread(target=self._run_in_thread, name="load", daemon=True)
        self._thread.start()

    def wait_answered(self, count: int, seconds: float = 300.0) -> bool:
        """Wait until so many requests have their final answer; False when that took too long or the load ended."""
        deadline = monotonic() + seconds
        assert self._thread is not None
        while self.answered < count and monotonic() < deadline:
            self._thread.join(0.005)
            if not self._thread.is_alive():
                break
        return self.answered >= count

    def stop(self) -> None:
        """Send nothing new; what is under way is still answered."""
        self._is_stopped = True

    def join(self, seconds: float = 600.0) -> None:
        """Wait for the end of a load that was started. Raises what broke it."""
        assert self._thread is not None
        self._thread.join(seconds)
        if self._thread.is_alive():
            raise TimeoutError("the load did not end")
        if self._failure is not None:
            raise self._failure

    def latencies(self) -> list[float]:
        """Seconds from the last time each answered request was sent to its answer, ascending."""
        pairs = zip(self.sent, self.received, strict=True)
        return sorted(received - sent for sent, received in pairs if received)

    def waits(self) -> list[float]:
        """Seconds from the first time each answered request was sent to its final answer, ascending."""
        pairs = zip(self.first_sent, self.received, strict=True)
        return sorted(received - sent for sent, received in pairs if received)

    def counts(self) -> Counter[int]:
        """Final statuses."""
        return Counter(self.statuses)

    # -- the loop

    def _run_in_thread(self) -> None:
        try:
            self.run()
        except BaseException as failure:  # noqa: BLE001  handed to join()
            self._failure = failure

    def _loop(self, deadline: float | None) -> None:
        next_look = monotonic() + 1.0
        self._idle = [each for each in self._open.values() if not each.is_connecting]
        self._feed()
        while True:
            now = monotonic()
            if deadline is not None and now >= deadline:
                deadline = None
                self._limit = len(self.statuses)
            if self._is_stopped:
                self._limit = len(self.statuses)
            if not self._in_flight and not self._again and len(self.statuses) >= self._limit:
                return
            sleep(GATHER_SECONDS)
            for fd, _ in self._poll.poll(self._timeout(now, deadline)):
                each = self._open.get(fd)
                if each is not None:
                    self._ready(each)
            if self._again or self._reopen_at:
                self._catch_up()
            if now >= next_look:
                next_look = now + 1.0
                self._drop_hung(now)

    def _timeout(self, now: float, deadline: float | None) -> float:
        times = [now + 1.0]
        if deadline is not None:
            times.append(deadline)
        if self._again:
            times.append(self._again[0][0])
        if self._reopen_at:
            times.append(self._reopen_at[0])
        return max(0.0, min(times) - now)

    def _catch_up(self) -> None:
        now = monotonic()
        while self._reopen_at and self._reopen_at[0] <= now:
            self._reopen_at.popleft()
            self._connect()
        self._feed()

    def _feed(self) -> None:
        idle, self._idle = self._idle, []
        for each in idle:
            if each.sock.fileno() >= 0:
                self._next(each)

    def _next(self, each: Connection) -> None:
        """Send the next request on this connection, or leave it idle."""
        index = self._due()
        if index < 0:
            self._idle.append(each)
            return
        each.index = index
        each.sent_at = now = monotonic()
        self.sent[index] = now
        self._in_flight += 1
        request = self.requests[index % len(self.requests)]
        try:
            length = each.sock.send(request)
        except OSError:
            self._lose(each, LOST)
        else:
            assert length == len(request), "a request larger than the socket's buffer"

    def _due(self) -> int:
        if self._again and self._again[0][0] <= monotonic():
            return self._again.popleft()[1]
        index = len(self.statuses)
        if index >= self._limit:
            return -1
        self.statuses.append(0)
        self.first_sent.append(monotonic())
        self.sent.append(0.0)
        self.received.append(0.0)
        return index

    def _ready(self, each: Connection) -> None:
        if each.is_connecting:
            self._connected(each)
            return
        try:
            data = each.sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose(each, LOST)
            return
        if each.buffer:
            data = each.buffer + data
        if not each.need:
            _read_head(each, data)
        if each.need and len(data) >= each.need:
            self._take_answer(each, data)
        else:
            each.buffer = data

    def _take_answer(self, each: Connection, data: bytes) -> None:
        index, status = each.index, int(data[9:12])
        each.index, each.buffer, each.need = -1, b"", 0
        self._in_flight -= 1
        self.seen[status] += 1
        if status >= 500 or status in self.keep:
            self._keep(index, status, data)
        if self.retry is None or not self._is_to_be_retried(index, status):
            self.statuses[index] = status
            self.received[index] = monotonic()
            self.answered += 1
        if each.is_closing:
            self._reopen(each)
        else:
            self._next(each)

    def _keep(self, index: int, status: int, data: bytes) -> None:
        body = data[data.find(HEADERS_END) + 4 :]
        self.samples.setdefault(status, body)
        if status in self.keep:
            self.bodies[index] = body

    def _is_to_be_retried(self, index: int, status: int) -> bool:
        retry = self.retry
        if retry is None or (status > 0 and status not in retry.statuses):
            return False
        now = monotonic()
        if now - self.first_sent[index] > retry.give_up_after:
            return False
        self._again.append((now + retry.after, index))
        return True

    # -- connections

    def _connect_all(self) -> None:
        """Open the connections; all anew, up to 40 times, while `is_spread` finds them badly spread over processes."""
        for tries_left in range(40, 0, -1):
            for _ in range(self.connections):
                self._connect()
            self._await_connections()
            if self.is_spread is None or self.is_spread() or tries_left == 1:
                return
            self._drop_connections()

    def _connect(self) -> None:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = sock.connect_ex(("127.0.0.1", self.port))
        if code not in (0, errno.EINPROGRESS):
            sock.close()
            self._reopen_at.append(monotonic() + RECONNECT_SECONDS)
            return
        each = Connection(sock)
        self._open[sock.fileno()] = each
        self._poll.register(sock.fileno(), select.EPOLLOUT)

    def _connected(self, each: Connection) -> None:
        if each.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._reopen(each)
            return
        each.is_connecting = False
        self._poll.modify(each.sock.fileno(), select.EPOLLIN)
        self._next(each)

    def _await_connections(self) -> None:
        """Let all sockets connect before the clock starts; those that cannot yet are tried again while running."""
        deadline = monotonic() + 5.0
        waiting = set(self._open)
        while waiting and monotonic() < deadline:
            for fd, _ in self._poll.poll(0.1):
                each = self._open[fd]
                waiting.discard(fd)
                if each.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    self._reopen(each)
                else:
                    each.is_connecting = False
                    self._poll.modify(fd, select.EPOLLIN)

    def _lose(self, each: Connection, status: int) -> None:
        """The connection broke; the request on it is retried or counted as lost."""
        index, each.index = each.index, -1
        if index >= 0:
            self._in_flight -= 1
            self.seen[status] += 1
            self.broken += bool(each.buffer)
            if not self._is_to_be_retried(index, status):
                self.statuses[index] = status
                self.answered += 1
        self._reopen(each)

    def _reopen(self, each: Connection) -> None:
        fd = each.sock.fileno()
        if fd >= 0:
            self._open.pop(fd, None)
            each.sock.close()
        self._reopen_at.append(monotonic() + RECONNECT_SECONDS)

    def _drop_hung(self, now: float) -> None:
        for each in list(self._open.values()):
            if each.index >= 0 and now - each.sent_at > self.patience:
                self._lose(each, HUNG)

    def _close(self) -> None:
        self._drop_connections()
        self._poll.close()

    def _drop_connections(self) -> None:
        for each in self._open.values():
            each.sock.close()
        self._open.clear()
        self._idle.clear()
        self._reopen_at.clear()


def _read_head(each: Connection, data: bytes) -> None:
    """Note how long the whole answer is and whether the server closes after it; nothing while headers are missing."""
    end = data.find(HEADERS_END)
    if end < 0:
        return
    head = data[: end + 2].lower()
    each.is_closing = b"\r\nconnection: close\r\n" in head
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        each.need = end + 4 + int(head[at + 17 : head.find(b"\r\n", at + 2)])
    elif data[9:12] in (b"204", b"304"):
        each.need = end + 4
    else:
        raise ValueError(f"an answer without a length: {data[:end]!r}")


def percentile(ascending: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of an ascending sequence; 0.0 of an empty one."""
    if not ascending:
        return 0.0
    rank = -(-len(ascending) * percent // 100)
    return ascending[max(0, min(len(ascending), int(rank)) - 1)]


def post(path: str, token: str, body: bytes = b"{}", key: str | None = None) -> bytes:
    """A POST as bytes."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    if key is not None:
        lines.append(f"Idempotency-Key: {key}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def get(path: str, token: str | None = None) -> bytes:
    """A GET as bytes."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    return "\r\n".join([*lines, "", ""]).encode()
