"""The same request twice at once, a thousand times; the same worker with another key, a thousand times."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.bench.classes import OpenClass
from tests.bench.load import Load
from tests.bench.people import Worker
from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene

PEOPLE = 1000


def run(engine: str) -> dict[str, Any]:
    """One booking a person and class; a replay has the same bytes; no 500."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE) as made:
        same, other, bare = scene.classes(made, 3, capacity=PEOPLE)
        made.server.start(*PROCESSES)
        twice = _twice(made, same, lambda number: f"key-{number}-a", lambda number: f"key-{number}-a")
        verdict.figures["same_key"] = dict(twice.counts())
        verdict.expect(twice.counts() == {scene.ACCEPTED: 2 * PEOPLE}, f"the same key twice gave {twice.counts()}")
        scene.judge(verdict, made, twice, [same], booked=PEOPLE)
        keys = _twice(made, other, lambda number: f"key-{number}-b", lambda number: f"key-{number}-c")
        _expect_one_each(verdict, made, keys, other, "other_key")
        keyless = _keyless(made, bare, made.workers)
        _expect_one_each(verdict, made, keyless, bare, "no_key")
    return verdict.outcome()


def _twice(made: Stage, run: OpenClass, first: Callable[[int], str], second: Callable[[int], str]) -> Load:
    requests = []
    for number, worker in enumerate(made.workers):
        requests += [scene.booking(run, worker, first(number)), scene.booking(run, worker, second(number))]
    load = scene.load_on(made, requests, connections=64)
    load.run()
    return load


def _keyless(made: Stage, run: OpenClass, workers: Sequence[Worker]) -> Load:
    requests = [scene.keyless_booking(run, worker) for worker in workers for _ in range(2)]
    load = scene.load_on(made, requests, connections=64)
    load.run()
    return load


def _expect_one_each(verdict: scene.Verdict, made: Stage, load: Load, run: OpenClass, name: str) -> None:
    refused = scene.codes(load)
    verdict.figures[name] = {"answers": dict(load.counts()), "codes": dict(refused)}
    verdict.expect(load.counts() == {scene.ACCEPTED: PEOPLE, scene.REFUSED: PEOPLE}, f"{name} gave {load.counts()}")
    verdict.expect(set(refused) == {"booking.already_booked"}, f"{name} was refused for {dict(refused)}")
    found = scene.recount(made, run.offering_id)
    verdict.expect(
        found.booked == found.rows == PEOPLE and not found.faults, f"{name}: {found.states} {found.faults[:3]}"
    )
