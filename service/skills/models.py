"""Table: skill certificates."""

from datetime import date, datetime
from enum import IntEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base, Id


class SkillLevel(IntEnum):
    """职业技能等级: five is the lowest, one the highest (docs/rules.md `skills.levels`)."""

    SENIOR_TECHNICIAN = 1
    TECHNICIAN = 2
    SENIOR = 3
    INTERMEDIATE = 4
    JUNIOR = 5


class SkillCertificate(Base):
    """A skill certificate entered by its holder or by staff; it counts once staff have confirmed it."""

    __tablename__ = "skill_certificates"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 5", name="level_known"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    occupation_code: Mapped[str] = mapped_column(String(10))
    level: Mapped[int]
    number: Mapped[str] = mapped_column(String(30), unique=True)
    issued_on: Mapped[date | None]
    entered_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
