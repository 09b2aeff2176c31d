"""1,500 tries for 500 places: through the desk, by the 64 threads of the web server without it, by 16 threads here.

The control looks and then books, as a first draft would, and must oversell: else these threads prove nothing.
"""

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from service.booking import desk
from service.booking.enums import BookingState
from service.booking.models import Booking
from service.booking.rules import Ask
from service.core import clock
from service.core.db import db
from service.core.transaction import transactional
from tests.bench.classes import OpenClass
from tests.bench.people import Worker
from tests.bench.recount import recount
from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene

TRIES, PLACES, THREADS = 1500, 500, 16


def run(engine: str) -> dict[str, Any]:
    """Exactly 500 places go, whoever decides."""
    verdict = scene.Verdict()
    with stage(engine, workers=TRIES) as made:
        _over_http(verdict, made, "desk", PROCESSES)
    with stage(engine, workers=TRIES, DESK_SOCKET="") as made:
        _over_http(verdict, made, "no_desk", ("web",))
        _by_threads(verdict, made)
        scene.audit(verdict, made)
        _control(verdict, made)
    return verdict.outcome()


def _over_http(verdict: scene.Verdict, made: Stage, name: str, processes: tuple[str, ...]) -> None:
    target = scene.classes(made, 1, capacity=PLACES)[0]
    made.server.start(*processes)
    load = scene.load_on(made, [scene.booking(target, each) for each in made.workers], connections=64)
    load.run()
    scene.judge(verdict, made, load, [target], booked=PLACES)
    verdict.figures[name] = {"answers": verdict.figures.pop("answers"), "p99_ms": verdict.figures.pop("p99_ms")}
    for process in processes:
        made.server.kill(process)


def _by_threads(verdict: scene.Verdict, made: Stage) -> None:
    target = scene.classes(made, 2, capacity=PLACES)[-1]

    def take(worker: Worker) -> bool:
        ask = Ask(worker.person_id, target.offering_id, worker.person_id, uuid.uuid4().hex, "-")
        return desk.decide([ask])[0].is_accepted

    granted = _in_threads(made, take)
    found = recount(made, target.offering_id)
    verdict.figures["threads"] = {"granted": granted, "booked": found.booked}
    verdict.expect(granted == found.booked == PLACES, f"threads: {granted} granted, {found.booked} booked")
    verdict.faults += found.faults


def _control(verdict: scene.Verdict, made: Stage) -> None:
    target = scene.classes(made, 3, capacity=PLACES)[-1]
    _in_threads(made, lambda worker: _look_then_book(target, worker))
    oversold = [fault for fault in recount(made, target.offering_id).faults if fault.startswith("oversold")]
    verdict.figures["control"] = oversold
    verdict.expect(bool(oversold), "looking and then booking did not oversell: this drill would not notice")


def _look_then_book(target: OpenClass, worker: Worker) -> bool:
    held = select(func.count()).where(Booking.offering_id == target.offering_id)
    taken = db.session.scalar(held) or 0
    db.session.remove()
    if taken < PLACES:
        time.sleep(0.001)
        _book_unasked(target, worker, taken)
    return taken < PLACES


@transactional
def _book_unasked(target: OpenClass, worker: Worker, sequence: int) -> None:
    at = clock.now()
    db.session.add(
        Booking(
            offering_id=target.offering_id,
            person_id=worker.person_id,
            state=BookingState.BOOKED,
            sequence=sequence,
            booked_at=at,
            changed_at=at,
            cancel_until=at,
        )
    )


def _in_threads(made: Stage, take: Callable[[Worker], bool]) -> int:
    """Everybody tries once, 16 at a time; how many were granted a place."""
    workers = iter(made.workers)
    turn, granted = threading.Lock(), []

    def run_thread() -> None:
        with made.app.app_context():
            while True:
                with turn:
                    worker = next(workers, None)
                if worker is None:
                    return
                if take(worker):
                    granted.append(worker)

    threads = [threading.Thread(target=run_thread) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(granted)
