"""Who wrote on a class: they may not be the second person who lets it be published."""

from sqlalchemy import delete, select

from service.core.access import Actor
from service.core.db import db
from service.core.upsert import insert_new
from service.training.approval_models import ClassApproval, ClassAuthor


def wrote(actor: Actor, class_id: int) -> None:
    """Note that the actor planned or changed the class, in the caller's transaction."""
    if actor.person_id is not None:
        row = {"class_id": class_id, "person_id": actor.person_id}
        db.session.execute(insert_new(ClassAuthor, "class_id", "person_id").values(row))


def of(class_id: int) -> frozenset[int]:
    """The ids of everybody who wrote on the class."""
    return frozenset(db.session.scalars(select(ClassAuthor.person_id).where(ClassAuthor.class_id == class_id)))


def forget(class_id: int) -> None:
    """Take authors and approvals of a draft away that is being thrown away, in the caller's transaction."""
    for table in (ClassAuthor, ClassApproval):
        db.session.execute(delete(table).where(table.class_id == class_id))
