"""The desk against a naive model: whatever is asked in whatever order, both agree, and every promise is kept.

`HYPOTHESIS_PROFILE=thorough` runs 300 histories of 40 steps (`make drill NAME=model`).
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import count
from uuid import UUID

import orjson
import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from service.booking import bookings, offerings, places, recount
from service.booking.errors import CapacityBelowTaken
from service.booking.models import Booking, Offering
from service.booking.sold_out import sold_out
from service.core import clock
from service.core.db import db
from service.core.errors import ServiceError
from tests import make
from tests.service.booking.test_places import plan_of

OFFER = timedelta(minutes=30)
KEYS = count()
PEOPLE = st.integers(0, 6)


class Naive:
    """What a clerk with a sheet of paper would do."""

    def __init__(self, capacity: int, waiting: int) -> None:
        self.capacity, self.waiting = capacity, waiting
        self.booked: set[int] = set()
        self.queue: list[int] = []
        self.offers: dict[int, object] = {}

    def taken(self) -> int:
        return len(self.booked) + len(self.offers)

    def book(self, who: int) -> str:
        if who in self.booked or who in self.queue or who in self.offers:
            return "booking.already_booked"
        if self.taken() < self.capacity:
            self.booked.add(who)
            return "booked"
        if len(self.queue) < self.waiting:
            self.queue.append(who)
            return "waitlisted"
        return "booking.full"

    def hand_on(self, now) -> None:
        while self.queue and self.taken() < self.capacity:
            self.offers[self.queue.pop(0)] = now + OFFER

    def leave(self, who: int, now) -> None:
        self.booked.discard(who)
        self.offers.pop(who, None)
        if who in self.queue:
            self.queue.remove(who)
        self.hand_on(now)


class Desk(RuleBasedStateMachine):
    """Random histories of one offering and seven people."""

    @initialize(capacity=st.integers(1, 3), waiting=st.integers(0, 3))
    def open(self, capacity: int, waiting: int) -> None:
        self.travel = time_machine.travel(clock.now(), tick=False)
        self.clock = self.travel.start()
        self.people = make.people(7, member_of=UNION[0])
        self.offering = make.offering(capacity=capacity, waiting=waiting).id
        self.model = Naive(capacity, waiting)

    @rule(who=PEOPLE)
    def book(self, who: int) -> None:
        sold_out.forget()
        assert self._told(lambda: self._book(who)) == self.model.book(who)

    @rule(who=PEOPLE)
    def book_twice_with_one_key(self, who: int) -> None:
        sold_out.forget()
        expected = self.model.book(who)
        key = (
            f"{who}-{clock.now().timestamp()}-{db.session.get(Offering, self.offering, populate_existing=True).version}"
        )
        first, again = (self._told(lambda: self._book(who, key)) for _ in range(2))
        assert first == expected
        assert again == expected

    @rule(who=PEOPLE)
    def cancel(self, who: int) -> None:
        booking = self._active(who)
        if booking is not None:
            places.cancel(actor=make.actor(self.people[who]), booking_id=booking)
            self.model.leave(who, clock.now())

    @rule(who=PEOPLE)
    def staff_remove(self, who: int) -> None:
        booking = self._active(who)
        if booking is not None:
            places.remove(actor=CHIEF[0], offering_id=self.offering, booking_id=booking, reason="x")
            self.model.leave(who, clock.now())

    @precondition(lambda self: self.model.offers)
    @rule(accepts=st.booleans())
    def answer_an_offer(self, accepts: bool) -> None:
        who = min(self.model.offers)
        booking = self._active(who)
        actor = make.actor(self.people[who])
        command = places.accept if accepts else places.decline
        outcome = self._told(lambda: command(actor=actor, booking_id=booking).state)
        if self.model.offers[who] <= clock.now():
            assert outcome == "booking.offer_expired"
        elif accepts:
            assert outcome == "booked"
            del self.model.offers[who]
            self.model.booked.add(who)
        else:
            assert outcome == "declined"
            self.model.leave(who, clock.now())

    @rule(minutes=st.sampled_from([1, 10, 29, 31]))
    def time_passes(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    @rule()
    def sweep(self) -> None:
        places.expire_offers(clock.now())
        for who in [each for each, until in self.model.offers.items() if until <= clock.now()]:
            del self.model.offers[who]
        self.model.hand_on(clock.now())

    @rule(capacity=st.integers(1, 5))
    def resize(self, capacity: int) -> None:
        row = db.session.get(Offering, self.offering, populate_existing=True)
        change = partial(offerings.change, self.offering, plan_of(row, capacity=capacity))
        if capacity < self.model.taken():
            with pytest.raises(CapacityBelowTaken):
                change()
        else:
            change()
            self.model.capacity = capacity
            self.model.hand_on(clock.now())

    @invariant()
    def both_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        db.session.expire_all()
        rows = db.session.scalars(
            select(Booking)
            .where(Booking.offering_id == self.offering, Booking.state.in_(("booked", "offered", "waitlisted")))
            .order_by(Booking.sequence)
        ).all()
        by_state: dict[str, list[int]] = {"booked": [], "offered": [], "waitlisted": []}
        for row in rows:
            by_state[row.state].append(self.people.index(row.person_id))
        assert set(by_state["booked"]) == self.model.booked
        assert set(by_state["offered"]) == set(self.model.offers)
        assert by_state["waitlisted"] == self.model.queue

    def teardown(self) -> None:
        if hasattr(self, "travel"):
            found = [finding for finding in recount.recount() if finding.invariant != "offer"]
            self.travel.stop()
            assert found == []

    def _book(self, who: int, key: str | None = None) -> str:
        actor = make.actor(self.people[who])
        return orjson.loads(bookings.book(actor=actor, offering_id=self.offering, key=key, body_hash="x"))["state"]

    def _active(self, who: int) -> UUID | None:
        booking = bookings.of_person(self.people[who], self.offering)
        return booking.id if booking else None

    @staticmethod
    def _told(ask) -> str:
        try:
            return str(ask())
        except ServiceError as refused:
            return refused.code


UNION: list = []
CHIEF: list = []


@pytest.fixture
def union(database) -> Iterator[None]:
    UNION[:] = [make.node()]
    CHIEF[:] = [make.staff(UNION[0])]
    yield
    UNION.clear()


@pytest.mark.usefixtures("union")
def test_the_desk_and_a_naive_model_agree():
    thorough = settings.get_current_profile_name() == "thorough"
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=300 if thorough else 25,
            stateful_step_count=40 if thorough else 30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
