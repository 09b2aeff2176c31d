"""Tables: consents in force, and every decision about them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.append_only import append_only
from service.core.db import Base, Id


class Consent(Base):
    """A person's consent to a purpose, in the words of a version. Withdrawn, never deleted; one in force."""

    __tablename__ = "consents"
    __table_args__ = (
        Index(
            "uq_consents_one_in_force",
            "person_id",
            "purpose",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ConsentDecision(Base):
    """One decision: what was asked, in which words, what was said, when, in which sign-in. The proof; only grows."""

    __tablename__ = "consent_decisions"
    __table_args__ = (Index("ix_consent_decisions_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    text_hash: Mapped[str] = mapped_column(String(64))
    is_given: Mapped[bool]
    decided_at: Mapped[datetime]
    sign_in_id: Mapped[UUID | None] = mapped_column(Uuid)


append_only(ConsentDecision)
