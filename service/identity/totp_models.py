"""Tables: authenticators and recovery codes of staff accounts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base, Id
from service.core.ids import new_id
from service.core.sealed import sealed


class Authenticator(Base):
    """The TOTP secret of an account, sealed. In force once confirmed; `last_step` is the newest step that was used."""

    __tablename__ = "authenticators"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), unique=True)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=sealed("authenticators.secret", row="id"))
    enrolled_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None]


class RecoveryCode(Base):
    """One way in without the authenticator, once. Kept as a digest: it has 80 random bits."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]
