"""Roles held on nodes of the union tree."""

from sqlalchemy import delete, select

from service.audit import entries
from service.core import clock
from service.core.access import Actor, Grant, Role
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people, separation
from service.identity.authority_errors import DutiesConflict, RoleImplied
from service.identity.models import RoleGrant
from service.organisations import nodes
from service.organisations.models import UnionNode


@transactional
def grant(actor: Actor, person_id: int, role: Role, node_id: int) -> None:
    """Give a person a role on a node and everything below it; held already, nothing changes.

    Raises PersonUnknown, NodeUnknown, RoleImplied for what is never granted, DutiesConflict for what the person may not
    hold beside another role (docs/rules.md `identity.separation`).
    """
    if role in separation.IMPLIED:
        raise RoleImplied
    people.lock([person_id])
    node = nodes.node(node_id)
    _check_separation(person_id, role)
    held = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.node_id == node.id
    )
    if db.session.scalar(held) is None:
        db.session.add(RoleGrant(person_id=person_id, role=role, node_id=node.id, granted_at=clock.now()))
        db.session.flush()
        entries.record(actor, "identity.role_granted", "person", person_id, role=role.value, node_id=node_id)


@transactional
def withdraw(actor: Actor, person_id: int, role: Role, node_id: int) -> None:
    """Take the role away again: it opens nothing from the next request on. Raises PersonUnknown."""
    people.lock([person_id])
    db.session.execute(
        delete(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.node_id == node_id)
    )
    entries.record(actor, "identity.role_withdrawn", "person", person_id, role=role.value, node_id=node_id)


def _check_separation(person_id: int, role: Role) -> None:
    """Read behind the person's lock: of two grants at once the second sees the first."""
    held = db.session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person_id))
    kept_apart = separation.apart(held, role)
    if kept_apart:
        raise DutiesConflict(details={"role": role.value, "held": sorted({each.value for each in kept_apart})})


def of(person_id: int) -> tuple[Grant, ...]:
    """The roles a person holds, in the order they were given."""
    query = (
        select(RoleGrant.role, RoleGrant.node_id, UnionNode.path)
        .join(UnionNode, UnionNode.id == RoleGrant.node_id)
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.id)
    )
    return tuple(Grant(role, node_id, path) for role, node_id, path in db.session.execute(query))
