"""Tables: who covers for whom while somebody of the office is absent, and the question who that is on a day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, Uuid, select
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base
from service.core.ids import new_id


class AidCover(Base):
    """Somebody is absent from and until a day, both included, and another works her cases. `ended_at`: ended early."""

    __tablename__ = "aid_covers"
    __table_args__ = (
        Index("ix_aid_covers_absent", "absent_id", "ends_on"),
        Index("ix_aid_covers_cover", "cover_id", "ends_on"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint("absent_id <> cover_id", name="by_another"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    absent_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    cover_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    entered_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]

    def is_in_force(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.ended_at is None and self.starts_on <= day <= self.ends_on


def absent_for(cover_id: int | None, day: date) -> Select[int]:
    """The ids of those for whom somebody covers on a day."""
    in_force = AidCover.ended_at.is_(None) & (AidCover.starts_on <= day) & (AidCover.ends_on >= day)
    return select(AidCover.absent_id).where(in_force, AidCover.cover_id == cover_id)


def cover_of(absent_id: int, day: date) -> Select[int]:
    """The id of who covers for somebody on a day."""
    in_force = AidCover.ended_at.is_(None) & (AidCover.starts_on <= day) & (AidCover.ends_on >= day)
    return select(AidCover.cover_id).where(in_force, AidCover.absent_id == absent_id)
