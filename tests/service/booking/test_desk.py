"""The desk, on both engines."""

from datetime import timedelta
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select

from service.booking import bookings, offerings, places, recount
from service.booking.desk import decide
from service.booking.enums import BookingState
from service.booking.errors import (
    AlreadyBooked,
    Clash,
    Closed,
    Full,
    LimitReached,
    NotEligible,
    NotOpen,
    OfferingUnknown,
    Paused,
)
from service.booking.models import Booking, BookingEvent, Offering
from service.booking.rules import Ask, entry_hash
from service.booking.sold_out import sold_out
from service.core.idempotency import KeyReused
from service.messaging.models import OutboxRow
from tests import make

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def union():
    return make.node()


def book(person_id, offering_id, **more):
    return orjson.loads(bookings.book(actor=make.actor(person_id), offering_id=offering_id, **more))


def test_the_last_place_goes_once_then_the_waiting_list_then_full(union, database):
    offering = make.offering(capacity=1, waiting=1)
    a, b, c = make.people(3, member_of=union)
    first, second = book(a, offering.id), book(b, offering.id)
    assert (first["state"], first["position"]) == ("booked", None)
    assert (second["state"], second["position"]) == ("waitlisted", 1)
    with pytest.raises(Full):
        book(c, offering.id)
    row = database.session.get(Offering, offering.id)
    assert (row.taken, row.waiting, row.sequence) == (1, 1, 2)
    assert recount.recount() == []


def test_a_receipt_is_chained_to_the_one_before(union, database):
    offering = make.offering(capacity=2)
    a, b = make.people(2, member_of=union)
    first, second = book(a, offering.id), book(b, offering.id)
    assert first["receipt"]["previous_hash"] == "0" * 64
    assert second["receipt"]["previous_hash"] == first["receipt"]["hash"]
    event = database.session.get(BookingEvent, (offering.id, 2))
    made = entry_hash(
        previous=first["receipt"]["hash"], offering_id=offering.id, sequence=2, kind="booked", person_id=b,
        booking_id=event.booking_id, at=event.at,
    )  # fmt: skip
    assert made == second["receipt"]["hash"]


def test_a_key_sent_again_gets_the_same_bytes_and_no_second_booking(union, database):
    offering = make.offering(capacity=5)
    (a,) = make.people(1, member_of=union)
    asked = {"actor": make.actor(a), "offering_id": offering.id, "key": "k", "body_hash": "x"}
    assert bookings.book(**asked) == bookings.book(**asked)
    assert len(database.session.scalars(select(Booking)).all()) == 1


def test_a_waiting_place_is_replayed_as_it_was_given(union):
    offering = make.offering(capacity=1, waiting=2)
    a, b = make.people(2, member_of=union)
    book(a, offering.id)
    asked = {"actor": make.actor(b), "offering_id": offering.id, "key": "k", "body_hash": "x"}
    first = bookings.book(**asked)
    assert b'"waitlisted"' in first
    assert bookings.book(**asked) == first


def test_a_key_with_another_body_is_refused(union):
    offering = make.offering(capacity=5)
    (a,) = make.people(1, member_of=union)
    bookings.book(actor=make.actor(a), offering_id=offering.id, key="k", body_hash="x")
    with pytest.raises(KeyReused):
        bookings.book(actor=make.actor(a), offering_id=offering.id, key="k", body_hash="y")


def test_a_refused_key_is_judged_again(union):
    offering = make.offering(capacity=1)
    a, b = make.people(2, member_of=union)
    mine = book(a, offering.id)
    with pytest.raises(Full):
        book(b, offering.id, key="k", body_hash="x")
    places.cancel(actor=make.actor(a), booking_id=UUID(mine["id"]))
    sold_out.forget()
    assert book(b, offering.id, key="k", body_hash="x")["state"] == "booked"


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        ({"opens_in": timedelta(hours=1)}, NotOpen),
        ({"starts_in": timedelta(minutes=30)}, Closed),
    ],
)
def test_outside_the_window_nobody_books(union, plan, error):
    offering = make.offering(**plan)
    (a,) = make.people(1, member_of=union)
    with pytest.raises(error):
        book(a, offering.id)


