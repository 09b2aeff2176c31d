"""Tables: work on a case. Words, places and sums are sealed; `person_id` is the worker the row is about."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base
from service.core.ids import new_id
from service.core.sealed import sealed
from service.legal_aid.enums import HandOverTo, HearingKind, Outcome


class AidMessage(Base):
    """A message between the worker and who works the case."""

    __tablename__ = "aid_messages"
    __table_args__ = (Index("ix_aid_messages_case", "case_id", "sent_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    is_from_worker: Mapped[bool]
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_messages.words", row="id"))
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class AidTask(Base):
    """Something to be done on a case, by whom, until when. `told_at`: when she was reminded."""

    __tablename__ = "aid_tasks"
    __table_args__ = (
        Index("ix_aid_tasks_open", "assignee_id", "due_on"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_tasks.words", row="id"))
    due_on: Mapped[date]
    assignee_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    done_at: Mapped[datetime | None]


class AidHearing(Base):
    """A mediation or hearing. `told_before` is for how many days ahead the worker was reminded last."""

    __tablename__ = "aid_hearings"
    __table_args__ = (Index("ix_aid_hearings_at", "at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[HearingKind]
    at: Mapped[datetime]
    place_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_hearings.place", row="id"))
    entered_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime]
    told_before: Mapped[int | None]
    cancelled_at: Mapped[datetime | None]


class AidHandOver(Base):
    """A matter handed to somebody else, with what was sent."""

    __tablename__ = "aid_hand_overs"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    to: Mapped[HandOverTo]
    files: Mapped[list[str]] = mapped_column(JSON, default=list)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_hand_overs.note", row="id"))
    sent_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sent_at: Mapped[datetime]


class AidResult(Base):
    """How a case came out, and what was recovered, in fen."""

    __tablename__ = "aid_results"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    outcome: Mapped[Outcome]
    amount_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_results.amount", row="case_id"))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_results.note", row="case_id"))
    closed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime]


class AidRating(Base):
    """What the worker says of the service, once."""

    __tablename__ = "aid_ratings"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars_known"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    stars: Mapped[int]
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_ratings.words", row="case_id"))
    rated_at: Mapped[datetime]


class AidComplaint(Base):
    """A complaint about the service, answered by the supervisor or the union above within its clock."""

    __tablename__ = "aid_complaints"
    __table_args__ = (CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_complaints.words", row="id"))
    filed_at: Mapped[datetime]
    due_on: Mapped[date]
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_complaints.answer", row="id"))
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
