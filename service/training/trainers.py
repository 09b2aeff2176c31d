"""Who teaches: the main trainer and co-trainers of a class, substitutes for single lessons, and a trainer's own day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, delete, exists, false, or_, select
from sqlalchemy.orm import joinedload

from service.audit import entries
from service.core.access import Actor, Role
from service.core.clock import SHANGHAI
from service.core.db import db
from service.core.lifecycle import WrongState
from service.core.pages import Page, page_of
from service.core.search import like_pattern
from service.core.transaction import transactional
from service.identity.models import Person, RoleGrant
from service.organisations.models import UnionNode
from service.training import notices, rules, scopes
from service.training.enums import ClassState, TrainerRole
from service.training.errors import PlanInvalid
from service.training.models import ClassTrainer, Lesson, TrainingClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """Who is to teach a class. `substitutes` is {lesson id: person id}."""

    main_id: int
    co_trainer_ids: Sequence[int] = ()
    substitutes: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Teacher:
    """One who teaches, by name; `lesson_id` where only that lesson as a substitute."""

    person_id: int
    name: str
    role: TrainerRole
    lesson_id: int | None


@transactional
def appoint(actor: Actor, class_id: int, teaching: Teaching) -> list[Teacher]:
    """Have exactly these people teach the class; new ones of a published class are told.

    Raises ClassUnknown, WrongState for a class that is over, PlanInvalid naming who is no trainer in reach or which
    lesson is not the class's.
    """
    found = scopes.class_in_scope(actor, class_id)
    scopes.lock(found)
    if found.state in rules.FINAL:
        raise WrongState(details={"state": found.state.value})
    wanted = _wanted(found, teaching)
    _check_trainers(actor, found, wanted)
    before = {each.person_id for each in of_class(found.id)}
    db.session.execute(delete(ClassTrainer).where(ClassTrainer.class_id == found.id))
    db.session.add_all(wanted)
    db.session.flush()
    if found.state is not ClassState.DRAFT:
        notices.trainers_told_of_appointment(found, {each.person_id for each in wanted} - before)
    ids = sorted({each.person_id for each in wanted})
    entries.record(actor, "training.trainers_appointed", "class", found.id, person_ids=ids)
    return of_class(found.id)


def release(class_id: int, lesson_ids: Iterable[int]) -> list[int]:
    """Take the substitutes of lessons that are dropped off the class; who they were. In the caller's transaction."""
    dropped = (
        delete(ClassTrainer)
        .where(ClassTrainer.class_id == class_id, ClassTrainer.lesson_id.in_(set(lesson_ids)))
        .returning(ClassTrainer.person_id)
        .execution_options(synchronize_session=False)
    )
    return list(db.session.scalars(dropped))


def of_class(class_id: int) -> list[Teacher]:
    """Who teaches the class: the main trainer, then co-trainers, then substitutes by lesson."""
    rows = db.session.execute(
        select(ClassTrainer.person_id, Person.name, ClassTrainer.role, ClassTrainer.lesson_id)
        .join(Person, Person.id == ClassTrainer.person_id)
        .where(ClassTrainer.class_id == class_id)
    )
    found = [Teacher(*row) for row in rows]
    order = [TrainerRole.MAIN, TrainerRole.CO_TRAINER, TrainerRole.SUBSTITUTE]
    return sorted(found, key=lambda each: (order.index(each.role), each.lesson_id or 0, each.person_id))


def available(actor: Actor, *, q: str | None, page: int, per_page: int) -> Page[Person]:
    """The trainers the actor may appoint, by name: those of the scope and of the unions above."""
    query = select(Person).where(_is_trainer(scopes.within_sight(actor))).order_by(Person.name, Person.id)
    if q:
        query = query.where(Person.name.like(like_pattern(q), escape="\\"))
    return page_of(query, page=page, per_page=per_page)


def lessons_on(actor: Actor, day: date, *, page: int, per_page: int) -> Page[Lesson]:
    """The lessons of a day in Pu'er, by time: those the actor teaches, for training staff all in scope. No drafts."""
    start = datetime.combine(day, time(), SHANGHAI)
    query = (
        select(Lesson)
        .join(TrainingClass, TrainingClass.id == Lesson.class_id)
        .join(UnionNode, UnionNode.id == TrainingClass.node_id)
        .where(Lesson.starts_at >= start, Lesson.starts_at < start + timedelta(days=1))
        .where(TrainingClass.state.not_in([ClassState.DRAFT, ClassState.CANCELLED]))
        .where(or_(scopes.in_scope(actor), teaches(actor)))
        .options(joinedload(Lesson.training_class))
    )
    return page_of(query.order_by(Lesson.starts_at, Lesson.id), page=page, per_page=per_page)


