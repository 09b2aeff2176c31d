"""How often somebody may ask: by person first; by address much looser, because a factory shares one.

Counted in windows of a minute: in the process, each of the web server's processes allowing its share, or in Redis for
all of them. Where Redis is away the process counts by itself. How many bookings a person may hold is no matter of rate
and is kept by the database.
"""

import hashlib
import threading
import time
from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

import orjson
import redis
import structlog
from flask import Flask, request

from blueprints.auth import current_actor
from service.core.errors import TooMany

WINDOW_SECONDS = 60
REDIS_SECONDS, REDIS_REST_SECONDS = 0.2, 5.0
READING = frozenset({"GET", "HEAD", "OPTIONS"})
API, SIGN_IN, STAFF_SIGN_IN = "/api/", "/api/v1/auth/", "/api/v1/auth/staff"
log = structlog.get_logger("limits")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many a minute, of one sort."""

    name: str
    most: int


class Counting(Protocol):
    """Something that counts."""

    def count(self, limit: Limit, whose: str | int, window: int) -> tuple[int, int]:
        """One more in this window: (how many that makes, how many are allowed here)."""


class InProcess:
    """Counts of this process, one window long. The limit is shared out among the web server's processes."""

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self.window = 0
        self.counts: dict[tuple[str, str | int], int] = {}
        self.lock = threading.Lock()

    def count(self, limit: Limit, whose: str | int, window: int) -> tuple[int, int]:
        """See Counting."""
        key = (limit.name, whose)
        with self.lock:
            if window != self.window:
                self.window, self.counts = window, {}
            made = self.counts[key] = self.counts.get(key, 0) + 1
        return made, ceil(limit.most / self.processes)


class InRedis:
    """Counts of all processes and hosts; for five seconds after a failure, those of this process."""

    def __init__(self, url: str, otherwise: InProcess) -> None:
        self.server = redis.from_url(url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS)
        self.otherwise = otherwise
        self.rests_until = 0.0

    def count(self, limit: Limit, whose: str | int, window: int) -> tuple[int, int]:
        """See Counting."""
        if time.monotonic() >= self.rests_until:
            try:
                return self._one_more(f"gongyun/{limit.name}/{whose}/{window}"), limit.most
            except (redis.RedisError, OSError) as error:
                self.rests_until = time.monotonic() + REDIS_REST_SECONDS
                log.warning("redis_away", error=type(error).__name__)
        return self.otherwise.count(limit, whose, window)

    def _one_more(self, key: str) -> int:
        with self.server.pipeline(transaction=False) as both:
            both.incr(key)
            both.expire(key, 2 * WINDOW_SECONDS)
            made: int = both.execute()[0]
        return made


class Limits:
    """The limits of an app. `ask_address` comes before the token is looked at, `ask_person` after."""

    def __init__(self, settings: Any) -> None:
        alone = InProcess(settings.web_workers)
        self.counting: Counting = InRedis(settings.redis_url, alone) if settings.redis_url else alone
        self.address = Limit("address", settings.address_requests_per_minute)
        self.address_sign_ins = Limit("address_sign_ins", settings.address_sign_ins_per_minute)
        self.account_sign_ins = Limit("account_sign_ins", settings.account_sign_ins_per_minute)
        self.reads = Limit("reads", settings.user_reads_per_minute)
        self.writes = Limit("writes", settings.user_writes_per_minute)

    def ask_address(self) -> None:
        """Raise TooMany where this address, or this account in a sign-in, has been here too often."""
        path = request.path
        if not path.startswith(API):
            return
        address = request.remote_addr or ""
        self.ask(self.address, address)
        if path.startswith(SIGN_IN):
            self.ask(self.address_sign_ins, address)
            if path == STAFF_SIGN_IN:
                self.ask(self.account_sign_ins, _account())

    def ask_person(self) -> None:
        """Raise TooMany where this person has been here too often."""
        person_id = current_actor().person_id
        if person_id is not None:
            self.ask(self.reads if request.method in READING else self.writes, person_id)

    def ask(self, limit: Limit, whose: str | int) -> None:
        """Count one more, or raise TooMany with `retry_after_s` seconds."""
        now = time.time()
        window = int(now) // WINDOW_SECONDS
        made, allowed = self.counting.count(limit, whose, window)
        if made > allowed:
            wait = max(1, ceil((window + 1) * WINDOW_SECONDS - now))
            raise TooMany(details={"retry_after_s": wait, "limit": limit.name}, next_step=f"请等{wait}秒再试")


def _account() -> str:
    """The account a staff sign-in names, as a digest; the body is judged later."""
    try:
        given = orjson.loads(request.get_data())["account"]
    except (ValueError, TypeError, KeyError):
        given = ""
    return hashlib.sha256(str(given).strip().lower().encode()).hexdigest()[:16]


def register_before_token(app: Flask, limits: Limits) -> None:
    """Ask each request's address. To be called before the token's own hook is registered."""
    app.before_request(limits.ask_address)


def register_after_token(app: Flask, limits: Limits) -> None:
    """Ask each signed-in person."""
    app.before_request(limits.ask_person)
