"""Loading what an actor may know of. Anything else is NotFound, whether it exists or not."""

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import selectinload

from service.core.access import Actor, Role
from service.core.db import db
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.training.errors import ClassUnknown, CourseUnknown
from service.training.models import ClassTrainer, Course, TrainingClass

STAFF = Role.TRAINING_STAFF


def node_for(actor: Actor, node_id: int | None) -> UnionNode:
    """The node to act on: the one named, or the first the actor is training staff of. Raises NodeUnknown, Forbidden."""
    own = [grant.node_id for grant in actor.grants if grant.role is STAFF]
    return nodes.node_in_scope(actor, node_id or own[0], STAFF)


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The condition "the node lies in the actor's scope as training staff", on `UnionNode`."""
    return nodes.scope_filter(actor.paths(STAFF))


def within_sight(actor: Actor) -> ColumnElement[bool]:
    """In scope or above it: what the unions above offer for use, the actor may use."""
    above = {part for path in actor.paths(STAFF) for part in _ancestors(path)}
    return or_(in_scope(actor), UnionNode.path.in_(above) if above else false())


def _ancestors(path: str) -> list[str]:
    ids = path.strip("/").split("/")
    return ["/" + "/".join(ids[: depth + 1]) + "/" for depth in range(len(ids))]


def course_in_scope(actor: Actor, course_id: int) -> Course:
    """The course, to be changed by the actor. Raises CourseUnknown."""
    return _course(course_id, in_scope(actor))


def course_in_sight(actor: Actor, course_id: int) -> Course:
    """The course, to be read and used by the actor. Raises CourseUnknown."""
    return _course(course_id, within_sight(actor))


def _course(course_id: int, condition: ColumnElement[bool]) -> Course:
    query = select(Course).join(UnionNode, UnionNode.id == Course.node_id)
    found = db.session.scalar(query.where(Course.id == course_id, condition))
    if found is None:
        raise CourseUnknown
    return found


def class_in_scope(actor: Actor, class_id: int) -> TrainingClass:
    """The class with its lessons, to be changed by the actor. Raises ClassUnknown."""
    return _class(_classes(class_id).where(in_scope(actor)))


def class_to_read(actor: Actor, class_id: int) -> TrainingClass:
    """The class with its lessons, for training staff in scope and for who teaches it. Raises ClassUnknown."""
    return _class(_classes(class_id).where(or_(in_scope(actor), taught_by(actor))))


def lock(training_class: TrainingClass) -> None:
    """Make others wait who would do the like, and see what they have done. SQLite's writers wait anyway.

    Not for commands that lock people or an offering as well: those come before the class. Raises ClassUnknown for a
    draft that was thrown away meanwhile.
    """
    own_row = select(TrainingClass.id).where(TrainingClass.id == training_class.id)
    if db.session.scalar(own_row.with_for_update(key_share=True)) is None:
        raise ClassUnknown
    db.session.refresh(training_class, ["state", "version", "offering_id"])


def taught_by(actor: Actor) -> ColumnElement[bool]:
    """The condition "the actor teaches the class, or one lesson of it", on `TrainingClass`."""
    if not actor.holds(Role.TRAINER):
        return false()
    return TrainingClass.id.in_(select(ClassTrainer.class_id).where(ClassTrainer.person_id == actor.person_id))


def _classes(class_id: int) -> Select[TrainingClass]:
    query = select(TrainingClass).join(UnionNode, UnionNode.id == TrainingClass.node_id)
    return query.where(TrainingClass.id == class_id).options(selectinload(TrainingClass.lessons))


def _class(query: Select[TrainingClass]) -> TrainingClass:
    found = db.session.scalar(query)
    if found is None:
        raise ClassUnknown
    return found
