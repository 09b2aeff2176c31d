"""Recounting: every promise of the booking desk, checked against the rows, for `flask audit bookings`."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import String, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from service.booking import terms
from service.booking.enums import ACTIVE, HOLDING, BookingState, EventKind, OfferingState
from service.booking.models import Booking, BookingEvent, Offering
from service.booking.rules import entry_hash, overlap
from service.core import clock, configuration
from service.core.db import db
from service.messaging.models import OutboxRow

GRACE = timedelta(minutes=2)
"""How late the sweeper may be before an expired offer or an idle free place is a fault."""
LONGEST_OFFER = timedelta(minutes=10_080)
"""The longest an offer may be made for; see OFFER_MINUTES."""
HEX_ID = func.replace(cast(Booking.id, String), "-", "")
"""A booking's id as it stands in the keys of its notices, on either engine."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken promise: which one, and the row it shows in."""

    invariant: str
    row: str
    detail: str


def recount() -> list[Finding]:
    """Everything that is wrong, in the order of the checks; empty when all promises are kept."""
    now = clock.now()
    checks = (
        counters(),
        doubles(),
        journals(),
        offers(now),
        idle_places(now),
        limits(now),
        clashes(now),
        told(),
    )
    return [finding for check in checks for finding in check]


def counters() -> Iterator[Finding]:
    """Taken and waiting are what the bookings say, and within capacity."""
    holding = func.count(case((Booking.state.in_(HOLDING), 1)))
    waiting = func.count(case((Booking.state == BookingState.WAITLISTED, 1)))
    counted = (
        select(Offering, holding, waiting)
        .outerjoin(Booking, Booking.offering_id == Offering.id)
        .group_by(Offering.id)
        .order_by(Offering.id)
    )
    for offering, holds, waits in db.session.execute(counted):
        row = f"offering {offering.id}"
        if offering.taken != holds:
            yield Finding("taken", row, f"taken says {offering.taken}, bookings say {holds}")
        if offering.waiting != waits:
            yield Finding("waiting", row, f"waiting says {offering.waiting}, bookings say {waits}")
        if holds > offering.capacity:
            yield Finding("oversold", row, f"{holds} of {offering.capacity}")
        if waits > offering.waiting_capacity:
            yield Finding("waiting_list", row, f"{waits} of {offering.waiting_capacity}")


def doubles() -> Iterator[Finding]:
    """Nobody holds two active bookings of one offering."""
    twice = (
        select(Booking.person_id, Booking.offering_id, func.count())
        .where(Booking.state.in_(ACTIVE))
        .group_by(Booking.person_id, Booking.offering_id)
        .having(func.count() > 1)
    )
    for person, offering, count in db.session.execute(twice):
        yield Finding("double", f"person {person} offering {offering}", f"{count} active bookings")


@dataclass(slots=True)
class Told:
    """What the journal tells of one booking: who, when and where it was accepted, and where it stands now."""

    person_id: int
    offering_id: int
    sequence: int
    at: datetime
    position: int | None
    state: str
    offered_at: datetime | None = None


def journals() -> Iterator[Finding]:
    """Each journal is gapless and chained, the head is its last entry, and every booking is what its journal tells."""
    told: dict[UUID, Told] = {}
    last: dict[int, tuple[int, str]] = defaultdict(lambda: (0, "0" * 64))
    waiting: dict[int, int] = defaultdict(int)
    journal = select(BookingEvent).order_by(BookingEvent.offering_id, BookingEvent.sequence)
    for event in db.session.scalars(journal.execution_options(yield_per=1000)):
        yield from _linked(event, *last[event.offering_id])
        last[event.offering_id] = (event.sequence, event.hash)
        _replay(event, told, waiting)
    for row in db.session.execute(select(Offering.id, Offering.sequence, Offering.head)):
        if last[row.id] != (row.sequence, row.head):
            yield Finding("head", f"offering {row.id}", "sequence or head is not that of the last entry")
    yield from _bookings_against(told)


def _linked(event: BookingEvent, sequence: int, head: str) -> Iterator[Finding]:
    row = f"event {event.offering_id}/{event.sequence}"
    if event.sequence != sequence + 1:
        yield Finding("sequence", row, f"follows {sequence}")
    made = entry_hash(
        previous=head, offering_id=event.offering_id, sequence=event.sequence, kind=event.kind,
        person_id=event.person_id, booking_id=event.booking_id, at=event.at,
    )  # fmt: skip
    if event.previous_hash != head or event.hash != made:
        yield Finding("chain", row, "the hash does not follow from the entry and the one before")


def _replay(event: BookingEvent, told: dict[UUID, Told], waiting: dict[int, int]) -> None:
    """Move what is told of the booking on by one entry, and the length of its offering's waiting list with it."""
    before = told.get(event.booking_id)
    if before is not None and before.state == "waitlisted":
        waiting[event.offering_id] -= 1
    state = "booked" if event.kind == EventKind.ACCEPTED else str(event.kind)
    if state == "waitlisted":
        waiting[event.offering_id] += 1
    if before is None:
        position = waiting[event.offering_id] if state == "waitlisted" else None
        told[event.booking_id] = Told(event.person_id, event.offering_id, event.sequence, event.at, position, state)
    else:
        before.state = state
        before.offered_at = event.at if state == "offered" else None


