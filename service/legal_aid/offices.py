"""Which union's desk takes an application: the county's (or the park's, the city's) above where the worker belongs.

Rule: docs/rules.md `legal_aid.office`.
"""

from sqlalchemy import select

from service.core.db import db
from service.legal_aid.errors import NoOffice
from service.organisations import nodes
from service.organisations.enums import NodeKind
from service.organisations.models import UnionNode
from service.organisations.settings import here_and_above
from service.unions import memberships

OFFICES = (NodeKind.CITY, NodeKind.COUNTY, NodeKind.PARK)


def office_of(person_id: int | None, county_code: str | None = None) -> UnionNode:
    """The office for a worker: of the county named, else of her union, else the city's. Raises NoOffice."""
    if county_code:
        of_county = select(UnionNode).where(UnionNode.county_code == county_code, UnionNode.kind == NodeKind.COUNTY)
        found = db.session.scalars(of_county.order_by(UnionNode.id)).first()
        if found is not None:
            return found
    membership = memberships.active_membership(person_id) if person_id is not None else None
    if membership is not None:
        return above(nodes.node(membership.node_id))
    root = nodes.root()
    if root is None:
        raise NoOffice
    return root


def above(node: UnionNode) -> UnionNode:
    """The office of a union: itself, or the nearest one above that keeps one. Raises NoOffice."""
    query = (
        select(UnionNode)
        .where(UnionNode.path.in_(here_and_above(node.path)), UnionNode.kind.in_(OFFICES))
        .order_by(UnionNode.path.desc())
    )
    found = db.session.scalars(query).first()
    if found is None:
        raise NoOffice
    return found
