"""500 people give their place back while 500 others join the queue, and everything is killed once in the middle."""

import json
import uuid
from typing import Any

from sqlalchemy import select

from service.booking.enums import BookingState
from service.booking.models import Booking, BookingEvent
from service.core.db import db
from tests.bench.classes import OpenClass
from tests.bench.load import Load, Retry, post
from tests.bench.people import Worker
from tests.bench.recount import recount
from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene

PLACES, WAITING, JOINING = 500, 250, 500
DONE = 200


def run(engine: str) -> dict[str, Any]:
    """No free place while somebody waits, nobody offered twice, offers in the order of the queue."""
    verdict = scene.Verdict()
    with stage(engine, workers=PLACES + WAITING + JOINING) as made:
        target = scene.classes(made, 1, capacity=PLACES, waiting=WAITING + JOINING)[0]
        made.server.start(*PROCESSES)
        held = _fill(made, target)
        load = _cancel_and_join(made, target, held)
        load.start()
        load.wait_answered((PLACES + JOINING) // 2)
        for name in PROCESSES:
            made.server.kill(name)
        made.server.start(*PROCESSES)
        load.join()
        verdict.figures["answers"] = dict(load.counts())
        verdict.figures["seen"] = dict(load.seen)
        verdict.expect(load.counts() == {DONE: PLACES, scene.ACCEPTED: JOINING}, f"{load.counts()} {load.samples}")
        verdict.expect(not load.seen[500], f"raw 500: {load.samples.get(500)!r}")
        _judge_queue(verdict, made, target, offered=PLACES)
        _accept_all(verdict, made, target)
        scene.audit(verdict, made)
    return verdict.outcome()


def _fill(made: Stage, target: OpenClass) -> list[tuple[Worker, str]]:
    """All places and a first queue; who is booked, with the booking's id."""
    workers = made.workers[: PLACES + WAITING]
    filling = scene.load_on(made, [scene.booking(target, each) for each in workers], connections=32)
    filling.run()
    assert filling.counts() == {scene.ACCEPTED: PLACES + WAITING}, (filling.counts(), filling.samples)
    told = [(workers[index], json.loads(body)) for index, body in filling.bodies.items()]
    return [(worker, answer["id"]) for worker, answer in told if answer["state"] == "booked"]


def _cancel_and_join(made: Stage, target: OpenClass, held: list[tuple[Worker, str]]) -> Load:
    requests = []
    for (worker, booking_id), joining in zip(held, made.workers[-JOINING:], strict=True):
        requests.append(post(f"/api/v1/bookings/{booking_id}/cancel", worker.token, key=uuid.uuid4().hex))
        requests.append(scene.booking(target, joining))
    still_running = frozenset({503, scene.REFUSED})
    return Load(made.port, requests, connections=64, retry=Retry(statuses=still_running, after=1.0))


def _judge_queue(verdict: scene.Verdict, made: Stage, target: OpenClass, *, offered: int) -> None:
    found = recount(made, target.offering_id)
    verdict.faults += found.faults
    verdict.figures["states"] = dict(found.states)
    free = found.capacity - found.booked - found.states[BookingState.OFFERED]
    verdict.expect(not (free and found.waitlisted), f"{free} places free while {found.waitlisted} wait")
    with made.app.app_context():
        bookings = db.session.execute(
            select(Booking.state, Booking.sequence).where(Booking.offering_id == target.offering_id)
        ).all()
        events = db.session.scalars(
            select(BookingEvent.booking_id)
            .where(BookingEvent.offering_id == target.offering_id, BookingEvent.kind == "offered")
            .order_by(BookingEvent.sequence)
        ).all()
        order = dict(db.session.execute(select(Booking.id, Booking.sequence)).tuples().all())
        db.session.remove()
    verdict.expect(len(events) == len(set(events)) == offered, f"{len(events)} offers, {len(set(events))} people")
    last_offered = max((sequence for state, sequence in bookings if state == BookingState.OFFERED), default=0)
    first_waiting = min((sequence for state, sequence in bookings if state == BookingState.WAITLISTED), default=10**9)
    verdict.expect(last_offered < first_waiting, "somebody was passed in the queue")
    in_order = [order[each] for each in events]
    verdict.expect(in_order == sorted(in_order), "offers were not made in the order of the queue")


def _accept_all(verdict: scene.Verdict, made: Stage, target: OpenClass) -> None:
    """Everybody with an offer accepts it twice: each holds one place in the end."""
    tokens = {worker.person_id: worker.token for worker in made.workers}
    with made.app.app_context():
        offers = db.session.execute(
            select(Booking.id, Booking.person_id).where(
                Booking.offering_id == target.offering_id, Booking.state == BookingState.OFFERED
            )
        ).all()
        db.session.remove()
    paths = [(f"/api/v1/bookings/{booking_id}/accept", tokens[person]) for booking_id, person in offers]
    requests = [post(path, token, key=uuid.uuid4().hex) for path, token in paths for _ in range(2)]
    accepting = Load(made.port, requests, connections=32)
    accepting.run()
    found = recount(made, target.offering_id)
    verdict.faults += found.faults
    verdict.figures["accepted"] = dict(accepting.counts())
    verdict.expect(
        accepting.counts() == {DONE: 2 * len(offers)}, f"accepting: {accepting.counts()} {accepting.samples}"
    )
    verdict.expect(found.booked == PLACES, f"{found.booked} booked of {PLACES} after all accepted")
