"""Opening an account within an administrator's scope: for a member of it, or for somebody new to the register."""

from dataclasses import dataclass

from service.audit import entries
from service.core.access import Actor, Role
from service.core.errors import Forbidden
from service.core.transaction import transactional
from service.identity import accounts, authority, passwords, people
from service.identity.authority import Initial
from service.identity.errors import PersonUnknown
from service.identity.models import Account
from service.organisations import nodes
from service.unions import memberships


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An account to be opened, a member's or of somebody new by `name`; on a node, or on the actor's own."""

    login: str
    name: str | None = None
    person_id: int | None = None
    node_id: int | None = None


def open_account(actor: Actor, opening: Opening) -> Initial:
    """A new account with a made-up password, to be changed at the first sign-in.

    Raises NodeUnknown, PersonUnknown for who is no member in the actor's scope, LoginTaken, HashingBusy.
    """
    own = [grant.node_id for grant in actor.grants if grant.role is Role.ADMINISTRATOR]
    if not own:
        raise Forbidden
    node = nodes.node_in_scope(actor, opening.node_id or own[0], Role.ADMINISTRATOR)
    password = passwords.made_up()
    account = Account(
        login=accounts.normal_login(opening.login),
        password_hash=passwords.hashed(password),
        must_change=True,
        node_id=node.id,
    )
    return _open(actor, opening, account, password)


@transactional
def _open(actor: Actor, opening: Opening, account: Account, password: str) -> Initial:
    is_new = opening.person_id is None
    account.person_id = _new_person(actor, opening.name) if is_new else _member(actor, opening.person_id or 0)
    return Initial(authority.kept(accounts.keep(actor, account)), password)


def _new_person(actor: Actor, name: str | None) -> int:
    person = people.newcomer()
    people.rename(person, name or people.NEWCOMER)
    entries.record(actor, "identity.staff_person_entered", "person", person.id)
    return person.id


def _member(actor: Actor, person_id: int) -> int:
    membership = memberships.active_membership(person_id)
    if membership is None or not actor.reaches(nodes.node(membership.node_id).path, Role.ADMINISTRATOR):
        raise PersonUnknown
    return person_id