def _bookings_against(told: dict[UUID, Told]) -> Iterator[Finding]:
    everything = select(Booking).order_by(Booking.offering_id, Booking.sequence)
    for booking in db.session.scalars(everything.execution_options(yield_per=1000)):
        row, known = f"booking {booking.id}", told.get(booking.id)
        if known is None:
            yield Finding("state", row, f"is {booking.state}, its journal says nothing")
            continue
        if booking.state != known.state:
            yield Finding("state", row, f"is {booking.state}, its journal says {known.state}")
        receipt = (booking.person_id, booking.offering_id, booking.sequence, booking.booked_at, booking.position)
        journal = (known.person_id, known.offering_id, known.sequence, known.at, known.position)
        if receipt != journal:
            yield Finding("receipt", row, "person, offering, order, time or position is not what its journal says")
        until = booking.offer_expires_at
        if until and known.offered_at and not known.offered_at < until <= known.offered_at + LONGEST_OFFER:
            yield Finding("offer", row, f"was made at {known.offered_at} and runs until {until}")


def offers(now: datetime) -> Iterator[Finding]:
    """No offer outlives its time, save for the moment until the sweeper comes."""
    overdue = select(Booking).where(Booking.state == BookingState.OFFERED, Booking.offer_expires_at < now - GRACE)
    for booking in db.session.scalars(overdue):
        yield Finding("offer", f"booking {booking.id}", f"expired at {booking.offer_expires_at}")


def idle_places(now: datetime) -> Iterator[Finding]:
    """No place stands free while somebody waits and offers are still made."""
    idle = select(Offering).where(
        Offering.waiting > 0,
        Offering.taken < Offering.capacity,
        Offering.state != OfferingState.WITHDRAWN,
        Offering.offers_until > now,
    )
    for offering in db.session.scalars(idle):
        yield Finding("undersold", f"offering {offering.id}", f"{offering.waiting} wait beside a free place")


def limits(now: datetime) -> Iterator[Finding]:
    """Nobody runs more bookings than is allowed."""
    most = configuration.current().most_running_bookings
    many = (
        select(Booking.person_id, func.count())
        .join(Offering, Offering.id == Booking.offering_id)
        .where(Booking.state == BookingState.BOOKED, Offering.ends_at > now)
        .group_by(Booking.person_id)
        .having(func.count() > most)
    )
    for person, count in db.session.execute(many):
        yield Finding("limit", f"person {person}", f"{count} running bookings, {most} allowed")


def clashes(now: datetime) -> Iterator[Finding]:
    """Nobody has booked two offerings whose lessons overlap."""
    one, other = aliased(Booking), aliased(Booking)
    first, second = aliased(Offering), aliased(Offering)
    pairs = (
        select(one.person_id, first.id, first.rules, second.id, second.rules)
        .join(first, first.id == one.offering_id)
        .join(other, (other.person_id == one.person_id) & (other.offering_id > one.offering_id))
        .join(second, second.id == other.offering_id)
        .where(one.state == BookingState.BOOKED, other.state == BookingState.BOOKED)
        .where(first.starts_at < second.ends_at, second.starts_at < first.ends_at, first.ends_at > now)
    )
    for person, here, ours, there, theirs in db.session.execute(pairs):
        if overlap(terms.parsed(ours).spans, terms.parsed(theirs).spans):
            yield Finding("clash", f"person {person}", f"offerings {here} and {there} overlap")


def told() -> Iterator[Finding]:
    """Every accepted request has left a notice, and no notice speaks of a booking that is not there.

    Notices that were delivered long ago are purged, so only bookings younger than the oldest outbox row are asked.
    """
    key = (
        literal("notice:booking:")
        + HEX_ID
        + ":"
        + cast(Booking.sequence, String)
        + ":"
        + cast(Booking.person_id, String)
    )
    oldest = db.session.scalar(select(func.min(OutboxRow.created_at)))
    silent = select(Booking.id).outerjoin(OutboxRow, OutboxRow.key == key).where(OutboxRow.id.is_(None))
    if oldest is None:
        silent = silent.where(Booking.booked_at > clock.now() - GRACE)
    else:
        silent = silent.where(Booking.booked_at > oldest)
    for booking in db.session.scalars(silent):
        yield Finding("untold", f"booking {booking}", "left no notice in the outbox")
    orphans = (
        select(OutboxRow.id, OutboxRow.key)
        .outerjoin(Booking, func.substr(OutboxRow.key, 16, 32) == HEX_ID)
        .where(OutboxRow.key.like("notice:booking:%"), Booking.id.is_(None))
    )
    for row, orphan in db.session.execute(orphans):
        yield Finding("orphan", f"outbox {row}", f"{orphan} speaks of no booking")
