"""200 threads at once on a sold-out class nobody knows of yet, and on word that has grown old: one of them looks."""

import threading
import time
from typing import Any

from service.booking.sold_out import FRESH_SECONDS, Snapshot, SoldOut, look
from tests.bench.load import Load
from tests.bench.stage import stage
from tests.drills import scene

THREADS, PLACES = 200, 10
SECONDS = 2.0
SLOW_LOOK = 0.05


def run(engine: str) -> dict[str, Any]:
    """The database is asked once when cold, and once each 250 ms at most while 200 threads keep asking."""
    verdict = scene.Verdict()
    with stage(engine, workers=PLACES + 1) as made:
        target = scene.classes(made, 1, capacity=PLACES)[0]
        made.server.start("web")
        filling = Load(made.port, [scene.booking(target, each) for each in made.workers[:PLACES]], connections=4)
        filling.run()
        stranger = made.workers[-1].person_id

        def slowly(offering_id: int, seen: Snapshot | None) -> Snapshot | None:
            with made.app.app_context():
                time.sleep(SLOW_LOOK)
                return look(offering_id, seen)

        snapshots = SoldOut(slowly)
        _at_once(lambda: snapshots.watch(target.offering_id))
        verdict.figures["looks_when_cold"] = snapshots.looks
        verdict.expect(snapshots.looks == 1, f"{snapshots.looks} looks at a class nobody knew of")
        before, turned_away = snapshots.looks, []
        ends = time.monotonic() + SECONDS

        def keep_asking() -> None:
            asked = []
            while time.monotonic() < ends:
                asked.append(bool(snapshots.turns_away(target.offering_id, stranger)))
                time.sleep(0.002)
            turned_away.extend(asked)

        _at_once(keep_asking)
        looks = snapshots.looks - before
        verdict.figures.update(looks_in_two_seconds=looks, asked=len(turned_away), turned_away=sum(turned_away))
        verdict.expect(1 <= looks <= SECONDS / FRESH_SECONDS + 1, f"{looks} looks in {SECONDS} s")
        verdict.expect(
            sum(turned_away) >= len(turned_away) * 0.99, "some were sent to the desk although word was fresh"
        )
    return verdict.outcome()


def _at_once(target: Any) -> None:
    barrier = threading.Barrier(THREADS)

    def wait_and_run() -> None:
        barrier.wait()
        target()

    threads = [threading.Thread(target=wait_and_run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
