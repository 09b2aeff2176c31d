"""Asking all of the desk's questions about people who are not booking now: for offers, acceptance and advice."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from service.booking import terms
from service.booking.enums import BookingState
from service.booking.errors import refusal
from service.booking.gates import Reason, Standing, facts_for, shut_gates
from service.booking.models import Booking, Offering
from service.booking.rules import Held, Places, Refused, person_refusal
from service.core import configuration
from service.core.db import db
from service.identity.models import Person
from service.organisations.models import UnionNode
from service.unions.models import Membership, MembershipState


def standings(person_ids: Iterable[int]) -> dict[int, Standing]:
    """What the gates know of these people, by person id."""
    rows = db.session.execute(
        select(
            Person.id,
            Person.is_verified,
            UnionNode.path,
            UnionNode.county_code,
            Person.industry,
            Person.worker_category,
        )
        .outerjoin(Membership, (Membership.person_id == Person.id) & (Membership.state == MembershipState.ACTIVE))
        .outerjoin(UnionNode, UnionNode.id == Membership.node_id)
        .where(Person.id.in_(list(person_ids)))
    )
    return {row[0]: Standing(*row) for row in rows}


def held_by(person_ids: Iterable[int], at: datetime) -> dict[int, list[Held]]:
    """The places these people hold in offerings that have not ended, by person id."""
    ids = list(person_ids)
    rows = db.session.execute(
        select(Booking, Offering.ends_at, Offering.rules_version, Offering.title)
        .join(Offering, Offering.id == Booking.offering_id)
        .where(Booking.person_id.in_(ids), Booking.state == BookingState.BOOKED, Offering.ends_at > at)
    ).all()
    known = terms.of({booking.offering_id: version for booking, _, version, _ in rows})
    held: dict[int, list[Held]] = {person_id: [] for person_id in ids}
    for booking, ends_at, _, title in rows:
        spans = known[booking.offering_id].spans
        state = booking.state.value
        held[booking.person_id].append(Held(booking.id, booking.offering_id, state, ends_at, spans, title))
    return held


def places_of(offering: Offering) -> Places:
    """The offering as the rules see it."""
    return Places(
        offering.id, offering.title, offering.state.value, offering.capacity, offering.taken,
        offering.waiting_capacity, offering.waiting, offering.opens_at, offering.closes_at, offering.cancel_until,
        offering.offers_until, offering.ends_at, offering.version, offering.sequence, offering.head,
        terms=terms.parsed(offering.rules),
    )  # fmt: skip


def shut_for(offering: Offering, person_ids: Sequence[int], at: datetime) -> dict[int, list[Reason]]:
    """Why each of these people may not hold a place there now; an empty list where nothing stands in the way."""
    places = places_of(offering)
    gates = places.terms.gates
    facts = facts_for(gates, person_ids)
    known, held = standings(person_ids), held_by(person_ids, at)
    return {
        person_id: shut_gates(gates, known[person_id], facts) + _personal(places, held[person_id], at)
        for person_id in person_ids
    }


def _personal(places: Places, held: list[Held], at: datetime) -> list[Reason]:
    refused = person_refusal(places, held, at, configuration.current().most_running_bookings)
    if refused is None:
        return []
    error = refusal(refused.code, refused.details)
    return [Reason(refused.code, error.message, error.next_step or "")]


def accept_refusal(offering: Offering, person_id: int, at: datetime) -> None:
    """Raise what stands in the way of this person holding a place there. The caller holds the person's lock."""
    places = places_of(offering)
    gates = places.terms.gates
    shut = shut_gates(gates, standings([person_id])[person_id], facts_for(gates, [person_id]))
    if shut:
        raise refusal("booking.not_eligible", {"reasons": [reason.as_dict() for reason in shut]})
    most = configuration.current().most_running_bookings
    refused: Refused | None = person_refusal(places, held_by([person_id], at)[person_id], at, most)
    if refused:
        raise refusal(refused.code, refused.details)
