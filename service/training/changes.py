"""Changing a class: freely while it is a draft, within the rules and with notices once people may have booked it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update

from service.audit import entries
from service.booking import offerings
from service.core import clock
from service.core.access import Actor
from service.core.clock import local, spoken
from service.core.db import db
from service.core.lifecycle import WrongState
from service.core.transaction import transactional
from service.organisations import nodes
from service.training import (
    attendance_scope,
    authors,
    classes,
    notices,
    plans,
    publishing,
    rules,
    scopes,
    states,
    trainers,
)
from service.training.enums import ClassState
from service.training.errors import FieldFixed, PlanInvalid, Stale
from service.training.models import Lesson, TrainingClass
from service.training.plans import ClassPlan
from service.training.rules import LessonPlan


@transactional
def change(actor: Actor, class_id: int, plan: ClassPlan, version: int) -> TrainingClass:
    """The class as planned anew. Lessons are told apart by their ids; those not named are dropped.

    Once published, what `rules.FIXED_IN` names and lessons that have begun stay as they are, and people who are
    booked or wait are told of new times and places. Raises ClassUnknown, Stale, PlanInvalid, FieldFixed,
    WrongState for a class that is over, CapacityBelowTaken and WaitingBelowTaken with the number.
    """
    found = scopes.class_in_scope(actor, class_id)
    now = clock.now()
    state = states.effective(found, now)
    if state in rules.FINAL:
        raise WrongState(details={"state": state.value})
    planned, lessons = _planned(actor, found, plan)
    _check(found, state, planned, lessons, now)
    told = _differences(found, planned, lessons)
    changed = _changed(found, planned)
    if found.offering_id is not None:
        # Locks people and offering, which come before the class's own row.
        offerings.change(found.offering_id, publishing.offering_plan(planned, lessons))
        _keep_attended(found, lessons)
    claim(found, version)
    for field in changed:
        setattr(found, field, planned[field])
    released = _arrange(found, lessons) if plan.lessons is not None else []
    db.session.flush()
    if found.offering_id is not None:
        states.settle(found, now)
        if told:
            notices.told_of_changes(found, told, released)
    authors.wrote(actor, found.id)
    fields = [field for field in changed if field != "search"] + ["lessons"] * (plan.lessons is not None)
    entries.record(actor, "training.class_changed", "class", found.id, fields=fields, version=found.version)
    return found


def claim(training_class: TrainingClass, version: int) -> None:
    """Move the class's version on, if it is still the one that was read. Raises Stale."""
    claimed = (
        update(TrainingClass)
        .where(TrainingClass.id == training_class.id, TrainingClass.version == version)
        .values(version=version + 1)
        .returning(TrainingClass.id)
        .execution_options(synchronize_session=False)
    )
    is_claimed = db.session.scalar(claimed) is not None
    db.session.refresh(training_class, ["version", "state"])
    if not is_claimed:
        raise Stale(details={"version": training_class.version})


def _planned(actor: Actor, found: TrainingClass, plan: ClassPlan) -> tuple[dict[str, Any], list[LessonPlan]]:
    """The columns and lessons the class is to have. A node not named, and lessons not given, stay."""
    same = plan.node_id in (None, found.node_id)
    node = nodes.node(found.node_id) if same else scopes.node_for(actor, plan.node_id)
    course = found.course if plan.course_id == found.course_id else classes.usable_course(actor, plan.course_id)
    present = [plans.lesson_plan(lesson) for lesson in found.lessons]
    return plans.values(actor, plan, course, node), list(present if plan.lessons is None else plan.lessons)


def _check(
    found: TrainingClass,
    state: ClassState,
    planned: Mapping[str, Any],
    lessons: Sequence[LessonPlan],
    now: datetime,
) -> None:
    plans.check_fit(planned, lessons)
    own = {lesson.id: lesson for lesson in found.lessons}
    unknown = {str(i): {"id": ["本班没有这次课"]} for i, each in enumerate(lessons) if each.id and each.id not in own}
    twice = len({each.id for each in lessons if each.id}) < len([each for each in lessons if each.id])
    if unknown or twice:
        raise PlanInvalid(details={"lessons": unknown or ["同一次课写了两遍"]})
    if state is ClassState.DRAFT:
        return
    fixed = rules.fixed_fields(state, _changed(found, planned))
    fixed |= rules.fixed_lessons([plans.lesson_plan(each) for each in found.lessons], lessons, now)
    if fixed:
        raise FieldFixed(details=fixed)
    if state is ClassState.PUBLISHED:
        problems = rules.publish_problems(plans.window(planned), lessons, now)
        if problems:
            raise PlanInvalid(details=problems)


def _keep_attended(found: TrainingClass, lessons: Sequence[LessonPlan]) -> None:
    """Raise FieldFixed where a lesson with attendance would be dropped, or moved to a day on which nobody attended it.

    Asked under the people's locks, so that nobody checks in meanwhile.
    """
    planned = {each.id: (index, each) for index, each in enumerate(lessons)}
    if attendance_scope.with_records(each.id for each in found.lessons if each.id not in planned):
        raise FieldFixed(details={"lessons": ["已有考勤记录的课不能删除"]})
    kept = [(each, *planned[each.id]) for each in found.lessons if each.id in planned]
    moved = {
        each.id: index for each, index, plan in kept if local(plan.starts_at).date() != local(each.starts_at).date()
    }
    attended = attendance_scope.attended(moved)
    if attended:
        said = {"starts_at": ["已有人签到，只能改到当天的其他时间"]}
        raise FieldFixed(details={"lessons": {str(moved[lesson_id]): said for lesson_id in sorted(attended)}})


def _changed(found: TrainingClass, planned: Mapping[str, Any]) -> list[str]:
    return [field for field, value in planned.items() if getattr(found, field) != value]


def _arrange(found: TrainingClass, lessons: Sequence[LessonPlan]) -> list[int]:
    """Give the class exactly these lessons, keeping those named by id. Who was to teach one that is dropped instead."""
    own = {lesson.id: lesson for lesson in found.lessons}
    released = trainers.release(found.id, own.keys() - {each.id for each in lessons})
    found.lessons = [
        _arranged(own.get(plan.id or 0), plan) for plan in sorted(lessons, key=lambda each: each.starts_at)
    ]
    classes.span(found)
    return released


def _arranged(lesson: Lesson | None, plan: LessonPlan) -> Lesson:
    if lesson is None:
        return classes.new_lesson(plan)
    for field in ("starts_at", "ends_at", "mode", "hours", "title", "room"):
        setattr(lesson, field, getattr(plan, field))
    return lesson


def _differences(found: TrainingClass, planned: Mapping[str, Any], lessons: Sequence[LessonPlan]) -> list[str]:
    """What booked people must know, in words: place, times and rooms."""
    told = []
    if planned["place"] != found.place:
        told.append(f"地点改为{planned['place']}")
    before = [(each.starts_at, each.ends_at) for each in found.lessons]
    after = sorted((each.starts_at, each.ends_at) for each in lessons)
    if after != sorted(before):
        told.append(f"上课时间有调整，第一次课{spoken(after[0][0])}，共{len(after)}次")
    else:
        rooms = {(each.starts_at, each.room) for each in found.lessons}
        moved = [each for each in lessons if (each.starts_at, each.room) not in rooms]
        told += [f"{spoken(each.starts_at)}的课改到{each.room or '另行通知的教室'}" for each in moved]
    if planned["cancel_until"] < found.cancel_until:
        told.append(f"来不了请在{spoken(planned['cancel_until'])}前取消")
    return told
