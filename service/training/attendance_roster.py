"""The roster as the trainer sees it, and a worker's own history: questions over marks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from service.audit import reads
from service.booking.enums import BookingState
from service.booking.models import Booking
from service.core.access import Actor
from service.core.db import db
from service.core.pages import Page, page_of
from service.identity.masking import mask_phone
from service.identity.models import Person
from service.training import attendance_rules as rules
from service.training import attendance_scope as scope
from service.training import completion, marks
from service.training.attendance_models import Completion, Mark
from service.training.attendance_rules import Hours
from service.training.enums import LessonMode, MarkSource, MarkState
from service.training.models import Lesson, TrainingClass

SIGNALS = (rules.SHARED_DEVICE, rules.CODE_AGE, rules.FAR_AWAY, rules.KEPT_OFFLINE, rules.NO_DEVICE)


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that speaks against a check-in. `value`: other people on the device, steps, metres, or 1."""

    signal: str
    value: float
    detail: str


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person of a lesson; the phone is masked. Everything about the mark is None where there is none yet."""

    worker_id: int
    name: str
    phone: str | None
    is_booked: bool
    state: MarkState | None
    source: MarkSource | None
    at: datetime | None
    arrived_at: datetime | None
    left_at: datetime | None
    confidence: int | None
    is_doubtful: bool
    is_confirmed: bool
    signals: list[Signal]
    version: int


@dataclass(frozen=True, slots=True)
class Roster:
    """A lesson with everybody on its sheet: by the order of bookings, then who has a mark but no place any more."""

    lesson: Lesson
    lines: list[RosterLine]


@dataclass(frozen=True, slots=True)
class LessonAttended:
    """A lesson and how the worker attended it; `state` is None where nothing is recorded yet."""

    lesson_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    mode: LessonMode
    hours: int
    state: MarkState | None
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True)
class MyClass:
    """A class of a worker: the lessons, the hours so far, and what came of it once it is over."""

    training_class: TrainingClass
    lessons: list[LessonAttended]
    hours: Hours
    completion: Completion | None


def roster(*, actor: Actor, lesson_id: int) -> Roster:
    """Everybody on the lesson's sheet with marks, confidence and signals. Raises LessonUnknown."""
    found = roster_of(scope.lesson_for(actor, lesson_id))
    shown = [line.worker_id for line in found.lines]
    reads.tell(actor, "lesson_roster", lesson_id, people=shown, fields=("attendance", "name", "phone_masked"))
    return found


def roster_of(lesson: Lesson) -> Roster:
    """The same, for who has loaded the lesson already."""
    found = marks.marks_of(lesson.id)
    people = people_of(lesson.training_class)
    lines = [_line(person, found.pop(person.id, None), is_booked=True) for person in people]
    others = db.session.scalars(select(Person).where(Person.id.in_(list(found))).order_by(Person.id))
    lines += [_line(person, found[person.id], is_booked=False) for person in others]
    return Roster(lesson, lines)


def people_of(training_class: TrainingClass) -> list[Person]:
    """Who holds a booked place in the class, in the order of their requests."""
    query = select(Person).join(Booking, Booking.person_id == Person.id)
    booked = (Booking.offering_id == training_class.offering_id, Booking.state == BookingState.BOOKED)
    return list(db.session.scalars(query.where(*booked).order_by(Booking.sequence, Person.id)))


def my_training(*, actor: Actor, page: int, per_page: int) -> Page[MyClass]:
    """The worker's classes, latest first: those with a booked place, and those with a mark."""
    person_id = actor.worker_id
    booked = select(Booking.offering_id).where(Booking.person_id == person_id, Booking.state == BookingState.BOOKED)
    attended = select(Lesson.class_id).join(Mark, Mark.lesson_id == Lesson.id).where(Mark.person_id == person_id)
    query = (
        select(TrainingClass)
        .where(or_(TrainingClass.offering_id.in_(booked), TrainingClass.id.in_(attended)))
        .order_by(TrainingClass.starts_at.desc(), TrainingClass.id.desc())
    )
    found = page_of(query, page=page, per_page=per_page)
    return Page(_my_classes(person_id, found.items), found.page, found.per_page, found.total)


def _my_classes(person_id: int, classes: list[TrainingClass]) -> list[MyClass]:
    ids = [each.id for each in classes]
    lessons: dict[int, list[LessonAttended]] = {id_: [] for id_ in ids}
    query = (
        select(Lesson, Mark)
        .outerjoin(Mark, (Mark.lesson_id == Lesson.id) & (Mark.person_id == person_id))
        .where(Lesson.class_id.in_(ids))
        .order_by(Lesson.starts_at, Lesson.id)
    )
    for lesson, mark in db.session.execute(query):
        lessons[lesson.class_id].append(_attended(lesson, mark))
    done = completion.completions_of(person_id, ids)
    return [
        MyClass(
            each,
            lessons[each.id],
            rules.count_hours((line.mode, line.hours, line.state) for line in lessons[each.id]),
            done.get(each.id),
        )
        for each in classes
    ]


def _attended(lesson: Lesson, mark: Mark | None) -> LessonAttended:
    return LessonAttended(
        lesson.id,
        lesson.title,
        lesson.starts_at,
        lesson.ends_at,
        lesson.mode,
        lesson.hours,
        mark.state if mark else None,
        mark.arrived_at if mark else None,
    )


def _line(person: Person, mark: Mark | None, *, is_booked: bool) -> RosterLine:
    return RosterLine(
        worker_id=person.id,
        name=person.name,
        phone=mask_phone(person.phone),
        is_booked=is_booked,
        state=mark.state if mark else None,
        source=mark.source if mark else None,
        at=mark.at if mark else None,
        arrived_at=mark.arrived_at if mark else None,
        left_at=mark.left_at if mark else None,
        confidence=mark.confidence if mark else None,
        is_doubtful=marks.is_doubtful(mark) if mark else False,
        is_confirmed=marks.is_confirmed(mark) if mark else False,
        signals=_spoken(mark.signals) if mark else [],
        version=mark.version if mark else 0,
    )


def _spoken(signals: dict[str, Any]) -> list[Signal]:
    return [Signal(name, float(signals[name]), rules.SPOKEN[name]) for name in SIGNALS if signals.get(name)]
