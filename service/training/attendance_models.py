"""Tables: attendance marks, their corrections, and completions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base, Id
from service.training.enums import MarkSource, MarkState


class Mark(Base):
    """How one worker attended one lesson: one row a worker and lesson. `confidence` is 0-100, from the check-in's signals."""

    __tablename__ = "marks"
    __table_args__ = (
        UniqueConstraint("lesson_id", "person_id"),
        CheckConstraint("confidence BETWEEN 0 AND 100", name="confidence_percent"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[MarkState]
    source: Mapped[MarkSource]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    device_index: Mapped[str | None] = mapped_column(String(64), index=True)
    confidence: Mapped[int] = mapped_column(default=100)
    signals: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    confirmed_at: Mapped[datetime | None]
    client_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)


class MarkCorrection(Base):
    """A change of a mark: who, when, before, after and, once the sheet is sealed, why."""

    __tablename__ = "mark_corrections"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("marks.id"), index=True)
    before: Mapped[MarkState]
    after: Mapped[MarkState]
    corrected_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    corrected_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(200))


class BatchItem(Base):
    """One item of an offline batch, by the trainer's device's id for it: sent again, it gets the same answer."""

    __tablename__ = "attendance_batch_items"
    __table_args__ = (Index("ix_attendance_batch_items_lesson", "lesson_id"),)

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]
    fingerprint: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)


class Completion(Base):
    """What a worker got out of a class: hours attended, by mode, and whether the class's rule is met."""

    __tablename__ = "completions"
    __table_args__ = (UniqueConstraint("class_id", "person_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("training_classes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    hours_planned: Mapped[int]
    hours_attended: Mapped[int]
    hours_by_mode: Mapped[dict[str, int]] = mapped_column(JSON)
    is_completed: Mapped[bool]
    computed_at: Mapped[datetime]
