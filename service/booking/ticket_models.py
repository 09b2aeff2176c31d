"""Table: the short texts on printed codes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.booking.enums import OfferingKind
from service.core.db import Base, Id
from service.core.ids import new_id


class Ticket(Base):
    """What a scanned code says (`scene`) and where it leads. One a thing; `uid` names the picture kept of it."""

    __tablename__ = "tickets"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    scene: Mapped[str] = mapped_column(String(32), primary_key=True)
    uid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=new_id)
    kind: Mapped[OfferingKind]
    subject_id: Mapped[int] = mapped_column(Id)
    created_at: Mapped[datetime]
