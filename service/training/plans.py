"""A class as staff plan it, and the values that plan gives its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.core import configuration
from service.core.access import Actor
from service.organisations import divisions
from service.organisations.models import UnionNode
from service.training import audience, courses, rules
from service.training.errors import PlanInvalid
from service.training.models import Course, Lesson, TrainingClass
from service.training.rules import LessonPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPlan:
    """What staff say of a class; None takes the default named in `values`. `lessons` None leaves those there are."""

    course_id: int
    place: str
    capacity: int
    opens_at: datetime
    closes_at: datetime
    node_id: int | None = None
    title: str | None = None
    county_code: str | None = None
    waiting_capacity: int = 0
    cancel_until: datetime | None = None
    offers_until: datetime | None = None
    offer_minutes: int | None = None
    audience: Sequence[Mapping[str, Any]] = field(default_factory=list)
    late_after_minutes: int = 10
    absent_after_minutes: int = 30
    early_before_minutes: int = 30
    completion_percent: int | None = None
    lessons: Sequence[LessonPlan] | None = None

    @classmethod
    def of(cls, order: Mapping[str, Any]) -> "ClassPlan":
        """The plan an order brings."""
        lessons = order.get("lessons")
        planned = None if lessons is None else [LessonPlan(**each) for each in lessons]
        return cls(**{**order, "lessons": planned})


def values(actor: Actor, plan: ClassPlan, course: Course, node: UnionNode) -> dict[str, Any]:
    """The columns of the class. Defaults: the course's title and completion percentage, the node's county,
    cancelling until the window closes, the waiting list served as long as places may be given back.

    Raises PlanInvalid for an audience, county or attendance rule that cannot be.
    """
    county = plan.county_code or (node.county_code if node.county_code in divisions.COUNTIES else None)
    _check(plan)
    cancel_until = plan.cancel_until or plan.closes_at
    title = plan.title or course.title
    return {
        "course_id": course.id,
        "node_id": node.id,
        "title": title,
        "place": plan.place,
        "county_code": county,
        "capacity": plan.capacity,
        "waiting_capacity": plan.waiting_capacity,
        "opens_at": plan.opens_at,
        "closes_at": plan.closes_at,
        "cancel_until": cancel_until,
        "offers_until": plan.offers_until or cancel_until,
        "offer_minutes": plan.offer_minutes or configuration.current().offer_minutes,
        "audience": audience.checked(actor, plan.audience),
        "late_after_minutes": plan.late_after_minutes,
        "absent_after_minutes": plan.absent_after_minutes,
        "early_before_minutes": plan.early_before_minutes,
        "completion_percent": plan.completion_percent or course.completion_percent,
        "search": courses.found_under(course, title, plan.place, county),
    }


def check_fit(planned: Mapping[str, Any], lessons: Sequence[LessonPlan]) -> None:
    """Raise PlanInvalid unless times, places and lessons fit together."""
    problems = rules.plan_problems(planned["capacity"], window(planned), lessons)
    if problems:
        raise PlanInvalid(details=problems)


def window(planned: Mapping[str, Any]) -> rules.Window:
    """The booking window among these columns."""
    return rules.Window(**{name: planned[name] for name in ("opens_at", "closes_at", "cancel_until", "offers_until")})


def columns(training_class: TrainingClass) -> dict[str, Any]:
    """The columns a plan gives, as the class has them."""
    return {name: getattr(training_class, name) for name in COLUMNS}


def lesson_plan(lesson: Lesson) -> LessonPlan:
    """The lesson as it would be planned again, its id with it."""
    return LessonPlan(lesson.starts_at, lesson.ends_at, lesson.mode, lesson.hours, lesson.title, lesson.room, lesson.id)


COLUMNS = (
    "course_id",
    "node_id",
    "title",
    "place",
    "county_code",
    "capacity",
    "waiting_capacity",
    "opens_at",
    "closes_at",
    "cancel_until",
    "offers_until",
    "offer_minutes",
    "audience",
    "late_after_minutes",
    "absent_after_minutes",
    "early_before_minutes",
    "completion_percent",
    "search",
)


def _check(plan: ClassPlan) -> None:
    problems = {}
    if plan.county_code is not None and plan.county_code not in divisions.COUNTIES:
        problems["county_code"] = ["没有这个县（区）代码"]
    if plan.absent_after_minutes < plan.late_after_minutes:
        problems["absent_after_minutes"] = ["不能少于迟到的分钟数"]
    if problems:
        raise PlanInvalid(details=problems)
