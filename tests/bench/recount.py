"""What a database really holds after a run, counted row by row, apart from the product's own audit."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from service.booking.enums import ACTIVE, HOLDING, BookingState, EventKind
from service.booking.models import Booking, BookingEvent, Offering
from service.core.db import db
from tests.bench.stage import Stage

RECEIPTS = (EventKind.BOOKED, EventKind.WAITLISTED)
NOBODY_BEFORE = "0" * 64


@dataclass(slots=True)
class Recount:
    """Rows of one offering by state, and everything that is wrong with them; `faults` is empty where all is right."""

    states: Counter[str] = field(default_factory=Counter)
    capacity: int = 0
    rows: int = 0
    faults: list[str] = field(default_factory=list)
    receipts: dict[str, int] = field(default_factory=dict)

    @property
    def booked(self) -> int:
        """Places held for good."""
        return self.states[BookingState.BOOKED]

    @property
    def waitlisted(self) -> int:
        """People who wait."""
        return self.states[BookingState.WAITLISTED]


def recount(stage: Stage, offering_id: int) -> Recount:
    """Count one offering: places, counters, doubles, and the journal's chain from its beginning."""
    with stage.app.app_context():
        db.session.remove()
        offering = db.session.get_one(Offering, offering_id)
        bookings = db.session.scalars(select(Booking).where(Booking.offering_id == offering_id)).all()
        events = db.session.scalars(
            select(BookingEvent).where(BookingEvent.offering_id == offering_id).order_by(BookingEvent.sequence)
        ).all()
        found = Recount(Counter(str(each.state) for each in bookings), offering.capacity, len(bookings))
        found.receipts = {str(each.booking_id): each.sequence for each in events if each.kind in RECEIPTS}
        taken = sum(found.states[state] for state in HOLDING)
        if taken > offering.capacity:
            found.faults.append(f"oversold: {taken} of {offering.capacity}")
        if taken != offering.taken or found.waitlisted != offering.waiting:
            found.faults.append(f"counters {offering.taken}/{offering.waiting}, rows {taken}/{found.waitlisted}")
        active = Counter(each.person_id for each in bookings if each.state in ACTIVE)
        found.faults += [f"person {person}: {count} active" for person, count in active.items() if count > 1]
        found.faults += _chain_faults(offering, list(events))
        known = {each.booking_id for each in events}
        found.faults += [f"booking {each.id}: no journal entry" for each in bookings if each.id not in known]
        db.session.remove()
    return found


def _chain_faults(offering: Offering, events: list[BookingEvent]) -> list[str]:
    faults, before = [], NOBODY_BEFORE
    for number, event in enumerate(events, 1):
        text = (
            f"{before}|{event.offering_id}|{event.sequence}|{event.kind}|{event.person_id}|{event.booking_id}|"
            f"{event.at.isoformat()}"
        )
        if event.sequence != number or event.previous_hash != before:
            faults.append(f"journal {offering.id}: gap before {event.sequence}")
        if event.hash != hashlib.sha256(text.encode()).hexdigest():
            faults.append(f"journal {offering.id}: entry {event.sequence} does not match its hash")
        before = event.hash
    if offering.sequence != len(events) or offering.head != before:
        faults.append(f"offering {offering.id} is at {offering.sequence}, its journal at {len(events)}")
    return faults[:10]


def lost(receipts: Mapping[str, int], acknowledged: Mapping[int, bytes]) -> list[str]:
    """Acknowledged answers whose booking is not there as it was told; `receipts` are the journals' sequences by id."""
    told = [json.loads(body) for body in acknowledged.values()]
    return [each["id"] for each in told if receipts.get(each["id"]) != each["receipt"]["sequence"]]


def rows_in_all(stage: Stage) -> int:
    """Bookings in the whole database."""
    with stage.app.app_context():
        counted = db.session.scalar(select(func.count()).select_from(Booking))
        db.session.remove()
    return counted or 0
