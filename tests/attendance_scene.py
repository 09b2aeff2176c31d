"""A class with a lesson today, its trainer, its staff and people with places: what attendance tests start from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from service.booking.enums import BookingState
from service.booking.models import Booking
from service.core.access import Actor, Grant, Role
from service.core.db import db
from service.organisations.enums import Industry
from service.organisations.models import UnionNode
from service.training.enums import ClassState, FundSource, LessonMode, TrainerRole
from service.training.models import ClassTrainer, Course, Lesson, TrainingClass
from tests import make

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""9:00 in Pu'er: the first lesson's start."""


def minutes(count: float) -> datetime:
    """So many minutes after the first lesson's start."""
    return START + timedelta(minutes=count)


@dataclass
class Scene:
    """Ids and actors; rows are loaded anew by who needs them."""

    node: UnionNode
    class_id: int
    lesson_ids: list[int]
    people: list[int]
    trainer: Actor
    staff: Actor
    others: dict[str, Actor] = field(default_factory=dict)

    @property
    def lesson_id(self) -> int:
        """The first lesson."""
        return self.lesson_ids[0]

    @property
    def lesson(self) -> Lesson:
        """The first lesson's row."""
        return db.session.get_one(Lesson, self.lesson_id)

    @property
    def training_class(self) -> TrainingClass:
        """The class's row."""
        return db.session.get_one(TrainingClass, self.class_id)


def trainer_at(node: UnionNode) -> Actor:
    """Somebody with a trainer's role on the node."""
    return Actor(make.person(name="李老师").id, grants=(Grant(Role.TRAINER, node.id, node.path),))


def scene(
    people: int = 3,
    lessons: Sequence[tuple[float, float, LessonMode, int]] = ((0, 120, LessonMode.ON_SITE, 4),),
    state: ClassState = ClassState.RUNNING,
) -> Scene:
    """A class whose lessons are given as (start, end) in minutes after START, mode and hours."""
    node = make.node()
    offering = make.offering(capacity=200)
    course = Course(
        node_id=node.id, title="茶艺师（五级）", industry=Industry.TEA, hours=8, fund_source=FundSource.UNION,
        created_at=START,
    )  # fmt: skip
    db.session.add(course)
    db.session.flush()
    held = TrainingClass(
        course_id=course.id, node_id=node.id, offering_id=offering.id, state=state, title="茶艺师初级班",
        place="思茅区工人文化宫", capacity=200, opens_at=minutes(-9000), closes_at=minutes(-6000),
        cancel_until=minutes(-6000), offers_until=minutes(-6000), created_at=START,
        starts_at=minutes(min(each[0] for each in lessons)), ends_at=minutes(max(each[1] for each in lessons)),
    )  # fmt: skip
    db.session.add(held)
    db.session.flush()
    made = [
        Lesson(
            class_id=held.id, title=f"第{number}课", starts_at=minutes(start), ends_at=minutes(end), room="301",
            mode=mode, hours=hours,
        )
        for number, (start, end, mode, hours) in enumerate(lessons, start=1)
    ]  # fmt: skip
    trainer = trainer_at(node)
    db.session.add_all([*made, ClassTrainer(class_id=held.id, person_id=trainer.worker_id, role=TrainerRole.MAIN)])
    db.session.flush()
    found = Scene(node, held.id, [each.id for each in made], [], trainer, make.staff(node))
    for _ in range(people):
        found.people.append(booked(found))
    return found


def booked(scene: Scene, person_id: int | None = None, state: BookingState = BookingState.BOOKED) -> int:
    """Somebody with a booking in the class; their id."""
    offering = scene.training_class.offering
    assert offering is not None
    person_id = person_id or make.person(member_of=scene.node).id
    offering.sequence += 1
    ends = minutes(9000) if state == BookingState.OFFERED else None
    db.session.add(
        Booking(
            offering_id=offering.id, person_id=person_id, state=state, sequence=offering.sequence,
            booked_at=minutes(-8000), cancel_until=minutes(-6000), changed_at=minutes(-8000), offer_expires_at=ends,
        )
    )  # fmt: skip
    db.session.commit()
    return person_id
