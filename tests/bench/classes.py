"""Published classes to book: their rows, and an offering opened the way the service opens it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from service.booking import offerings
from service.booking.enums import OfferingKind
from service.core import clock
from service.core.db import db
from service.core.transaction import transactional
from service.organisations.enums import Industry
from service.organisations.models import UnionNode
from service.training.enums import ClassState, FundSource, LessonMode
from service.training.models import Course, Lesson, TrainingClass

LARGEST_CLASS = 5000
"""What the class's form allows; the desk goes by the offering, which a benchmark may make larger."""


@dataclass(frozen=True, slots=True)
class OpenClass:
    """A class whose window is open."""

    class_id: int
    offering_id: int

    @property
    def path(self) -> str:
        """Where it is read."""
        return f"/api/v1/training/classes/{self.class_id}"

    @property
    def bookings_path(self) -> str:
        """Where it is booked."""
        return f"{self.path}/bookings"


@transactional
def open_class(*, capacity: int, waiting: int = 0, opens_in_seconds: float = -60.0, day: int = 14) -> OpenClass:
    """A class with one lesson, `day` days ahead; booking takes a verified membership."""
    at = clock.now()
    starts_at = at + timedelta(days=day)
    node_id = db.session.scalars(select(UnionNode.id).order_by(UnionNode.id)).first()
    assert node_id is not None, "seed people first"
    plan = offerings.Plan(
        title="评茶员初级班",
        capacity=capacity,
        waiting_capacity=waiting,
        opens_at=at + timedelta(seconds=opens_in_seconds),
        closes_at=at + timedelta(days=1),
        cancel_until=at + timedelta(days=2),
        offers_until=at + timedelta(days=2),
        offer_minutes=30,
        gates=({"kind": "membership"},),
        spans=((starts_at, starts_at + timedelta(hours=2)),),
    )
    run = _class(node_id, plan)
    offering = offerings.open_offering(OfferingKind.TRAINING_CLASS, run.id, plan)
    run.offering_id, run.state = offering.id, ClassState.OPEN
    return OpenClass(run.id, offering.id)


def _class(node_id: int, plan: offerings.Plan) -> TrainingClass:
    at = clock.now()
    starts_at, ends_at = plan.spans[0]
    course = Course(
        node_id=node_id,
        title="评茶员初级",
        industry=Industry.TEA,
        hours=40,
        fund_source=FundSource.UNION,
        created_at=at,
    )
    db.session.add(course)
    db.session.flush()
    run = TrainingClass(
        course_id=course.id, node_id=node_id, state=ClassState.DRAFT, title=plan.title, place="思茅区职工之家",
        capacity=min(plan.capacity, LARGEST_CLASS), waiting_capacity=plan.waiting_capacity, opens_at=plan.opens_at,
        closes_at=plan.closes_at, cancel_until=plan.cancel_until, offers_until=plan.offers_until,
        starts_at=starts_at, ends_at=ends_at, audience=list(plan.gates), created_at=at,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    db.session.add(Lesson(class_id=run.id, starts_at=starts_at, ends_at=ends_at, mode=LessonMode.ON_SITE, hours=2))
    return run
