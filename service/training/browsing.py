"""What workers see of classes: the list, one class, and whether they may book it, before they try."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from service.booking import bookings
from service.booking import eligibility as desk
from service.booking.eligibility import Eligibility
from service.booking.models import Booking
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.pages import Page, page_of_rows
from service.training import audience, listing, trainers
from service.training.enums import ClassState
from service.training.errors import ClassUnknown
from service.training.listing import ClassLine, Filters
from service.training.models import Lesson, TrainingClass
from service.training.trainers import Teacher


@dataclass(frozen=True, slots=True)
class ClassDetail:
    """One class as a worker sees it; what is about the person is None for an anonymous one."""

    line: ClassLine
    summary: str
    audience: list[dict[str, Any]]
    offers_until: datetime
    offer_minutes: int
    completion_percent: int
    cancel_reason: str | None
    lessons: list[Lesson]
    trainers: list[Teacher]
    my_booking: Booking | None
    my_eligibility: Eligibility | None
    server_time: datetime


def classes(filters: Filters, *, page: int, per_page: int) -> Page[ClassLine]:
    """Published classes, without those that are over unless asked for by state. The same for everybody."""
    found = page_of_rows(listing.published(filters, clock.now()), page=page, per_page=per_page)
    return Page(listing.lines(found.items), page, per_page, found.total)


def one(actor: Actor, class_id: int) -> ClassDetail:
    """One published class, also when it is over or cancelled. Raises ClassUnknown, for a draft too."""
    now = clock.now()
    every = Filters(states=[state for state in ClassState if state is not ClassState.DRAFT])
    row = db.session.execute(listing.published(every, now).where(TrainingClass.id == class_id)).one_or_none()
    found = db.session.scalar(
        select(TrainingClass).where(TrainingClass.id == class_id).options(selectinload(TrainingClass.lessons))
    )
    if row is None or found is None or found.offering is None:
        raise ClassUnknown
    mine = eligible = None
    if actor.person_id is not None:
        mine = bookings.of_person(actor.person_id, found.offering.id)
        eligible = desk.eligibility(actor.person_id, found.offering)
    return ClassDetail(
        line=listing.lines([row])[0],
        summary=found.course.summary,
        audience=said(found),
        offers_until=found.offers_until,
        offer_minutes=found.offer_minutes,
        completion_percent=found.completion_percent,
        cancel_reason=found.cancel_reason,
        lessons=found.lessons,
        trainers=trainers.of_class(found.id),
        my_booking=mine,
        my_eligibility=eligible,
        server_time=now,
    )


def said(training_class: TrainingClass) -> list[dict[str, Any]]:
    """Who the class is for: each gate in order with its kind and what it says in words."""
    return [{"kind": rule["kind"], "said": audience.said(rule)} for rule in audience.gates(training_class.audience)]
