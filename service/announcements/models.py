"""Table: announcements."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.announcements.enums import AnnouncementState
from service.core.db import Base, Id
from service.organisations.models import UnionNode


class Announcement(Base):
    """What the members of `node_id` and everything below it, narrowed by `audience`, are told.

    `body` stands in the inbox, `text` on the page behind it. `approved_by` is the second person, of this very version.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        CheckConstraint("reached >= 0", name="reached_counted"),
        CheckConstraint(
            "approved_by IS NULL OR (approved_by <> created_by AND approved_by <> changed_by)", name="second"
        ),
        CheckConstraint("state NOT IN ('sending', 'sent') OR total IS NOT NULL", name="total_known"),
        CheckConstraint("state NOT IN ('scheduled', 'sending', 'sent') OR send_at IS NOT NULL", name="time_known"),
        Index("ix_announcements_node", "node_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"))
    title: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[AnnouncementState] = mapped_column(default=AnnouncementState.DRAFT)
    send_at: Mapped[datetime | None]
    total: Mapped[int | None]
    reached: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    changed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    node: Mapped[UnionNode] = relationship(lazy="selectin")
