"""Completion: the hours a worker attended and whether they meet the class's rule."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from service.core import clock
from service.core.db import db
from service.training import attendance_rules as rules
from service.training import attendance_scope as scope
from service.training import outcomes
from service.training.attendance_models import Completion, Mark
from service.training.attendance_rules import Hours
from service.training.enums import MarkState
from service.training.models import Lesson, TrainingClass


def refresh(training_class: TrainingClass, person_ids: Iterable[int]) -> None:
    """Compute the completions of these people anew, once the class's last lesson is over; before that do nothing.

    Who has an outcome that stands is told of it (`outcomes.tell`).
    The caller holds their locks, so that two corrections of two lessons of one class follow each other.
    """
    if not is_over(training_class):
        return
    counted = hours_of(training_class.id, person_ids)
    query = select(Completion).where(Completion.class_id == training_class.id, Completion.person_id.in_(counted))
    known = {row.person_id: row for row in db.session.scalars(query.execution_options(populate_existing=True))}
    rows = []
    for person_id, hours in counted.items():
        row = known.get(person_id) or Completion(class_id=training_class.id, person_id=person_id)
        row.course_id = training_class.course_id
        row.hours_planned, row.hours_attended, row.hours_by_mode = hours.planned, hours.attended, hours.by_mode
        row.is_completed = hours.meets(training_class.completion_percent)
        row.computed_at = clock.now()
        rows.append(row)
    db.session.add_all(rows)
    db.session.flush()
    outcomes.tell(training_class, rows)


def is_over(training_class: TrainingClass) -> bool:
    """Whether the class's last lesson has ended."""
    end = db.session.scalar(scope.last_end(training_class.id))
    return end is not None and end <= clock.now()


def hours_of(class_id: int, person_ids: Iterable[int]) -> dict[int, Hours]:
    """The hours of each of these people in a class so far, by person."""
    wanted = sorted(set(person_ids))
    lessons = db.session.execute(select(Lesson.id, Lesson.mode, Lesson.hours).where(Lesson.class_id == class_id)).all()
    states: dict[int, dict[int, MarkState]] = defaultdict(dict)
    query = select(Mark.person_id, Mark.lesson_id, Mark.state).join(Lesson, Lesson.id == Mark.lesson_id)
    for person_id, lesson_id, state in db.session.execute(
        query.where(Lesson.class_id == class_id, Mark.person_id.in_(wanted))
    ):
        states[person_id][lesson_id] = state
    return {
        person_id: rules.count_hours((mode, hours, states[person_id].get(id_)) for id_, mode, hours in lessons)
        for person_id in wanted
    }


def completed(person_ids: Iterable[int], course_id: int) -> set[int]:
    """Which of these people have completed the course, in whatever class of it."""
    query = select(Completion.person_id).where(
        Completion.course_id == course_id, Completion.is_completed.is_(True), Completion.person_id.in_(set(person_ids))
    )
    return set(db.session.scalars(query))


def completions_of(person_id: int, class_ids: Iterable[int]) -> dict[int, Completion]:
    """A person's completions in these classes, by class."""
    query = select(Completion).where(Completion.person_id == person_id, Completion.class_id.in_(set(class_ids)))
    return {row.class_id: row for row in db.session.scalars(query)}


def of_class(class_id: int) -> dict[int, bool]:
    """Who of the class has completed it and who has not, by person; nobody before it is over."""
    query = select(Completion.person_id, Completion.is_completed).where(Completion.class_id == class_id)
    return {row.person_id: row.is_completed for row in db.session.execute(query)}
