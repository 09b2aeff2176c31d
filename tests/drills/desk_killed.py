"""kill -9 of the desk process alone, five times under load: the web server asks again or decides by itself."""

from typing import Any

from tests.bench.stage import PROCESSES, stage
from tests.drills import scene

PEOPLE, CLASSES, PLACES, KILLS = 2500, 10, 200, 5


def run(engine: str) -> dict[str, Any]:
    """As when everything is killed; and no client sees a broken connection or a 500."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE) as made:
        runs = scene.classes(made, CLASSES, capacity=PLACES)
        made.server.start(*PROCESSES)
        load = scene.load_on(made, scene.two_each(made.workers, runs), connections=64)
        load.start()
        for number in range(KILLS):
            load.wait_answered(load.total * (number + 1) // (KILLS + 3))
            made.server.kill("desk")
            made.server.start("desk")
        load.join()
        verdict.expect(set(load.seen) <= scene.DEFINITE | {503}, f"clients saw {dict(load.seen)}")
        scene.judge(verdict, made, load, runs, booked=CLASSES * PLACES)
    return verdict.outcome()
