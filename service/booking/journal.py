"""Locks in the house's order, and the journal every change of a booking is written to."""

from collections.abc import Iterable

from sqlalchemy import Select, select

from service.booking.enums import ACTIVE, EventKind
from service.booking.errors import OfferingUnknown
from service.booking.models import Booking, BookingEvent, Offering
from service.booking.rules import chain
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.identity.models import Person


def lock_people(person_ids: Iterable[int]) -> None:
    """Lock people, ascending: whoever decides about their bookings waits. SQLite's writer lock is that already."""
    ids = sorted(set(person_ids))
    db.session.execute(select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update(key_share=True))


def lock_offering(offering_id: int) -> Offering:
    """The offering, locked and as it stands now. People are locked before it, never after. Raises OfferingUnknown."""
    offering = db.session.scalar(
        select(Offering)
        .where(Offering.id == offering_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if offering is None:
        raise OfferingUnknown
    return offering


def active_bookings(offering_id: int) -> Select[Booking]:
    """The active bookings of an offering, in order of their sequence."""
    return (
        select(Booking).where(Booking.offering_id == offering_id, Booking.state.in_(ACTIVE)).order_by(Booking.sequence)
    )


def was_accepted(booking: Booking) -> bool:
    """Whether this booking came by an offer that was taken."""
    taken = select(BookingEvent.sequence).where(
        BookingEvent.booking_id == booking.id, BookingEvent.kind == EventKind.ACCEPTED
    )
    return db.session.scalar(taken.limit(1)) is not None


def write(offering: Offering, booking: Booking, kind: EventKind, actor: Actor | None, note: str | None = None) -> None:
    """Write a change of a booking into its offering's journal. The caller holds the offering's lock.

    The offering's counters go to the database in the same flush; its checks refuse an oversold one.
    """
    now = clock.now()
    by = actor.person_id if actor else None
    entry = chain(
        offering, kind.value, booking_id=booking.id, person_id=booking.person_id, actor_id=by, at=now, note=note
    )
    booking.changed_at = now
    offering.version += 1
    db.session.add(
        BookingEvent(
            offering_id=offering.id, sequence=entry.sequence, kind=kind, booking_id=booking.id,
            person_id=booking.person_id, actor_id=by, at=now, previous_hash=entry.previous_hash, hash=entry.hash,
            note=note[:200] if note else None,
        )
    )  # fmt: skip
