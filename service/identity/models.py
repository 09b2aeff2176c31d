"""Tables: people, WeChat identities, staff accounts, sign-ins, grants of roles."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from service.core import crypto
from service.core.access import Role
from service.core.db import Base, Id
from service.core.ids import new_id
from service.core.sealed import sealed
from service.core.search import search_text
from service.identity.enums import AttemptKind, Channel
from service.organisations.enums import Industry, WorkerCategory


def _searched_name(context: Any) -> str:
    return search_text(context.get_current_parameters()["name"])


class Person(Base):
    """A person. ID number and phone are sealed; `uid` is the row identity their seals are bound to."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("is_verified = false OR id_number_index IS NOT NULL", name="verified_has_id_number"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[UUID] = mapped_column(Uuid, unique=True, default=new_id)
    name: Mapped[str] = mapped_column(String(50))
    is_verified: Mapped[bool] = mapped_column(default=False)
    id_number_sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=sealed("people.id_number", index="id_number_index")
    )
    id_number_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("people.phone", index="phone_index"))
    phone_index: Mapped[str | None] = mapped_column(String(64), index=True)
    phone_proved_at: Mapped[datetime | None]
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"), index=True)
    occupation_code: Mapped[str | None] = mapped_column(String(10))
    industry: Mapped[Industry] = mapped_column(default=Industry.OTHER)
    worker_category: Mapped[WorkerCategory] = mapped_column(default=WorkerCategory.EMPLOYEE)
    created_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(Text, default=_searched_name)
    erased_at: Mapped[datetime | None]

    @property
    def id_number(self) -> str | None:
        """The ID number in clear: for its owner and for checks, never for lists. Raises SealBroken."""
        sealed = self.id_number_sealed
        return crypto.unseal(sealed, field="people.id_number", row=self.uid) if sealed else None

    @id_number.setter
    def id_number(self, value: str | None) -> None:
        self.uid = self.uid or new_id()
        self.id_number_sealed = crypto.seal(value, field="people.id_number", row=self.uid) if value else None
        self.id_number_index = crypto.blind_index(value, field="people.id_number") if value else None

    @property
    def phone(self) -> str | None:
        """The mobile number in clear: for its owner and for checks, never for lists. Raises SealBroken."""
        sealed = self.phone_sealed
        return crypto.unseal(sealed, field="people.phone", row=self.uid) if sealed else None

    @phone.setter
    def phone(self, value: str | None) -> None:
        self.uid = self.uid or new_id()
        self.phone_sealed = crypto.seal(value, field="people.phone", row=self.uid) if value else None
        self.phone_index = crypto.blind_index(value, field="people.phone") if value else None


class WeChatIdentity(Base):
    """A WeChat account of our mini-program or service account, and the person it belongs to. One of each a person."""

    __tablename__ = "wechat_identities"
    __table_args__ = (UniqueConstraint("appid", "openid"), UniqueConstraint("appid", "person_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    appid: Mapped[str] = mapped_column(String(32))
    openid: Mapped[str] = mapped_column(String(64))
    unionid: Mapped[str | None] = mapped_column(String(64), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]


class Account(Base):
    """A staff member's or trainer's account: sign-in name and argon2id hash.

    Kept by the administrators of `node_id` and above; by those of the whole tree where there is none.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    login: Mapped[str] = mapped_column(String(50), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    is_disabled: Mapped[bool] = mapped_column(default=False)
    must_change: Mapped[bool] = mapped_column(default=False)
    node_id: Mapped[int | None] = mapped_column(ForeignKey("union_nodes.id"), index=True)


class Attempt(Base):
    """Tries at something that can be guessed. `subject` is a digest: a login nobody has is counted like any other."""

    __tablename__ = "attempts"

    kind: Mapped[AttemptKind] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)


class SignIn(Base):
    """One sign-in. `refresh_index` is the digest of the refresh token in force, `previous_index` of the one before.

    The token in force is kept sealed too, for the seconds in which the one before may be sent again.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (Index("ix_sign_ins_revoked", "revoked_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    channel: Mapped[Channel]
    device: Mapped[str | None] = mapped_column(String(100))
    refresh_index: Mapped[str] = mapped_column(String(64))
    previous_index: Mapped[str | None] = mapped_column(String(64))
    refresh_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("sign_ins.refresh", row="id"))
    created_at: Mapped[datetime]
    refreshed_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A role held by a person on a node and everything below it."""

    __tablename__ = "role_grants"
    __table_args__ = (UniqueConstraint("person_id", "role", "node_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[Role]
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"))
    granted_at: Mapped[datetime]
