"""Check-in: a worker's own scan or six digits, decided by the server's clock; a repeated one is answered the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from service.booking.enums import BookingState
from service.booking.models import Booking
from service.core import clock, configuration, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.identity import attempts, consents
from service.identity.enums import AttemptKind
from service.training import attendance_rules as rules
from service.training import attendance_scope as scope
from service.training import codes, marks
from service.training.attendance_errors import (
    CodeWrong,
    LessonOver,
    NotOnRoster,
    SheetSealed,
    TooEarly,
    TooManyTries,
)
from service.training.attendance_models import LessonPlace, Mark
from service.training.attendance_rules import Claim
from service.training.codes import Stamp
from service.training.enums import MarkSource, MarkState
from service.training.labels import SAID
from service.training.models import Lesson, TrainingClass

NOT_GIVEN, USED, NOT_USED = "not_given", "used", "not_used"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a phone says it is: degrees, and how far off it may be in metres."""

    latitude: float
    longitude: float
    accuracy: float = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the phone gave besides the code: an id of its own choosing, and where it says it is."""

    device: str | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What the worker is told. `place` says whether the position given was used: never without consent."""

    lesson_id: int
    class_id: int
    class_title: str
    lesson_title: str
    state: str
    arrived_at: datetime
    recorded_at: datetime
    place: str
    detail: str


def count_typed_try(*, actor: Actor) -> None:
    """Count a typed code, right or wrong, before it is looked at. Raises TooManyTries for the sixth within a minute.

    A transaction of its own: the count stays although the check-in that follows is refused and rolled back.
    """
    until = attempts.take(AttemptKind.ATTENDANCE_CODE, str(actor.worker_id))
    if until is not None:
        wait = int((until - clock.now()).total_seconds()) + 1
        raise TooManyTries(details={"until": until.isoformat(), "retry_after_s": wait})


@transactional
def check_in(
    *, actor: Actor, code: str | None = None, digits: str | None = None, evidence: Evidence = Evidence()
) -> CheckedIn:
    """The worker's mark in the lesson whose code was scanned or typed; the same answer for the same worker again.

    Raises CodeWrong, ClassNotHeld, CodeExpired, NotOnRoster, SheetSealed, TooEarly or LessonOver, in this order.
    """
    at = clock.now()
    person_id = actor.worker_id
    stamp = codes.read(code) if code is not None else _typed(digits or "", person_id, at)
    lesson = scope.lock(stamp.lesson_id, [person_id])
    known = marks.marks_of(lesson.id, [person_id]).get(person_id)
    if known is not None and known.arrived_at is not None:
        return _told(lesson, known)
    signals: dict[str, Any] = {"step": stamp.step, rules.CODE_AGE: codes.age(stamp, at)}
    if person_id not in scope.holders_among(lesson.training_class, [person_id]):
        raise NotOnRoster
    if lesson.sealed_at is not None:
        raise SheetSealed
    require_open(lesson, at)
    claim = Claim(
        source=MarkSource.SCAN if code is not None else MarkSource.TYPED,
        at=at,
        device_index=_device_index(evidence),
        signals=signals | _signals(lesson, person_id, evidence),
    )
    mark, _ = marks.apply(lesson, person_id, claim, actor, known)
    if mark.device_index is not None:
        marks.weigh_devices(lesson.id, mark.device_index)
    return _told(lesson, mark)


def require_open(lesson: Lesson, at: datetime) -> None:
    """Raise TooEarly or LessonOver where the lesson takes no check-ins at this instant."""
    opens_at = scope.timing(lesson).opens_at
    if at < opens_at:
        raise TooEarly(details={"opens_at": opens_at.isoformat()}, next_step=f"{clock.spoken(opens_at)}开始签到")
    if at > lesson.ends_at:
        raise LessonOver


def _typed(digits: str, person_id: int, at: datetime) -> Stamp:
    """The lesson that shows the digits, among the person's own of the hour; or of a check-in made with them before."""
    lessons = _lessons_around(person_id, at)
    stamp = codes.find(digits, lessons, at)
    if stamp is not None:
        return stamp
    query = select(Mark).where(Mark.person_id == person_id, Mark.lesson_id.in_(lessons), Mark.arrived_at.is_not(None))
    for mark in db.session.scalars(query):
        stamp = Stamp(mark.lesson_id, int(mark.signals.get("step", 0)))
        if codes.digits_of(stamp.lesson_id, stamp.step) == digits:
            return stamp
    raise CodeWrong


def _lessons_around(person_id: int, at: datetime) -> list[int]:
    """The ids of the person's lessons whose check-in is open at this instant."""
    opens = timedelta(minutes=configuration.current().attendance_opens_minutes)
    booked = exists().where(
        Booking.offering_id == TrainingClass.offering_id,
        Booking.person_id == person_id,
        Booking.state == BookingState.BOOKED,
    )
    query = (
        select(Lesson.id)
        .join(TrainingClass, TrainingClass.id == Lesson.class_id)
        .where(Lesson.starts_at <= at + opens, Lesson.ends_at >= at, TrainingClass.state.in_(scope.HELD), booked)
        .order_by(Lesson.starts_at, Lesson.id)
    )
    return list(db.session.scalars(query))


def _device_index(evidence: Evidence) -> str | None:
    return crypto.blind_index(evidence.device, field="marks.device") if evidence.device else None


def _signals(lesson: Lesson, person_id: int, evidence: Evidence) -> dict[str, Any]:
    """What the phone's evidence says. A position is compared and forgotten, and not even that without consent."""
    signals: dict[str, Any] = {"place": NOT_GIVEN}
    if not evidence.device:
        signals[rules.NO_DEVICE] = True
    position = evidence.position
    if position is None:
        return signals
    place = db.session.get(LessonPlace, lesson.id)
    if place is None or not consents.is_given(person_id, consents.ATTENDANCE_PLACE):
        return signals | {"place": NOT_USED}
    metres = rules.distance_metres((place.latitude, place.longitude), (position.latitude, position.longitude))
    if rules.is_far(metres, position.accuracy, configuration.current().attendance_place_metres):
        signals[rules.FAR_AWAY] = round(metres, -2)
    return signals | {"place": USED}


def _told(lesson: Lesson, mark: Mark) -> CheckedIn:
    return CheckedIn(
        lesson_id=lesson.id,
        class_id=lesson.class_id,
        class_title=lesson.training_class.title,
        lesson_title=lesson.title,
        state=mark.state,
        arrived_at=mark.arrived_at or mark.at,
        recorded_at=mark.recorded_at,
        place=mark.signals.get("place", NOT_GIVEN),
        detail=_spoken(lesson, mark),
    )


def _spoken(lesson: Lesson, mark: Mark) -> str:
    if mark.source not in (MarkSource.SCAN, MarkSource.TYPED):
        return f"老师已登记为“{SAID[mark.state]}”，如有不符请找老师"
    if mark.state == MarkState.PRESENT:
        return "签到成功"
    minutes = int((mark.at - lesson.starts_at).total_seconds()) // 60
    if mark.state == MarkState.LATE:
        return f"已签到，迟到{minutes}分钟"
    return f"已迟到{minutes}分钟，按规定记为缺课；如有特殊情况请找老师"
