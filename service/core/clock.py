"""The time. Commands ask `now()`; rules get it as an argument. Stored UTC, shown Asia/Shanghai."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from service.core.steady import Steady

SHANGHAI = ZoneInfo("Asia/Shanghai")


_steady: Steady | None = None
_as_of: ContextVar[datetime | None] = ContextVar("as_of", default=None)


def hold_steady() -> None:
    """From now on this process does not follow a wall clock that jumps; for servers, not for tests that travel."""
    global _steady  # noqa: PLW0603  one process, one clock; the server's entry is the only caller
    _steady = Steady(datetime.now(UTC), since_boot())


def since_boot() -> float:
    """Seconds that only grow, also while the machine sleeps, and that nobody sets."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def now() -> datetime:
    """The present instant, aware, UTC."""
    told = _as_of.get()
    if told is not None:
        return told
    wall = datetime.now(UTC)
    return wall if _steady is None else _steady.judge(wall, since_boot())


@contextmanager
def as_of(instant: datetime) -> Iterator[None]:
    """Within it this thread believes that it is `instant`: for made-up data that has a past, never for a request."""
    token = _as_of.set(instant)
    try:
        yield
    finally:
        _as_of.reset(token)


def today() -> date:
    """The calendar day in Pu'er (UTC+8, no daylight saving)."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """The same instant on a clock in Pu'er."""
    return instant.astimezone(SHANGHAI)


def day_start(day: date) -> datetime:
    """The instant at which a calendar day begins in Pu'er."""
    return datetime.combine(day, datetime.min.time(), SHANGHAI)


def spoken(instant: datetime) -> str:
    """`11月22日 19:30`: how an instant is told to a worker."""
    at = local(instant)
    return f"{at.month}月{at.day}日 {at:%H:%M}"
