"""A backup of 114,500 people's database taken while bookings are written, brought back into an empty one."""

import time
from pathlib import Path
from typing import Any

from tests.bench.recount import recount, rows_in_all
from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene

PEOPLE, PLACES, ASKING = 114_500, 12_000, 16_000
LONGEST_RESTORE = 300.0


def run(engine: str) -> dict[str, Any]:
    """What is restored keeps every promise: counters, journals, waiting lists; within five minutes."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE) as made:
        target = scene.classes(made, 1, capacity=PLACES)[0]
        made.server.start(*PROCESSES)
        requests = [scene.booking(target, each) for each in made.workers[:ASKING]]
        load = scene.load_on(made, requests, connections=32)
        load.start()
        load.wait_answered(100)
        folder = made.folder / "backup"
        began = time.monotonic()
        made.server.flask("backup", "--to", str(folder))
        verdict.figures["backup_s"] = round(time.monotonic() - began, 1)
        verdict.figures["answered_meanwhile"] = load.answered - 100
        load.join()
        scene.judge(verdict, made, load, [target], booked=PLACES)
        _restore(verdict, engine, folder, target.offering_id)
    return verdict.outcome()


def _restore(verdict: scene.Verdict, engine: str, folder: Path, offering_id: int) -> None:
    with stage(engine) as other:
        began = time.monotonic()
        other.server.flask("restore", "--from", str(folder))
        seconds = time.monotonic() - began
        found = recount(other, offering_id)
        verdict.figures.update(restore_s=round(seconds, 1), restored_bookings=found.booked)
        verdict.expect(seconds <= LONGEST_RESTORE, f"restoring took {seconds:.0f} s")
        verdict.expect(found.booked == rows_in_all(other) > 0, "no bookings were restored")
        verdict.expect(found.booked < PLACES, "the backup was not taken under writes")
        verdict.faults += found.faults
        scene.audit(verdict, other)
        _is_usable(verdict, other, offering_id)


def _is_usable(verdict: scene.Verdict, other: Stage, offering_id: int) -> None:
    """The restored database takes new people and bookings."""
    other.seed(10)
    other.server.start("web", "desk")
    target = scene.classes(other, 1, capacity=10)[0]
    load = scene.load_on(other, [scene.booking(target, each) for each in other.workers], connections=2)
    load.run()
    verdict.expect(load.counts() == {scene.ACCEPTED: 10}, f"on the restored database: {load.counts()} {load.samples}")
    verdict.expect(target.offering_id != offering_id, "an id was given twice")
