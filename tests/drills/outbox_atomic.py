"""Half of the deeds are rolled back after they have written everything: no notice without its booking, none missing."""

from typing import Any

from sqlalchemy import func, select

from service.booking import desk
from service.booking.models import Booking
from service.booking.rules import Ask
from service.core.db import db
from service.core.transaction import transactional
from service.messaging import outbox
from service.messaging.models import OutboxRow
from tests.bench.stage import stage
from tests.drills import scene

PEOPLE = 200


class Broken(Exception):
    """What goes wrong after everything was written."""


def run(engine: str) -> dict[str, Any]:
    """As many notices as bookings, each of a booking that stands."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE) as made:
        target = scene.classes(made, 1, capacity=PEOPLE)[0]
        with made.app.app_context():
            for number, each in enumerate(made.workers):
                _book(each.person_id, target.offering_id, breaks=number % 2 == 1)
            orphans, missing, booked = _differences()
            verdict.figures.update(deeds=PEOPLE, booked=booked, orphan_rows=orphans, bookings_without_row=missing)
            verdict.expect((orphans, missing, booked) == (0, 0, PEOPLE // 2), "rows and bookings differ")
        scene.audit(verdict, made)
        with made.app.app_context(), scene.control(verdict, "row_outside", lambda: _differences()[0] > 0):
            _tell_apart(made.workers[1].person_id, target.offering_id)
    return verdict.outcome()


@transactional
def _deed(person_id: int, offering_id: int, *, breaks: bool) -> None:
    answers = desk.decide([Ask(person_id, offering_id, person_id)])
    assert answers[0].is_accepted
    if breaks:
        raise Broken


def _book(person_id: int, offering_id: int, *, breaks: bool) -> None:
    try:
        _deed(person_id, offering_id, breaks=breaks)
    except Broken:
        assert breaks


@transactional
def _notice_alone(person_id: int) -> None:
    outbox.notice(person_id, "booking:0:0", "报名成功", "没有这回事")


def _tell_apart(person_id: int, offering_id: int) -> None:
    """As where the row is put in by a transaction of its own."""
    _notice_alone(person_id)
    _book(person_id, offering_id, breaks=True)


def _differences() -> tuple[int, int, int]:
    """(notices without a booking, bookings without a notice, bookings)."""
    db.session.close()
    told = {int(each.rpartition(":")[2]) for each in db.session.scalars(select(OutboxRow.key)) if "booking" in each}
    booked = set(db.session.scalars(select(Booking.person_id)))
    rows = db.session.scalar(select(func.count(Booking.id))) or 0
    db.session.close()
    return len(told - booked), len(booked - told), rows
