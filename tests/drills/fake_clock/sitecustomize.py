"""Puts the wall clock of a Python process off by as many seconds as a file says; for the drill `clock_jumps` only.

Python imports a module of this name at its start, when its folder is on PYTHONPATH. The monotonic clock goes on as it
is, as it does when a real clock is set.
"""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

_file = Path(os.environ["DRILL_CLOCK_FILE"])
_real_monotonic = time.monotonic
_started = datetime.now(UTC), _real_monotonic()


def _follow() -> None:
    """Look at the file ten times a second and travel when it says something new."""
    traveller, offset = None, 0.0
    while True:
        wanted = float(_file.read_text() or 0)
        if wanted != offset:
            if traveller is not None:
                traveller.stop()
            truth = _started[0] + timedelta(seconds=_real_monotonic() - _started[1])
            traveller, offset = time_machine.travel(truth + timedelta(seconds=wanted), tick=True), wanted
            traveller.start()
        threading.Event().wait(0.1)


def _watch() -> None:
    threading.Thread(target=_follow, name="fake-clock", daemon=True).start()


os.register_at_fork(after_in_child=_watch)
_watch()
