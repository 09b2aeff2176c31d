"""Membership (会籍): joining, moving, ending, with the history kept. Every change holds the person's row lock."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import insert, select, update

from service.core import clock
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people
from service.organisations import nodes
from service.organisations.rules import takes_members
from service.unions.errors import AlreadyMember, NodeClosed, NotMember
from service.unions.models import Membership, MembershipState


@transactional
def enrol(person_id: int, node_id: int, *, joined_on: date | None = None) -> Membership:
    """The person's membership in the node, from today unless told. Joining the same node twice gives the first.

    Raises AlreadyMember for a membership elsewhere, NodeClosed, NodeUnknown.
    """
    people.lock([person_id])
    standing = active_membership(person_id)
    if standing is not None and standing.node_id == node_id:
        return standing
    if standing is not None:
        raise AlreadyMember
    return _begin(person_id, node_id, joined_on or clock.today())


@transactional
def transfer(person_id: int, node_id: int) -> Membership:
    """Move the person's membership to another node (接转): the old one ends, its history stays.

    Raises NotMember, NodeClosed, NodeUnknown.
    """
    people.lock([person_id])
    standing = _active(person_id)
    if standing.node_id == node_id:
        return standing
    _end(standing)
    return _begin(person_id, node_id, clock.today())


@transactional
def end(person_id: int) -> Membership:
    """End the person's membership. Raises NotMember."""
    people.lock([person_id])
    standing = _active(person_id)
    _end(standing)
    return standing


def place(nodes_by_person: Mapping[int, tuple[int, date]]) -> None:
    """Make each person (id -> node id, day of joining) a member there, ending a membership elsewhere.

    Many at a time and in the caller's transaction, who holds the people's locks and has judged the nodes.
    """
    if not nodes_by_person:
        return
    ending = (
        update(Membership)
        .where(Membership.person_id.in_(nodes_by_person), Membership.state == MembershipState.ACTIVE)
        .values(state=MembershipState.ENDED, ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    db.session.execute(ending)
    rows = [
        {"person_id": person_id, "node_id": node_id, "joined_on": joined_on}
        for person_id, (node_id, joined_on) in sorted(nodes_by_person.items())
    ]
    db.session.execute(insert(Membership), rows)


def active_membership(person_id: int) -> Membership | None:
    """The person's active membership, None where there is none."""
    return db.session.scalar(
        select(Membership).where(Membership.person_id == person_id, Membership.state == MembershipState.ACTIVE)
    )


def active_memberships(person_ids: Iterable[int]) -> dict[int, Membership]:
    """Person id -> active membership, for those who have one."""
    rows = db.session.scalars(
        select(Membership).where(Membership.person_id.in_(set(person_ids)), Membership.state == MembershipState.ACTIVE)
    )
    return {row.person_id: row for row in rows}


def history(person_id: int) -> list[Membership]:
    """All memberships of the person, oldest first."""
    return list(db.session.scalars(select(Membership).where(Membership.person_id == person_id).order_by(Membership.id)))


def _active(person_id: int) -> Membership:
    standing = active_membership(person_id)
    if standing is None:
        raise NotMember
    return standing


def _end(membership: Membership) -> None:
    membership.state = MembershipState.ENDED
    membership.ended_at = clock.now()
    # Before the next one begins: at most one is active at any moment.
    db.session.flush()


def _begin(person_id: int, node_id: int, joined_on: date) -> Membership:
    node = nodes.node(node_id)
    if not node.is_open_for_joining or not takes_members(node.kind):
        raise NodeClosed
    made = Membership(person_id=person_id, node_id=node_id, joined_on=joined_on)
    db.session.add(made)
    db.session.flush()
    return made
