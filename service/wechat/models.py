"""Tables: access tokens shared by all processes, and message pushes seen lately."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base
from service.core.ids import new_id
from service.core.sealed import sealed


class WeChatToken(Base):
    """The access token of an app, sealed. `version` counts its changes: who was refused one drops that one only.

    `lease_id` is the claim of the process fetching the next, until `leased_until`. From `renew_at` on the next is
    fetched, though this one works until `expires_at`.
    """

    __tablename__ = "wechat_tokens"

    appid: Mapped[str] = mapped_column(String(32), primary_key=True)
    uid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=new_id)
    version: Mapped[int] = mapped_column(default=0)
    token_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("wechat_tokens.token"))
    token_digest: Mapped[str | None] = mapped_column(String(64))
    obtained_at: Mapped[datetime | None]
    renew_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    refused_digest: Mapped[str | None] = mapped_column(String(64))
    forced_at: Mapped[datetime | None]
    lease_id: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None]


class WeChatPush(Base):
    """A message push accepted lately: its timestamp and nonce may not come again with another body."""

    __tablename__ = "wechat_pushes"

    nonce_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_digest: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime] = mapped_column(index=True)
