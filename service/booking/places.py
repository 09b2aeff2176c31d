"""The one way a place is freed and handed on.

Every path that frees a place (cancel, decline, expiry, removal by staff, more capacity) ends in `hand_on`: while there
is a free place and somebody waits, the first who *still* passes every gate gets an offer, which counts as taken; who
does not pass is told why. Locks: the person (where the person's own rules change), then the offering.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from service.booking import notices
from service.booking.enums import ACTIVE, BookingState, EventKind, OfferingState
from service.booking.errors import BookingUnknown, NotOffered, OfferExpired, TooLateToCancel
from service.booking.journal import active_bookings, lock_offering, lock_people, was_accepted, write
from service.booking.models import Booking, Offering
from service.booking.standing import accept_refusal, shut_for
from service.core import clock
from service.core.access import Actor
from service.core.clock import spoken
from service.core.db import db
from service.core.errors import ServiceError
from service.core.transaction import transactional

SPARE = 5
"""How many more of the queue are read than places are free: some may be passed over."""


@transactional
def cancel(*, actor: Actor, booking_id: UUID) -> Booking:
    """Give one's own place or waiting place back. Doing it twice changes nothing.

    Raises BookingUnknown for another person's, TooLateToCancel for a place after its cancel-until.
    """
    offering, booking = _own(actor, booking_id)
    if booking.state == BookingState.CANCELLED:
        return booking
    if booking.state not in ACTIVE:
        raise BookingUnknown(next_step="这个报名已经结束")
    if booking.state == BookingState.BOOKED and clock.now() >= booking.may_cancel_until:
        raise TooLateToCancel(details={"cancel_until": booking.may_cancel_until.isoformat()})
    _end(offering, booking, BookingState.CANCELLED, actor)
    notices.cancelled(offering, booking)
    hand_on(offering)
    return booking


@transactional
def accept(*, actor: Actor, booking_id: UUID) -> Booking:
    """Take the offered place. All gates, the limit and clashes are asked again. Doing it twice changes nothing.

    Raises OfferExpired, NotOffered, or what the desk raises for a gate, the limit or a clash: the offer then stands
    until it expires.
    """
    offering, booking = _own(actor, booking_id)
    if booking.state == BookingState.BOOKED and was_accepted(booking):
        return booking
    _still_offered(booking)
    _pass_again(offering, booking)
    booking.state, booking.offer_expires_at = BookingState.BOOKED, None
    write(offering, booking, EventKind.ACCEPTED, actor)
    notices.accepted_offer(offering, booking)
    return booking


@transactional
def decline(*, actor: Actor, booking_id: UUID) -> Booking:
    """Let the offered place go to the next. Raises OfferExpired or NotOffered."""
    offering, booking = _own(actor, booking_id)
    if booking.state == BookingState.DECLINED:
        return booking
    _still_offered(booking)
    _end(offering, booking, BookingState.DECLINED, actor)
    hand_on(offering)
    return booking


@transactional
def remove(*, actor: Actor, offering_id: int, booking_id: UUID, reason: str) -> Booking:
    """Take a booking away, as staff. Whether the actor may is the caller's question. Raises BookingUnknown."""
    booking = db.session.get(Booking, booking_id)
    if booking is None or booking.offering_id != offering_id:
        raise BookingUnknown
    lock_people([booking.person_id])
    offering = lock_offering(offering_id)
    db.session.refresh(booking)
    if booking.state == BookingState.REMOVED:
        return booking
    if booking.state not in ACTIVE:
        raise BookingUnknown(next_step="这个报名已经结束")
    _end(offering, booking, BookingState.REMOVED, actor, reason)
    notices.removed(offering, booking, reason)
    hand_on(offering)
    return booking


def expire_offers(now: datetime) -> int:
    """Let go every offer whose time is over; how many offerings had some. One transaction each."""
    ids = db.session.scalars(
        select(Booking.offering_id)
        .where(Booking.state == BookingState.OFFERED, Booking.offer_expires_at <= now)
        .distinct()
        .order_by(Booking.offering_id)
    ).all()
    for offering_id in ids:
        _expire(offering_id, now)
    return len(ids)


