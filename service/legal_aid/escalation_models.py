"""Tables: who was told of an overdue clock, step by step up the tree. It names nobody, only the union."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base
from service.core.ids import new_id
from service.legal_aid.enums import EscalatedTo, EscalationKind


class AidEscalation(Base):
    """One step: each once for a clock that ran out on a day."""

    __tablename__ = "aid_escalations"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "due_on", "step"),
        CheckConstraint("step BETWEEN 0 AND 20", name="step_known"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    kind: Mapped[EscalationKind]
    subject_id: Mapped[UUID]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("aid_cases.id"), index=True)
    due_on: Mapped[date]
    step: Mapped[int]
    to: Mapped[EscalatedTo]
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"))
    told_at: Mapped[datetime]
