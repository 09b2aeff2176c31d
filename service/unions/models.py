"""Table: memberships."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base, Id


class MembershipState(StrEnum):
    """Active, or ended with the history kept."""

    ACTIVE = "active"
    ENDED = "ended"


class Membership(Base):
    """A person's membership (会籍) in a union node."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_one_active",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"), index=True)
    state: Mapped[MembershipState] = mapped_column(default=MembershipState.ACTIVE)
    joined_on: Mapped[date]
    ended_at: Mapped[datetime | None]
