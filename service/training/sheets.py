"""The sheet of a lesson: its rotating code on the room's screen, the roster, sealing, and closing by the clock."""

import base64
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from sqlalchemy import exists, func, select

from service.audit import entries
from service.booking.enums import BookingState
from service.booking.journal import lock_people
from service.booking.models import Booking
from service.core import clock, configuration
from service.core.access import SYSTEM, Actor
from service.core.db import db
from service.core.transaction import transactional
from service.messaging import outbox
from service.training import attendance_scope as scope
from service.training import codes, completion, marks, outcomes
from service.training.attendance_errors import ClassNotHeld, NotStarted, SealTooSoon, SheetSealed
from service.training.attendance_models import Completion, LessonPlace, Mark
from service.training.attendance_rules import Claim
from service.training.check_in import require_open
from service.training.codes import Code
from service.training.enums import MarkSource
from service.training.labels import MY_TRAINING
from service.training.models import Lesson, TrainingClass

LOOK_BACK = timedelta(days=30)
"""How long after its end the clock still looks at a lesson nobody has sealed."""


@dataclass(frozen=True, slots=True)
class CodeKey:
    """What a device needs to show a lesson's codes without signal: the lesson's own key, in base64url."""

    lesson_id: int
    key: str
    step_seconds: int
    opens_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed sheet: since when, by whom, how many people in each state, how many doubtful ones nobody confirmed."""

    lesson_id: int
    sealed_at: datetime | None
    sealed_by: int | None
    counts: dict[str, int]
    unconfirmed: int


def code(*, actor: Actor, lesson_id: int) -> Code:
    """The code to show now. Raises LessonUnknown, ClassNotHeld, SheetSealed, TooEarly, LessonOver."""
    lesson = _unsealed(actor, lesson_id)
    now = clock.now()
    require_open(lesson, now)
    return codes.code_at(lesson.id, now)


def code_picture(*, actor: Actor, lesson_id: int) -> bytes:
    """The code to show now as a QR picture (SVG). Raises as `code` does."""
    picture = io.BytesIO()
    segno.make_qr(code(actor=actor, lesson_id=lesson_id).code, error="m").save(picture, kind="svg", scale=8)
    return picture.getvalue()


@transactional
def code_key(*, actor: Actor, lesson_id: int) -> CodeKey:
    """The lesson's own key, for a room without signal; its handing out is kept. Raises as `code`, but at any time."""
    lesson = _unsealed(actor, lesson_id)
    entries.record(actor, "attendance.code_key", "lesson", lesson.id)
    key = base64.urlsafe_b64encode(codes.lesson_key(lesson.id)).rstrip(b"=").decode()
    step = configuration.current().attendance_step_seconds
    return CodeKey(lesson.id, key, step, scope.timing(lesson).opens_at, lesson.ends_at)


@transactional
def set_place(*, actor: Actor, lesson_id: int, latitude: float, longitude: float) -> LessonPlace:
    """Where the lesson is held, as the trainer's phone has it on the spot. Raises LessonUnknown, ClassNotHeld."""
    lesson = scope.lock(scope.lesson_for(actor, lesson_id).id, [])
    place = db.session.get(LessonPlace, lesson.id) or LessonPlace(lesson_id=lesson.id)
    place.latitude, place.longitude = latitude, longitude
    place.set_by, place.set_at = actor.worker_id, clock.now()
    db.session.add(place)
    entries.record(actor, "attendance.place", "lesson", lesson.id)
    return place


@transactional
def seal(*, actor: Actor, lesson_id: int, confirm: bool = False) -> Sealed:
    """Close the sheet: who has no mark is absent, and from now on only staff correct. Sealing again changes nothing.

    Raises LessonUnknown, ClassNotHeld, NotStarted before the lesson's start; and, unless confirmed, SealTooSoon while
    who has no mark would still be late and not absent (docs/rules.md `attendance.late`).
    """
    lesson = scope.lesson_for(actor, lesson_id)
    people = scope.holders(lesson.training_class)
    lesson = scope.lock(lesson.id, people)
    if lesson.sealed_at is None:
        if clock.now() < lesson.starts_at:
            raise NotStarted(details={"starts_at": lesson.starts_at.isoformat()})
        if not confirm:
            _require_nobody_awaited(lesson, people)
        absent = mark_absent(lesson, people, actor)
        lesson.sealed_at, lesson.sealed_by = clock.now(), actor.worker_id
        completion.refresh(lesson.training_class, people)
        entries.record(actor, "attendance.seal", "lesson", lesson.id, absent=absent)
    return _sealed(lesson)


def close_lessons(now: datetime) -> int:
    """Mark absent who has no mark a while after a lesson's end, and complete classes that are over.

    How many lessons and classes were closed. Each is a transaction of its own; run again, it finds nothing to do.
    """
    ended = now - outcomes.settling_time()
    lessons = _lessons_to_close(ended)
    for lesson_id in lessons:
        close_lesson(lesson_id)
    classes = _classes_to_complete(ended)
    for class_id in classes:
        complete_class(class_id)
    return len(lessons) + len(classes)


