"""Sign-ins: opening one, keeping it alive, ending it, and who is asking by it.

A refresh token is changed at every use. The one before may be sent once more for a few seconds and is answered with
the token already given: a phone on a weak network repeats a request whose answer it never saw, and must not be locked
out for it. After those seconds a token that is no longer in force was stolen or copied, and the whole sign-in ends.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, false, func, or_, select, update

from service.audit import entries
from service.core import clock, configuration, crypto
from service.core.access import Actor, Duty
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.identity import grants, refresh_tokens, tokens
from service.identity.enums import Channel
from service.identity.errors import RefreshRefused
from service.identity.models import Account, Person, SignIn
from service.identity.totp_models import Authenticator

GRACE = timedelta(seconds=10)
KEPT = timedelta(days=2)
SEALED = "sign_ins.refresh"
LONGEST_DEVICE = 100


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a device keeps. `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a live sign-in's requests have to know of its person and account."""

    channel: Channel
    is_verified: bool
    must_change: bool
    has_totp: bool


@transactional
def sign_in(person_id: int, channel: Channel, device: str | None = None) -> Tokens:
    """Open a sign-in for a person whose identity was proved by the caller, with an audit row.

    `device` is what the app says it is, for the person's own list.
    """
    now, sign_in_id = clock.now(), new_id()
    token = refresh_tokens.new(sign_in_id)
    row = SignIn(
        id=sign_in_id,
        person_id=person_id,
        channel=channel,
        device=(device or "")[:LONGEST_DEVICE] or None,
        refresh_index=refresh_tokens.digest(token),
        refresh_sealed=crypto.seal(token, field=SEALED, row=sign_in_id),
        created_at=now,
        refreshed_at=now,
        expires_at=_ends_at(channel, began_at=now, now=now),
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
    standing = _standing(person_id, sign_in_id)
    if standing is None:
        return None
    if standing.channel != Channel.STAFF:
        return Actor(person_id, sign_in_id, is_verified=standing.is_verified)
    return Actor(person_id, sign_in_id, grants.of(person_id), standing.is_verified, duty_of(standing))


def duty_of(standing: Standing) -> Duty | None:
    """What has to be done first in a sign-in by the staff door, None where it is free."""
    if standing.must_change:
        return Duty.CHANGE_PASSWORD
    if configuration.current().staff_totp_required and not standing.has_totp:
        return Duty.ENROL_TOTP
    return None


def _standing(person_id: int, sign_in_id: UUID) -> Standing | None:
    """How a sign-in stands, None where it has ended, run out, or its account is disabled."""
    query = (
        select(
            SignIn.channel,
            Person.is_verified,
            func.coalesce(Account.must_change, false()),
            Authenticator.confirmed_at.is_not(None),
        )
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(Account, Account.person_id == SignIn.person_id)
        .outerjoin(Authenticator, Authenticator.account_id == Account.id)
        .where(
            SignIn.id == sign_in_id,
            SignIn.person_id == person_id,
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > clock.now(),
            or_(SignIn.channel != Channel.STAFF, Account.is_disabled.is_(False)),
        )
    )
    row = db.session.execute(query).one_or_none()
    return Standing(row[0], row[1], bool(row[2]), bool(row[3])) if row else None


@transactional
def _change(sign_in_id: UUID, token: str) -> Tokens | None:
    """The change itself. None instead of an exception, so that the end of a stolen sign-in is committed."""
    now = clock.now()
    row = db.session.get(SignIn, sign_in_id, with_for_update=True)
    if row is None or _standing(row.person_id, sign_in_id) is None:
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
    row.refreshed_at, row.expires_at = now, _ends_at(row.channel, began_at=row.created_at, now=now)
    return _tokens(row, token)


def _is_repeat(row: SignIn, shown: str, now: datetime) -> bool:
    is_previous = hmac.compare_digest(shown, row.previous_index or "")
    return is_previous and now - row.refreshed_at <= GRACE


def _tokens(row: SignIn, refresh_token: str) -> Tokens:
    life = min(tokens.lifetime(), row.expires_at - clock.now())
    return Tokens(tokens.mint(row.person_id, row.id, life), refresh_token, int(life.total_seconds()))


def _ends_at(channel: Channel, *, began_at: datetime, now: datetime) -> datetime:
    """A device unused for so many days is signed out; staff after so many hours, however busy.

    docs/rules.md `identity.staff_session`.
    """
    unused = now + timedelta(days=configuration.current().refresh_days)
    if channel != Channel.STAFF:
        return unused
    return min(unused, began_at + timedelta(hours=configuration.current().staff_session_hours))
