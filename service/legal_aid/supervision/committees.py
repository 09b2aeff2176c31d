"""Which committee a tip goes to: the deepest union with a supervisor, from the one named upward.

Who names no union means the county's, not the enterprise's own (docs/rules.md `supervision.committee`).
"""

from collections.abc import Sequence

from sqlalchemy import select

from service.core.access import Role
from service.core.db import db
from service.identity.models import Account, RoleGrant
from service.legal_aid import offices
from service.legal_aid.access import employment
from service.legal_aid.supervision.models import LabourTip
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.organisations.settings import here_and_above

SUPERVISOR = Role.LABOUR_LAW_SUPERVISOR


def in_charge(person_id: int | None, node_id: int | None, county_code: str | None) -> UnionNode:
    """The committee's union. Raises NodeUnknown, NoOffice."""
    start = nodes.node(node_id) if node_id is not None else offices.office_of(person_id, county_code)
    query = (
        select(UnionNode)
        .join(RoleGrant, RoleGrant.node_id == UnionNode.id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.role == SUPERVISOR, Account.is_disabled.is_(False),
            UnionNode.path.in_(here_and_above(start.path)),
        )
        .order_by(UnionNode.path.desc())
    )  # fmt: skip
    # With no supervisor anywhere above it waits where it belongs until one is named.
    return db.session.scalars(query).first() or start


def members(node: UnionNode) -> Sequence[int]:
    """The committee's supervisors."""
    query = (
        select(RoleGrant.person_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(RoleGrant.role == SUPERVISOR, RoleGrant.node_id == node.id, Account.is_disabled.is_(False))
    )
    return sorted(set(db.session.scalars(query)))


def is_concerned(tip: LabourTip, person_id: int) -> bool:
    """Whether somebody gave the tip by name, or works for the employer it is about."""
    place = employment(person_id)
    works_there = place.employer_id is not None and (
        place.employer_id == tip.employer_id or tip.employer_index in place.indexes
    )
    return works_there or tip.person_id == person_id
