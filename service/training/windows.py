"""The booking window of a published class: paused, resumed, extended, opened again, closed early. Always with a reason.

Everybody booked or waiting is told what changed and why.
"""

from datetime import datetime

from service.audit import entries
from service.booking import offerings
from service.booking.errors import ReasonMissing
from service.core import clock
from service.core.access import Actor
from service.core.clock import spoken
from service.core.db import db
from service.core.lifecycle import WrongState
from service.core.transaction import transactional
from service.training import changes, plans, rules, scopes, states
from service.training.enums import ClassEvent, ClassState
from service.training.errors import PlanInvalid
from service.training.lifecycle import CLASS
from service.training.models import TrainingClass
from service.training.publishing import offering_id, offering_plan

BEFORE_CLOSING = (ClassState.PUBLISHED, ClassState.OPEN, ClassState.FULL)


@transactional
def pause(actor: Actor, class_id: int, reason: str) -> TrainingClass:
    """Take no more bookings until resumed. Again: no change. Raises ClassUnknown, WrongState, ReasonMissing."""
    found = _in_state(actor, class_id, *BEFORE_CLOSING)
    offerings.pause(offering_id(found), actor=actor, reason=reason)
    entries.record(actor, "training.window_paused", "class", found.id)
    return found


@transactional
def resume(actor: Actor, class_id: int, reason: str) -> TrainingClass:
    """Take bookings again. Again: no change. Raises ClassUnknown, WrongState, ReasonMissing."""
    found = _in_state(actor, class_id, *BEFORE_CLOSING)
    offerings.resume(offering_id(found), actor=actor, reason=reason)
    entries.record(actor, "training.window_resumed", "class", found.id)
    return found


@transactional
def extend(actor: Actor, class_id: int, closes_at: datetime, reason: str) -> TrainingClass:
    """Let the window close later. Raises ClassUnknown, WrongState once closed, PlanInvalid, ReasonMissing."""
    found = _in_state(actor, class_id, *BEFORE_CLOSING)
    if closes_at <= found.closes_at:
        raise PlanInvalid(details={"closes_at": ["须晚于原来的截止时间"]})
    what = f"报名延长到{spoken(closes_at)}"
    return _close_at(actor, found, closes_at, reason, action="training.window_extended", what=what)


@transactional
def reopen(actor: Actor, class_id: int, closes_at: datetime, reason: str) -> TrainingClass:
    """Open a closed window again until `closes_at`, also one that was paused when it closed.

    Raises ClassUnknown, WrongState, PlanInvalid, ReasonMissing.
    """
    found = _in_state(actor, class_id, *CLASS.sources(ClassEvent.REOPEN))
    if closes_at <= clock.now():
        raise PlanInvalid(details={"closes_at": ["须晚于现在"]})
    what = f"重新开放报名，到{spoken(closes_at)}"
    _close_at(actor, found, closes_at, reason, action="training.window_reopened", what=what)
    offerings.lift_pause(offering_id(found))
    return found


@transactional
def close_early(actor: Actor, class_id: int, reason: str) -> TrainingClass:
    """Close an open window now. Raises ClassUnknown, WrongState where it is not open, ReasonMissing."""
    found = _in_state(actor, class_id, ClassState.OPEN, ClassState.FULL)
    return _close_at(actor, found, clock.now(), reason, action="training.window_closed_early", what="报名提前截止")


def _in_state(actor: Actor, class_id: int, *allowed: ClassState) -> TrainingClass:
    found = scopes.class_in_scope(actor, class_id)
    state = states.effective(found, clock.now())
    if state not in allowed:
        raise WrongState(details={"state": state.value})
    return found


def _close_at(
    actor: Actor, found: TrainingClass, closes_at: datetime, reason: str, *, action: str, what: str
) -> TrainingClass:
    if not reason.strip():
        raise ReasonMissing
    lessons = [plans.lesson_plan(lesson) for lesson in found.lessons]
    planned = plans.columns(found) | rules.closing_at(plans.window(plans.columns(found)), closes_at)
    plans.check_fit(planned, lessons)
    offerings.change(offering_id(found), offering_plan(planned, lessons))
    changes.claim(found, found.version)
    for field in ("closes_at", "cancel_until", "offers_until"):
        setattr(found, field, planned[field])
    db.session.flush()
    states.settle(found, clock.now())
    offerings.tell_all(offering_id(found), what, reason)
    entries.record(actor, action, "class", found.id, closes_at=closes_at.isoformat())
    return found
