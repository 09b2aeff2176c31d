"""A clock that does not jump.

Nobody may book before the opening because somebody set the server's clock. The wall clock is believed while it agrees
with the seconds that have passed; when it jumps, the seconds are believed, until it has stood at its new time for so
long that it must be meant.
"""

from datetime import datetime, timedelta

import structlog

AGREES = timedelta(seconds=1)
PATIENCE_SECONDS = 300.0
log = structlog.get_logger("clock")


class Steady:
    """Judges the wall clock by the seconds since boot."""

    def __init__(self, wall: datetime, seconds: float) -> None:
        self._wall, self._seconds = wall, seconds
        self._doubted_since: float | None = None

    def judge(self, wall: datetime, seconds: float) -> datetime:
        """The instant to go by, of a wall clock and seconds read together."""
        expected = self._wall + timedelta(seconds=seconds - self._seconds)
        if abs(wall - expected) <= AGREES or self._has_stood(wall, expected, seconds):
            self._wall, self._seconds, self._doubted_since = wall, seconds, None
            return wall
        return expected

    def _has_stood(self, wall: datetime, expected: datetime, seconds: float) -> bool:
        if self._doubted_since is None:
            self._doubted_since = seconds
            log.warning("wall_clock_jumped", seconds=round((wall - expected).total_seconds(), 1))
        return seconds - self._doubted_since >= PATIENCE_SECONDS