@transactional
def close_lesson(lesson_id: int) -> None:
    """Mark absent who has no mark in the lesson. The sheet stays open: records kept offline may still come."""
    lesson = db.session.get_one(Lesson, lesson_id)
    people = scope.holders(lesson.training_class)
    lesson = scope.lock(lesson.id, people)
    if lesson.sealed_at is None:
        mark_absent(lesson, people, SYSTEM)
        completion.refresh(lesson.training_class, people)


@transactional
def complete_class(class_id: int) -> None:
    """Compute the completions of a class that is over, and tell the outcome to who was not told yet."""
    training_class = db.session.get_one(TrainingClass, class_id)
    people = scope.holders(training_class)
    lock_people(people)
    completion.refresh(training_class, people)


def mark_absent(lesson: Lesson, people: Iterable[int], actor: Actor) -> int:
    """Mark absent those of these people who have no mark, and tell them; how many. The caller holds the locks."""
    known = marks.marks_of(lesson.id)
    missing = [person_id for person_id in people if person_id not in known]
    claim = Claim(source=MarkSource.CLOCK, at=clock.now())
    held = f"《{lesson.training_class.title}》{clock.spoken(lesson.starts_at)}的课"
    said = f"{held}记为缺课。如有不符，请联系老师或主办工会。"
    for person_id in missing:
        marks.apply(lesson, person_id, claim, actor, None)
        outbox.notice(person_id, f"absent:{lesson.id}", "缺课提醒", said, MY_TRAINING)
    return len(missing)


def _require_nobody_awaited(lesson: Lesson, people: Iterable[int]) -> None:
    """Raise SealTooSoon while somebody without a mark could still come: to the absent limit, or the end before it."""
    until = lesson.starts_at + timedelta(minutes=lesson.training_class.absent_after_minutes)
    until = min(until, lesson.ends_at)
    unmarked = len(set(people) - set(marks.marks_of(lesson.id)))
    if unmarked and clock.now() <= until:
        raise SealTooSoon(
            f"还有{unmarked}人没有考勤记录，现在封存会记为缺课",
            details={"unmarked": unmarked, "until": until.isoformat()},
            next_step=f"请等到{clock.spoken(until)}以后，或确认后再封存",
        )


def _unsealed(actor: Actor, lesson_id: int) -> Lesson:
    lesson = scope.lesson_for(actor, lesson_id)
    if lesson.training_class.state not in scope.HELD:
        raise ClassNotHeld
    if lesson.sealed_at is not None:
        raise SheetSealed
    return lesson


def _sealed(lesson: Lesson) -> Sealed:
    found = marks.marks_of(lesson.id).values()
    counts = Counter(mark.state.value for mark in found)
    doubtful = sum(marks.is_doubtful(mark) for mark in found)
    return Sealed(lesson.id, lesson.sealed_at, lesson.sealed_by, dict(counts), doubtful)


def _lessons_to_close(ended: datetime) -> list[int]:
    unmarked = exists().where(
        Booking.offering_id == TrainingClass.offering_id,
        Booking.state == BookingState.BOOKED,
        ~exists().where(Mark.lesson_id == Lesson.id, Mark.person_id == Booking.person_id).correlate(Lesson, Booking),
    )
    query = (
        select(Lesson.id)
        .join(TrainingClass, TrainingClass.id == Lesson.class_id)
        .where(TrainingClass.state.in_(scope.HELD), Lesson.sealed_at.is_(None))
        .where(Lesson.ends_at <= ended, Lesson.ends_at > ended - LOOK_BACK, unmarked.correlate(Lesson, TrainingClass))
        .order_by(Lesson.id)
    )
    return list(db.session.scalars(query))


def _classes_to_complete(ended: datetime) -> list[int]:
    """Classes with somebody not counted yet, or counted only before the clock had settled the class."""
    uncounted = exists().where(
        Booking.offering_id == TrainingClass.offering_id,
        Booking.state == BookingState.BOOKED,
        ~exists()
        .where(Completion.class_id == TrainingClass.id, Completion.person_id == Booking.person_id)
        .correlate(TrainingClass, Booking),
    )
    counted_first = (
        select(func.min(Completion.computed_at))
        .join(Booking, Booking.person_id == Completion.person_id)
        .where(Completion.class_id == TrainingClass.id, Booking.offering_id == TrainingClass.offering_id)
        .where(Booking.state == BookingState.BOOKED)
        .correlate(TrainingClass)
        .scalar_subquery()
    )
    query = (
        select(TrainingClass.id, TrainingClass.ends_at, uncounted.correlate(TrainingClass), counted_first)
        .where(TrainingClass.state.in_(scope.HELD))
        .where(TrainingClass.ends_at <= ended, TrainingClass.ends_at > ended - LOOK_BACK)
        .order_by(TrainingClass.id)
    )
    settling = outcomes.settling_time()
    return [
        class_id
        for class_id, ends_at, is_uncounted, first in db.session.execute(query)
        if is_uncounted or (first and ends_at and first < ends_at + settling)
    ]
