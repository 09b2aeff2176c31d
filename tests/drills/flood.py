"""The opening second: 20,000 people, 500 places, some of them too early."""

import time
from typing import Any

import requests

from tests.bench.classes import OpenClass
from tests.bench.load import Load, Retry, percentile
from tests.bench.recount import recount
from tests.bench.runs import dishonest
from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene
from tests.engines import SQLITE

PEOPLE, PLACES, EARLY = 20_000, 500, 500
OPENS_IN_SECONDS = 12.0
SLOWEST_MS = {SQLITE: 2000.0}
SLOWEST_OTHERWISE_MS = 1000.0
UNFAIR_SECONDS = 1.0


def run(engine: str) -> dict[str, Any]:
    """Nobody gets in early, nothing is oversold, order is honest, 503 and 429 are the only faults."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE) as made:
        made.server.start(*PROCESSES)
        target = scene.classes(made, 1, capacity=PLACES, opens_in_seconds=OPENS_IN_SECONDS)[0]
        opens_at = time.monotonic() + OPENS_IN_SECONDS
        _too_early(verdict, made, target)
        verdict.expect(time.monotonic() < opens_at, "the machine is too slow for this drill")
        time.sleep(max(0.0, opens_at - time.monotonic()))
        everybody = [scene.booking(target, each) for each in made.workers]
        retry = Retry(statuses=frozenset({503, 429}))
        load = scene.load_on(made, everybody, connections=256, retry=retry)
        load.run()
        scene.judge(verdict, made, load, [target], booked=PLACES)
        verdict.expect(set(load.seen) <= scene.DEFINITE | {429, 503}, f"answers: {dict(load.seen)}")
        verdict.expect(set(scene.codes(load)) == {"booking.full"}, f"refused for {scene.codes(load)}")
        p99 = percentile(load.latencies(), 99) * 1e3
        verdict.expect(p99 <= SLOWEST_MS.get(engine, SLOWEST_OTHERWISE_MS), f"p99 {p99:.0f} ms")
        _fairness(verdict, load)
        verdict.figures["p50_ms"] = round(percentile(load.latencies(), 50) * 1e3)
        verdict.figures["rate"] = round(PEOPLE / (max(load.received) - load.first_sent[0]))
        verdict.figures["readyz"] = requests.get(f"{made.server.url}/readyz", timeout=10).status_code
    return verdict.outcome()


def _too_early(verdict: scene.Verdict, made: Stage, target: OpenClass) -> None:
    load = scene.load_on(made, [scene.booking(target, each) for each in made.workers[:EARLY]], connections=64)
    load.run()
    refused = scene.codes(load)
    verdict.figures["too_early"] = dict(refused)
    verdict.expect(refused == {"booking.not_open": EARLY}, f"before the opening: {load.counts()} {dict(refused)}")
    verdict.expect(recount(made, target.offering_id).rows == 0, "somebody was booked before the opening")


def _fairness(verdict: scene.Verdict, load: Load) -> None:
    """Nobody who asked a second later than another got the place before."""
    accepted = {index: body for index, body in load.bodies.items() if load.statuses[index] == scene.ACCEPTED}
    verdict.faults += dishonest(load, accepted)
    asked = [load.first_sent[index] for index in accepted]
    turned_away = [load.first_sent[index] for index, status in enumerate(load.statuses) if status == scene.REFUSED]
    last = max(asked, default=0.0)
    verdict.figures["accepted_within_s"] = round(last - min(load.first_sent), 2)
    unfair = sum(1 for each in turned_away if each + UNFAIR_SECONDS < last)
    verdict.expect(not unfair, f"{unfair} were turned away though they asked a second before somebody accepted")
