"""A freed place and those who wait for it, on both engines."""

from datetime import timedelta
from uuid import UUID

import orjson
import pytest
import time_machine
from sqlalchemy import select

from service.booking import bookings, offerings, places, recount
from service.booking.enums import BookingState, EventKind
from service.booking.errors import (
    BookingUnknown,
    CapacityBelowTaken,
    ChangeClashes,
    Clash,
    NotOffered,
    OfferExpired,
    ReasonMissing,
    TooLateToCancel,
    WaitingBelowTaken,
)
from service.booking.models import Booking, BookingEvent, Offering
from service.booking.offerings import Plan
from service.core import clock
from service.core.db import db
from service.messaging.models import OutboxRow
from service.unions.models import Membership, MembershipState
from tests import make

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def union():
    return make.node()


@pytest.fixture(autouse=True)
def _every_promise_is_kept(database):
    yield
    assert recount.recount() == []


def book(person_id, offering_id):
    return UUID(orjson.loads(bookings.book(actor=make.actor(person_id), offering_id=offering_id))["id"])


def state(booking_id):
    return db.session.scalar(select(Booking.state).where(Booking.id == booking_id))


def told(person_id):
    rows = db.session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
    return [row.payload["title"] for row in rows if row.payload["person_id"] == person_id]


def plan_of(offering, **changes):
    now = {name: getattr(offering, name) for name in Plan.__dataclass_fields__ if hasattr(offering, name)}
    now["gates"] = offering.rules["gates"]
    now["spans"] = [(offering.starts_at, offering.ends_at)]
    return Plan(**{**now, **changes})


def test_a_cancelled_place_is_offered_to_the_first_who_waits(union):
    offering = make.offering(capacity=1, waiting=2)
    a, b, c = make.people(3, member_of=union)
    held, first, second = (book(each, offering.id) for each in (a, b, c))
    places.cancel(actor=make.actor(a), booking_id=held)
    assert [state(each) for each in (held, first, second)] == ["cancelled", "offered", "waitlisted"]
    assert told(b) == ["已进候补", "轮到您了"]
    assert told(c) == ["已进候补"]
    places.accept(actor=make.actor(b), booking_id=first)
    assert state(first) == "booked"


def test_an_offer_counts_as_taken(union):
    offering = make.offering(capacity=1, waiting=1)
    a, b, c = make.people(3, member_of=union)
    held = book(a, offering.id)
    book(b, offering.id)
    places.cancel(actor=make.actor(a), booking_id=held)
    row = db.session.get(Offering, offering.id)
    assert (row.taken, row.waiting) == (1, 0)
    assert state(book(c, offering.id)) == "waitlisted"


def test_a_declined_offer_goes_to_the_next(union):
    offering = make.offering(capacity=1, waiting=2)
    a, b, c = make.people(3, member_of=union)
    held, first, second = (book(each, offering.id) for each in (a, b, c))
    places.cancel(actor=make.actor(a), booking_id=held)
    places.decline(actor=make.actor(b), booking_id=first)
    places.decline(actor=make.actor(b), booking_id=first)
    assert [state(first), state(second)] == ["declined", "offered"]


def test_an_offer_not_taken_in_time_goes_to_the_next(union):
    offering = make.offering(capacity=1, waiting=2, offer_minutes=30)
    a, b, c = make.people(3, member_of=union)
    held, first, second = (book(each, offering.id) for each in (a, b, c))
    places.cancel(actor=make.actor(a), booking_id=held)
    later = clock.now() + timedelta(minutes=31)
    with time_machine.travel(later):
        with pytest.raises(OfferExpired):
            places.accept(actor=make.actor(b), booking_id=first)
        assert places.expire_offers(later) == 1
        assert places.expire_offers(later) == 0
        assert [state(first), state(second)] == ["expired", "offered"]
        with pytest.raises(OfferExpired):
            places.accept(actor=make.actor(b), booking_id=first)
    assert told(b)[-1] == "名额已让出"


def test_who_no_longer_passes_a_gate_is_passed_over_and_told_why(union):
    offering = make.offering(capacity=1, waiting=2)
    a, b, c = make.people(3, member_of=union)
    held, first, second = (book(each, offering.id) for each in (a, b, c))
    db.session.scalar(select(Membership).where(Membership.person_id == b)).state = MembershipState.ENDED
    db.session.commit()
    places.cancel(actor=make.actor(a), booking_id=held)
    assert [state(first), state(second)] == ["passed_over", "offered"]
    note = db.session.scalar(select(BookingEvent.note).where(BookingEvent.kind == EventKind.PASSED_OVER))
    assert "会员" in note
    assert told(b)[-1] == "候补未能递补"


