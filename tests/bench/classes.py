"""Published classes to book, written as rows."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from service.booking.enums import OfferingKind
from service.booking.models import Offering
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
    def bookings_path(self) -> str:
        """Where it is booked."""
        return f"/api/v1/training/classes/{self.class_id}/bookings"


@transactional
def open_class(*, capacity: int, waiting: int = 0, opens_in_seconds: float = -60.0, day: int = 14) -> OpenClass:
    """A class with one lesson, `day` days ahead; booking takes a verified membership."""
    at = clock.now()
    starts_at = at + timedelta(days=day)
    ends_at = starts_at + timedelta(hours=2)
    node_id = db.session.scalars(select(UnionNode.id).order_by(UnionNode.id)).first()
    assert node_id is not None, "seed people first"
    window = {
        "opens_at": at + timedelta(seconds=opens_in_seconds),
        "closes_at": at + timedelta(days=1),
        "cancel_until": at + timedelta(days=2),
        "offers_until": at + timedelta(days=2),
    }
    gates = [{"kind": "membership"}]
    offering = Offering(
        kind=OfferingKind.TRAINING_CLASS, title="评茶员初级班", capacity=capacity, waiting_capacity=waiting,
        starts_at=starts_at, ends_at=ends_at,
        rules={"gates": gates, "spans": [[int(starts_at.timestamp()), int(ends_at.timestamp())]]}, **window,
    )  # fmt: skip
    course = Course(
        node_id=node_id,
        title="评茶员初级",
        industry=Industry.TEA,
        hours=40,
        fund_source=FundSource.UNION,
        created_at=at,
    )
    db.session.add_all([offering, course])
    db.session.flush()
    run = TrainingClass(
        course_id=course.id, node_id=node_id, offering_id=offering.id, state=ClassState.OPEN, title=offering.title,
        place="思茅区职工之家", capacity=min(capacity, LARGEST_CLASS), waiting_capacity=waiting, starts_at=starts_at, ends_at=ends_at,
        audience=gates, created_at=at, **window,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    db.session.add(Lesson(class_id=run.id, starts_at=starts_at, ends_at=ends_at, mode=LessonMode.ON_SITE, hours=2))
    return OpenClass(run.id, offering.id)
