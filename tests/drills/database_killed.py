"""PostgreSQL stopped at once (`-m immediate`), three times under the same load as when the server is killed."""

import time
from signal import SIGQUIT
from typing import Any

import requests

from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene
from tests.engines import POSTGRESQL

ENGINES = (POSTGRESQL,)
PEOPLE, CLASSES, PLACES = 2500, 10, 200
RECOVERY_SECONDS = 10.0


def run(engine: str) -> dict[str, Any]:
    """503 is the only 5xx, nothing acknowledged is lost, and it is well within 10 s of the database's return."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE, own_postgres=True) as made:
        assert made.postgres is not None
        runs = scene.classes(made, CLASSES, capacity=PLACES)
        made.server.start(*PROCESSES)
        load = scene.load_on(made, scene.two_each(made.workers, runs))
        load.start()
        recoveries = []
        for share in (20, 40, 60):
            load.wait_answered(load.total * share // 100)
            made.postgres.stop(SIGQUIT)
            made.postgres.start()
            recoveries.append(_recovery(made))
        load.join()
        verdict.figures["recovered_after_s"] = [round(each, 2) for each in recoveries]
        verdict.expect(max(recoveries) <= RECOVERY_SECONDS, f"recovery took {max(recoveries):.1f} s")
        others = {status for status in load.seen if status >= 500} - {503}
        verdict.expect(not others, f"5xx other than 503: {others}")
        scene.judge(verdict, made, load, runs, booked=CLASSES * PLACES)
    return verdict.outcome()


def _recovery(made: Stage) -> float:
    """Seconds until the product says it is ready again."""
    began = time.monotonic()
    while time.monotonic() - began < 3 * RECOVERY_SECONDS:
        if requests.get(f"{made.server.url}/readyz", timeout=10).status_code == requests.codes.ok:
            break
        time.sleep(0.05)
    return time.monotonic() - began
