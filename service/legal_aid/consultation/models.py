"""Tables: consultations, what was written in them (sealed), and answers published without identities."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base
from service.core.ids import new_id
from service.core.sealed import sealed
from service.legal_aid.consultation.enums import ConsultationState
from service.legal_aid.enums import Matter

SHOWN = text("withdrawn_at IS NULL")


class Consultation(Base):
    """A worker's question and what followed. `lawyer_id`: who answered last; `due_on`: until when to answer."""

    __tablename__ = "consultations"
    __table_args__ = (
        Index("ix_consultations_due", "node_id", "state", "due_on"),
        CheckConstraint("(state = 'waiting') = (due_on IS NOT NULL)", name="due_while_waiting"),
        CheckConstraint("state <> 'answered' OR lawyer_id IS NOT NULL", name="answered_by_somebody"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"))
    matter: Mapped[Matter]
    state: Mapped[ConsultationState] = mapped_column(default=ConsultationState.WAITING)
    lawyer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    asked_at: Mapped[datetime]
    due_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]


class ConsultationEntry(Base):
    """Something written: by the worker, or by the lawyer named."""

    __tablename__ = "consultation_entries"
    __table_args__ = (Index("ix_consultation_entries_order", "consultation_id", "at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    lawyer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("consultation_entries.words", row="id"))


class PublishedAnswer(Base):
    """A text written for everybody, without identities; `search` is what it is found by."""

    __tablename__ = "published_answers"
    __table_args__ = (
        Index("uq_published_answers_shown", "consultation_id", unique=True, sqlite_where=SHOWN, postgresql_where=SHOWN),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    matter: Mapped[Matter]
    title: Mapped[str] = mapped_column(String(100))
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    search: Mapped[str] = mapped_column(Text)
    published_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[datetime] = mapped_column(index=True)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None]
