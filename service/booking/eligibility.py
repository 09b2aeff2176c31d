"""Whether a person may book, and if not why and what to do next: told before they try."""

from dataclasses import dataclass

from sqlalchemy import select

from service.booking.enums import ACTIVE
from service.booking.errors import refusal
from service.booking.gates import Reason
from service.booking.models import Booking, Offering
from service.booking.rules import Refused, window_refusal
from service.booking.standing import places_of, shut_for
from service.core import clock
from service.core.db import db


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Advice, not a promise: the desk judges again. `ok` is whether `reasons` is empty."""

    ok: bool
    reasons: list[Reason]


def eligibility(person_id: int, offering: Offering) -> Eligibility:
    """All that stands in the person's way at this offering now: own booking, window, gates, limit, clash, places."""
    at = clock.now()
    reasons = [_reason(refused) for refused in _standing_refusals(person_id, offering) if refused]
    reasons += shut_for(offering, [person_id], at).get(person_id, [])
    if not reasons and _is_full(offering):
        reasons.append(_reason(Refused("booking.full")))
    return Eligibility(not reasons, reasons)


def _standing_refusals(person_id: int, offering: Offering) -> list[Refused | None]:
    mine = db.session.scalar(
        select(Booking.id).where(
            Booking.person_id == person_id, Booking.offering_id == offering.id, Booking.state.in_(ACTIVE)
        )
    )
    already = Refused("booking.already_booked") if mine else None
    return [already, window_refusal(places_of(offering), clock.now())]


def _is_full(offering: Offering) -> bool:
    no_place = offering.taken >= offering.capacity or offering.waiting > 0
    no_waiting = offering.waiting >= offering.waiting_capacity or clock.now() >= offering.offers_until
    return no_place and no_waiting


def _reason(refused: Refused) -> Reason:
    error = refusal(refused.code, refused.details)
    return Reason(refused.code, error.message, error.next_step or "")
