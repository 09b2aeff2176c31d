"""The access token: one for all processes, kept in one row, fetched by one of them at a time (stable_token).

It is renewed five minutes early, while the old one still works. What WeChat refuses is dropped; a forced refresh, of
which a day has twenty, only where the same token comes back that was refused (docs/rules.md `wechat.token`).
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog
from sqlalchemy import or_, select, update

from service.core import clock, crypto
from service.core.db import db
from service.core.errors import ServiceError
from service.core.ids import new_id
from service.core.transaction import transactional
from service.core.upsert import insert_new
from service.wechat.answers import number, text
from service.wechat.calls import Call, Kind
from service.wechat.errors import WeChatBusy, WeChatUnavailable
from service.wechat.models import WeChatToken

FIELD = "wechat_tokens.token"
EARLY = timedelta(seconds=300)
LEAST_LIFE = timedelta(seconds=60)
BETWEEN_FORCED = timedelta(seconds=30)
LEASE = timedelta(seconds=15)
WAIT_S, LOOK_AGAIN_S = 3.5, 0.1
LONGEST = 2048
log = structlog.get_logger("wechat")


@dataclass(frozen=True, slots=True)
class HeldToken:
    """A token and which one it is."""

    value: str = field(repr=False)
    version: int = 0


class TokenSource(Protocol):
    """Where a client gets its token from."""

    def token(self) -> HeldToken:
        """One that should work."""

    def refused(self, held: HeldToken) -> None:
        """This one did not."""


@dataclass(frozen=True, slots=True)
class _Fetched:
    value: str = field(repr=False)
    lives: timedelta
    is_forced: bool


class SharedTokens:
    """The token of one app, shared through the database. `ask` sends a call that needs no token."""

    def __init__(self, appid: str, secret: str, ask: Callable[[Call], dict[str, Any]]) -> None:
        self._appid = appid
        self._secret = secret
        self._ask = ask

    def token(self) -> HeldToken:
        """The token in force, fetched where there is none. Closes the session, as a command would.

        Raises WeChatUnavailable, WeChatMisconfigured; WeChatBusy where another process does not bring it in time.
        """
        deadline = time.monotonic() + WAIT_S
        while True:
            row, now = _row(self._appid), clock.now()
            held = _held(row, now)
            if held and row and row.renew_at and now < row.renew_at:
                return held
            lease_id = _claim(self._appid, now) if _is_free(row, now) else None
            if lease_id:
                return self._renewed(row, lease_id)
            if held:
                return held
            if time.monotonic() > deadline:
                raise WeChatBusy
            time.sleep(LOOK_AGAIN_S)

    def refused(self, held: HeldToken) -> None:
        """Drop this token, unless another has taken its place already."""
        _drop(self._appid, held.version, _digest(held.value))

    def _renewed(self, row: WeChatToken | None, lease_id: UUID) -> HeldToken:
        try:
            fetched = self._fetched(row)
        except ServiceError:
            _give_up(self._appid, lease_id)
            held = _held(row, clock.now())
            if held is None:
                raise
            log.warning("wechat_token_not_renewed")
            return held
        return HeldToken(fetched.value, _store(self._appid, lease_id, fetched))

    def _fetched(self, row: WeChatToken | None) -> _Fetched:
        fetched = self._fetch(is_forced=False)
        if row and _digest(fetched.value) == row.refused_digest and _may_force(row, clock.now()):
            log.error("wechat_token_forced")
            return self._fetch(is_forced=True)
        return fetched

    def _fetch(self, *, is_forced: bool) -> _Fetched:
        body = {
            "grant_type": "client_credential",
            "appid": self._appid,
            "secret": self._secret,
            "force_refresh": is_forced,
        }
        call = Call(
            name="stable_token",
            kind=Kind.TOKEN,
            path="/cgi-bin/stable_token",
            body=body,
            needs_token=False,
            is_repeatable=not is_forced,
        )
        answer = self._ask(call)
        value, lives_s = text(answer, "access_token", LONGEST), number(answer.get("expires_in"))
        if value is None or lives_s is None:
            raise WeChatUnavailable
        return _Fetched(value, timedelta(seconds=lives_s), is_forced)


def _row(appid: str) -> WeChatToken | None:
    """As it stands now. The session is closed after it: no connection is held while WeChat is waited for."""
    try:
        query = select(WeChatToken).where(WeChatToken.appid == appid).execution_options(populate_existing=True)
        return db.session.scalar(query)
    finally:
        db.session.close()


def _held(row: WeChatToken | None, now: datetime) -> HeldToken | None:
    """The token that still works; None where there is none, or its key is gone: another is soon fetched."""
    if row is None or row.token_sealed is None or row.expires_at is None or now >= row.expires_at:
        return None
    try:
        return HeldToken(crypto.unseal(row.token_sealed, field=FIELD, row=row.uid), row.version)
    except crypto.SealBroken:
        log.warning("wechat_token_not_opened")
        _drop(row.appid, row.version, row.refused_digest)
        return None


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _is_free(row: WeChatToken | None, now: datetime) -> bool:
    return row is None or row.leased_until is None or row.leased_until <= now


def _may_force(row: WeChatToken, now: datetime) -> bool:
    """Sooner than 30 seconds after the last, WeChat does nothing but count it; and a new token needs a moment."""
    return all(at is None or now - at >= BETWEEN_FORCED for at in (row.obtained_at, row.forced_at))


@transactional
def _claim(appid: str, now: datetime) -> UUID | None:
    """The right to fetch the next token, for one process; None for all others."""
    db.session.execute(insert_new(WeChatToken, "appid").values(appid=appid, uid=new_id(), version=0))
    lease_id = new_id()
    claimed = db.session.scalar(
        update(WeChatToken)
        .where(
            WeChatToken.appid == appid,
            or_(WeChatToken.leased_until.is_(None), WeChatToken.leased_until <= now),
            or_(WeChatToken.renew_at.is_(None), WeChatToken.renew_at <= now),
        )
        .values(lease_id=lease_id, leased_until=now + LEASE)
        .returning(WeChatToken.appid)
        .execution_options(synchronize_session=False)
    )
    return lease_id if claimed else None


@transactional
def _store(appid: str, lease_id: UUID, fetched: _Fetched) -> int:
    """Keep the token; its version. Whoever's lease has run out keeps nothing, though the token is as good."""
    row = db.session.scalar(select(WeChatToken).where(WeChatToken.appid == appid).with_for_update())
    if row is None or row.lease_id != lease_id:
        return -1
    now, digest = clock.now(), _digest(fetched.value)
    if digest != row.token_digest:
        row.obtained_at = now
    row.token_sealed = crypto.seal(fetched.value, field=FIELD, row=row.uid)
    row.token_digest = digest
    row.version += 1
    row.renew_at = now + max(fetched.lives - EARLY, LEAST_LIFE)
    row.expires_at = max(now + fetched.lives, row.renew_at)
    row.forced_at = now if fetched.is_forced else row.forced_at
    row.lease_id = row.leased_until = None
    return row.version


@transactional
def _give_up(appid: str, lease_id: UUID) -> None:
    db.session.execute(
        update(WeChatToken)
        .where(WeChatToken.appid == appid, WeChatToken.lease_id == lease_id)
        .values(lease_id=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )


@transactional
def _drop(appid: str, version: int, digest: str | None) -> None:
    now = clock.now()
    db.session.execute(
        update(WeChatToken)
        .where(WeChatToken.appid == appid, WeChatToken.version == version)
        .values(renew_at=now, expires_at=now, refused_digest=digest)
        .execution_options(synchronize_session=False)
    )
