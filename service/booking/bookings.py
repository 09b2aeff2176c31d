"""Bookings: the command to book, and the questions people ask about them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select, update

from service.booking import line
from service.booking.enums import ACTIVE, BookingState
from service.booking.errors import BookingUnknown, Full
from service.booking.models import Booking, BookingEvent, Offering
from service.booking.rules import Ask
from service.booking.sold_out import sold_out
from service.core.access import Actor
from service.core.db import db
from service.core.idempotency import KeyReused
from service.core.pages import Page, page_of_rows
from service.core.transaction import transactional

KEY_HOURS = 24


def book(
    *,
    actor: Actor,
    offering_id: int,
    key: str | None = None,
    body_hash: str | None = None,
    person_id: int | None = None,
    reason: str | None = None,
) -> bytes:
    """Ask the desk for a place; the receipt's JSON, byte for byte the same however often the key comes.

    Staff book on behalf of `person_id` with a reason, under the same rules. Raises the refusals of
    `service.booking.errors`, and KeyReused for a key that came with another body.
    """
    who = person_id or actor.worker_id
    if key is not None and who != actor.worker_id:
        key = _key_of_staff(actor, who, key)
    full = sold_out.turns_away(offering_id, who)
    if full is not None:
        raise Full(details=full)
    answer = line.ask(Ask(who, offering_id, actor.worker_id, key, body_hash, reason))
    if not answer.is_accepted and answer.code == Full.code:
        sold_out.watch(offering_id)
    return answer.receipt()


def _key_of_staff(actor: Actor, person_id: int, key: str) -> str:
    """The key as the desk keeps it beside the worker's own: it is the staff member's, for this one worker.

    Raises KeyReused where it came with another worker before.
    """
    kept = f"staff:{actor.worker_id}:{hashlib.sha256(key.encode()).hexdigest()}"
    other = select(Booking.id).where(
        Booking.booked_by == actor.worker_id, Booking.key == kept, Booking.person_id != person_id
    )
    if db.session.scalar(other.limit(1)) is not None:
        raise KeyReused
    return kept


@dataclass(frozen=True, slots=True)
class MyBooking:
    """One of a person's bookings with its offering, receipt and, while waiting, the present position in the queue."""

    booking: Booking
    offering: Offering
    event: BookingEvent
    position: int | None


def mine(*, actor: Actor, active_only: bool, page: int, per_page: int) -> Page[MyBooking]:
    """The actor's own bookings, newest first."""
    query = _with_offering().where(Booking.person_id == actor.worker_id).order_by(Booking.booked_at.desc(), Booking.id)
    if active_only:
        query = query.where(Booking.state.in_(ACTIVE))
    found = page_of_rows(query, page=page, per_page=per_page)
    return Page([_my(*row) for row in found.items], found.page, found.per_page, found.total)


def one(*, actor: Actor, booking_id: UUID) -> MyBooking:
    """One of the actor's own bookings. Raises BookingUnknown for another person's."""
    row = db.session.execute(
        _with_offering().where(Booking.id == booking_id, Booking.person_id == actor.worker_id)
    ).one_or_none()
    if row is None:
        raise BookingUnknown
    return _my(*row)


def _with_offering() -> Select[Booking, Offering, BookingEvent]:
    receipt = (BookingEvent.offering_id == Booking.offering_id) & (BookingEvent.sequence == Booking.sequence)
    return (
        select(Booking, Offering, BookingEvent)
        .join(Offering, Offering.id == Booking.offering_id)
        .join(BookingEvent, receipt)
    )


def _my(booking: Booking, offering: Offering, event: BookingEvent) -> MyBooking:
    position = queue_position(booking) if booking.state == BookingState.WAITLISTED else None
    return MyBooking(booking, offering, event, position)


def queue_position(booking: Booking) -> int:
    """How many wait before this booking, plus one."""
    ahead = select(func.count()).where(
        Booking.offering_id == booking.offering_id,
        Booking.state == BookingState.WAITLISTED,
        Booking.sequence < booking.sequence,
    )
    return (db.session.scalar(ahead) or 0) + 1


def of_person(person_id: int, offering_id: int) -> Booking | None:
    """The person's active booking there, if any."""
    return db.session.scalar(
        select(Booking).where(
            Booking.person_id == person_id,
            Booking.offering_id == offering_id,
            Booking.state.in_(ACTIVE),
        )
    )


def booked_people(offering_id: int) -> list[int]:
    """The ids of the people who hold a place (booked, not merely offered), ascending."""
    booked = select(Booking.person_id).where(Booking.offering_id == offering_id, Booking.state == BookingState.BOOKED)
    return list(db.session.scalars(booked.order_by(Booking.person_id)))


def active_people(offering_id: int) -> list[int]:
    """The ids of everybody booked, offered or waiting, in order of their requests."""
    active = select(Booking.person_id).where(
        Booking.offering_id == offering_id,
        Booking.state.in_(ACTIVE),
    )
    return list(db.session.scalars(active.order_by(Booking.sequence)))


def holds_place(person_id: int, offering_id: int) -> bool:
    """Whether the person is booked there."""
    booking = of_person(person_id, offering_id)
    return booking is not None and booking.state == BookingState.BOOKED


def lines(offering_id: int, states: list[BookingState], *, page: int, per_page: int) -> Page[Booking]:
    """The bookings of an offering in these states (all where none is named), in order of their requests."""
    query = select(Booking).where(Booking.offering_id == offering_id)
    if states:
        query = query.where(Booking.state.in_(states))
    found = page_of_rows(query.order_by(Booking.sequence), page=page, per_page=per_page)
    return Page([row[0] for row in found.items], found.page, found.per_page, found.total)


@transactional
def forget_keys(now: datetime) -> int:
    """Forget idempotency keys older than 24 hours; how many. What they booked stays, and stays unique."""
    old = now - timedelta(hours=KEY_HOURS)
    aged = update(Booking).where(Booking.key.is_not(None), Booking.booked_at < old)
    return len(db.session.scalars(aged.values(key=None, body_hash=None).returning(Booking.id)).all())