def test_who_booked_something_else_at_that_time_is_passed_over(union):
    offering = make.offering(capacity=1, waiting=1)
    a, b = make.people(2, member_of=union)
    held, waiting = book(a, offering.id), book(b, offering.id)
    other = make.offering(spans=[(offering.starts_at, offering.ends_at)])
    book(b, other.id)
    places.cancel(actor=make.actor(a), booking_id=held)
    assert state(waiting) == "passed_over"


def test_a_clash_that_arose_after_the_offer_is_found_at_acceptance(union):
    offering = make.offering(capacity=1, waiting=1)
    a, b = make.people(2, member_of=union)
    held, waiting = book(a, offering.id), book(b, offering.id)
    places.cancel(actor=make.actor(a), booking_id=held)
    book(b, make.offering(spans=[(offering.starts_at, offering.ends_at)]).id)
    with pytest.raises(Clash):
        places.accept(actor=make.actor(b), booking_id=waiting)
    assert state(waiting) == "offered"


def test_more_capacity_is_offered_in_order(union):
    offering = make.offering(capacity=1, waiting=3)
    ids = [book(each, offering.id) for each in make.people(4, member_of=union)]
    offerings.change(offering.id, plan_of(offering, capacity=3))
    assert [state(each) for each in ids] == ["booked", "offered", "offered", "waitlisted"]


def test_capacity_below_taken_is_refused_with_the_number(union):
    offering = make.offering(capacity=2, waiting=1)
    for each in make.people(3, member_of=union):
        book(each, offering.id)
    with pytest.raises(CapacityBelowTaken) as refused:
        offerings.change(offering.id, plan_of(offering, capacity=1))
    assert refused.value.details == {"taken": 2}
    with pytest.raises(WaitingBelowTaken) as refused:
        offerings.change(offering.id, plan_of(offering, waiting_capacity=0))
    assert refused.value.details == {"waiting": 1}


def test_lessons_cannot_move_onto_what_the_booked_hold_elsewhere(union):
    offering, other = make.offering(), make.offering(starts_in=timedelta(days=9))
    (a,) = make.people(1, member_of=union)
    book(a, offering.id)
    book(a, other.id)
    with pytest.raises(ChangeClashes) as refused:
        offerings.change(offering.id, plan_of(offering, spans=[(other.starts_at, other.ends_at)]))
    assert refused.value.details == {"worker_ids": [a], "count": 1}
    moved = [(other.ends_at, other.ends_at + timedelta(hours=1))]
    assert offerings.change(offering.id, plan_of(offering, spans=moved)).starts_at == other.ends_at


def test_after_the_cut_off_no_offer_is_made_and_the_queue_lapses(union):
    offering = make.offering(capacity=1, waiting=2, cancel_until=clock.now() + timedelta(days=6, hours=23, minutes=30))
    a, b = make.people(2, member_of=union)
    held, waiting = book(a, offering.id), book(b, offering.id)
    late = offering.offers_until + timedelta(minutes=1)
    with time_machine.travel(late):
        places.cancel(actor=make.actor(a), booking_id=held)
        assert state(waiting) == "waitlisted"
        assert places.close_queues(late) == 1
        assert places.close_queues(late) == 0
        assert state(waiting) == "lapsed"
    assert told(b)[-1] == "候补结束"


def test_an_offer_never_outlasts_the_cut_off(union):
    offering = make.offering(capacity=1, waiting=1, offer_minutes=10_000)
    a, b = make.people(2, member_of=union)
    held, waiting = book(a, offering.id), book(b, offering.id)
    with time_machine.travel(offering.offers_until - timedelta(days=1)):
        places.cancel(actor=make.actor(a), booking_id=held)
    assert db.session.get(Booking, waiting).offer_expires_at == offering.offers_until


def test_an_offer_ends_with_a_cut_off_that_was_moved_to_an_earlier_time(union):
    offering = make.offering(capacity=1, waiting=1, offer_minutes=10_000)
    a, b = make.people(2, member_of=union)
    held, waiting = book(a, offering.id), book(b, offering.id)
    places.cancel(actor=make.actor(a), booking_id=held)
    sooner = clock.now() + timedelta(hours=1)
    offerings.change(offering.id, plan_of(offering, offers_until=sooner))
    assert db.session.get(Booking, waiting).offer_expires_at == sooner
    assert told(b)[-1] == "确认时间提前了"
    offerings.change(offering.id, plan_of(offering, capacity=2))
    assert told(b).count("确认时间提前了") == 1
    with time_machine.travel(sooner), pytest.raises(OfferExpired):
        places.accept(actor=make.actor(b), booking_id=waiting)


def test_cancelling_twice_is_cancelling_once_and_too_late_is_too_late(union):
    offering = make.offering()
    (a,) = make.people(1, member_of=union)
    held = book(a, offering.id)
    with time_machine.travel(offering.cancel_until), pytest.raises(TooLateToCancel):
        places.cancel(actor=make.actor(a), booking_id=held)
    places.cancel(actor=make.actor(a), booking_id=held)
    places.cancel(actor=make.actor(a), booking_id=held)
    assert db.session.get(Offering, offering.id).taken == 0


