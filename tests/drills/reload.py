"""A new version without a failed request: SIGHUP three times under twenty clients that keep their connections."""

import signal
import time
from typing import Any

from tests.bench.stage import stage
from tests.drills.keep_alive import Clients
from tests.drills.scene import Verdict

CLIENTS, RELOADS, APART_SECONDS = 20, 3, 4


def run(engine: str) -> dict[str, Any]:
    """Every answer is 200."""
    verdict = Verdict()
    with stage(engine, workers=CLIENTS, USER_READS_PER_MINUTE="100000") as made:
        made.server.start("web")
        with Clients(made, made.workers) as clients:
            for _ in range(RELOADS):
                time.sleep(APART_SECONDS)
                made.server.running["web"].send_signal(signal.SIGHUP)
            time.sleep(APART_SECONDS)
        verdict.figures.update(reloads=RELOADS, answers=dict(clients.answers))
        verdict.expect(set(clients.answers) == {"200"}, f"answers: {dict(clients.answers)}")
        exits = made.server.stop("web")
        verdict.expect(exits == {"web": 0}, f"exit: {exits}")
    return verdict.outcome()
