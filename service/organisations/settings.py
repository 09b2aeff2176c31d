"""What a union demands of itself and everything below it. The strictest word counts: nobody below switches it off."""

from dataclasses import dataclass

from sqlalchemy import exists, select

from service.audit import entries
from service.core.access import Actor, Role
from service.core.db import db
from service.core.transaction import transactional
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.organisations.setting_models import NodeSetting

READERS = (Role.ADMINISTRATOR, Role.TRAINING_STAFF, Role.PUBLISHING_STAFF)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a node has settled, and what holds there because of it or of a union above."""

    node: UnionNode
    needs_approval: bool
    is_approval_demanded: bool


@transactional
def change(actor: Actor, node_id: int, *, needs_approval: bool) -> Settings:
    """Settle whether a second person looks at what is published here and below. Raises NodeUnknown."""
    node = nodes.node_in_scope(actor, node_id, Role.ADMINISTRATOR)
    row = db.session.get(NodeSetting, node.id, with_for_update=True)
    if row is None:
        row = NodeSetting(node_id=node.id)
        db.session.add(row)
    row.needs_approval = needs_approval
    db.session.flush()
    entries.record(actor, "organisations.settings_changed", "node", node.id, needs_approval=needs_approval)
    return _settings(node)


def settings(actor: Actor, node_id: int) -> Settings:
    """What holds at a node of the actor's scope. Raises NodeUnknown."""
    return _settings(nodes.node_in_scope(actor, node_id, *READERS))


def is_approval_demanded(node: UnionNode) -> bool:
    """Whether this node or one above it wants a second person before something is published."""
    query = (
        select(NodeSetting.node_id)
        .join(UnionNode, UnionNode.id == NodeSetting.node_id)
        .where(NodeSetting.needs_approval, UnionNode.path.in_(here_and_above(node.path)))
    )
    return bool(db.session.scalar(select(exists(query))))


def here_and_above(path: str) -> list[str]:
    """The paths from the root down to this one."""
    ids = path.strip("/").split("/")
    return ["/" + "/".join(ids[: depth + 1]) + "/" for depth in range(len(ids))]


def _settings(node: UnionNode) -> Settings:
    row = db.session.get(NodeSetting, node.id)
    return Settings(node, row is not None and row.needs_approval, is_approval_demanded(node))
