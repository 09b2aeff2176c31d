"""Tables: tips, their timeline, letters, checks on site. Words are sealed; nothing names who gave an anonymous tip."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base
from service.core.ids import new_id
from service.core.sealed import sealed
from service.legal_aid.enums import Matter
from service.legal_aid.supervision.enums import LetterKind, Numbered, TipOutcome, TipState, TipStep


class LabourTip(Base):
    """A tip. An anonymous one has no person, but the keyed digest of its claim code. `due_on`: until when to reply."""

    __tablename__ = "labour_tips"
    __table_args__ = (
        Index("ix_labour_tips_due", "node_id", "state", "due_on"),
        CheckConstraint("is_anonymous = false OR person_id IS NULL", name="anonymous_is_nobody"),
        CheckConstraint("is_anonymous = (claim_digest IS NOT NULL)", name="anonymous_is_claimed"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_with_outcome"),
        CheckConstraint(
            "(state IN ('closed', 'unfounded', 'handed_over')) = (ended_at IS NOT NULL)", name="ended_when"
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"))
    is_anonymous: Mapped[bool]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    claim_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    matter: Mapped[Matter]
    state: Mapped[TipState] = mapped_column(default=TipState.RECEIVED)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    employer_index: Mapped[str | None] = mapped_column(String(64))
    told_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("labour_tips.told", row="id"))
    received_at: Mapped[datetime] = mapped_column(index=True)
    due_on: Mapped[date | None]
    outcome: Mapped[TipOutcome | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class LabourTipEntry(Base):
    """A step of a tip. What the tipper did names nobody; `person_id` is the tipper where she gave her name."""

    __tablename__ = "labour_tip_entries"
    __table_args__ = (
        Index("ix_labour_tip_entries_order", "tip_id", "at"),
        CheckConstraint("step NOT IN ('receive', 'answer') OR actor_id IS NULL", name="tipper_not_named"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    tip_id: Mapped[UUID] = mapped_column(ForeignKey("labour_tips.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime]
    step: Mapped[TipStep]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("labour_tip_entries.words", row="id"))


class LabourLetter(Base):
    """A letter to the employer or the authority, one of a kind a tip, and the reply to it."""

    __tablename__ = "labour_letters"
    __table_args__ = (
        UniqueConstraint("tip_id", "kind"),
        CheckConstraint("(replied_on IS NULL) = (reply_sealed IS NULL)", name="replied_with_words"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    tip_id: Mapped[UUID] = mapped_column(ForeignKey("labour_tips.id"))
    kind: Mapped[LetterKind]
    number: Mapped[str] = mapped_column(String(60), unique=True)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=sealed("labour_letters.content", row="id"))
    issued_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    issued_on: Mapped[date]
    due_on: Mapped[date]
    replied_on: Mapped[date | None]
    reply_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("labour_letters.reply", row="id"))


class SiteCheck(Base):
    """A check on site: two people at least, who showed their cards (docs/rules.md `supervision.site_check`)."""

    __tablename__ = "labour_site_checks"
    __table_args__ = (CheckConstraint("people_count >= 2", name="two_at_least"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    tip_id: Mapped[UUID] = mapped_column(ForeignKey("labour_tips.id"), index=True)
    checked_on: Mapped[date]
    people_count: Mapped[int]
    found_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=sealed("labour_site_checks.found", row="id"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]


class SiteChecker(Base):
    """Who was there."""

    __tablename__ = "labour_site_checkers"

    check_id: Mapped[UUID] = mapped_column(ForeignKey("labour_site_checks.id"), primary_key=True)
    checker_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)


class LabourRegister(Base):
    """A committee's register of a year: the last number given out."""

    __tablename__ = "labour_registers"
    __table_args__ = (CheckConstraint("last >= 0", name="last_counted"),)

    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"), primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Numbered] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
