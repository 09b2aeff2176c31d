"""Days begin at midnight in Pu'er, wherever the server's own clock is set: month's end, leap day, others' summer time.

The process is told to live in New York. Every hour of a winter with a leap day and a change of New York's clocks, the
tick of the night runs once a local day. The control takes New York's days.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

from service.core import clock
from service.messaging import phones, quiet_hours, ticks
from service.messaging.quiet_hours import QuietHours
from service.overview import retention
from tests.bench.stage import stage
from tests.drills.scene import Verdict, control

FIRST, LAST = date(2027, 12, 20), date(2028, 4, 10)
QUIET = QuietHours.of("22:00-07:00")
EDGES = (
    (datetime(2027, 12, 31, 15, 59, 59, tzinfo=UTC), date(2027, 12, 31)),
    (datetime(2027, 12, 31, 16, 0, 0, tzinfo=UTC), date(2028, 1, 1)),
    (datetime(2028, 2, 28, 16, 0, 0, tzinfo=UTC), date(2028, 2, 29)),
    (datetime(2028, 2, 29, 15, 59, 59, tzinfo=UTC), date(2028, 2, 29)),
    (datetime(2028, 2, 29, 16, 0, 0, tzinfo=UTC), date(2028, 3, 1)),
    (datetime(2028, 3, 12, 7, 30, 0, tzinfo=UTC), date(2028, 3, 12)),
    (datetime(2028, 3, 31, 16, 0, 0, tzinfo=UTC), date(2028, 4, 1)),
)
"""Instants, and the day they belong to in Pu'er."""


def run(engine: str) -> dict[str, Any]:
    """Nights gone through once each; instants whose day, quiet hours and next midnight are right."""
    verdict = Verdict()
    with stage(engine) as made, made.app.app_context(), _living_in("America/New_York"):
        nights = _nights()
        days = (LAST - FIRST).days
        verdict.figures.update(hours=days * 24, nights=len(nights), most_a_night=max(nights.values(), default=0))
        verdict.expect(set(nights) == {FIRST + timedelta(days=number) for number in range(days)}, "nights are missing")
        verdict.expect(set(nights.values()) == {1}, f"nights gone through more than once: {nights.most_common(2)}")
        wrong = _wrong_days()
        verdict.figures["instants"] = len(EDGES)
        verdict.expect(not wrong, f"wrong: {wrong[:3]}")
        with control(verdict, "clocks_of_new_york", lambda: bool(_elsewhere())):
            pass
    return verdict.outcome()


def _nights() -> Counter[date]:
    """How often the table was gone through in the night of which local day; the worker ticks every hour."""
    found: Counter[date] = Counter()
    guard = retention.run

    def note(now: datetime) -> dict[str, int]:
        found[now.astimezone(ZoneInfo("Asia/Shanghai")).date()] += 1
        return {}

    retention.run = note
    try:
        at = datetime.combine(FIRST, datetime.min.time(), ZoneInfo("Asia/Shanghai")).astimezone(UTC)
        while at.astimezone(ZoneInfo("Asia/Shanghai")).date() < LAST:
            with time_machine.travel(at, tick=False):
                # Twice an hour, as two workers would.
                ticks.tick("retention", 3600, retention.tonight)
                ticks.tick("retention", 3600, retention.tonight)
            at += timedelta(hours=1)
    finally:
        retention.run = guard
    return found


def _wrong_days() -> list[str]:
    """What about the instants is not as it is in Pu'er."""
    found = []
    for at, day in EDGES:
        with time_machine.travel(at, tick=False):
            if clock.today() != day:
                found.append(f"{at} belongs to {clock.today()}")
        midnight = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
        if phones._tomorrow(at) != midnight:
            found.append(f"the next midnight after {at} is {phones._tomorrow(at)}")
        hour = (at.hour + 8) % 24
        ends = QUIET.release(at)
        if (ends != at) != (hour >= 22 or hour < 7) or (ends != at and (ends.hour, ends.minute) != (23, 0)):
            found.append(f"quiet at {at} until {ends}")
    return found


def _elsewhere() -> list[str]:
    """The guard off: days as on the server's own clock."""
    guard = clock.SHANGHAI
    clock.SHANGHAI = quiet_hours.SHANGHAI = ZoneInfo("America/New_York")  # type: ignore[misc]
    try:
        return _wrong_days()
    finally:
        clock.SHANGHAI = quiet_hours.SHANGHAI = guard  # type: ignore[misc]


@contextmanager
def _living_in(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()
