"""The sandbox's clock: the machine's, moved forward on request, so that hours pass in a moment."""

import time
from threading import Lock


class Clock:
    """Seconds since 1970, plus all that was skipped."""

    def __init__(self) -> None:
        self.ahead_s = 0.0
        self._lock = Lock()

    def now(self) -> float:
        """The sandbox's present."""
        return time.time() + self.ahead_s

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self.ahead_s += seconds
