"""What people are told when a class changes. What the booking desk does to a booking, the desk tells itself."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from service.booking.enums import ACTIVE
from service.booking.models import Booking
from service.core.clock import spoken
from service.core.db import db
from service.messaging import outbox
from service.training.models import ClassTrainer, TrainingClass


def told_of_changes(training_class: TrainingClass, changes: Sequence[str], released: Iterable[int] = ()) -> None:
    """Tell everybody booked or waiting, and who teaches or is `released`, what is different: once a class's version."""
    body = f"“{training_class.title}”有变动：{'；'.join(changes)}。"
    people = [*_holders(training_class), *_trainers(training_class.id), *released]
    _tell(training_class, people, "changed", "班次有变动", body)


def trainers_told_of_cancellation(training_class: TrainingClass, reason: str) -> None:
    """Tell who teaches that the class is off. Who booked it is told by the desk, which ends the bookings."""
    body = f"您任教的“{training_class.title}”已取消：{reason}"
    _tell(training_class, _trainers(training_class.id), "cancelled", "班次已取消", body)


def trainers_told_of_appointment(training_class: TrainingClass, person_ids: Iterable[int]) -> None:
    """Tell new trainers of a published class that they are to teach it."""
    when = f"，{spoken(training_class.starts_at)}开课" if training_class.starts_at else ""
    body = f"请您任教“{training_class.title}”{when}，地点：{training_class.place}。"
    _tell(training_class, person_ids, "appointed", "任教安排", body)


def _tell(training_class: TrainingClass, people: Iterable[int], what: str, title: str, body: str) -> None:
    key = f"class:{training_class.id}:{what}:{training_class.version}"
    for person_id in sorted(set(people)):
        outbox.notice(person_id, key, title, body, f"/classes/{training_class.id}")


def _holders(training_class: TrainingClass) -> list[int]:
    active = select(Booking.person_id).where(
        Booking.offering_id == training_class.offering_id, Booking.state.in_(ACTIVE)
    )
    return list(db.session.scalars(active))


def _trainers(class_id: int) -> list[int]:
    return list(db.session.scalars(select(ClassTrainer.person_id).where(ClassTrainer.class_id == class_id)))
