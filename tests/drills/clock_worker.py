"""A worker's clock for the drill `scheduler_twice`: `python -m tests.drills.clock_worker MARKS SECONDS [unguarded]`."""

import os
import sys
import time
from pathlib import Path

from blueprints.app import create_app
from blueprints.worker import Periodic, Worker
from config import settings
from service.messaging import ticks

EVERY_SECONDS = 1


def main(marks: Path, seconds: float, *, is_guarded: bool) -> None:
    """Let the clock act for so long; each run of the job leaves the number of its tick in the file."""

    claimed: list[int] = []
    guard = ticks._claim

    def claim(job: str, number: int) -> bool:
        is_ours = guard(job, number) if is_guarded else True
        claimed[:] = [number]
        return is_ours

    def run() -> None:
        with marks.open("a") as file:
            file.write(f"{claimed[0]}\n")

    app = create_app(settings.load(os.environ))
    ticks._claim = claim
    worker = Worker(app, [Periodic("drill", EVERY_SECONDS, run)])
    ends = time.monotonic() + seconds
    with app.app_context():
        while time.monotonic() < ends:
            worker.let_clock_act()
            time.sleep(0.02)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), is_guarded="unguarded" not in sys.argv)
