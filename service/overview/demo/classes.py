"""Made-up classes, such that at every start there is something to grab, something full and something running."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from service.booking import desk
from service.booking.rules import Ask
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.organisations.enums import Industry
from service.overview.demo import register
from service.training import classes, courses, publishing, states, trainers
from service.training.courses import CoursePlan
from service.training.enums import ClassState, FundSource, LessonMode
from service.training.models import Course, TrainingClass
from service.training.plans import ClassPlan
from service.training.rules import LessonPlan
from service.training.trainers import Teaching

SIMAO, NINGER = "530802", "530821"
GRAB_PLACES, GRAB_WAITING = 50, 450
OPENS_IN = timedelta(minutes=2)
STARTS_IN = timedelta(seconds=10)
"""The running class is published before its first lesson, as every class must be: this long before."""
LESSON = timedelta(hours=3)
SOON_IN = timedelta(minutes=50)
"""Before the lesson of the class that can be taken and attended at once: check-in opens an hour before a lesson."""
FULL_PLACES = 4
BOOKED_FULL = range(101, 108)
"""Workers in the full class: the first four have a place, the others wait."""
BOOKED_RUNNING = range(21, 41)
"""Workers in the running class; worker-0001 to worker-0020 have booked nothing."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of demo class: its course, and where it is held. `hours`: the lesson hours of the course."""

    title: str
    occupation_code: str
    level: int
    industry: Industry
    place: str
    county_code: str
    hours: int = 12
    gives_certificate: bool = True


GRAB = Sort("茶艺师（五级）", "4-03-02-07", 5, Industry.TEA, "普洱市职工培训中心一楼", SIMAO)
OPEN = Sort("咖啡师（五级）", "4-03-02-08", 5, Industry.COFFEE, "宁洱县职工学校", NINGER)
FULL = Sort("评茶师（四级）", "6-02-06-11", 4, Industry.TEA, "普洱市职工培训中心二楼", SIMAO)
SOON = Sort("民宿管家体验课", "4-14-06-02", 5, Industry.OTHER, "普洱市职工之家", SIMAO, 1, gives_certificate=False)
RUNNING = Sort("电工安全技能", "6-31-01-03", 5, Industry.OTHER, "市工业园区实训基地", SIMAO, 4)


def refresh(actor: Actor, main_trainer_id: int, unions: int) -> None:
    """Have one class open in two minutes, one open, one full with a waiting list, one running with a lesson today, and
    one open whose lesson begins within the hour, so that a place can be taken and attended in one sitting.

    Classes that still are what they should be stay; those nobody booked in time are called off.
    """
    now = clock.now()
    _call_off_ungrabbed(actor)
    _publish(actor, GRAB, _grab(now), main_trainer_id)
    if not _stands(OPEN, ClassState.OPEN):
        _publish(actor, OPEN, _booking_week(now, places=30, waiting=20, lessons_in=15), main_trainer_id)
    if not _stands(SOON, ClassState.OPEN):
        _publish(actor, SOON, _soon(now), main_trainer_id)
    if not _stands(FULL, ClassState.FULL):
        plan = _booking_week(now, places=FULL_PLACES, waiting=10, lessons_in=20)
        _book(_publish(actor, FULL, plan, main_trainer_id), register.worker_ids(BOOKED_FULL, unions))
    if not _classes(RUNNING):
        person_ids = register.worker_ids(BOOKED_RUNNING, unions)
        _book(_publish(actor, RUNNING, _running(clock.now()), main_trainer_id), person_ids)


@dataclass(frozen=True, slots=True)
class Timing:
    """Window, places and lessons of a class to be made."""

    opens_at: datetime
    closes_at: datetime
    capacity: int
    waiting_capacity: int
    lessons: Sequence[LessonPlan]


def _grab(now: datetime) -> Timing:
    return Timing(now + OPENS_IN, now + timedelta(days=7), GRAB_PLACES, GRAB_WAITING, _days(now, first=10))


