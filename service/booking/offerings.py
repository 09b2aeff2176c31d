"""Offerings: opening one, changing it, pausing and withdrawing it. Features call these from their own commands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from service.audit import entries
from service.booking import notices, places, terms
from service.booking.enums import ACTIVE, BookingState, OfferingKind, OfferingState
from service.booking.errors import CapacityBelowTaken, ChangeClashes, ReasonMissing, WaitingBelowTaken
from service.booking.journal import active_bookings, lock_offering, lock_people
from service.booking.models import Booking, Offering
from service.booking.rules import overlap
from service.booking.standing import held_by
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import TryAgain, transactional


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an offering offers. `gates` in the order they are asked, `spans` are the lessons as (start, end)."""

    title: str
    capacity: int
    waiting_capacity: int
    opens_at: datetime
    closes_at: datetime
    cancel_until: datetime
    offers_until: datetime
    offer_minutes: int
    gates: Sequence[Mapping[str, Any]]
    spans: Sequence[tuple[datetime, datetime]]

    def rules(self) -> dict[str, Any]:
        """Gates and spans as they are stored: spans in epoch seconds."""
        spans = [[int(start.timestamp()), int(end.timestamp())] for start, end in self.spans]
        return {"gates": [dict(gate) for gate in self.gates], "spans": spans}


@transactional
def open_offering(kind: OfferingKind, subject_id: int, plan: Plan) -> Offering:
    """A new offering with nobody in it."""
    offering = Offering(kind=kind, subject_id=subject_id, starts_at=plan.opens_at, ends_at=plan.closes_at)
    _set(offering, plan)
    db.session.add(offering)
    db.session.flush()
    return offering


@transactional
def change(offering_id: int, plan: Plan) -> Offering:
    """Make the offering what the plan says; places that become free are handed on.

    New lesson times lock everybody who is booked there, so that nobody meanwhile books what would then clash.
    Raises CapacityBelowTaken, WaitingBelowTaken with the number, ChangeClashes with the people.
    """
    offering = _lock_with_people(offering_id)
    if plan.capacity < offering.taken:
        raise CapacityBelowTaken(f"已占用{offering.taken}个名额，不能再少", details={"taken": offering.taken})
    if plan.waiting_capacity < offering.waiting:
        raise WaitingBelowTaken(f"已有{offering.waiting}人候补，不能再少", details={"waiting": offering.waiting})
    _refuse_new_clashes(offering, plan)
    _set(offering, plan)
    offering.version += 1
    _end_offers_sooner(offering)
    db.session.flush()
    places.hand_on(offering)
    return offering


@transactional
def pause(offering_id: int, *, actor: Actor, reason: str) -> Offering:
    """Take no more requests until resumed; whoever is booked or waits is told why. Raises ReasonMissing."""
    entries.record(actor, "booking.paused", "offering", offering_id, reason=reason)
    return _set_state(offering_id, OfferingState.PAUSED, "报名已暂停", reason)


@transactional
def resume(offering_id: int, *, actor: Actor, reason: str) -> Offering:
    """Take requests again. Raises ReasonMissing."""
    entries.record(actor, "booking.resumed", "offering", offering_id, reason=reason)
    return _set_state(offering_id, OfferingState.OPEN, "报名已恢复", reason)


@transactional
def lift_pause(offering_id: int) -> None:
    """Take requests again without a word: for a caller that tells everybody something larger."""
    offering = lock_offering(offering_id)
    if offering.state == OfferingState.PAUSED:
        offering.state = OfferingState.OPEN
        offering.version += 1


@transactional
def withdraw(offering_id: int, *, actor: Actor, reason: str) -> Offering:
    """End the offering and every booking of it; everybody is told why. Raises ReasonMissing."""
    offering = _lock_with_people(offering_id)
    if not reason.strip():
        raise ReasonMissing
    offering.state = OfferingState.WITHDRAWN
    offering.version += 1
    places.end_all(offering, actor, reason)
    return offering


@transactional
def tell_all(offering_id: int, what: str, reason: str) -> None:
    """Tell everybody booked or waiting that something changed."""
    offering = lock_offering(offering_id)
    for booking in db.session.scalars(active_bookings(offering_id)):
        notices.window_changed(offering, booking, what, reason)


def _set_state(offering_id: int, state: OfferingState, what: str, reason: str) -> Offering:
    if not reason.strip():
        raise ReasonMissing
    offering = lock_offering(offering_id)
    if offering.state != state:
        offering.state = state
        offering.version += 1
        tell_all(offering_id, what, reason)
    return offering


def _end_offers_sooner(offering: Offering) -> None:
    """No offer outlasts the cut-off, also where that was moved to an earlier time; who has one is told."""
    outlasting = select(Booking).where(
        Booking.offering_id == offering.id,
        Booking.state == BookingState.OFFERED,
        Booking.offer_expires_at > offering.offers_until,
    )
    for booking in db.session.scalars(outlasting).all():
        booking.offer_expires_at = offering.offers_until
        notices.offer_ends_sooner(offering, booking)


def _lock_with_people(offering_id: int) -> Offering:
    """Lock everybody active there, then the offering; start again where somebody joined in between."""
    who = select(Booking.person_id).where(Booking.offering_id == offering_id, Booking.state.in_(ACTIVE))
    locked = set(db.session.scalars(who))
    lock_people(locked)
    offering = lock_offering(offering_id)
    if not set(db.session.scalars(who)) <= locked:
        raise TryAgain
    return offering


def _refuse_new_clashes(offering: Offering, plan: Plan) -> None:
    spans = terms.parsed(plan.rules()).spans
    if spans == terms.parsed(offering.rules).spans:
        return
    booked = select(Booking.person_id).where(Booking.offering_id == offering.id, Booking.state == BookingState.BOOKED)
    held = held_by(db.session.scalars(booked).all(), clock.now())
    clashing = sorted(
        person_id
        for person_id, bookings in held.items()
        if any(each.offering_id != offering.id and overlap(spans, each.spans) for each in bookings)
    )
    if clashing:
        raise ChangeClashes(details={"worker_ids": clashing[:100], "count": len(clashing)})


def _set(offering: Offering, plan: Plan) -> None:
    for name in (
        "title", "capacity", "waiting_capacity", "opens_at", "closes_at", "cancel_until", "offers_until",
        "offer_minutes",
    ):  # fmt: skip
        setattr(offering, name, getattr(plan, name))
    if plan.spans:
        offering.starts_at = min(start for start, _ in plan.spans)
        offering.ends_at = max(end for _, end in plan.spans)
    if offering.rules != plan.rules():
        offering.rules = plan.rules()
        offering.rules_version = (offering.rules_version or 0) + 1
