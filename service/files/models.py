"""Table: imports."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base
from service.core.ids import new_id


class ImportState(StrEnum):
    """An import is checked first, then accepted by a person, then applied in the background."""

    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"
    APPLYING = "applying"
    APPLIED = "applied"
    DISCARDED = "discarded"


class ImportKind(StrEnum):
    """What the rows are."""

    UNION_NODES = "union_nodes"
    WORKERS = "workers"


class Import(Base):
    """An uploaded workbook on its way into the database. The file lies sealed under the data directory."""

    __tablename__ = "imports"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    kind: Mapped[ImportKind]
    state: Mapped[ImportState] = mapped_column(default=ImportState.CHECKING)
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"))
    file_name: Mapped[str] = mapped_column(String(100))
    file_digest: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime]
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_checked: Mapped[int] = mapped_column(default=0)
    rows_bad: Mapped[int] = mapped_column(default=0)
    rows_applied: Mapped[int] = mapped_column(default=0)
    rows_new: Mapped[int] = mapped_column(default=0)
    rows_changed: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    accepted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
