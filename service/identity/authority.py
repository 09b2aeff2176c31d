"""What administrators do: accounts and grants within their own scope. Nobody does it to herself.

An account is kept by the administrators of its union and above. Where its holder has a role further up or elsewhere,
only who reaches that too may touch it: else resetting a password would be a way to more than one's own scope.
"""

from dataclasses import dataclass

from sqlalchemy import Select, false, or_, select

from service.core.access import Actor, Role
from service.core.db import db
from service.core.pages import Page, page_of_rows
from service.core.search import like_pattern
from service.core.transaction import transactional
from service.identity import accounts, grants, passwords, people, totp
from service.identity.authority_errors import BeyondScope, OwnAccount
from service.identity.errors import AccountUnknown
from service.identity.models import Account, Person
from service.organisations import nodes
from service.organisations.models import UnionNode

ADMINISTRATOR = Role.ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role and the node it is held on."""

    role: Role
    node: UnionNode


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """An account as administrators see it. `node` None: kept by those of the whole tree."""

    account: Account
    person: Person
    node: UnionNode | None
    has_totp: bool
    roles: list[HeldRole]


@dataclass(frozen=True, slots=True)
class Initial:
    """An account with the password to hand over, shown once; it is changed at the first sign-in."""

    kept: KeptAccount
    password: str


def listed(actor: Actor, q: str | None, *, page: int, per_page: int) -> Page[KeptAccount]:
    """The accounts of the actor's scope, by login; those whose login or name has `q` in it."""
    query = _accounts(actor).order_by(Account.login)
    if q:
        part = like_pattern(q)
        query = query.where(or_(Account.login.like(part, escape="\\"), Person.search.like(part, escape="\\")))
    found = page_of_rows(query, page=page, per_page=per_page)
    return Page([_kept(row.Account) for row in found.items], page, per_page, found.total)


def one(actor: Actor, account_id: int) -> KeptAccount:
    """One account of the scope. Raises AccountUnknown."""
    return _kept(_in_scope(actor, account_id))


def reset_password(actor: Actor, account_id: int) -> Initial:
    """Another password, made up, to be changed at the next sign-in; sign-ins end, locks are lifted.

    Raises AccountUnknown, OwnAccount, BeyondScope, HashingBusy.
    """
    account = _to_change(actor, account_id)
    password = passwords.made_up()
    accounts.set_password(actor, account.login, password, must_change=True)
    return Initial(one(actor, account_id), password)


@transactional
def disable(actor: Actor, account_id: int) -> KeptAccount:
    """Switch the account off; its sign-ins end. Raises AccountUnknown, OwnAccount, BeyondScope."""
    accounts.disable(actor, _to_change(actor, account_id).login)
    return one(actor, account_id)


@transactional
def enable(actor: Actor, account_id: int) -> KeptAccount:
    """Switch the account on again. Raises AccountUnknown, OwnAccount, BeyondScope."""
    accounts.enable(actor, _to_change(actor, account_id).login)
    return one(actor, account_id)


@transactional
def reset_totp(actor: Actor, account_id: int) -> KeptAccount:
    """Take the authenticator away: its holder has lost it. Raises AccountUnknown, OwnAccount, BeyondScope."""
    account = _to_change(actor, account_id)
    totp.reset(actor, account)
    return one(actor, account_id)


@transactional
def grant(actor: Actor, account_id: int, role: Role, node_id: int) -> KeptAccount:
    """Give the holder a role on a node of the actor's own scope.

    Raises AccountUnknown, OwnAccount, BeyondScope, NodeUnknown, RoleImplied, DutiesConflict.
    """
    account = _to_change(actor, account_id)
    grants.grant(actor, account.person_id, role, nodes.node_in_scope(actor, node_id, ADMINISTRATOR).id)
    return one(actor, account_id)


@transactional
def withdraw(actor: Actor, account_id: int, role: Role, node_id: int) -> KeptAccount:
    """Take a role away; it opens nothing from the next request on. As `grant`."""
    account = _to_change(actor, account_id)
    grants.withdraw(actor, account.person_id, role, nodes.node_in_scope(actor, node_id, ADMINISTRATOR).id)
    return one(actor, account_id)


def kept(account: Account) -> KeptAccount:
    """The account just made, as administrators see it."""
    return _kept(account)


def _to_change(actor: Actor, account_id: int) -> Account:
    account = _in_scope(actor, account_id)
    if account.person_id == actor.person_id:
        raise OwnAccount
    if not all(actor.reaches(each.path, ADMINISTRATOR) for each in grants.of(account.person_id)):
        raise BeyondScope
    return account


def _in_scope(actor: Actor, account_id: int) -> Account:
    row = db.session.execute(_accounts(actor).where(Account.id == account_id)).one_or_none()
    if row is None:
        raise AccountUnknown
    account: Account = row.Account
    return account


def _accounts(actor: Actor) -> Select[Account, Person]:
    root = nodes.root()
    is_of_all = root is not None and actor.reaches(root.path, ADMINISTRATOR)
    return (
        select(Account, Person)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(UnionNode, UnionNode.id == Account.node_id)
        .where(or_(nodes.scope_filter(actor.paths(ADMINISTRATOR)), Account.node_id.is_(None) if is_of_all else false()))
    )


def _kept(account: Account) -> KeptAccount:
    held = grants.of(account.person_id)
    where = nodes.by_ids({each.node_id for each in held} | ({account.node_id} if account.node_id else set()))
    return KeptAccount(
        account=account,
        person=people.person(account.person_id),
        node=where.get(account.node_id or 0),
        has_totp=totp.is_in_force(account.id),
        roles=[HeldRole(each.role, where[each.node_id]) for each in held],
    )
