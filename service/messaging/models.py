"""Tables: outbox, inbox messages, credits for subscribe messages, ticks of the clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base, Id
from service.messaging.enums import OutboxState


class OutboxRow(Base):
    """Something to do after the commit. `kind` names the handler, `key` makes repeating it harmless.

    `lease_id` is the worker's claim until `leased_until`; a claim that has run out is anybody's again. `attempts`
    counts leases that ended badly, the sweeper counting those whose worker died. `last_error` is a class's name.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "state", "due_at"),
        CheckConstraint("attempts >= 0", name="attempts_counted"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.DUE)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    lease_id: Mapped[UUID | None] = mapped_column(Uuid)
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(200))


class InboxMessage(Base):
    """A notice in a person's inbox in the app. `key` keeps one event from telling a person twice."""

    __tablename__ = "inbox_messages"
    __table_args__ = (Index("ix_inbox_messages_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class SubscriptionCredit(Base):
    """How often a person said yes to a template: by what the client reported, and by what WeChat pushed.

    Either may be lost and both tell of the same taps, so the greater counts; what is `spent` is gone.
    """

    __tablename__ = "subscription_credits"
    __table_args__ = (
        CheckConstraint("reported >= 0 AND pushed >= 0 AND spent >= 0", name="counted"),
        CheckConstraint("spent <= reported OR spent <= pushed", name="not_overspent"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    template_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    reported: Mapped[int] = mapped_column(default=0)
    pushed: Mapped[int] = mapped_column(default=0)
    spent: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]


class Tick(Base):
    """One run of a periodic job: the primary key makes each tick run once, however many workers there are."""

    __tablename__ = "ticks"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    tick: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    started_at: Mapped[datetime]
