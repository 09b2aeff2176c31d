"""Tables: who wrote on a class, and who let it be published."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base, Id
from service.training.enums import ApprovalState

WAITING = text("state = 'waiting'")


class ClassAuthor(Base):
    """Somebody who planned or changed a class, and so may not be the second person."""

    __tablename__ = "class_authors"

    class_id: Mapped[int] = mapped_column(ForeignKey("training_classes.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)


class ClassApproval(Base):
    """A draft handed in to be looked at by a second person, as it was at `version`. One waiting a class."""

    __tablename__ = "class_approvals"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_when_closed"),
        Index(
            "uq_class_approvals_one_waiting", "class_id", unique=True, sqlite_where=WAITING, postgresql_where=WAITING
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("training_classes.id"), index=True)
    version: Mapped[int]
    state: Mapped[ApprovalState] = mapped_column(default=ApprovalState.WAITING)
    submitted_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    submitted_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(200))
