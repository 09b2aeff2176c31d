"""Who holds which role where: for staff to see who may do what at a union."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from service.core.access import Actor, Role
from service.core.db import db
from service.core.errors import Forbidden
from service.identity.models import Account, Person, RoleGrant
from service.organisations import nodes, settings
from service.organisations.models import UnionNode


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with a role that reaches the node asked about, and where it is held."""

    role: Role
    person_id: int
    name: str
    node: UnionNode


@dataclass(frozen=True, slots=True)
class Holders:
    """A node and everybody whose roles reach it."""

    node: UnionNode
    people: Sequence[Holder]


def at(actor: Actor, node_id: int | None) -> Holders:
    """Who holds which role at the node named, or the first of the actor's own. Raises NodeUnknown for one out of scope.

    Accounts that are switched off are left out.
    """
    if not actor.grants:
        raise Forbidden
    node = nodes.node_in_scope(actor, node_id or actor.grants[0].node_id, *Role)
    query = (
        select(RoleGrant.role, Person.id, Person.name, UnionNode)
        .join(Person, Person.id == RoleGrant.person_id)
        .join(Account, Account.person_id == Person.id)
        .join(UnionNode, UnionNode.id == RoleGrant.node_id)
        .where(UnionNode.path.in_(settings.here_and_above(node.path)), Account.is_disabled.is_(False))
        .order_by(RoleGrant.id)
    )
    return Holders(node, [Holder(*row) for row in db.session.execute(query)])
