"""Tables: what happened to a case. `person_id` is the worker it is about, so that a copy and an erasing find it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.append_only import append_only
from service.core.db import Base
from service.core.ids import new_id
from service.core.sealed import sealed
from service.legal_aid.enums import AssignmentEnd, DecisionKind, StepKind

ACTIVE = text("ended_at IS NULL")


class AidEvent(Base):
    """One step of a case. `details` hold dates, numbers and codes, never words; the worker reads it in plain words."""

    __tablename__ = "aid_events"
    __table_args__ = (Index("ix_aid_events_case", "case_id", "at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[StepKind]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class AidDecision(Base):
    """A decision with its articles and reasons, and who hears an objection against it. By the clock where nobody."""

    __tablename__ = "aid_decisions"
    __table_args__ = (Index("ix_aid_decisions_case", "case_id", "decided_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[DecisionKind]
    articles: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_decisions.reason", row="id"))
    objection_body: Mapped[str | None] = mapped_column(String(60))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime]


class AidNotice(Base):
    """The one notice of everything that is missing (一次性告知): there is no second one (法律援助法 art. 43)."""

    __tablename__ = "aid_notices"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    papers: Mapped[list[str]] = mapped_column(JSON, default=list)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_notices.note", row="id"))
    told_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    told_at: Mapped[datetime]
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]


class AidObjection(Base):
    """An objection against a refusal, once a decision, heard by the body its route names."""

    __tablename__ = "aid_objections"
    __table_args__ = (CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_when_answered"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("aid_decisions.id"), unique=True)
    body: Mapped[str] = mapped_column(String(60))
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_objections.words", row="id"))
    filed_at: Mapped[datetime]
    due_on: Mapped[date]
    outcome: Mapped[DecisionKind | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]


class AidAssignment(Base):
    """Who has had a case in hand, and why no longer. One at a time."""

    __tablename__ = "aid_assignments"
    __table_args__ = (
        Index("uq_aid_assignments_active", "case_id", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_for_a_reason"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"), index=True)
    handler_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    assigned_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    assigned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[AssignmentEnd | None]


append_only(AidEvent)
