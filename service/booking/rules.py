"""How the desk decides: pure functions over what was read under the locks. No database, no clock.

A batch is judged in order of arrival. What an earlier request of the batch took is seen by the later ones.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from service.booking.gates import Facts, Rule, Standing, shut_gates

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for a place. `actor_id` differs from `person_id` where staff book on someone's behalf."""

    person_id: int
    offering_id: int
    actor_id: int
    key: str | None = None
    body_hash: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offering's rules say: gates in order, and when its lessons are (epoch seconds)."""

    gates: Sequence[Rule] = ()
    spans: Sequence[Span] = ()


@dataclass(slots=True)
class Places:
    """An offering as the desk holds it while it decides; the counters move with each decision."""

    id: int
    title: str
    state: str
    capacity: int
    taken: int
    waiting_capacity: int
    waiting: int
    opens_at: datetime
    closes_at: datetime
    cancel_until: datetime
    offers_until: datetime
    ends_at: datetime
    version: int
    sequence: int
    head: str
    terms: Terms = Terms()
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """A booking the person has, as far as the desk must know it."""

    booking_id: UUID
    offering_id: int
    state: str
    ends_at: datetime
    spans: Sequence[Span] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry, chained to the one before."""

    offering_id: int
    sequence: int
    kind: str
    booking_id: UUID
    person_id: int
    actor_id: int | None
    at: datetime
    previous_hash: str
    hash: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A granted request: what is written, and what the receipt says."""

    ask: Ask
    entry: Entry
    position: int | None
    cancel_until: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal: nothing is written, and the request's key binds nothing."""

    code: str
    details: dict[str, Any] = field(default_factory=dict)


def entry_hash(
    *, previous: str, offering_id: int, sequence: int, kind: str, person_id: int, booking_id: UUID, at: datetime
) -> str:
    """The hash of a journal entry over the one before it: SHA-256, hex (docs/rules.md `booking.receipt`)."""
    at_utc = at.astimezone(UTC).isoformat()
    text = f"{previous}|{offering_id}|{sequence}|{kind}|{person_id}|{booking_id}|{at_utc}"
    return hashlib.sha256(text.encode()).hexdigest()


class Journalled(Protocol):
    """Anything with a journal: an offering as a row or as the desk holds it."""

    id: int
    sequence: int
    head: str


def chain(
    places: Journalled,
    kind: str,
    *,
    booking_id: UUID,
    person_id: int,
    actor_id: int | None,
    at: datetime,
    note: str | None = None,
) -> Entry:
    """The next journal entry of the offering; moves its sequence and head on."""
    previous, sequence = places.head, places.sequence + 1
    digest = entry_hash(
        previous=previous, offering_id=places.id, sequence=sequence, kind=kind, person_id=person_id,
        booking_id=booking_id, at=at,
    )  # fmt: skip
    places.sequence, places.head = sequence, digest
    return Entry(places.id, sequence, kind, booking_id, person_id, actor_id, at, previous, digest, note)


def window_refusal(places: Places, at: datetime) -> Refused | None:
    """Whether the window is shut at this instant."""
    if places.state == "withdrawn" or at >= places.closes_at:
        return Refused("booking.closed")
    if places.state == "paused":
        return Refused("booking.paused")
    if at < places.opens_at:
        return Refused("booking.not_open", {"opens_at": places.opens_at.isoformat()})
    return None


def person_refusal(places: Places, held: Iterable[Held], at: datetime, most_running: int) -> Refused | None:
    """Whether the person's other bookings stand in the way: the limit, then lessons that overlap."""
    running = [each for each in held if each.state == "booked" and each.ends_at > at and each.offering_id != places.id]
    if len(running) >= most_running:
        return Refused("booking.limit", {"limit": most_running})
    for each in running:
        if overlap(places.terms.spans, each.spans):
            return Refused("booking.clash", {"offering_id": each.offering_id, "title": each.title})
    return None


def overlap(ours: Sequence[Span], theirs: Sequence[Span]) -> bool:
    """Whether any two lessons share time; touching ends do not."""
    return any(start < other_end and other_start < end for start, end in ours for other_start, other_end in theirs)


def judge(
    ask: Ask, places: Places, standing: Standing, held: Sequence[Held], at: datetime, *, most_running: int, new_id: UUID
) -> Accepted | Refused:
    """Decide one request. The order of the questions is the order in which a person can do something about them."""
    for each in held:
        if each.offering_id == places.id:
            return Refused("booking.already_booked", {"booking_id": str(each.booking_id)})
    refused = window_refusal(places, at)
    if refused:
        return refused
    shut = shut_gates(places.terms.gates, standing, places.facts)
    if shut:
        return Refused("booking.not_eligible", {"reasons": [reason.as_dict() for reason in shut]})
    refused = person_refusal(places, held, at, most_running)
    if refused:
        return refused
    return _take(ask, places, at, new_id)


def _take(ask: Ask, places: Places, at: datetime, new_id: UUID) -> Accepted | Refused:
    """A place, else a waiting place, else full. Nobody passes those who wait while offers are still made."""
    offers_run = at < places.offers_until
    position = None
    if places.taken < places.capacity and not (places.waiting and offers_run):
        places.taken += 1
        kind = "booked"
    elif places.waiting < places.waiting_capacity and offers_run:
        places.waiting += 1
        position = places.waiting
        kind = "waitlisted"
    else:
        return Refused("booking.full", {"capacity": places.capacity, "waiting_capacity": places.waiting_capacity})
    entry = chain(
        places, kind, booking_id=new_id, person_id=ask.person_id, actor_id=ask.actor_id, at=at, note=ask.reason
    )
    return Accepted(ask, entry, position, places.cancel_until)