def teaches(actor: Actor) -> ColumnElement[bool]:
    """The condition "the actor teaches this lesson", on `Lesson`: main, co-trainer, or its substitute."""
    if not actor.holds(Role.TRAINER):
        return false()
    return exists().where(
        ClassTrainer.class_id == Lesson.class_id,
        ClassTrainer.person_id == actor.person_id,
        or_(ClassTrainer.lesson_id.is_(None), ClassTrainer.lesson_id == Lesson.id),
    )


def clashes(training_class: TrainingClass) -> list[str]:
    """The names of its trainers who teach an overlapping lesson of another class: a warning, not a refusal."""
    if training_class.starts_at is None:
        return []
    own = {each.person_id: each.name for each in of_class(training_class.id)}
    other = (
        select(ClassTrainer.person_id, Lesson.starts_at, Lesson.ends_at)
        .join(Lesson, Lesson.class_id == ClassTrainer.class_id)
        .join(TrainingClass, TrainingClass.id == Lesson.class_id)
        .where(ClassTrainer.person_id.in_(own), ClassTrainer.class_id != training_class.id)
        .where(or_(ClassTrainer.lesson_id.is_(None), ClassTrainer.lesson_id == Lesson.id))
        .where(TrainingClass.state != ClassState.CANCELLED)
        .where(Lesson.starts_at < training_class.ends_at, Lesson.ends_at > training_class.starts_at)
    )
    busy = db.session.execute(other).all()
    return sorted(
        {
            own[person_id]
            for person_id, starts_at, ends_at in busy
            for lesson in training_class.lessons
            if starts_at < lesson.ends_at and lesson.starts_at < ends_at
        }
    )


def _wanted(found: TrainingClass, teaching: Teaching) -> list[ClassTrainer]:
    substitutes = dict(teaching.substitutes or {})
    unknown = sorted(set(substitutes) - {lesson.id for lesson in found.lessons})
    if unknown:
        raise PlanInvalid(details={"substitutes": [f"本班没有课次{unknown[0]}"]})
    whole = [(teaching.main_id, TrainerRole.MAIN)]
    whole += [(each, TrainerRole.CO_TRAINER) for each in teaching.co_trainer_ids]
    if len({person_id for person_id, _ in whole}) < len(whole):
        raise PlanInvalid(details={"co_trainer_ids": ["同一个人写了两遍"]})
    made = [ClassTrainer(class_id=found.id, person_id=person_id, role=role) for person_id, role in whole]
    for lesson_id, person_id in substitutes.items():
        made.append(
            ClassTrainer(class_id=found.id, person_id=person_id, role=TrainerRole.SUBSTITUTE, lesson_id=lesson_id)
        )
    return made


def _check_trainers(actor: Actor, found: TrainingClass, wanted: Sequence[ClassTrainer]) -> None:
    """Each must be a trainer somewhere in the actor's sight, or teach the class already."""
    ids = {each.person_id for each in wanted}
    near = _is_trainer(scopes.within_sight(actor))
    known = set(db.session.scalars(select(Person.id).where(Person.id.in_(ids), near)))
    known |= {each.person_id for each in of_class(found.id)}
    problems = {
        field: ["不是培训教师，或不在您的管理范围内"]
        for field, role in (
            ("main_id", TrainerRole.MAIN),
            ("co_trainer_ids", TrainerRole.CO_TRAINER),
            ("substitutes", TrainerRole.SUBSTITUTE),
        )
        if any(each.role is role and each.person_id not in known for each in wanted)
    }
    if problems:
        raise PlanInvalid(details=problems)


def _is_trainer(where: ColumnElement[bool]) -> ColumnElement[bool]:
    return Person.id.in_(
        select(RoleGrant.person_id)
        .join(UnionNode, UnionNode.id == RoleGrant.node_id)
        .where(RoleGrant.role == Role.TRAINER, where)
    )
