"""Table: codes sent to a phone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base
from service.core.ids import new_id
from service.core.sealed import sealed


class PhoneCode(Base):
    """A code on its way to a phone, for the person who asked. Sealed until it is sent, then only its digest stays."""

    __tablename__ = "phone_codes"
    __table_args__ = (
        CheckConstraint("tries_left >= 0", name="tries_not_negative"),
        Index("ix_phone_codes_person", "person_id", "phone_index"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    phone_index: Mapped[str] = mapped_column(String(64))
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("phone_codes.phone", row="id"))
    code_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("phone_codes.code", row="id"))
    code_digest: Mapped[str] = mapped_column(String(64))
    tries_left: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
