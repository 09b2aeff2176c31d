"""Tables: attendance marks, their corrections, offline items, places of lessons, completions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.core.append_only import append_only
from service.core.db import Base, Id, closed_list
from service.training.enums import MarkSource, MarkState


class Mark(Base):
    """How one worker attended one lesson: one row a worker and lesson.

    `source`, `at` and `client_id` name the record that decides (docs/rules.md `attendance.whose_word`); `arrived_at`,
    `device_index` and `signals` are those of the earliest scan, kept also where somebody else's word decides; `left_at`
    is set where a leaving decides. `confidence` is 0-100, made from the signals.
    """

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
    client_id: Mapped[str] = mapped_column(String(64), default="")
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    device_index: Mapped[str | None] = mapped_column(String(64), index=True)
    signals: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    confidence: Mapped[int] = mapped_column(default=100)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)


class MarkCorrection(Base):
    """A change of a mark: who, when, before, after and, from staff, why. `before` is None where there was no mark."""

    __tablename__ = "mark_corrections"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("marks.id"), index=True)
    before: Mapped[MarkState | None]
    after: Mapped[MarkState] = mapped_column(closed_list(MarkState, "after_known"))
    corrected_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    corrected_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(200))


class BatchItem(Base):
    """One item of an offline batch, by the trainer's device's id for it: sent again, it gets the same answer."""

    __tablename__ = "attendance_batch_items"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]
    fingerprint: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)


class LessonPlace(Base):
    """Where a lesson is held, set by the trainer on the spot. A worker's own position is compared, never kept."""

    __tablename__ = "lesson_places"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_known"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_known"),
    )

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True, autoincrement=False)
    latitude: Mapped[float]
    longitude: Mapped[float]
    set_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime]


class Completion(Base):
    """What a worker got out of a class: hours attended, by mode, and whether the class's rule is met."""

    __tablename__ = "completions"
    __table_args__ = (
        UniqueConstraint("class_id", "person_id"),
        CheckConstraint("hours_attended BETWEEN 0 AND hours_planned", name="hours_within_plan"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("training_classes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    hours_planned: Mapped[int]
    hours_attended: Mapped[int]
    hours_by_mode: Mapped[dict[str, int]] = mapped_column(JSON)
    is_completed: Mapped[bool]
    computed_at: Mapped[datetime]


append_only(MarkCorrection)
append_only(BatchItem)