def test_a_waiting_place_can_be_given_back_at_any_time(union):
    offering = make.offering(capacity=1, waiting=1)
    a, b = make.people(2, member_of=union)
    book(a, offering.id)
    waiting = book(b, offering.id)
    with time_machine.travel(offering.cancel_until):
        places.cancel(actor=make.actor(b), booking_id=waiting)
    assert state(waiting) == "cancelled"


def test_another_persons_booking_does_not_exist(union):
    offering = make.offering(capacity=1, waiting=1)
    a, b = make.people(2, member_of=union)
    held = book(a, offering.id)
    for command in (places.cancel, places.accept, places.decline):
        with pytest.raises(BookingUnknown):
            command(actor=make.actor(b), booking_id=held)
    with pytest.raises(BookingUnknown):
        bookings.one(actor=make.actor(b), booking_id=held)


def test_only_an_offer_can_be_taken_or_declined_and_an_ended_booking_cannot_be_cancelled(union):
    offering = make.offering(capacity=1, waiting=1)
    a, b = make.people(2, member_of=union)
    held, waiting = book(a, offering.id), book(b, offering.id)
    with pytest.raises(NotOffered):
        places.accept(actor=make.actor(b), booking_id=waiting)
    with pytest.raises(NotOffered):
        places.decline(actor=make.actor(b), booking_id=waiting)
    places.remove(actor=make.staff(union), offering_id=offering.id, booking_id=held, reason="不来了")
    with pytest.raises(BookingUnknown):
        places.cancel(actor=make.actor(a), booking_id=held)


def test_staff_removal_hands_the_place_on_and_tells_the_reason(union):
    offering = make.offering(capacity=1, waiting=1)
    a, b = make.people(2, member_of=union)
    held, waiting = book(a, offering.id), book(b, offering.id)
    chief = make.staff(union)
    for _ in range(2):
        places.remove(actor=chief, offering_id=offering.id, booking_id=held, reason="电话说明不来")
    assert [state(held), state(waiting)] == ["removed", "offered"]
    assert told(a)[-1] == "报名被取消"
    with pytest.raises(BookingUnknown):
        places.remove(actor=chief, offering_id=offering.id + 1, booking_id=held, reason="x")
    places.cancel(actor=make.actor(b), booking_id=waiting)
    with pytest.raises(BookingUnknown):
        places.remove(actor=chief, offering_id=offering.id, booking_id=waiting, reason="x")


def test_withdrawing_ends_every_booking_and_tells_everybody(union):
    offering = make.offering(capacity=1, waiting=1)
    a, b = make.people(2, member_of=union)
    ids = [book(a, offering.id), book(b, offering.id)]
    with pytest.raises(ReasonMissing):
        offerings.withdraw(offering.id, actor=make.staff(union), reason=" ")
    offerings.withdraw(offering.id, actor=make.staff(union), reason="老师生病")
    assert [state(each) for each in ids] == ["withdrawn", "withdrawn"]
    assert told(b)[-1] == "班次已取消"
    with pytest.raises(ReasonMissing):
        offerings.pause(offering.id, actor=make.staff(union), reason="")


def test_my_bookings_show_where_i_stand(union):
    offering = make.offering(capacity=1, waiting=2)
    a, b, c = make.people(3, member_of=union)
    held = book(a, offering.id)
    first = book(b, offering.id)
    second = book(c, offering.id)
    page = bookings.mine(actor=make.actor(c), active_only=True, page=1, per_page=20)
    assert (page.total, page.items[0].position, page.items[0].event.sequence) == (1, 2, 3)
    places.cancel(actor=make.actor(b), booking_id=first)
    assert bookings.one(actor=make.actor(c), booking_id=second).position == 1
    assert bookings.mine(actor=make.actor(b), active_only=True, page=1, per_page=20).total == 0
    assert bookings.mine(actor=make.actor(b), active_only=False, page=1, per_page=20).total == 1
    assert bookings.booked_people(offering.id) == [a]
    assert bookings.active_people(offering.id) == [a, c]
    assert bookings.holds_place(a, offering.id)
    assert not bookings.holds_place(c, offering.id)
    listed = bookings.lines(offering.id, [BookingState.BOOKED], page=1, per_page=10)
    assert [line.id for line in listed.items] == [held]
    assert bookings.lines(offering.id, [], page=1, per_page=10).total == 3


def test_a_key_is_forgotten_after_a_day_and_the_booking_stays_unique(union):
    offering = make.offering()
    (a,) = make.people(1, member_of=union)
    bookings.book(actor=make.actor(a), offering_id=offering.id, key="k", body_hash="x")
    assert bookings.forget_keys(clock.now() + timedelta(hours=23)) == 0
    assert bookings.forget_keys(clock.now() + timedelta(hours=25)) == 1
    assert db.session.scalar(select(Booking.key)) is None
