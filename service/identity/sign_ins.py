"""Sign-ins: opening one, keeping it alive, ending it, and who is asking by it.

A refresh token is changed at every use. The one before may be sent once more for a few seconds and is answered with
the token already given: a phone on a weak network repeats a request whose answer it never saw, and must not be locked
out for it. After those seconds a token that is no longer in force was stolen or copied, and the whole sign-in ends.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update

from service.audit import entries
from service.core import clock, configuration, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.identity import grants, refresh_tokens, tokens
from service.identity.enums import Channel
from service.identity.errors import RefreshRefused
from service.identity.models import Account, SignIn

GRACE = timedelta(seconds=10)
KEPT = timedelta(days=2)
SEALED = "sign_ins.refresh"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a device keeps. `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


@transactional
def sign_in(person_id: int, channel: Channel) -> Tokens:
    """Open a sign-in for a person whose identity was proved by the caller, with an audit row."""
    now, sign_in_id = clock.now(), new_id()
    token = refresh_tokens.new(sign_in_id)
    row = SignIn(
        id=sign_in_id,
        person_id=person_id,
        channel=channel,
        refresh_index=refresh_tokens.digest(token),
        refresh_sealed=crypto.seal(token, field=SEALED, row=sign_in_id),
        created_at=now,
        refreshed_at=now,
        expires_at=now + _refresh_life(),
    )
    db.session.add(row)
    db.session.flush()
    entries.record(Actor(person_id, sign_in_id), "auth.signed_in", "sign_in", sign_in_id, channel=channel.value)
    return _tokens(row, token)


def refresh(token: str) -> Tokens:
    """New tokens for the refresh token, which is worth nothing after a few seconds.

    Raises RefreshRefused for one that is unknown, expired, or no longer in force; the latter ends the sign-in.
    """
    sign_in_id = refresh_tokens.sign_in_id(token)
    given = _change(sign_in_id, token) if sign_in_id else None
    if given is None:
        raise RefreshRefused
    return given


@transactional
def revoke(sign_in_id: UUID) -> None:
    """End the sign-in: its access tokens are refused from now on, its refresh token is worth nothing."""
    revoke_where(SignIn.id == sign_in_id)


@transactional
def revoke_all(person_id: int) -> None:
    """End every sign-in of a person."""
    revoke_where(SignIn.person_id == person_id)


def revoke_where(condition: ColumnElement[bool]) -> None:
    """End the sign-ins for which the condition holds, in the caller's transaction."""
    db.session.execute(
        update(SignIn).where(condition, SignIn.revoked_at.is_(None)).values(revoked_at=clock.now(), refresh_sealed=None)
    )


@transactional
def sign_out(actor: Actor) -> None:
    """End the actor's own sign-in, with an audit row."""
    revoke_where(SignIn.id == actor.sign_in_id)
    entries.record(actor, "auth.signed_out", "sign_in", actor.sign_in_id)


@transactional
def sweep(now: datetime) -> int:
    """Delete sign-ins that ran out or ended two days ago, longer than any access token lives; how many. For a tick."""
    horizon = now - KEPT
    over = or_(SignIn.expires_at < horizon, SignIn.revoked_at < horizon)
    return len(db.session.execute(delete(SignIn).where(over).returning(SignIn.id)).all())


def actor_of(person_id: int, sign_in_id: UUID) -> Actor | None:
    """Who is asking by this sign-in, with the roles held at this moment. None where it has ended.

    Roles come with the staff door alone: whoever finds an unlocked phone with WeChat on it is a worker there.
    """
    channel = _live_channel(person_id, sign_in_id)
    if channel is None:
        return None
    return Actor(person_id, sign_in_id, grants.of(person_id) if channel == Channel.STAFF else ())


def _live_channel(person_id: int, sign_in_id: UUID) -> Channel | None:
    """The door a sign-in came by, None where it has ended, run out, or its account is disabled."""
    query = (
        select(SignIn.channel)
        .outerjoin(Account, Account.person_id == SignIn.person_id)
        .where(
            SignIn.id == sign_in_id,
            SignIn.person_id == person_id,
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > clock.now(),
            or_(SignIn.channel != Channel.STAFF, Account.is_disabled.is_(False)),
        )
    )
    return db.session.scalar(query)


@transactional
def _change(sign_in_id: UUID, token: str) -> Tokens | None:
    """The change itself. None instead of an exception, so that the end of a stolen sign-in is committed."""
    now = clock.now()
    row = db.session.get(SignIn, sign_in_id, with_for_update=True)
    if row is None or _live_channel(row.person_id, sign_in_id) is None:
        return None
    shown = refresh_tokens.digest(token)
    if hmac.compare_digest(shown, row.refresh_index):
        return _renewed(row, now)
    if _is_repeat(row, shown, now) and row.refresh_sealed:
        return _tokens(row, crypto.unseal(row.refresh_sealed, field=SEALED, row=row.id))
    row.revoked_at = now
    entries.record(Actor(row.person_id, row.id), "auth.refresh_reused", "sign_in", row.id)
    return None


def _renewed(row: SignIn, now: datetime) -> Tokens:
    token = refresh_tokens.new(row.id)
    row.previous_index, row.refresh_index = row.refresh_index, refresh_tokens.digest(token)
    row.refresh_sealed = crypto.seal(token, field=SEALED, row=row.id)
    row.refreshed_at, row.expires_at = now, now + _refresh_life()
    return _tokens(row, token)


def _is_repeat(row: SignIn, shown: str, now: datetime) -> bool:
    is_previous = hmac.compare_digest(shown, row.previous_index or "")
    return is_previous and now - row.refreshed_at <= GRACE


def _tokens(row: SignIn, refresh_token: str) -> Tokens:
    return Tokens(tokens.mint(row.person_id, row.id), refresh_token, int(tokens.lifetime().total_seconds()))


def _refresh_life() -> timedelta:
    return timedelta(days=configuration.current().refresh_days)
