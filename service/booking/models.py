"""Tables: offerings, bookings and each offering's journal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.booking.enums import BookingState, EventKind, OfferingKind, OfferingState
from service.core.append_only import append_only
from service.core.db import Base, Id
from service.core.ids import new_id

ACTIVE_STATES = text("state IN ('booked', 'waitlisted', 'offered')")


class Offering(Base):
    """A thing with places: `kind` and `subject_id` say which.

    `taken` counts booked and offered, `waiting` counts waitlisted; the checks keep both within bounds whatever the
    code does. `rules` holds what the desk asks at each request: {"gates": [{"kind": ...}], "spans": [[start, end]]} in
    epoch seconds; `rules_version` changes with it. `version` changes with every write of a booking, `sequence` with
    every journal entry, and `head` is the hash of the last entry.
    """

    __tablename__ = "offerings"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="never_oversold"),
        CheckConstraint("waiting BETWEEN 0 AND waiting_capacity", name="waiting_list_limited"),
        CheckConstraint("opens_at < closes_at", name="window_runs_forward"),
        CheckConstraint("starts_at <= ends_at", name="runs_forward"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[OfferingKind]
    subject_id: Mapped[int] = mapped_column(Id)
    title: Mapped[str] = mapped_column(String(100))
    state: Mapped[OfferingState] = mapped_column(default=OfferingState.OPEN)
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    waiting_capacity: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    cancel_until: Mapped[datetime]
    offers_until: Mapped[datetime]
    offer_minutes: Mapped[int] = mapped_column(default=30)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rules_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    sequence: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default="0" * 64)


class Booking(Base):
    """One person's hold on an offering; never deleted, only ended.

    `cancel_until` is what the receipt promised and never changes; until when the place may be given back now is
    `may_cancel_until`.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        Index(
            "uq_bookings_one_active",
            "person_id",
            "offering_id",
            unique=True,
            sqlite_where=ACTIVE_STATES,
            postgresql_where=ACTIVE_STATES,
        ),
        UniqueConstraint("person_id", "key"),
        Index("ix_bookings_queue", "offering_id", "state", "sequence"),
        Index(
            "ix_bookings_offers",
            "offer_expires_at",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
        CheckConstraint("(state = 'offered') = (offer_expires_at IS NOT NULL)", name="offer_has_an_end"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[BookingState]
    sequence: Mapped[int]
    position: Mapped[int | None]
    booked_at: Mapped[datetime]
    cancel_until: Mapped[datetime]
    offer_expires_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    key: Mapped[str | None] = mapped_column(String(255))
    body_hash: Mapped[str | None] = mapped_column(String(64))
    booked_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str | None] = mapped_column(String(200))
    offering: Mapped[Offering] = relationship(viewonly=True)

    @property
    def may_cancel_until(self) -> datetime:
        """As the receipt promised, or later where the offering's own time was moved later since."""
        return max(self.cancel_until, self.offering.cancel_until)


class BookingEvent(Base):
    """One entry of an offering's journal: gapless by `sequence`, each hash made over the one before.

    `hash` = SHA-256 of `previous_hash|offering|sequence|kind|person|booking|at` (docs/rules.md `booking.receipt`).
    """

    __tablename__ = "booking_events"

    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    kind: Mapped[EventKind]
    booking_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    actor_id: Mapped[int | None]
    at: Mapped[datetime]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(200))


append_only(BookingEvent)
