"""The database goes and comes back: /readyz says so within five seconds each time, /healthz stays."""

import signal
import time
from typing import Any

import requests

from tests.bench.stage import Stage, stage
from tests.drills.scene import Verdict

ENGINES = ("postgresql",)
LONGEST = 5.0


def run(engine: str) -> dict[str, Any]:
    """How long each took."""
    verdict = Verdict()
    with stage(engine, workers=1, own_postgres=True) as made:
        assert made.postgres is not None
        made.server.start("web", "worker")
        made.server.wait("/readyz")
        made.postgres.stop(signal.SIGQUIT)
        lost = _until(made, 503)
        alive = requests.get(f"{made.server.url}/healthz", timeout=5).status_code
        made.postgres.start()
        back = _until(made, 200)
        verdict.figures.update(lost_seconds=lost, back_seconds=back, healthz=alive)
        verdict.expect(max(lost, back) <= LONGEST, f"lost after {lost} s, back after {back} s")
        verdict.expect(alive == 200, f"/healthz answered {alive}")
    return verdict.outcome()


def _until(made: Stage, status: int) -> float:
    began = time.monotonic()
    while time.monotonic() - began < 30:
        if requests.get(f"{made.server.url}/readyz", timeout=15).status_code == status:
            break
        time.sleep(0.1)
    return round(time.monotonic() - began, 2)
