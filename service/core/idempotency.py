"""A request sent twice is done once: the frozen answer of an accepted write, kept 24 hours under its key.

The row is written in the transaction of the deed itself, so there is never one without the other. A refusal binds
nothing. Bookings keep their key in their own row (`service/booking`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import LargeBinary, String, Uuid, delete, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from service.core import clock, crypto
from service.core.db import Base, Id, db
from service.core.errors import Conflict, Invalid
from service.core.ids import new_id
from service.core.sealed import sealed
from service.core.transaction import transactional


class KeyReused(Invalid):
    """The key was used before with another body."""

    code = "request.key_reused"
    message = "这个请求编号已用于别的内容，请刷新页面后重新提交"
    next_step = "请刷新页面，核对内容后重新提交"


class StillRunning(Conflict):
    """The first request with this key has not finished."""

    code = "request.still_running"
    message = "上一次提交还在处理，请稍等几秒"
    next_step = "过几秒用同样的内容再试，不会重复办理"


class StoredAnswer(Base):
    """The answer to an accepted write."""

    __tablename__ = "stored_answers"

    person_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    route: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    uid: Mapped[UUID] = mapped_column(Uuid, default=new_id)
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    answer_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=sealed("stored_answers.answer"))
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Key:
    """An Idempotency-Key with what it is bound to: person, route and the SHA-256 of the body."""

    person_id: int
    route: str
    key: str
    body_hash: str


@transactional
def once(key: Key, perform: Callable[[], tuple[int, str]]) -> tuple[int, str]:
    """The status and body that `perform` gave the first time this key came, running it only if it never did.

    Raises KeyReused for another body, StillRunning while the first is under way, and whatever `perform` raises.
    """
    row = db.session.get(StoredAnswer, (key.person_id, key.route, key.key))
    if row is None:
        row = StoredAnswer(
            person_id=key.person_id, route=key.route, key=key.key, uid=new_id(), body_hash=key.body_hash,
            status=0, answer_sealed=b"", created_at=clock.now(),
        )  # fmt: skip
        _claim(row)
        row.status, answer = perform()
        row.answer_sealed = crypto.seal(answer, field="stored_answers.answer", row=row.uid)
        return row.status, answer
    if row.body_hash != key.body_hash:
        raise KeyReused
    return row.status, crypto.unseal(row.answer_sealed, field="stored_answers.answer", row=row.uid)


def _claim(row: StoredAnswer) -> None:
    """Take the key now: a second request waits here on PostgreSQL, and at BEGIN IMMEDIATE on SQLite."""
    db.session.add(row)
    try:
        db.session.flush()
    except (IntegrityError, OperationalError) as error:
        raise StillRunning from error


KEPT = timedelta(hours=24)


def forget() -> int:
    """Drop the answers kept for 24 hours; how many. A request sent again later is judged anew."""
    gone = 0
    while dropped := _forget_some(clock.now() - KEPT):
        gone += dropped
    return gone


@transactional
def _forget_some(before: datetime) -> int:
    old = select(StoredAnswer.uid).where(StoredAnswer.created_at < before).limit(2000).scalar_subquery()
    statement = delete(StoredAnswer).where(StoredAnswer.uid.in_(old)).returning(StoredAnswer.uid)
    return len(db.session.scalars(statement.execution_options(synchronize_session=False)).all())