def test_a_paused_offering_takes_nobody_and_a_resumed_one_does(union):
    offering = make.offering()
    (a,) = make.people(1, member_of=union)
    chief = make.staff(union)
    offerings.pause(offering.id, actor=chief, reason="教室漏水")
    with pytest.raises(Paused):
        book(a, offering.id)
    offerings.resume(offering.id, actor=chief, reason="修好了")
    assert book(a, offering.id)["state"] == "booked"


def test_nobody_books_twice(union):
    offering = make.offering(capacity=3)
    (a,) = make.people(1, member_of=union)
    mine = book(a, offering.id)
    with pytest.raises(AlreadyBooked) as refused:
        book(a, offering.id)
    assert refused.value.details == {"booking_id": mine["id"]}


def test_lessons_that_overlap_clash_and_lessons_that_touch_do_not(union):
    one = make.offering()
    start, end = one.starts_at, one.ends_at
    overlapping = make.offering(spans=[(end - timedelta(minutes=1), end + timedelta(hours=1))])
    touching = make.offering(spans=[(end, end + timedelta(hours=1))])
    (a,) = make.people(1, member_of=union)
    book(a, one.id)
    with pytest.raises(Clash) as refused:
        book(a, overlapping.id)
    assert refused.value.details == {"offering_id": one.id, "title": "茶艺师班"}
    assert book(a, touching.id)["state"] == "booked"
    assert start < end


def test_at_most_three_running_bookings(union):
    (a,) = make.people(1, member_of=union)
    for days in range(3):
        book(a, make.offering(starts_in=timedelta(days=7 + days)).id)
    with pytest.raises(LimitReached) as refused:
        book(a, make.offering(starts_in=timedelta(days=20)).id)
    assert refused.value.details == {"limit": 3}


def test_who_is_no_member_is_told_why_and_what_next(union):
    offering = make.offering()
    outsider = make.person()
    with pytest.raises(NotEligible) as refused:
        book(outsider.id, offering.id)
    (reason,) = refused.value.details["reasons"]
    assert reason["code"] == "gate.membership"
    assert reason["next_step"]


def test_an_unknown_offering_is_not_found(union):
    (a,) = make.people(1, member_of=union)
    with pytest.raises(OfferingUnknown):
        book(a, 999_999)


def test_a_batch_is_judged_in_order_of_arrival_and_sees_itself(union, database):
    offering, other = make.offering(capacity=2, waiting=1), make.offering(capacity=1, starts_in=timedelta(days=9))
    a, b, c, d = make.people(4, member_of=union)
    answers = decide(
        [
            Ask(c, offering.id, c, "k", "x"),
            Ask(c, offering.id, c, "k", "x"),
            Ask(a, offering.id, a),
            Ask(a, offering.id, a),
            Ask(b, offering.id, b),
            Ask(d, offering.id, d),
            Ask(d, other.id, d),
        ]
    )
    assert [answer.code for answer in answers] == [
        "booked", "booked", "booked", "booking.already_booked", "waitlisted", "booking.full", "booked",
    ]  # fmt: skip
    assert answers[0].body == answers[1].body
    assert recount.recount() == []
    assert len(database.session.scalars(select(OutboxRow)).all()) == 4


def test_a_refusal_writes_nothing(union, database):
    offering = make.offering(capacity=1)
    a, b = make.people(2, member_of=union)
    book(a, offering.id)
    before = database.session.get(Offering, offering.id).version
    with pytest.raises(Full):
        book(b, offering.id)
    database.session.expire_all()
    assert database.session.get(Offering, offering.id).version == before
    assert database.session.scalars(select(Booking.state)).all() == [BookingState.BOOKED]
