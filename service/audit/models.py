"""Tables: audit entries, who they are about, what personal may go with them, and the chain they are sealed into.

No personal data stands in `details`: ids, states and numbers only. What is personal stands apart, sealed, and may be
erased; the entry keeps a salted digest of it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.core.append_only import append_only
from service.core.db import Base, Id
from service.core.ids import new_id
from service.core.sealed import sealed

ENTRY_EXPIRED = (
    "EXISTS (SELECT 1 FROM audit_seals s JOIN audit_checkpoints c ON c.sequence >= s.sequence"
    " WHERE s.entry_id = OLD.id AND c.is_expiry)"
)
SEAL_EXPIRED = "EXISTS (SELECT 1 FROM audit_checkpoints c WHERE c.sequence >= OLD.sequence AND c.is_expiry)"
"""Under which rows of the trail may go: a signed checkpoint stands for them (docs/rules.md `audit.expiry`)."""


class AuditEntry(Base):
    """One deed. `actor_id` is None where the clock did it."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entries_at", "at"),
        Index("ix_audit_entries_actor", "actor_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(40))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    private_hash: Mapped[str | None] = mapped_column(String(64))


class AuditPrivate(Base):
    """What is personal about an entry (the words in which a reason was given), sealed. May be erased at any time."""

    __tablename__ = "audit_private"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entries.id"), primary_key=True, autoincrement=False)
    uid: Mapped[UUID] = mapped_column(Uuid, default=new_id)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=sealed("audit_private.content"))


class AuditSubject(Base):
    """A person whose data an entry is about: the way from a person to who looked at her data."""

    __tablename__ = "audit_subjects"
    __table_args__ = (Index("ix_audit_subjects_person", "person_id", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entries.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)


class AuditSeal(Base):
    """An entry's link in the chain, gapless by `sequence`.

    `entry_hash` = SHA-256(salt, entry), `hash` = SHA-256(hash before, sequence, entry id, entry_hash).
    """

    __tablename__ = "audit_seals"
    __table_args__ = (UniqueConstraint("entry_id"),)

    sequence: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(Id)
    salt: Mapped[str] = mapped_column(String(32))
    entry_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


class AuditCheckpoint(Base):
    """The chain's hash at a sequence, signed with a key the database does not have.

    Where `is_expiry`, the links up to there have gone, and the chain is verified from here.
    """

    __tablename__ = "audit_checkpoints"
    __table_args__ = (UniqueConstraint("sequence", "is_expiry"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sequence: Mapped[int] = mapped_column(Id)
    hash: Mapped[str] = mapped_column(String(64))
    is_expiry: Mapped[bool]
    made_at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(String(40))
    signature: Mapped[str] = mapped_column(String(64))


append_only(AuditEntry, unless=ENTRY_EXPIRED)
append_only(AuditSeal, unless=SEAL_EXPIRED)
append_only(AuditCheckpoint)
