"""Courses and classes for tests, made through the service with sensible defaults."""

from datetime import timedelta
from typing import Any

import orjson

from service.booking import bookings
from service.core import clock
from service.core.access import Actor, Grant, Role
from service.core.db import db
from service.identity.models import RoleGrant
from service.organisations.enums import Industry
from service.organisations.models import UnionNode
from service.training import classes, courses, publishing
from service.training.courses import CoursePlan
from service.training.enums import FundSource, LessonMode
from service.training.models import Course, TrainingClass
from service.training.plans import ClassPlan
from service.training.rules import LessonPlan
from tests import make

DAY = timedelta(days=1)


def course(staff: Actor, **plan: Any) -> Course:
    """A course of the staff's own node."""
    chosen: dict[str, Any] = {
        "title": "茶艺师五级", "industry": Industry.TEA, "hours": 4, "fund_source": FundSource.UNION,
        "occupation_code": "4-03-02-07", "level": 5,
    }  # fmt: skip
    return courses.create(staff, CoursePlan(**{**chosen, **plan}))


def lessons(starts_in: timedelta = 7 * DAY, count: int = 2) -> list[LessonPlan]:
    """Two-hour lessons, one a day, the first `starts_in` from now."""
    first = (clock.now() + starts_in).replace(microsecond=0)
    return [
        LessonPlan(first + day * DAY, first + day * DAY + timedelta(hours=2), LessonMode.ON_SITE, 2, f"第{day + 1}课")
        for day in range(count)
    ]


def plan(of: Course, **more: Any) -> ClassPlan:
    """A class whose window has been open for an hour and closes in five days; two lessons in a week."""
    now = clock.now().replace(microsecond=0)
    chosen: dict[str, Any] = {
        "course_id": of.id, "place": "思茅区职工之家", "capacity": 2, "waiting_capacity": 2,
        "opens_at": now - timedelta(hours=1), "closes_at": now + 5 * DAY, "lessons": lessons(),
    }  # fmt: skip
    return ClassPlan(**{**chosen, **more})


def draft(staff: Actor, of: Course | None = None, **more: Any) -> TrainingClass:
    """A draft of the course, of a new one where none is named."""
    return classes.create(staff, plan(of or course(staff), **more))


def published(staff: Actor, of: Course | None = None, **more: Any) -> TrainingClass:
    """A published class, open unless its times say otherwise."""
    return publishing.publish(staff, draft(staff, of, **more).id)


def book(person_id: int, training_class: TrainingClass) -> dict[str, Any]:
    """A booking through the desk: the receipt."""
    assert training_class.offering_id is not None
    receipt = bookings.book(actor=make.actor(person_id), offering_id=training_class.offering_id)
    answer: dict[str, Any] = orjson.loads(receipt)
    return answer


def trainer(where: UnionNode) -> Actor:
    """A trainer with the role on the node, in the database too."""
    who = make.person()
    db.session.add(RoleGrant(person_id=who.id, role=Role.TRAINER, node_id=where.id, granted_at=clock.now()))
    db.session.commit()
    return Actor(person_id=who.id, grants=(Grant(Role.TRAINER, where.id, where.path),))
