"""The state of a class now, read and written: what readers are told, and the stored state following the clock."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, literal, select, update

from service.booking.models import Offering
from service.core.db import db
from service.core.transaction import transactional
from service.training import rules
from service.training.enums import ClassEvent, ClassState
from service.training.lifecycle import BY_THE_CLOCK, CLASS
from service.training.models import TrainingClass


def effective(training_class: TrainingClass, now: datetime) -> ClassState:
    """The state of the class at this instant, whether or not the tick has written it yet."""
    offering, starts_at, ends_at = training_class.offering, training_class.starts_at, training_class.ends_at
    if offering is None or starts_at is None or ends_at is None:
        return training_class.state
    moment = rules.Moment(
        training_class.opens_at, training_class.closes_at, starts_at, ends_at, offering.capacity, offering.taken, now
    )
    return rules.effective_state(training_class.state, moment)


def effective_column(now: datetime) -> ColumnElement[ClassState]:
    """The same as `effective`, as a column of a query over `TrainingClass` with its `Offering`, joined outer."""
    return case(
        (TrainingClass.state.in_([ClassState.DRAFT, *rules.FINAL]), TrainingClass.state),
        (TrainingClass.ends_at <= now, _state(ClassState.FINISHED)),
        (TrainingClass.starts_at <= now, _state(ClassState.RUNNING)),
        (TrainingClass.closes_at <= now, _state(ClassState.CLOSED)),
        (TrainingClass.opens_at > now, _state(ClassState.PUBLISHED)),
        (Offering.taken >= Offering.capacity, _state(ClassState.FULL)),
        else_=_state(ClassState.OPEN),
    )


@transactional
def advance(now: datetime) -> int:
    """Write every class's state as the clock and the places have it. Gives the number of moves.

    Set-based and safe to repeat or to run twice at once: each move asks for the state it leaves.
    """
    moves = 0
    for event in BY_THE_CLOCK:
        for source in CLASS.sources(event):
            moved = (
                update(TrainingClass)
                .where(TrainingClass.state == source, _is_due(event, now))
                .values(state=CLASS.next(source, event))
                .returning(TrainingClass.id)
                .execution_options(synchronize_session=False)
            )
            moves += len(db.session.scalars(moved).all())
    return moves


def settle(training_class: TrainingClass, now: datetime) -> None:
    """Write the state of one class whose times or places were just changed, in the caller's transaction."""
    training_class.state = effective(training_class, now)


def _state(state: ClassState) -> ColumnElement[ClassState]:
    return literal(state, TrainingClass.state.type)


def _is_due(event: ClassEvent, now: datetime) -> ColumnElement[bool]:
    """`rules.is_due`, as a condition on `TrainingClass`."""
    full = TrainingClass.offering_id.in_(select(Offering.id).where(Offering.taken >= Offering.capacity))
    return {
        ClassEvent.OPENS: TrainingClass.opens_at <= now,
        ClassEvent.FILLS: full,
        ClassEvent.FREES: ~full,
        ClassEvent.CLOSES: TrainingClass.closes_at <= now,
        ClassEvent.STARTS: TrainingClass.starts_at <= now,
        ClassEvent.ENDS: TrainingClass.ends_at <= now,
    }[event]
