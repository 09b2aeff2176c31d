"""The time. Commands ask `now()`; rules get it as an argument. Stored UTC, shown Asia/Shanghai."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Pu'er (UTC+8, no daylight saving)."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """The same instant on a clock in Pu'er."""
    return instant.astimezone(SHANGHAI)


def spoken(instant: datetime) -> str:
    """`11月22日 19:30`: how an instant is told to a worker."""
    at = local(instant)
    return f"{at.month}月{at.day}日 {at:%H:%M}"
