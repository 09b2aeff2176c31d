"""Publishing a class makes its offering; cancelling it ends every booking."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update

from service.audit import entries
from service.booking import offerings
from service.booking.enums import OfferingKind
from service.booking.errors import ReasonMissing
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.lifecycle import WrongState
from service.core.transaction import transactional
from service.organisations import nodes, settings
from service.training import audience, notices, plans, rules, scopes, states
from service.training.approval_errors import ApprovalNeeded
from service.training.enums import ClassEvent
from service.training.errors import PlanInvalid
from service.training.lifecycle import CLASS
from service.training.models import TrainingClass
from service.training.rules import LessonPlan


@transactional
def publish(actor: Actor, class_id: int) -> TrainingClass:
    """Make the draft visible to workers and bookable in its window.

    Raises ClassUnknown, WrongState for one already published, ApprovalNeeded where a second person has to do it,
    PlanInvalid where something is missing or past.
    """
    found = scopes.class_in_scope(actor, class_id)
    scopes.lock(found)
    if found.offering_id is None and settings.is_approval_demanded(nodes.node(found.node_id)):
        raise ApprovalNeeded
    return publish_now(actor, found)


def publish_now(actor: Actor, found: TrainingClass) -> TrainingClass:
    """The deed, in the caller's transaction, the class locked. Raises WrongState, PlanInvalid."""
    CLASS.next(found.state, ClassEvent.PUBLISH)
    now = clock.now()
    check_ready(found, now)
    planned, lessons = plans.columns(found), [plans.lesson_plan(lesson) for lesson in found.lessons]
    found.offering = offerings.open_offering(OfferingKind.TRAINING_CLASS, found.id, offering_plan(planned, lessons))
    found.offering_id = found.offering.id
    db.session.flush()
    _move(found, ClassEvent.PUBLISH)
    states.settle(found, now)
    entries.record(actor, "training.class_published", "class", found.id, offering_id=found.offering_id)
    return found


@transactional
def cancel(actor: Actor, class_id: int, reason: str) -> TrainingClass:
    """Call the class off: its bookings end, everybody booked or waiting and who teaches it are told the reason.

    Raises ClassUnknown, WrongState for a draft or one that is over, ReasonMissing.
    """
    found = scopes.class_in_scope(actor, class_id)
    CLASS.next(states.effective(found, clock.now()), ClassEvent.CANCEL)
    if not reason.strip():
        raise ReasonMissing
    offerings.withdraw(offering_id(found), actor=actor, reason=reason)
    _move(found, ClassEvent.CANCEL)
    found.cancel_reason = reason
    notices.trainers_told_of_cancellation(found, reason)
    entries.record(actor, "training.class_cancelled", "class", found.id)
    return found


def offering_plan(planned: Mapping[str, Any], lessons: Sequence[LessonPlan]) -> offerings.Plan:
    """What a class with these columns and lessons offers, as the booking desk is told."""
    shared = ("title", "capacity", "waiting_capacity", "opens_at", "closes_at", "cancel_until", "offers_until")
    return offerings.Plan(
        **{name: planned[name] for name in (*shared, "offer_minutes")},
        gates=audience.gates(planned["audience"]),
        spans=[(lesson.starts_at, lesson.ends_at) for lesson in lessons],
    )


def offering_id(training_class: TrainingClass) -> int:
    """The id of the offering of a published class. Raises WrongState for a draft, which has none."""
    if training_class.offering_id is None:
        raise WrongState(details={"state": training_class.state.value})
    return training_class.offering_id


def check_ready(found: TrainingClass, now: datetime) -> None:
    """Raise PlanInvalid unless everything is there that a published class needs."""
    planned, lessons = plans.columns(found), [plans.lesson_plan(lesson) for lesson in found.lessons]
    plans.check_fit(planned, lessons)
    problems = rules.publish_problems(plans.window(planned), lessons, now)
    if problems:
        raise PlanInvalid("还不能发布，请先补全", details=problems)


def _move(training_class: TrainingClass, event: ClassEvent) -> None:
    """Write the state the event leads to, if the class is still in one it starts from. Raises WrongState."""
    sources = CLASS.sources(event)
    target = CLASS.next(sources[0], event)
    moved = (
        update(TrainingClass)
        .where(TrainingClass.id == training_class.id, TrainingClass.state.in_(sources))
        .values(state=target, version=TrainingClass.version + 1)
        .returning(TrainingClass.id)
        .execution_options(synchronize_session=False)
    )
    is_moved = db.session.scalar(moved) is not None
    db.session.refresh(training_class, ["state", "version"])
    if not is_moved:
        CLASS.next(training_class.state, event)
