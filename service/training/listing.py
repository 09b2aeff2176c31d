"""Finding classes: the filters lists share, and one page of lines with two queries however long it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, select

from service.booking.enums import OfferingState
from service.booking.models import Offering
from service.core.clock import SHANGHAI
from service.core.db import db
from service.core.errors import Invalid
from service.core.search import like_pattern
from service.organisations import divisions, occupations
from service.organisations.enums import Industry
from service.training import states
from service.training.enums import ClassOrder, ClassState, LessonMode
from service.training.models import Course, Lesson, TrainingClass

STILL_AHEAD = (ClassState.PUBLISHED, ClassState.OPEN, ClassState.FULL, ClassState.CLOSED, ClassState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; None where it is not. Dates are days in Pu'er and meet any part of the class."""

    county: str | None = None
    industry: Industry | None = None
    occupation: str | None = None
    mode: LessonMode | None = None
    opens_after: datetime | None = None
    starts_after: datetime | None = None
    from_on: date | None = None
    to_on: date | None = None
    states: Sequence[ClassState] | None = None
    q: str | None = None
    sort: ClassOrder = ClassOrder.STARTS_AT


@dataclass(frozen=True, slots=True)
class CourseLine:
    """What a line of a list tells of the course."""

    id: int
    title: str
    occupation_code: str | None
    occupation: str | None
    level: int | None
    industry: Industry
    hours: int
    gives_certificate: bool


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in a list. Places left are what a request would find now; the desk alone decides."""

    id: int
    title: str
    course: CourseLine
    county_code: str | None
    county: str | None
    place: str
    modes: list[LessonMode]
    lesson_count: int
    state: ClassState
    is_paused: bool
    opens_at: datetime
    closes_at: datetime
    cancel_until: datetime
    starts_at: datetime
    ends_at: datetime
    capacity: int
    places_left: int
    waiting_capacity: int
    waiting_left: int


def published(filters: Filters, now: datetime) -> Select[*tuple[Any, ...]]:
    """The query for published classes, with the columns `line` reads. Without `states`, those not over.

    A class of the whole city, without a county, is there for every county. Raises Invalid for an unknown code.
    """
    state = states.effective_column(now).label("state_now")
    query = (
        select(*COLUMNS, state)
        .join(Course, Course.id == TrainingClass.course_id)
        .join(Offering, Offering.id == TrainingClass.offering_id)
        .where(TrainingClass.state != ClassState.DRAFT)
        .where(state.in_([ClassState(each) for each in filters.states or STILL_AHEAD]))
    )
    if filters.county is not None:
        of_the_city = TrainingClass.county_code.is_(None)
        query = query.where((TrainingClass.county_code == filters.county) | of_the_city)
    return narrowed(query, filters, now)


def _require_known(filters: Filters) -> None:
    unknown = {}
    if filters.county is not None and filters.county not in divisions.COUNTIES:
        unknown["county"] = ["没有这个县（区），须为普洱市的县级代码，如530802"]
    if filters.occupation is not None and filters.occupation not in occupations.OCCUPATIONS:
        unknown["occupation"] = ["没有这个职业，须为职业代码而非名称，如4-03-02-07"]
    if unknown:
        raise Invalid(details=unknown)


def _rank(state: ColumnElement[ClassState]) -> ColumnElement[int]:
    """Open ones first, then those that will open, then full ones where one may wait, then the rest."""
    may_wait = (state == ClassState.FULL) & (Offering.waiting < Offering.waiting_capacity)
    is_running = Offering.state == OfferingState.OPEN
    return case(
        (is_running & (state == ClassState.OPEN), 0),
        (is_running & (state == ClassState.PUBLISHED), 1),
        (is_running & may_wait, 2),
        else_=3,
    )


def narrowed(query: Select[*tuple[Any, ...]], filters: Filters, now: datetime) -> Select[*tuple[Any, ...]]:
    """The query over `TrainingClass`, `Course` and `Offering`, narrowed and sorted.

    States and county are the caller's matter. Raises Invalid for an unknown code.
    """
    _require_known(filters)
    if filters.industry is not None:
        query = query.where(Course.industry == filters.industry)
    if filters.occupation is not None:
        query = query.where(Course.occupation_code == filters.occupation)
    if filters.mode is not None:
        held = (Lesson.class_id == TrainingClass.id) & (Lesson.mode == filters.mode)
        query = query.where(select(Lesson.id).where(held).exists())
    if filters.starts_after is not None:
        query = query.where(TrainingClass.starts_at >= filters.starts_after)
    if filters.opens_after is not None:
        query = query.where(TrainingClass.opens_at >= filters.opens_after)
    if filters.from_on is not None:
        query = query.where(TrainingClass.ends_at >= _midnight(filters.from_on))
    if filters.to_on is not None:
        query = query.where(TrainingClass.starts_at < _midnight(filters.to_on) + timedelta(days=1))
    for word in (filters.q or "").split():
        query = query.where(TrainingClass.search.like(like_pattern(word), escape="\\"))
    if filters.sort is ClassOrder.BOOKABLE:
        state = states.effective_column(now)
        query = query.order_by(_rank(state), case((state == ClassState.PUBLISHED, TrainingClass.opens_at)))
    return query.order_by(*ORDERS[filters.sort], TrainingClass.id)


def lines(rows: Sequence[Row[Any]]) -> list[ClassLine]:
    """The lines of these rows; their lessons come with one query for all."""
    lessons = _lessons(row.id for row in rows)
    return [_line(row, *lessons.get(row.id, ([], 0))) for row in rows]


def places_left(capacity: int, taken: int, waiting: int) -> int:
    """Places a newcomer may take: none while somebody waits, for whom a free place is kept."""
    return 0 if waiting else max(capacity - taken, 0)


def is_paused(state: OfferingState) -> bool:
    """Whether staff have paused the window."""
    return state is OfferingState.PAUSED


def _lessons(class_ids: Iterable[int]) -> dict[int, tuple[list[LessonMode], int]]:
    rows = db.session.execute(
        select(Lesson.class_id, Lesson.mode, func.count())
        .where(Lesson.class_id.in_(list(class_ids)))
        .group_by(Lesson.class_id, Lesson.mode)
    )
    found: dict[int, tuple[list[LessonMode], int]] = {}
    for class_id, mode, count in rows:
        modes, total = found.get(class_id, ([], 0))
        found[class_id] = (sorted([*modes, mode], key=MODES.index), total + count)
    return found


def _line(row: Row[Any], modes: list[LessonMode], lesson_count: int) -> ClassLine:
    course = CourseLine(
        row.course_id,
        row.course_title,
        row.occupation_code,
        occupations.occupation_name(row.occupation_code),
        row.level,
        row.industry,
        row.hours,
        row.gives_certificate,
    )
    return ClassLine(
        id=row.id,
        title=row.title,
        course=course,
        county_code=row.county_code,
        county=divisions.county_name(row.county_code),
        place=row.place,
        modes=modes,
        lesson_count=lesson_count,
        state=row.state_now,
        is_paused=is_paused(row.offering_state),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        cancel_until=row.cancel_until,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
        places_left=places_left(row.capacity, row.taken, row.waiting),
        waiting_capacity=row.waiting_capacity,
        waiting_left=max(row.waiting_capacity - row.waiting, 0),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


MODES = list(LessonMode)
COLUMNS = (
    TrainingClass.id,
    TrainingClass.title,
    TrainingClass.county_code,
    TrainingClass.place,
    TrainingClass.opens_at,
    TrainingClass.closes_at,
    TrainingClass.cancel_until,
    TrainingClass.starts_at,
    TrainingClass.ends_at,
    Course.id.label("course_id"),
    Course.title.label("course_title"),
    Course.occupation_code,
    Course.level,
    Course.industry,
    Course.hours,
    Course.gives_certificate,
    Offering.state.label("offering_state"),
    Offering.capacity,
    Offering.taken,
    Offering.waiting_capacity,
    Offering.waiting,
)
ORDERS: dict[ClassOrder, tuple[Any, ...]] = {
    ClassOrder.BOOKABLE: (TrainingClass.starts_at,),
    ClassOrder.STARTS_AT: (TrainingClass.starts_at,),
    ClassOrder.OPENS_AT: (TrainingClass.opens_at,),
    ClassOrder.NEWEST: (TrainingClass.created_at.desc(),),
}
