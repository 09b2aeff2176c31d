"""The union tree: making nodes and asking for them. A node's `path` is its parent's path, its id and a slash."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from service.core.access import Actor, Role
from service.core.db import db
from service.core.pages import Page, page_of
from service.core.search import like_pattern, search_text
from service.core.transaction import transactional
from service.organisations.enums import NodeKind
from service.organisations.errors import NodeCodeTaken, NodeMisplaced, NodeUnknown
from service.organisations.models import UnionNode
from service.organisations.rules import may_stand_below


@transactional
def create(
    *,
    parent: UnionNode | None,
    kind: NodeKind,
    code: str,
    name: str,
    county_code: str | None = None,
    credit_code: str | None = None,
) -> UnionNode:
    """A new node below `parent` (the root where None). A county code not given is the parent's.

    Raises NodeCodeTaken, NodeMisplaced.
    """
    if parent is not None and not may_stand_below(kind, parent.kind):
        raise NodeMisplaced
    if by_code(code) is not None:
        raise NodeCodeTaken(details={"code": code})
    made = UnionNode(
        parent_id=parent.id if parent else None,
        kind=kind,
        code=code,
        name=name,
        path=f"/new-{code}/",
        county_code=county_code or (parent.county_code if parent else None),
        credit_code=credit_code,
    )
    db.session.add(made)
    db.session.flush()
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    db.session.flush()
    return made


def rename(node: UnionNode, name: str) -> None:
    """Give the node another name, found under it from now on. In the caller's transaction."""
    node.name = name
    node.search = search_text(name)


def node(node_id: int) -> UnionNode:
    """The node. Raises NodeUnknown."""
    found = db.session.get(UnionNode, node_id)
    if found is None:
        raise NodeUnknown
    return found


def node_in_scope(actor: Actor, node_id: int, *roles: Role) -> UnionNode:
    """The node, where it lies in the actor's scope of any of these roles. Raises NodeUnknown."""
    found = node(node_id)
    if not actor.reaches(found.path, *roles):
        raise NodeUnknown
    return found


def by_code(code: str) -> UnionNode | None:
    """The node with this code, None where there is none."""
    return db.session.scalar(select(UnionNode).where(UnionNode.code == code))


def root() -> UnionNode | None:
    """普洱市总工会, None before the tree is planted."""
    return db.session.scalar(select(UnionNode).where(UnionNode.parent_id.is_(None)))


def by_ids(ids: Iterable[int]) -> dict[int, UnionNode]:
    """The nodes with these ids."""
    rows = db.session.scalars(select(UnionNode).where(UnionNode.id.in_(set(ids))))
    return {row.id: row for row in rows}


def subtree_filter(path: str, *, column: Any = UnionNode.path) -> ColumnElement[bool]:
    """The condition "this node or below it" on a column of paths."""
    condition: ColumnElement[bool] = column.like(f"{path}%")
    return condition


def scope_filter(paths: Sequence[str], *, column: Any = UnionNode.path) -> ColumnElement[bool]:
    """The condition "in one of these subtrees"; never true for none."""
    return or_(UnionNode.id != UnionNode.id, *(subtree_filter(path, column=column) for path in paths))


def listed(*, parent_id: int | None, q: str | None, page: int, per_page: int) -> Page[UnionNode]:
    """Nodes by code: the children of `parent_id`, or with `q` everything below it whose name matches.

    Without either: the root. Raises NodeUnknown for a parent that does not exist.
    """
    query = select(UnionNode).order_by(UnionNode.code)
    if q:
        query = query.where(UnionNode.search.like(like_pattern(q), escape="\\"))
        if parent_id is not None:
            query = query.where(subtree_filter(node(parent_id).path))
    elif parent_id is not None:
        query = query.where(UnionNode.parent_id == node(parent_id).id)
    else:
        query = query.where(UnionNode.parent_id.is_(None))
    return page_of(query, page=page, per_page=per_page)


def every_by_code() -> dict[str, UnionNode]:
    """The whole tree, code -> node: for work that asks for thousands of codes."""
    return {row.code: row for row in db.session.scalars(select(UnionNode))}
