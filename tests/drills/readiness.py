"""PostgreSQL goes and comes back: /readyz says so within five seconds each time, /healthz does not mind."""

import time
from signal import SIGQUIT
from typing import Any

import requests

from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene
from tests.engines import POSTGRESQL

ENGINES = (POSTGRESQL,)
LONGEST = 5.0


def run(engine: str) -> dict[str, Any]:
    """Seconds until the probe noticed the loss and the return."""
    verdict = scene.Verdict()
    with stage(engine, workers=1, own_postgres=True) as made:
        assert made.postgres is not None
        made.server.start(*PROCESSES)
        verdict.figures["ready_after_start_s"] = round(_until(made, 200, 30.0), 2)
        made.postgres.stop(SIGQUIT)
        verdict.figures["noticed_loss_s"] = round(_until(made, 503, 30.0), 2)
        alive = requests.get(f"{made.server.url}/healthz", timeout=5).status_code
        verdict.expect(alive == 200, f"healthz without a database: {alive}")
        made.postgres.start()
        verdict.figures["noticed_return_s"] = round(_until(made, 200, 30.0), 2)
        for name in ("noticed_loss_s", "noticed_return_s"):
            verdict.expect(verdict.figures[name] <= LONGEST, f"{name}: {verdict.figures[name]}")
    return verdict.outcome()


def _until(made: Stage, status: int, seconds: float) -> float:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if requests.get(f"{made.server.url}/readyz", timeout=10).status_code == status:
            break
        time.sleep(0.05)
    return time.monotonic() - began
