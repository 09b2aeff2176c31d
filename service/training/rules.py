"""The rules of classes: pure functions, no database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.training.enums import ClassEvent, ClassState, LessonMode

MOST_PLACES = 5000
MOST_LESSONS = 200
LONGEST_LESSON = timedelta(hours=24)

Problems = dict[str, Any]
"""{field: [message, ...]}; for lessons {"lessons": {index: {field: [message, ...]}}}."""

FINAL = frozenset({ClassState.FINISHED, ClassState.CANCELLED})
OPENED = frozenset({ClassState.OPEN, ClassState.FULL, ClassState.CLOSED, ClassState.RUNNING})
PUBLISHED = OPENED | {ClassState.PUBLISHED}

FIXED_IN: Mapping[str, tuple[frozenset[ClassState], str]] = {
    "course_id": (PUBLISHED, "发布后不能更换课程"),
    "node_id": (PUBLISHED, "发布后不能更换主办工会"),
    "audience": (OPENED, "开始报名后不能更改报名条件"),
    "opens_at": (OPENED, "已经开始报名"),
    "closes_at": (OPENED, "开始报名后请用“延长”“重开”或“提前截止”，并写明原因"),
    "late_after_minutes": (frozenset({ClassState.RUNNING}), "开课后不能更改考勤规则"),
    "absent_after_minutes": (frozenset({ClassState.RUNNING}), "开课后不能更改考勤规则"),
    "early_before_minutes": (frozenset({ClassState.RUNNING}), "开课后不能更改考勤规则"),
    "completion_percent": (frozenset({ClassState.RUNNING}), "开课后不能更改结业要求"),
}
"""Field -> the states in which it no longer changes, and what is said to who tries."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a class's state depends on besides the stored one: its times, its places and the hour."""

    opens_at: datetime
    closes_at: datetime
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    now: datetime


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """A lesson as planned. `id` names one that exists; without it a new one is made. `hours` are 课时."""

    starts_at: datetime
    ends_at: datetime
    mode: LessonMode
    hours: int = 1
    title: str = ""
    room: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The times of booking: from, to, give back until, waiting list served until."""

    opens_at: datetime
    closes_at: datetime
    cancel_until: datetime
    offers_until: datetime


def effective_state(stored: ClassState, moment: Moment) -> ClassState:
    """The state a reader is told: what staff decided, and else what the clock and the places say.

    The stored state follows with the next tick; nothing that is read waits for it.
    """
    if stored is ClassState.DRAFT or stored in FINAL:
        return stored
    ladder = (
        (moment.now >= moment.ends_at, ClassState.FINISHED),
        (moment.now >= moment.starts_at, ClassState.RUNNING),
        (moment.now >= moment.closes_at, ClassState.CLOSED),
        (moment.now < moment.opens_at, ClassState.PUBLISHED),
        (moment.taken >= moment.capacity, ClassState.FULL),
    )
    return next((state for holds, state in ladder if holds), ClassState.OPEN)


def is_due(event: ClassEvent, moment: Moment) -> bool:
    """Whether the clock or the places call for the event, in a state whose row in the table allows it."""
    return {
        ClassEvent.OPENS: moment.now >= moment.opens_at,
        ClassEvent.FILLS: moment.taken >= moment.capacity,
        ClassEvent.FREES: moment.taken < moment.capacity,
        ClassEvent.CLOSES: moment.now >= moment.closes_at,
        ClassEvent.STARTS: moment.now >= moment.starts_at,
        ClassEvent.ENDS: moment.now >= moment.ends_at,
    }.get(event, False)


def plan_problems(capacity: int, window: Window, lessons: Sequence[LessonPlan]) -> Problems:
    """What does not fit together in a plan, by field; empty where all is well. A draft may have no lessons yet."""
    problems: Problems = {}
    if not 1 <= capacity <= MOST_PLACES:
        problems["capacity"] = [f"须在1到{MOST_PLACES}之间"]
    if window.opens_at >= window.closes_at:
        problems["closes_at"] = ["须晚于开始报名的时间"]
    if lessons:
        first = min(lesson.starts_at for lesson in lessons)
        for field, said in (
            ("closes_at", "截止报名不能晚于第一次课开始"),
            ("cancel_until", "可取消的时间不能晚于第一次课开始"),
            ("offers_until", "候补递补不能晚于第一次课开始"),
        ):
            if getattr(window, field) > first:
                problems.setdefault(field, []).append(said)
    by_lesson = lesson_problems(lessons)
    return problems | ({"lessons": by_lesson} if by_lesson else {})


def lesson_problems(lessons: Sequence[LessonPlan]) -> dict[Any, Any]:
    """What is wrong with each lesson, by its index in the list."""
    if len(lessons) > MOST_LESSONS:
        return {"_schema": [f"最多{MOST_LESSONS}次课"]}
    found: dict[Any, Any] = {}
    for index, lesson in enumerate(lessons):
        if lesson.starts_at >= lesson.ends_at:
            found[str(index)] = {"ends_at": ["须晚于上课时间"]}
        elif lesson.ends_at - lesson.starts_at > LONGEST_LESSON:
            found[str(index)] = {"ends_at": ["一次课不能超过24小时"]}
    for index in overlapping(lessons):
        found.setdefault(str(index), {}).setdefault("starts_at", []).append("与本班另一次课时间重叠")
    return found


def overlapping(lessons: Sequence[LessonPlan]) -> list[int]:
    """The indexes of lessons that begin before an earlier one has ended. Touching ends do not overlap."""
    order = sorted(range(len(lessons)), key=lambda index: (lessons[index].starts_at, index))
    found = []
    latest: datetime | None = None
    for index in order:
        if latest is not None and lessons[index].starts_at < latest:
            found.append(index)
        latest = max(latest, lessons[index].ends_at) if latest is not None else lessons[index].ends_at
    return sorted(found)


def publish_problems(window: Window, lessons: Sequence[LessonPlan], now: datetime) -> Problems:
    """What keeps a sound plan from being published at this hour."""
    problems: Problems = {}
    if not lessons:
        problems["lessons"] = ["请先安排课次"]
    elif min(lesson.starts_at for lesson in lessons) <= now:
        problems["lessons"] = ["第一次课的时间已过"]
    if window.closes_at <= now:
        problems["closes_at"] = ["截止报名的时间已过"]
    return problems


def fixed_fields(state: ClassState, changed: Sequence[str]) -> Problems:
    """Which of the changed fields may no longer change in this state, each with the reason."""
    return {field: [FIXED_IN[field][1]] for field in changed if field in FIXED_IN and state in FIXED_IN[field][0]}


def fixed_lessons(present: Sequence[LessonPlan], planned: Sequence[LessonPlan], now: datetime) -> Problems:
    """Which changes of a published class's lessons come too late: those begun stay, new times lie ahead."""
    if not planned:
        return {"lessons": ["发布后至少要有一次课"]}
    by_id = {lesson.id: lesson for lesson in planned if lesson.id is not None}
    begun = [lesson for lesson in present if lesson.starts_at <= now]
    if any(by_id.get(lesson.id or 0) != lesson for lesson in begun):
        return {"lessons": ["已开始的课不能更改或删除"]}
    kept = {lesson.id for lesson in begun}
    late = [i for i, lesson in enumerate(planned) if lesson.starts_at <= now and lesson.id not in kept]
    return {"lessons": {str(i): {"starts_at": ["这个时间已过"]} for i in late}} if late else {}


def hours_differ(lessons: Sequence[LessonPlan], course_hours: int) -> bool:
    """Whether the lessons add up to other hours (课时) than the course has: a warning, not a refusal."""
    return sum(lesson.hours for lesson in lessons) != course_hours


def closing_at(window: Window, closes_at: datetime) -> dict[str, datetime]:
    """The window's times when it closes at another hour: what was tied to the old hour moves later with it."""

    def moved(instant: datetime) -> datetime:
        return max(instant, closes_at) if instant == window.closes_at else instant

    return {
        "closes_at": closes_at,
        "cancel_until": moved(window.cancel_until),
        "offers_until": moved(window.offers_until),
    }


def shifted(instant: datetime, days: int) -> datetime:
    """The same time of day some days later (or earlier). Pu'er keeps no daylight saving time."""
    return instant + timedelta(days=days)
