"""Roles held on nodes of the union tree."""

from sqlalchemy import delete, select

from service.audit import entries
from service.core import clock
from service.core.access import Actor, Grant, Role
from service.core.db import db
from service.core.transaction import transactional
from service.identity import binding_models, people, phone_models, totp_models  # noqa: F401  tables
from service.identity.models import RoleGrant
from service.organisations import nodes
from service.organisations.models import UnionNode


@transactional
def grant(actor: Actor, person_id: int, role: Role, node_id: int) -> None:
    """Give a person a role on a node and everything below it; held already, nothing changes.

    Raises PersonUnknown, NodeUnknown.
    """
    people.lock([person_id])
    node = nodes.node(node_id)
    held = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.node_id == node.id
    )
    if db.session.scalar(held) is None:
        db.session.add(RoleGrant(person_id=person_id, role=role, node_id=node.id, granted_at=clock.now()))
        db.session.flush()
        entries.record(actor, "identity.role_granted", "person", person_id, role=role.value, node_id=node_id)


@transactional
def withdraw(actor: Actor, person_id: int, role: Role, node_id: int) -> None:
    """Take the role away again: it opens nothing from the next request on."""
    db.session.execute(
        delete(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.node_id == node_id)
    )
    entries.record(actor, "identity.role_withdrawn", "person", person_id, role=role.value, node_id=node_id)


def of(person_id: int) -> tuple[Grant, ...]:
    """The roles a person holds, in the order they were given."""
    query = (
        select(RoleGrant.role, RoleGrant.node_id, UnionNode.path)
        .join(UnionNode, UnionNode.id == RoleGrant.node_id)
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.id)
    )
    return tuple(Grant(role, node_id, path) for role, node_id, path in db.session.execute(query))
