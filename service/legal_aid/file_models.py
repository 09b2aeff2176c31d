"""Tables: files of a case, and the pieces in which they come over a weak signal. Names and contents are sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base
from service.core.ids import new_id
from service.core.sealed import sealed
from service.legal_aid.enums import FileKind, FileState, Paper


class AidFile(Base):
    """A file of a case, on the shelf under its own id once it was looked at."""

    __tablename__ = "aid_files"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("received BETWEEN 0 AND size", name="received_within_size"),
        CheckConstraint("(state = 'ready') = (ready_at IS NOT NULL)", name="ready_since_when"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[FileKind]
    paper: Mapped[Paper] = mapped_column(default=Paper.OTHER)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_files.name", row="id"))
    media_type: Mapped[str | None] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[FileState] = mapped_column(default=FileState.UPLOADING)
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    ready_at: Mapped[datetime | None]

    @property
    def is_checking(self) -> bool:
        """Whether all of it has come and it waits to be looked at."""
        return self.state is FileState.UPLOADING and self.received == self.size


class AidPiece(Base):
    """A piece of a file on its way, on a shelf of its own under `shelf_id`."""

    __tablename__ = "aid_pieces"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("aid_files.id"), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    size: Mapped[int]
    shelf_id: Mapped[UUID] = mapped_column(Uuid, default=new_id)
