"""A place freed under load: taken at once, and every process of the web server turns back within a second."""

import json
import time
from typing import Any

from tests.bench.classes import OpenClass
from tests.bench.load import Load, post
from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene

HOLDERS, OTHERS = 64, 3000
TURNS = 4
LONGEST = 1.0


def run(engine: str) -> dict[str, Any]:
    """Seconds from the answer to a cancellation to the first place given again; and whether all processes know."""
    verdict = scene.Verdict()
    with stage(engine, workers=HOLDERS + OTHERS, USER_WRITES_PER_MINUTE="100000", MOST_RUNNING_BOOKINGS="100") as made:
        made.server.start(*PROCESSES)
        taken = [_freed_under_load(verdict, made, turn) for turn in range(TURNS)]
        verdict.figures["freed_to_taken_ms"] = [round(each * 1e3) for each in taken]
        verdict.expect(max(taken) <= LONGEST, f"a freed place stood empty for {max(taken):.2f} s")
        _all_processes_know(verdict, made)
        scene.audit(verdict, made)
    return verdict.outcome()


def _full_class(made: Stage, day: int) -> tuple[OpenClass, list[str]]:
    """A class whose 64 places are taken, without a waiting list; the bookings' ids by holder."""
    run = scene.classes(made, day, capacity=HOLDERS)[-1]
    filling = scene.load_on(made, [scene.booking(run, each) for each in made.workers[:HOLDERS]], connections=8)
    filling.run()
    assert filling.counts() == {scene.ACCEPTED: HOLDERS}, (filling.counts(), filling.samples)
    return run, [json.loads(filling.bodies[index])["id"] for index in range(HOLDERS)]


def _turning_away(made: Stage, run: OpenClass) -> Load:
    requests = [scene.booking(run, each) for each in made.workers[HOLDERS:]]
    return Load(made.port, requests, connections=32, total=10**8, keep=frozenset({scene.ACCEPTED}))


def _cancel(made: Stage, ids: list[str]) -> float:
    """Give these places back; when the last answer came, in monotonic seconds."""
    workers = made.workers[: len(ids)]
    requests = [
        post(f"/api/v1/bookings/{each}/cancel", worker.token, key=f"back-{each}")
        for each, worker in zip(ids, workers, strict=True)
    ]
    back = Load(made.port, requests, connections=min(8, len(ids)))
    back.run()
    assert back.counts() == {200: len(ids)}, (back.counts(), back.samples)
    return max(back.received)


def _freed_under_load(verdict: scene.Verdict, made: Stage, turn: int) -> float:
    run, ids = _full_class(made, turn + 1)
    load = _turning_away(made, run)
    load.start()
    time.sleep(1.0)
    freed_at = _cancel(made, ids[:1])
    time.sleep(2 * LONGEST)
    load.stop()
    load.join()
    # The requests go round and round, so whoever got the place is told so again, in the same bytes.
    given = len(set(load.bodies.values()))
    verdict.expect(given == 1, f"one place was freed, {given} were given; {dict(load.counts())}")
    return min((load.received[index] for index in load.bodies), default=float("inf")) - freed_at


def _all_processes_know(verdict: scene.Verdict, made: Stage) -> None:
    """Free 32 places while everybody is turned away; a second later 32 people ask at once, over both processes."""
    run, ids = _full_class(made, TURNS + 1)
    load = _turning_away(made, run)
    load.start()
    time.sleep(1.0)
    load.stop()
    load.join()
    freed_at = _cancel(made, ids[:32])
    time.sleep(max(0.0, freed_at + LONGEST - time.monotonic()))
    asking = scene.load_on(made, [scene.booking(run, each) for each in made.workers[-32:]], connections=32)
    asking.run()
    verdict.figures["asked_a_second_later"] = dict(asking.counts())
    verdict.expect(asking.counts() == {scene.ACCEPTED: 32}, f"a second after 32 places were freed: {asking.counts()}")