@transactional
def _expire(offering_id: int, now: datetime) -> None:
    offering = lock_offering(offering_id)
    over = select(Booking).where(
        Booking.offering_id == offering_id,
        Booking.state == BookingState.OFFERED,
        Booking.offer_expires_at <= now,
    )
    for booking in db.session.scalars(over.order_by(Booking.sequence)).all():
        _end(offering, booking, BookingState.EXPIRED, None)
        notices.expired(offering, booking)
    hand_on(offering)


def close_queues(now: datetime) -> int:
    """End every waiting list past its cut-off; how many there were. One transaction each."""
    ids = db.session.scalars(
        select(Offering.id).where(Offering.waiting > 0, Offering.offers_until <= now).order_by(Offering.id)
    ).all()
    for offering_id in ids:
        _close_queue(offering_id)
    return len(ids)


@transactional
def _close_queue(offering_id: int) -> None:
    offering = lock_offering(offering_id)
    for booking in db.session.scalars(_queue(offering)).all():
        _end(offering, booking, BookingState.LAPSED, None)
        notices.lapsed(offering, booking)


def hand_on(offering: Offering) -> None:
    """Offer free places to those who wait, in order. The caller holds the offering's lock."""
    now = clock.now()
    while offering.waiting and offering.taken < offering.capacity and _makes_offers(offering, now):
        batch = _queue(offering).limit(offering.capacity - offering.taken + SPARE)
        waiting = db.session.scalars(batch).all()
        shut = shut_for(offering, [each.person_id for each in waiting], now)
        for booking in waiting:
            if offering.taken >= offering.capacity:
                break
            if shut[booking.person_id]:
                reasons = shut[booking.person_id]
                _end(offering, booking, BookingState.PASSED_OVER, None, "；".join(each.detail for each in reasons))
                notices.passed_over(offering, booking, reasons)
            else:
                _offer(offering, booking, now)


def end_all(offering: Offering, actor: Actor, reason: str) -> None:
    """End every active booking of an offering that is off. The caller holds its lock and those of its people."""
    for booking in db.session.scalars(active_bookings(offering.id)).all():
        _end(offering, booking, BookingState.WITHDRAWN, actor, reason)
        notices.withdrawn(offering, booking, reason)


def _makes_offers(offering: Offering, now: datetime) -> bool:
    return offering.state != OfferingState.WITHDRAWN and now < offering.offers_until


def _offer(offering: Offering, booking: Booking, now: datetime) -> None:
    booking.state = BookingState.OFFERED
    booking.offer_expires_at = min(now + timedelta(minutes=offering.offer_minutes), offering.offers_until)
    offering.taken += 1
    offering.waiting -= 1
    write(offering, booking, EventKind.OFFERED, None)
    notices.offered(offering, booking)


def _end(
    offering: Offering, booking: Booking, state: BookingState, actor: Actor | None, note: str | None = None
) -> None:
    if booking.state == BookingState.WAITLISTED:
        offering.waiting -= 1
    else:
        offering.taken -= 1
    booking.state, booking.offer_expires_at = state, None
    write(offering, booking, EventKind(state.value), actor, note)


def _queue(offering: Offering) -> Select[Booking]:
    waiting = Booking.state == BookingState.WAITLISTED
    return select(Booking).where(Booking.offering_id == offering.id, waiting).order_by(Booking.sequence)


def _own(actor: Actor, booking_id: UUID) -> tuple[Offering, Booking]:
    """The actor's own booking and its offering, both locked. Raises BookingUnknown."""
    booking = db.session.get(Booking, booking_id)
    if booking is None or booking.person_id != actor.worker_id:
        raise BookingUnknown
    lock_people([booking.person_id])
    offering = lock_offering(booking.offering_id)
    db.session.refresh(booking)
    return offering, booking


def _pass_again(offering: Offering, booking: Booking) -> None:
    try:
        accept_refusal(offering, booking.person_id, clock.now())
    except ServiceError as refused:
        until = spoken(booking.offer_expires_at) if booking.offer_expires_at else ""
        refused.next_step = f"名额给您留到{until}：{refused.next_step or '办好后再确认'}；不要了请点“放弃”"
        raise


def _still_offered(booking: Booking) -> None:
    if booking.state == BookingState.EXPIRED:
        raise OfferExpired
    if booking.state != BookingState.OFFERED or booking.offer_expires_at is None:
        raise NotOffered
    if booking.offer_expires_at <= clock.now():
        raise OfferExpired
