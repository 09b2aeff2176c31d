"""Tables: what people ask about their own data: copies, corrections, the end of the account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base, Id
from service.core.ids import new_id
from service.core.sealed import sealed
from service.identity.enums import ClosureState, CopyState, CorrectionField, CorrectionState


class DataCopy(Base):
    """A download of everything held about a person. The file lies sealed on the shelf until `expires_at`."""

    __tablename__ = "data_copies"
    __table_args__ = (
        Index("ix_data_copies_person", "person_id", "requested_at"),
        Index(
            "uq_data_copies_one_in_preparation",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'preparing'"),
            postgresql_where=text("state = 'preparing'"),
        ),
        CheckConstraint("(state = 'preparing') = (expires_at IS NULL)", name="prepared_expires"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[CopyState] = mapped_column(default=CopyState.PREPARING)
    requested_at: Mapped[datetime]
    prepared_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    size_bytes: Mapped[int | None]


class DataCorrection(Base):
    """A wish to have something corrected that the person cannot change herself. One open a person and field."""

    __tablename__ = "data_corrections"
    __table_args__ = (
        Index(
            "uq_data_corrections_one_open",
            "person_id",
            "field",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_when_closed"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=new_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    field: Mapped[CorrectionField]
    state: Mapped[CorrectionState] = mapped_column(default=CorrectionState.OPEN)
    wanted_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("data_corrections.wanted"))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("data_corrections.note"))
    requested_at: Mapped[datetime] = mapped_column(index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str | None] = mapped_column(String(200))


class AccountClosure(Base):
    """The wish to have the account closed. Until `due_at` it may be taken back; then the person is erased."""

    __tablename__ = "account_closures"
    __table_args__ = (
        Index(
            "uq_account_closures_one_waiting",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_account_closures_due", "state", "due_at"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_when_over"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[ClosureState] = mapped_column(default=ClosureState.WAITING)
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
