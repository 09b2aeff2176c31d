"""Rules of the union tree: what may stand below what, and what its codes look like. Pure."""

import re

from stdnum.cn import uscc

from service.organisations.enums import NodeKind

NODE_CODE = re.compile(r"[0-9A-Z][0-9A-Z-]{2,31}")

CHILDREN: dict[NodeKind, frozenset[NodeKind]] = {
    NodeKind.CITY: frozenset({NodeKind.COUNTY, NodeKind.PARK, NodeKind.SECTOR, NodeKind.GRASSROOTS}),
    NodeKind.COUNTY: frozenset({NodeKind.TOWN, NodeKind.PARK, NodeKind.SECTOR, NodeKind.GRASSROOTS}),
    NodeKind.PARK: frozenset({NodeKind.SECTOR, NodeKind.GRASSROOTS}),
    NodeKind.TOWN: frozenset({NodeKind.SECTOR, NodeKind.GRASSROOTS}),
    NodeKind.SECTOR: frozenset({NodeKind.GRASSROOTS}),
    NodeKind.GRASSROOTS: frozenset({NodeKind.BRANCH}),
    NodeKind.BRANCH: frozenset({NodeKind.BRANCH}),
}
"""What may stand directly below what (docs/rules.md `organisations.hierarchy`)."""


def may_stand_below(kind: NodeKind, parent: NodeKind) -> bool:
    """Whether a node of this kind may be a child of one of that kind."""
    return kind in CHILDREN[parent]


def is_node_code(text: str) -> bool:
    """Whether the text can be a union's code: 3 to 32 digits, capitals and hyphens."""
    return NODE_CODE.fullmatch(text) is not None


def is_credit_code(text: str) -> bool:
    """Whether it is a unified social credit code, check digit included (docs/rules.md `organisations.credit_code`).

    Lower case is refused here: callers fold it to capitals first.
    """
    return len(text) == 18 and text == text.upper() and bool(uscc.is_valid(text))


def is_union_credit_code(text: str) -> bool:
    """Whether it is a union's: registrar 8, class 1 (grassroots union) or 9 (other)."""
    return is_credit_code(text) and text[:2] in ("81", "89")


def takes_members(kind: NodeKind) -> bool:
    """Whether workers may be members of such a node directly (docs/rules.md `unions.where_members_are`)."""
    return kind in (NodeKind.TOWN, NodeKind.SECTOR, NodeKind.GRASSROOTS, NodeKind.BRANCH)
