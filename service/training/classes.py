"""Classes: planned as drafts, copied, thrown away. Changing one that people may have booked is in `changes.py`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, select

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.training import authors, plans, rules, scopes
from service.training.enums import ClassState, TrainerRole
from service.training.errors import CourseArchived, NotADraft
from service.training.models import ClassTrainer, Course, Lesson, TrainingClass
from service.training.plans import ClassPlan
from service.training.rules import LessonPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """What a copy has other than its original: all times some days later, and perhaps another title."""

    shift_days: int
    title: str | None = None


@transactional
def create(actor: Actor, plan: ClassPlan) -> TrainingClass:
    """A new draft of a course the actor may use, in the node named or the actor's own.

    Raises NodeUnknown, CourseUnknown, CourseArchived, PlanInvalid.
    """
    node = scopes.node_for(actor, plan.node_id)
    course = usable_course(actor, plan.course_id)
    planned = plans.values(actor, plan, course, node)
    lessons = list(plan.lessons or ())
    plans.check_fit(planned, lessons)
    made = TrainingClass(created_at=clock.now(), state=ClassState.DRAFT, course=course, offering=None, **planned)
    made.lessons = [new_lesson(lesson) for lesson in lessons]
    span(made)
    db.session.add(made)
    db.session.flush()
    authors.wrote(actor, made.id)
    entries.record(actor, "training.class_created", "class", made.id, course_id=course.id, node_id=node.id)
    return made


@transactional
def copy(actor: Actor, class_id: int, copying: Copying) -> TrainingClass:
    """A new draft like the class, all times shifted; with its trainers, without its substitutes and bookings.

    Raises ClassUnknown, CourseUnknown, CourseArchived.
    """
    original = scopes.class_in_scope(actor, class_id)
    course = usable_course(actor, original.course_id)
    planned = plans.columns(original)
    for name in ("opens_at", "closes_at", "cancel_until", "offers_until"):
        planned[name] = rules.shifted(planned[name], copying.shift_days)
    planned["title"] = copying.title or original.title
    made = TrainingClass(created_at=clock.now(), state=ClassState.DRAFT, course=course, offering=None, **planned)
    made.lessons = [new_lesson(_moved(plans.lesson_plan(each), copying.shift_days)) for each in original.lessons]
    span(made)
    db.session.add(made)
    db.session.flush()
    _copy_trainers(original.id, made.id)
    authors.wrote(actor, made.id)
    entries.record(actor, "training.class_copied", "class", made.id, copied_from=original.id)
    return made


@transactional
def discard(actor: Actor, class_id: int) -> None:
    """Throw a draft away. Raises ClassUnknown, NotADraft."""
    found = scopes.class_in_scope(actor, class_id)
    scopes.lock(found)
    if found.state is not ClassState.DRAFT:
        raise NotADraft
    authors.forget(found.id)
    db.session.execute(delete(ClassTrainer).where(ClassTrainer.class_id == found.id))
    db.session.delete(found)
    entries.record(actor, "training.class_discarded", "class", class_id)


def usable_course(actor: Actor, course_id: int) -> Course:
    """The course, for a new class of it. Raises CourseUnknown, CourseArchived."""
    course = scopes.course_in_sight(actor, course_id)
    if course.archived_at is not None:
        raise CourseArchived
    return course


def new_lesson(plan: LessonPlan) -> Lesson:
    """A lesson as planned."""
    return Lesson(
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        mode=plan.mode,
        hours=plan.hours,
        title=plan.title,
        room=plan.room,
    )


def span(training_class: TrainingClass) -> None:
    """Keep the class's first start and last end beside it, as its lessons have them."""
    lessons: Sequence[Lesson] = training_class.lessons
    training_class.starts_at = min((lesson.starts_at for lesson in lessons), default=None)
    training_class.ends_at = max((lesson.ends_at for lesson in lessons), default=None)


def _moved(plan: LessonPlan, days: int) -> LessonPlan:
    return replace(plan, starts_at=rules.shifted(plan.starts_at, days), ends_at=rules.shifted(plan.ends_at, days))


def _copy_trainers(original_id: int, made_id: int) -> None:
    teaching = select(ClassTrainer).where(
        ClassTrainer.class_id == original_id, ClassTrainer.role != TrainerRole.SUBSTITUTE
    )
    for each in db.session.scalars(teaching).all():
        db.session.add(ClassTrainer(class_id=made_id, person_id=each.person_id, role=each.role))