def _booking_week(now: datetime, *, places: int, waiting: int, lessons_in: int) -> Timing:
    opens_at = now - timedelta(hours=1)
    return Timing(opens_at, now + timedelta(days=7), places, waiting, _days(now, first=lessons_in))


def _soon(now: datetime) -> Timing:
    starts_at = now + SOON_IN
    lesson = LessonPlan(starts_at, starts_at + timedelta(hours=1), LessonMode.ON_SITE, 1, "待客礼仪", "302")
    return Timing(now - timedelta(hours=1), starts_at - timedelta(minutes=5), 30, 20, [lesson])


def _running(now: datetime) -> Timing:
    starts_at = now + STARTS_IN
    today = LessonPlan(starts_at, starts_at + LESSON, LessonMode.HANDS_ON, 4, "安全用电实训", "一号实训室")
    return Timing(now - timedelta(days=1), starts_at, 30, 0, [today])


def _days(now: datetime, *, first: int) -> list[LessonPlan]:
    """Three afternoons from 14:00 in Pu'er, the first so many days ahead."""
    day = clock.local(now).replace(hour=14, minute=0, second=0, microsecond=0)
    starts = [day + timedelta(days=first + each) for each in range(3)]
    return [
        LessonPlan(start, start + LESSON, LessonMode.ON_SITE, 4, f"第{number}讲", "多媒体教室")
        for number, start in enumerate(starts, start=1)
    ]


@transactional
def _publish(actor: Actor, sort: Sort, timing: Timing, main_trainer_id: int) -> TrainingClass:
    made = classes.create(
        actor,
        ClassPlan(
            course_id=_course(actor, sort).id,
            place=sort.place,
            county_code=sort.county_code,
            capacity=timing.capacity,
            waiting_capacity=timing.waiting_capacity,
            opens_at=timing.opens_at,
            closes_at=timing.closes_at,
            lessons=timing.lessons,
        ),
    )
    trainers.appoint(actor, made.id, Teaching(main_id=main_trainer_id))
    # Made up anew at each start, without the second person somebody may have asked for while trying things out: nobody
    # would be there to approve, and the start would fail.
    return publishing.publish_now(actor, made)


def _course(actor: Actor, sort: Sort) -> Course:
    standing = db.session.scalar(
        select(Course)
        .where(Course.title == sort.title, Course.hours == sort.hours, Course.archived_at.is_(None))
        .order_by(Course.id)
    )
    return standing or courses.create(
        actor,
        CoursePlan(
            title=sort.title,
            industry=sort.industry,
            hours=sort.hours,
            fund_source=FundSource.UNION,
            summary="演示课程，内容与人员均为虚构。",
            occupation_code=sort.occupation_code,
            level=sort.level,
            gives_certificate=sort.gives_certificate,
        ),
    )


def _book(made: TrainingClass, person_ids: Sequence[int]) -> None:
    """Places for these workers, first come, first served. Workers who cannot book are left out."""
    offering_id = publishing.offering_id(made)
    desk.decide([Ask(person_id, offering_id, person_id) for person_id in person_ids])


def _stands(sort: Sort, state: ClassState) -> bool:
    """Whether a class of the sort is in this state and does not close at once."""
    now = clock.now()
    return any(states.effective(each, now) is state and each.closes_at > now + OPENS_IN for each in _classes(sort))


def _call_off_ungrabbed(actor: Actor) -> None:
    """Call off what earlier starts left to be grabbed and nobody has booked."""
    for each in _classes(GRAB):
        if each.offering is not None and each.offering.taken == 0:
            publishing.cancel(actor, each.id, "演示环境重新启动")


@transactional
def _classes(sort: Sort) -> list[TrainingClass]:
    """The classes of the sort that are neither over nor called off."""
    now = clock.now()
    query = select(TrainingClass).join(Course).where(Course.title == sort.title).order_by(TrainingClass.id)
    over = (ClassState.FINISHED, ClassState.CANCELLED, ClassState.DRAFT)
    return [each for each in db.session.scalars(query) if states.effective(each, now) not in over]
