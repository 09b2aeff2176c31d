"""A person's own sign-ins: on which devices, and ending those that are not hers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.pages import Page, page_of
from service.core.transaction import transactional
from service.identity.enums import Channel
from service.identity.errors import SignInUnknown
from service.identity.models import SignIn


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """One device's sign-in. `refreshed_at` is when it last renewed its token."""

    id: UUID
    channel: Channel
    device: str | None
    created_at: datetime
    refreshed_at: datetime
    expires_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sign-ins were ended."""

    ended: int


@transactional
def end(actor: Actor, sign_in_id: UUID) -> None:
    """End one of the actor's own sign-ins, this one too. Raises SignInUnknown."""
    if not _end(actor, SignIn.id == sign_in_id):
        raise SignInUnknown


@transactional
def end_others(actor: Actor) -> Ended:
    """End all of the actor's sign-ins but the one asking."""
    return Ended(_end(actor, SignIn.id != actor.sign_in_id))


def mine(actor: Actor, *, page: int, per_page: int) -> Page[OwnSignIn]:
    """The actor's sign-ins that have not ended, newest first."""
    found = page_of(select(SignIn).where(_live(actor)).order_by(SignIn.id.desc()), page=page, per_page=per_page)
    return Page([_line(row, actor) for row in found.items], page, per_page, found.total)


def _live(actor: Actor) -> ColumnElement[bool]:
    is_own = SignIn.person_id == actor.worker_id
    return is_own & SignIn.revoked_at.is_(None) & (SignIn.expires_at > clock.now())


def _end(actor: Actor, which: ColumnElement[bool]) -> int:
    ended = (
        update(SignIn)
        .where(_live(actor), which)
        .values(revoked_at=clock.now(), refresh_sealed=None)
        .returning(SignIn.id)
        .execution_options(synchronize_session=False)
    )
    ids = db.session.scalars(ended).all()
    for each in ids:
        entries.record(actor, "auth.sign_in_ended", "sign_in", each)
    return len(ids)


def _line(row: SignIn, actor: Actor) -> OwnSignIn:
    return OwnSignIn(
        id=row.id,
        channel=row.channel,
        device=row.device,
        created_at=row.created_at,
        refreshed_at=row.refreshed_at,
        expires_at=row.expires_at,
        is_current=row.id == actor.sign_in_id,
    )
