"""Booking windows and the states that follow the clock, on both engines."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.booking import places
from service.booking.enums import BookingState, OfferingState
from service.booking.errors import Paused, ReasonMissing
from service.booking.models import Booking, Offering
from service.core import clock
from service.core.lifecycle import WrongState
from service.messaging.models import OutboxRow
from service.training import publishing, states, windows
from service.training.enums import ClassState
from service.training.errors import ClassUnknown, PlanInvalid
from service.training.models import TrainingClass
from tests import make
from tests import make_training as training

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def stored(database, made):
    return database.session.scalar(select(TrainingClass.state).where(TrainingClass.id == made.id))


def test_a_paused_window_takes_no_bookings_until_resumed(place, database):
    made = training.published(place.of_city)
    a, b = make.people(2, member_of=place.simao)
    training.book(a, made)
    windows.pause(place.of_city, made.id, "系统检修")
    windows.pause(place.of_city, made.id, "系统检修")
    assert database.session.get(Offering, made.offering_id).state == OfferingState.PAUSED
    with pytest.raises(Paused):
        training.book(b, made)
    windows.resume(place.of_city, made.id, "检修完成")
    assert training.book(b, made)["state"] == "booked"
    told = [row.payload["body"] for row in database.session.scalars(select(OutboxRow)) if "检修" in str(row.payload)]
    assert len(told) == 2


def test_a_window_closes_later_and_what_was_tied_to_it_moves_too(place, database):
    made = training.published(place.of_city)
    closes_at = made.closes_at + DAY
    extended = windows.extend(place.of_city, made.id, closes_at, "报名的人多")
    offering = database.session.get(Offering, made.offering_id)
    assert extended.closes_at == extended.cancel_until == extended.offers_until == closes_at
    assert (offering.closes_at, offering.cancel_until, offering.offers_until) == (closes_at,) * 3


def test_extending_is_later_than_before_and_before_the_first_lesson(place):
    made = training.published(place.of_city)
    for closes_at in (made.closes_at, made.starts_at + HOUR):
        with pytest.raises(PlanInvalid) as refused:
            windows.extend(place.of_city, made.id, closes_at, "报名的人多")
        assert "closes_at" in refused.value.details


def test_a_window_closed_early_can_be_opened_again(place, database):
    made = training.published(place.of_city, capacity=1)
    (a,) = make.people(1, member_of=place.simao)
    training.book(a, made)
    closed = windows.close_early(place.of_city, made.id, "教材不够")
    assert (closed.state, stored(database, made)) == (ClassState.CLOSED, ClassState.CLOSED)
    assert closed.cancel_until == made.cancel_until
    with pytest.raises(WrongState):
        windows.close_early(place.of_city, made.id, "再次")
    with pytest.raises(PlanInvalid):
        windows.reopen(place.of_city, made.id, clock.now() - HOUR, "补上了")
    reopened = windows.reopen(place.of_city, made.id, clock.now() + DAY, "补上了")
    assert reopened.state == ClassState.FULL
    bodies = [row.payload.get("body", "") for row in database.session.scalars(select(OutboxRow))]
    for said in ("提前截止", "重新开放报名"):
        assert any(said in body for body in bodies)


def test_a_window_that_closed_while_paused_is_open_again_when_reopened(place, database):
    made = training.published(place.of_city, capacity=1)
    (a,) = make.people(1, member_of=place.simao)
    windows.pause(place.of_city, made.id, "停电")
    windows.close_early(place.of_city, made.id, "停电")
    windows.reopen(place.of_city, made.id, clock.now() + DAY, "来电了")
    assert training.book(a, made)["state"] == "booked"
    titles = [row.payload["title"] for row in database.session.scalars(select(OutboxRow))]
    assert titles == ["报名成功"]


def test_a_window_is_moved_in_its_states_only(place, travel):
    made = training.published(place.of_city)
    with pytest.raises(WrongState):
        windows.reopen(place.of_city, made.id, made.closes_at + HOUR, "重开")
    draft = training.draft(place.of_city)
    with pytest.raises(WrongState):
        windows.pause(place.of_city, draft.id, "检修")
    travel(6 * DAY)
    for attempt in (windows.pause, windows.resume, windows.close_early):
        with pytest.raises(WrongState):
            attempt(place.of_city, made.id, "晚了")
    with pytest.raises(WrongState):
        windows.extend(place.of_city, made.id, made.starts_at, "晚了")


def test_every_move_of_a_window_takes_a_reason_and_a_scope(place):
    made = training.published(place.of_simao)
    later = made.closes_at + HOUR
    for attempt in (windows.pause, windows.resume, windows.close_early):
        with pytest.raises(ReasonMissing):
            attempt(place.of_simao, made.id, " ")
        with pytest.raises(ClassUnknown):
            attempt(place.of_lancang, made.id, "停电")
    with pytest.raises(ReasonMissing):
        windows.extend(place.of_simao, made.id, later, "")
    with pytest.raises(ClassUnknown):
        windows.extend(place.of_lancang, made.id, later, "停电")


def test_the_stored_state_follows_the_clock(place, database):
    made = training.published(place.of_city, opens_at=clock.now() + HOUR)
    now = clock.now()
    for later, state in (
        (0 * HOUR, ClassState.PUBLISHED),
        (2 * HOUR, ClassState.OPEN),
        (5 * DAY + HOUR, ClassState.CLOSED),
        (7 * DAY + HOUR, ClassState.RUNNING),
        (8 * DAY + 3 * HOUR, ClassState.FINISHED),
    ):
        states.advance(now + later)
        assert stored(database, made) == state
        assert states.advance(now + later) == 0


def test_a_late_tick_catches_up_at_once(place, database):
    made = training.published(place.of_city, opens_at=clock.now() + HOUR)
    assert states.advance(clock.now() + 30 * DAY) == 4
    assert stored(database, made) == ClassState.FINISHED


def test_a_class_fills_and_frees_with_its_places(place, database):
    made = training.published(place.of_city, capacity=1, waiting_capacity=0)
    (a,) = make.people(1, member_of=place.simao)
    receipt = training.book(a, made)
    assert states.advance(clock.now()) == 1
    assert stored(database, made) == ClassState.FULL
    booking = database.session.scalar(select(Booking).where(Booking.person_id == a))
    assert (str(booking.id), booking.state) == (receipt["id"], BookingState.BOOKED)
    places.cancel(actor=make.actor(a), booking_id=booking.id)
    assert states.advance(clock.now()) == 1
    assert stored(database, made) == ClassState.OPEN


def test_the_clock_leaves_drafts_and_cancelled_classes_alone(place, database):
    draft, off = training.draft(place.of_city), training.published(place.of_city)
    publishing.cancel(place.of_city, off.id, "停电")
    assert states.advance(clock.now() + 30 * DAY) == 0
    assert (stored(database, draft), stored(database, off)) == (ClassState.DRAFT, ClassState.CANCELLED)


@pytest.mark.parametrize("kept", [state for state in ClassState if state is not ClassState.DRAFT])
def test_the_state_in_a_query_is_the_state_in_the_rules(place, database, kept):
    made = training.published(place.of_city, opens_at=clock.now() + HOUR)
    full = training.published(place.of_city, capacity=1)
    training.book(make.people(1, member_of=place.simao)[0], full)
    database.session.execute(update(TrainingClass).values(state=kept))
    database.session.commit()
    for days in (0, 1, 6, 7.05, 30):
        now = clock.now() + days * DAY
        asked = (
            select(TrainingClass, states.effective_column(now))
            .join(Offering, Offering.id == TrainingClass.offering_id)
            .where(TrainingClass.id.in_([made.id, full.id]))
        )
        for row, state in database.session.execute(asked):
            assert state is states.effective(row, now)


def test_who_is_booked_already_may_cancel_as_late_as_the_extended_window_says(place, database):
    made = training.published(place.of_city)
    (a,) = make.people(1, member_of=place.simao)
    training.book(a, made)
    windows.extend(place.of_city, made.id, made.closes_at + DAY, "报名的人多")
    booking = database.session.scalar(select(Booking).where(Booking.person_id == a))
    closes_at = database.session.get(Offering, made.offering_id).closes_at
    assert booking.may_cancel_until == closes_at > booking.cancel_until
