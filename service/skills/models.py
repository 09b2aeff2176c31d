"""Table: skill certificates."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base, Id


class SkillCertificate(Base):
    """A skill certificate entered by its holder; it counts once staff have confirmed it.

    Anybody may enter any number, but only one entry with a number is ever confirmed.
    """

    __tablename__ = "skill_certificates"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level_known"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"),
        UniqueConstraint("person_id", "number"),
        Index(
            "uq_skill_certificates_one_confirmed",
            "number",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    occupation_code: Mapped[str] = mapped_column(String(10))
    level: Mapped[int]
    number: Mapped[str] = mapped_column(String(30))
    issued_on: Mapped[date | None]
    entered_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
