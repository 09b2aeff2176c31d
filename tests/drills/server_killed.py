"""kill -9 of everything, three times under 5,000 bookings over 200 connections (2,500 people, 10 classes of 200)."""

from typing import Any

from tests.bench.stage import PROCESSES, stage
from tests.drills import scene

PEOPLE, CLASSES, PLACES = 2500, 10, 200


def run(engine: str) -> dict[str, Any]:
    """No place sold twice or left over, nothing acknowledged lost, a definite answer for everyone within 60 s."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE) as made:
        runs = scene.classes(made, CLASSES, capacity=PLACES)
        made.server.start(*PROCESSES)
        load = scene.load_on(made, scene.two_each(made.workers, runs))
        load.start()
        for share in (20, 40, 60):
            load.wait_answered(load.total * share // 100)
            for name in PROCESSES:
                made.server.kill(name)
            made.server.start(*PROCESSES)
        load.join()
        scene.judge(verdict, made, load, runs, booked=CLASSES * PLACES)
    return verdict.outcome()
