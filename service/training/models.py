"""Tables: courses, classes, lessons and who teaches them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.booking.models import Offering
from service.core.db import Base, Id
from service.organisations.enums import Industry
from service.training.enums import ClassState, FundSource, LessonMode, TrainerRole

WHOLE_CLASS = text("lesson_id IS NULL")


class Course(Base):
    """A course: what is taught, for which occupation and level, how many hours."""

    __tablename__ = "courses"
    __table_args__ = (
        CheckConstraint("hours > 0", name="hours_positive"),
        CheckConstraint("level IS NULL OR level BETWEEN 1 AND 5", name="level_known"),
        CheckConstraint("completion_percent BETWEEN 1 AND 100", name="completion_percent_known"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    summary: Mapped[str] = mapped_column(Text, default="")
    occupation_code: Mapped[str | None] = mapped_column(String(10), index=True)
    level: Mapped[int | None]
    industry: Mapped[Industry]
    hours: Mapped[int]
    gives_certificate: Mapped[bool] = mapped_column(default=False)
    fund_source: Mapped[FundSource]
    completion_percent: Mapped[int] = mapped_column(default=80)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    search: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class TrainingClass(Base):
    """A class: one run of a course that people book. Places, window and audience live in its offering."""

    __tablename__ = "training_classes"
    __table_args__ = (
        Index("ix_training_classes_state", "state", "starts_at"),
        CheckConstraint("late_after_minutes >= 0", name="late_not_negative"),
        CheckConstraint("absent_after_minutes >= late_after_minutes", name="absent_after_late"),
        CheckConstraint("completion_percent BETWEEN 1 AND 100", name="completion_percent_known"),
        CheckConstraint("(state = 'draft') OR offering_id IS NOT NULL", name="published_has_offering"),
        CheckConstraint("capacity BETWEEN 1 AND 5000", name="capacity_known"),
        CheckConstraint("opens_at < closes_at", name="window_runs_forward"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"), index=True)
    offering_id: Mapped[int | None] = mapped_column(ForeignKey("offerings.id"), unique=True)
    state: Mapped[ClassState] = mapped_column(default=ClassState.DRAFT)
    title: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(100))
    county_code: Mapped[str | None] = mapped_column(String(6), index=True)
    capacity: Mapped[int]
    waiting_capacity: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    cancel_until: Mapped[datetime]
    offers_until: Mapped[datetime]
    offer_minutes: Mapped[int] = mapped_column(default=30)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    audience: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    late_after_minutes: Mapped[int] = mapped_column(default=10)
    absent_after_minutes: Mapped[int] = mapped_column(default=30)
    early_before_minutes: Mapped[int] = mapped_column(default=30)
    completion_percent: Mapped[int] = mapped_column(default=80)
    search: Mapped[str] = mapped_column(Text, default="")
    cancel_reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    course: Mapped[Course] = relationship(lazy="joined")
    offering: Mapped[Offering | None] = relationship(lazy="joined")
    lessons: Mapped[list["Lesson"]] = relationship(
        order_by="Lesson.starts_at", back_populates="training_class", lazy="raise", cascade="all, delete-orphan"
    )


class Lesson(Base):
    """A lesson: one sitting of a class, with its time, room and mode."""

    __tablename__ = "lessons"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="runs_forward"),
        CheckConstraint("hours > 0", name="hours_positive"),
        Index("ix_lessons_class", "class_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("training_classes.id"))
    title: Mapped[str] = mapped_column(String(60), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(60), default="")
    mode: Mapped[LessonMode]
    hours: Mapped[int] = mapped_column(default=1)
    sealed_at: Mapped[datetime | None]
    sealed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    training_class: Mapped[TrainingClass] = relationship(back_populates="lessons", lazy="joined")


class ClassTrainer(Base):
    """A trainer of a class, or of one lesson of it (a substitute)."""

    __tablename__ = "class_trainers"
    __table_args__ = (
        UniqueConstraint("class_id", "person_id", "lesson_id"),
        Index(
            "uq_class_trainers_whole_class",
            "class_id",
            "person_id",
            unique=True,
            sqlite_where=WHOLE_CLASS,
            postgresql_where=WHOLE_CLASS,
        ),
        Index(
            "uq_class_trainers_one_main",
            "class_id",
            unique=True,
            sqlite_where=text("role = 'main'"),
            postgresql_where=text("role = 'main'"),
        ),
        CheckConstraint("(role = 'substitute') = (lesson_id IS NOT NULL)", name="substitute_of_a_lesson"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("training_classes.id"), index=True)
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[TrainerRole]
