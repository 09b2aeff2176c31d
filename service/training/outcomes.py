"""What a class came to, told to each who took part: completed or not, and the hours attended."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import exists, select

from service.core import clock, configuration
from service.core.db import db
from service.messaging import outbox
from service.messaging.outbox import Errand
from service.training import attendance_scope as scope
from service.training.attendance_models import Completion
from service.training.labels import MY_TRAINING
from service.training.models import Lesson, TrainingClass


def tell(training_class: TrainingClass, completions: Iterable[Completion]) -> None:
    """Leave each of these people a notice of the outcome, once the class is settled; before that nothing.

    Once an outcome: told again only where a correction changes it.
    """
    if not is_settled(training_class):
        return
    now = clock.now()
    outbox.put_new([Errand(outbox.NOTICE, _key(each), _notice(training_class, each), now) for each in completions])


def is_settled(training_class: TrainingClass) -> bool:
    """Whether every sheet is sealed, or so long after the end that the clock has marked absent who has no mark."""
    open_sheet = exists().where(Lesson.class_id == training_class.id, Lesson.sealed_at.is_(None))
    if not db.session.scalar(select(open_sheet)):
        return True
    end = db.session.scalar(scope.last_end(training_class.id))
    return end is not None and clock.now() >= end + settling_time()


def settling_time() -> timedelta:
    """How long after the end the clock leaves a lesson to the trainer."""
    return timedelta(minutes=configuration.current().attendance_absent_minutes)


def _key(row: Completion) -> str:
    outcome = f"{row.hours_attended}-{row.hours_planned}-{int(row.is_completed)}"
    return f"{outbox.NOTICE}:completion:{row.class_id}:{outcome}:{row.person_id}"


def _notice(training_class: TrainingClass, row: Completion) -> dict[str, object]:
    result = "已结业" if row.is_completed else "未结业"
    said = f"《{training_class.title}》{result}：应到{row.hours_planned}课时，实到{row.hours_attended}课时。"
    doubt = "" if row.is_completed else "如有不符，请联系老师或主办工会。"
    return {
        "person_id": row.person_id, "title": "结业情况", "body": said + doubt, "link": MY_TRAINING,
        "topic": "completion",
    }  # fmt: skip
