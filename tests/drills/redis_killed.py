"""The server that shares the rate limits dies under load: no request fails for it, and limits stay on."""

import subprocess
import sys
import time
from typing import Any

import requests

from tests.bench.people import Worker
from tests.bench.stage import Stage, stage
from tests.drills.keep_alive import INBOX, Clients
from tests.drills.scene import Verdict
from tests.engines import ROOT
from tests.live import free_port

ENGINES = ("sqlite",)
CLIENTS, READS_PER_MINUTE = 10, 40
SERVE = "import sys, fakeredis; fakeredis.TcpFakeServer(('127.0.0.1', int(sys.argv[1]))).serve_forever()"


def run(engine: str) -> dict[str, Any]:
    """Before: both processes count together. After: each counts its share."""
    verdict = Verdict()
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], cwd=ROOT)
    limits = {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "USER_READS_PER_MINUTE": str(READS_PER_MINUTE)}
    try:
        with stage(engine, workers=CLIENTS + 2, **limits) as made:
            made.server.start("web")
            _begin_of_a_minute()
            before = _allowed(made, made.workers[0])
            with Clients(made, made.workers[2:]) as clients:
                time.sleep(1)
                server.kill()
                server.wait()
                after = _allowed(made, made.workers[1])
                time.sleep(1)
            verdict.figures.update(allowed_before=before, allowed_after=after, answers=dict(clients.answers))
            verdict.expect(before == READS_PER_MINUTE, f"with Redis {before} were allowed")
            verdict.expect(0 < after <= READS_PER_MINUTE, f"without Redis {after} were allowed")
            verdict.expect(set(clients.answers) <= {"200", "429"}, f"answers: {dict(clients.answers)}")
    finally:
        server.kill()
        server.wait()
    return verdict.outcome()


def _allowed(made: Stage, worker: Worker) -> int:
    """How many of three times the limit are answered; a connection each, so that both processes are asked."""
    headers = {"Authorization": f"Bearer {worker.token}"}
    answers = [requests.get(made.server.url + INBOX, headers=headers, timeout=10) for _ in range(3 * READS_PER_MINUTE)]
    assert {answer.status_code for answer in answers} <= {200, 429}, answers
    return sum(answer.status_code == 200 for answer in answers)


def _begin_of_a_minute() -> None:
    """Windows are minutes of the clock: half a minute must be left."""
    if time.time() % 60 > 30:
        time.sleep(60 - time.time() % 60)
