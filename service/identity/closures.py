"""Closing one's account: every sign-in ends at once, some days to think, then the person is erased
(docs/rules.md `privacy.closure`). What the law keeps stays locked, without a name: `service/overview/erasing.py`.
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from service.audit import entries
from service.core import clock, configuration
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people, sign_ins
from service.identity.enums import ClosureState
from service.identity.models import Account, RoleGrant, SignIn
from service.identity.request_errors import ClosureUnknown, HoldsRoles
from service.identity.request_models import AccountClosure


@transactional
def request(*, actor: Actor, person_id: int | None = None, why: str = "") -> AccountClosure:
    """Have an account closed, one's own where no person is named; asked twice, the first stands.

    All sign-ins end with the commit. Signing in again within the days and taking it back is the way to stay. `why` is
    kept in the trail. Raises PersonUnknown, HoldsRoles.
    """
    whose = actor.worker_id if person_id is None else person_id
    people.lock([whose])
    if _holds_roles(whose):
        raise HoldsRoles
    standing = _waiting(whose)
    if standing is None:
        now = clock.now()
        due = now + timedelta(days=configuration.current().closure_cooling_days)
        standing = AccountClosure(person_id=whose, requested_at=now, due_at=due)
        db.session.add(standing)
        db.session.flush()
        entries.record(
            actor, "personal_data.closure_requested", "person", whose, about=[whose] if why else (),
            private={"why": why} if why else None, due_at=due.isoformat(),
        )  # fmt: skip
    sign_ins.revoke_where(SignIn.person_id == whose)
    return standing


@transactional
def withdraw(*, actor: Actor) -> AccountClosure:
    """Take it back. Raises ClosureUnknown."""
    people.lock([actor.worker_id])
    standing = _waiting(actor.worker_id)
    if standing is None:
        raise ClosureUnknown
    standing.state, standing.ended_at = ClosureState.WITHDRAWN, clock.now()
    entries.record(actor, "personal_data.closure_withdrawn", "person", actor.worker_id)
    return standing


def mine(*, actor: Actor) -> AccountClosure:
    """One's own closure that is waiting. Raises ClosureUnknown."""
    standing = _waiting(actor.worker_id)
    if standing is None:
        raise ClosureUnknown
    return standing


def closes_at(person_id: int) -> datetime | None:
    """When this person's account ends, if that is waiting."""
    standing = _waiting(person_id)
    return standing.due_at if standing else None


def due(now: datetime) -> list[int]:
    """The people whose days are over, by id."""
    query = select(AccountClosure.person_id).where(
        AccountClosure.state == ClosureState.WAITING, AccountClosure.due_at <= now
    )
    return list(db.session.scalars(query.order_by(AccountClosure.person_id)))


def finish(person_id: int) -> bool:
    """Say that it is done, in the caller's transaction, who holds the person's lock. False where it was taken back."""
    standing = _waiting(person_id)
    if standing is None or standing.due_at > clock.now():
        return False
    standing.state, standing.ended_at = ClosureState.DONE, clock.now()
    return True


def _waiting(person_id: int) -> AccountClosure | None:
    query = select(AccountClosure).where(
        AccountClosure.person_id == person_id, AccountClosure.state == ClosureState.WAITING
    )
    return db.session.scalar(query)


def _holds_roles(person_id: int) -> bool:
    account = select(Account.id).where(Account.person_id == person_id, Account.is_disabled.is_(False))
    role = select(RoleGrant.id).where(RoleGrant.person_id == person_id)
    return db.session.scalar(select(or_(account.exists(), role.exists()))) or False
