"""Tables: imports and what was found in their rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.core.db import Base, Id
from service.core.ids import new_id
from service.core.lifecycle import Lifecycle
from service.organisations.models import UnionNode
from service.unions.enums import FindingKind, ImportEvent, ImportKind, ImportState

LIFECYCLE = Lifecycle[ImportState, ImportEvent](
    {
        (ImportState.CHECKING, ImportEvent.CHECKED): ImportState.READY,
        (ImportState.CHECKING, ImportEvent.REFUSE): ImportState.REFUSED,
        (ImportState.CHECKING, ImportEvent.DISCARD): ImportState.DISCARDED,
        (ImportState.READY, ImportEvent.ACCEPT): ImportState.APPLYING,
        (ImportState.READY, ImportEvent.DISCARD): ImportState.DISCARDED,
        (ImportState.APPLYING, ImportEvent.FINISH): ImportState.APPLIED,
    }
)


class Import(Base):
    """An uploaded workbook on its way into the register. The file lies sealed under the data directory.

    Rows are counted without the heading. `rows_checked` and `rows_applied` are how far the work has come: both steps
    go on from there after a stop. `rows_new`, `rows_changed` and `rows_bad` are what the check found; `rows_skipped`
    counts the rows that were bad when they were applied, those known before included.
    """

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("rows_checked BETWEEN 0 AND rows_total", name="checked_within"),
        CheckConstraint("rows_applied BETWEEN 0 AND rows_total", name="applied_within"),
        CheckConstraint(
            "(accepted_at IS NULL) = (state NOT IN ('applying', 'applied'))", name="accepted_before_applied"
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    kind: Mapped[ImportKind]
    state: Mapped[ImportState] = mapped_column(default=ImportState.CHECKING)
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(100))
    file_digest: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime]
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_checked: Mapped[int] = mapped_column(default=0)
    rows_bad: Mapped[int] = mapped_column(default=0)
    rows_new: Mapped[int] = mapped_column(default=0)
    rows_changed: Mapped[int] = mapped_column(default=0)
    rows_applied: Mapped[int] = mapped_column(default=0)
    rows_skipped: Mapped[int] = mapped_column(default=0)
    accepted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    node: Mapped[UnionNode] = relationship(lazy="selectin")


class ImportFinding(Base):
    """One thing found in one row, by its line in the sheet (the heading is line 1); never the cell's content."""

    __tablename__ = "import_findings"
    __table_args__ = (Index("ix_import_findings_line", "import_id", "kind", "line"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"))
    kind: Mapped[FindingKind]
    line: Mapped[int]
    column: Mapped[str] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(String(120))
