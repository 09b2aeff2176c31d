"""Loading lessons for attendance: what the actor may know of, and the locks in the house's order."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from service.booking import bookings
from service.booking.enums import BookingState
from service.booking.journal import lock_people
from service.booking.models import Booking
from service.core import configuration
from service.core.access import Actor
from service.core.db import db
from service.organisations.models import UnionNode
from service.training.attendance_errors import ClassNotHeld, LessonUnknown
from service.training.attendance_models import BatchItem, LessonPlace, Mark
from service.training.attendance_rules import Timing
from service.training.enums import ClassState
from service.training.models import Lesson, TrainingClass
from service.training.scopes import in_scope
from service.training.trainers import teaches

HELD = (
    ClassState.PUBLISHED,
    ClassState.OPEN,
    ClassState.FULL,
    ClassState.CLOSED,
    ClassState.RUNNING,
    ClassState.FINISHED,
)
"""States of a class that is held: a draft has nobody, a cancelled one nothing to attend."""


def lesson_for(actor: Actor, lesson_id: int) -> Lesson:
    """The lesson, for who teaches it and for training staff in scope. Raises LessonUnknown."""
    return _one(_lessons(lesson_id).where(or_(in_scope(actor), teaches(actor))))


def lesson_for_staff(actor: Actor, lesson_id: int) -> Lesson:
    """The lesson, for training staff in scope alone. Raises LessonUnknown."""
    return _one(_lessons(lesson_id).where(in_scope(actor)))


def lock(lesson_id: int, people: Iterable[int]) -> Lesson:
    """Lock the people, then the lesson, and return it as it now stands. Raises LessonUnknown, ClassNotHeld.

    Who writes marks holds this lock, and so does who seals: a sealed sheet takes nothing more, however close the race.
    """
    lock_people(people)
    query = select(Lesson).where(Lesson.id == lesson_id).with_for_update(key_share=True, of=Lesson)
    locked = _one(query.execution_options(populate_existing=True))
    if locked.training_class.state not in HELD:
        raise ClassNotHeld
    return locked


def timing(lesson: Lesson) -> Timing:
    """The lesson's times with its class's settings."""
    settings = lesson.training_class
    return Timing(
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        opens_minutes=configuration.current().attendance_opens_minutes,
        late_after_minutes=settings.late_after_minutes,
        absent_after_minutes=settings.absent_after_minutes,
        early_before_minutes=settings.early_before_minutes,
    )


def holders(training_class: TrainingClass) -> list[int]:
    """The ids of the people who hold a booked place in the class, ascending: its roster. Empty for a draft."""
    return bookings.booked_people(training_class.offering_id) if training_class.offering_id else []


def holders_among(training_class: TrainingClass, person_ids: Iterable[int]) -> set[int]:
    """Which of these people hold a booked place in the class."""
    query = select(Booking.person_id).where(
        Booking.offering_id == training_class.offering_id,
        Booking.state == BookingState.BOOKED,
        Booking.person_id.in_(set(person_ids)),
    )
    return set(db.session.scalars(query))


def with_records(lesson_ids: Iterable[int]) -> set[int]:
    """Which of these lessons have attendance recorded already: they cannot be taken out of their class."""
    ids = set(lesson_ids)
    tables = (Mark.lesson_id, BatchItem.lesson_id, LessonPlace.lesson_id)
    return {found for column in tables for found in db.session.scalars(select(column).where(column.in_(ids)))}


def attended(lesson_ids: Iterable[int]) -> set[int]:
    """Which of these lessons have marks: somebody checked in, or was recorded by hand."""
    return set(db.session.scalars(select(Mark.lesson_id).where(Mark.lesson_id.in_(set(lesson_ids)))))


def last_end(class_id: int) -> Select[datetime]:
    """When the class's last lesson ends, as a query for one value."""
    return select(func.max(Lesson.ends_at)).where(Lesson.class_id == class_id)


def _lessons(lesson_id: int) -> Select[Lesson]:
    query = select(Lesson).join(TrainingClass, TrainingClass.id == Lesson.class_id)
    return query.join(UnionNode, UnionNode.id == TrainingClass.node_id).where(Lesson.id == lesson_id)


def _one(query: Select[Lesson]) -> Lesson:
    found = db.session.scalar(query)
    if found is None:
        raise LessonUnknown
    return found
