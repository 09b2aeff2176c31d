"""The desk: decides a batch of requests in one transaction. A batch of one in the quiet case.

Any number of deciders may run in any number of processes: the rules are held by locks in the database, so speed, never
correctness, depends on how many there are (docs/adr/0005-scarce-places.md).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from service.booking import notices, store
from service.booking.gates import facts_for
from service.booking.models import Booking, BookingEvent
from service.booking.receipts import Answer, granted, refused
from service.booking.rules import Accepted, Ask, Entry, Held, Refused, judge
from service.booking.store import Desk
from service.core import clock, configuration
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional

LARGEST_BATCH = 64


@transactional
def decide(asks: Sequence[Ask]) -> list[Answer]:
    """The answer to each request, in order; each accepted one is durable when this returns.

    Refusals write nothing and bind no key. Raises DatabaseAway when nothing could be decided.
    """
    desk = store.read(asks)
    at = clock.now()
    for places in desk.places.values():
        places.facts = facts_for(places.terms.gates, _asking(asks, places.id))
    accepted: list[Accepted] = []
    answers = [_answer(desk, ask, at, accepted) for ask in asks]
    if accepted:
        touched = {each.entry.offering_id: desk.places[each.entry.offering_id] for each in accepted}
        store.write(accepted, [notices.accepted_row(each, touched) for each in accepted], touched.values())
    return answers


def _asking(asks: Sequence[Ask], offering_id: int) -> list[int]:
    return sorted({ask.person_id for ask in asks if ask.offering_id == offering_id})


def _answer(desk: Desk, ask: Ask, at: datetime, accepted: list[Accepted]) -> Answer:
    known = desk.keys.get((ask.person_id, ask.key)) if ask.key else None
    if known is not None:
        if known.body_hash != ask.body_hash:
            return refused(Refused("request.key_reused"))
        return replay(known.booking_id, accepted)
    if ask.offering_id not in desk.places or ask.person_id not in desk.standings:
        return refused(Refused("booking.unknown_offering"))
    return _judged(desk, ask, at, accepted)


def _judged(desk: Desk, ask: Ask, at: datetime, accepted: list[Accepted]) -> Answer:
    places, standing, held = desk.places[ask.offering_id], desk.standings[ask.person_id], desk.held[ask.person_id]
    most = configuration.current().most_running_bookings
    outcome = judge(ask, places, standing, held, at, most_running=most, new_id=new_id())
    if isinstance(outcome, Refused):
        return refused(outcome)
    accepted.append(outcome)
    booking_id = outcome.entry.booking_id
    held.append(Held(booking_id, places.id, outcome.entry.kind, places.ends_at, places.terms.spans, places.title))
    if ask.key:
        desk.keys[ask.person_id, ask.key] = store.KnownKey(booking_id, ask.body_hash)
    return granted(outcome)


def replay(booking_id: Any, accepted: Sequence[Accepted] = ()) -> Answer:
    """The very answer an accepted request got, from its frozen row; `accepted` are those of the batch under way."""
    for each in accepted:
        if each.entry.booking_id == booking_id:
            return granted(each)
    receipt = (BookingEvent.offering_id == Booking.offering_id) & (BookingEvent.sequence == Booking.sequence)
    frozen = select(Booking, BookingEvent).join(BookingEvent, receipt).where(Booking.id == booking_id)
    booking, event = db.session.execute(frozen).one()
    entry = Entry(
        event.offering_id, event.sequence, event.kind, event.booking_id, event.person_id, event.actor_id, event.at,
        event.previous_hash, event.hash,
    )  # fmt: skip
    ask = Ask(booking.person_id, booking.offering_id, booking.booked_by or booking.person_id)
    return granted(Accepted(ask, entry, booking.position, booking.cancel_until))
