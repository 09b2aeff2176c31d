"""Table: disputed bindings, for staff to decide."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base, Id
from service.core.ids import new_id
from service.core.sealed import sealed
from service.identity.enums import BindingCaseKind, BindingCaseState

OPEN = text("state = 'open'")


class BindingCase(Base):
    """Somebody says who she is, and the roster alone does not settle it. One open a claimant.

    `subject_id` is the person of the roster with that ID number, None where nobody has it. What was claimed is sealed
    under `uid`.
    """

    __tablename__ = "binding_cases"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_when_closed"),
        Index("uq_binding_cases_one_open", "claimant_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=new_id)
    kind: Mapped[BindingCaseKind]
    state: Mapped[BindingCaseState] = mapped_column(default=BindingCaseState.OPEN)
    claimant_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"), index=True)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("binding_cases.name"))
    id_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("binding_cases.id_number"))
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("binding_cases.phone"))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("binding_cases.note"))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str | None] = mapped_column(String(200))
