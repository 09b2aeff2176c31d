"""Membership: one active a person, moved by transfer, history kept."""

from datetime import date

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import IntegrityError

from service.core import clock
from service.organisations.enums import NodeKind
from service.organisations.errors import NodeUnknown
from service.organisations.models import UnionNode
from service.unions import memberships
from service.unions.errors import AlreadyMember, NodeClosed, NotMember
from service.unions.models import Membership, MembershipState
from tests import make


@pytest.fixture
def unions(database: SQLAlchemy) -> list[UnionNode]:
    """Two grassroots unions."""
    city = make.node()
    return [make.node(f"{name}工会", kind=NodeKind.GRASSROOTS, parent=city) for name in ("甲厂", "乙厂")]


def test_who_joins_is_a_member_from_today(unions: list[UnionNode]) -> None:
    person = make.person()
    joined = memberships.enrol(person.id, unions[0].id)
    assert (joined.node_id, joined.state, joined.joined_on) == (unions[0].id, MembershipState.ACTIVE, clock.today())
    assert memberships.active_membership(person.id) == joined


def test_joining_the_same_union_twice_gives_the_first(unions: list[UnionNode]) -> None:
    person = make.person()
    first = memberships.enrol(person.id, unions[0].id, joined_on=date(2020, 5, 1))
    assert memberships.enrol(person.id, unions[0].id).id == first.id
    assert len(memberships.history(person.id)) == 1


def test_a_member_does_not_join_elsewhere_but_is_transferred(unions: list[UnionNode]) -> None:
    person = make.person(member_of=unions[0])
    with pytest.raises(AlreadyMember):
        memberships.enrol(person.id, unions[1].id)
    moved = memberships.transfer(person.id, unions[1].id)
    assert memberships.active_membership(person.id) == moved
    old, new = memberships.history(person.id)
    assert (old.node_id, old.state, new.node_id) == (unions[0].id, MembershipState.ENDED, unions[1].id)
    assert old.ended_at is not None
    assert memberships.transfer(person.id, unions[1].id).id == moved.id


def test_who_is_no_member_cannot_be_transferred_or_leave(unions: list[UnionNode]) -> None:
    person = make.person()
    for command in (lambda: memberships.transfer(person.id, unions[0].id), lambda: memberships.end(person.id)):
        with pytest.raises(NotMember):
            command()


def test_who_has_left_may_join_again(unions: list[UnionNode]) -> None:
    person = make.person(member_of=unions[0])
    assert memberships.end(person.id).state is MembershipState.ENDED
    assert memberships.active_membership(person.id) is None
    memberships.enrol(person.id, unions[1].id)
    assert len(memberships.history(person.id)) == 2


def test_a_closed_union_a_federation_and_an_unknown_one_take_nobody(
    database: SQLAlchemy, unions: list[UnionNode]
) -> None:
    person = make.person()
    city_id = unions[0].parent_id or 0
    unions[1].is_open_for_joining = False
    database.session.merge(unions[1])
    database.session.commit()
    for node_id, refusal in ((unions[1].id, NodeClosed), (city_id, NodeClosed), (999_999, NodeUnknown)):
        with pytest.raises(refusal):
            memberships.enrol(person.id, node_id)


def test_a_refused_transfer_leaves_the_old_membership(database: SQLAlchemy, unions: list[UnionNode]) -> None:
    person = make.person(member_of=unions[0])
    with pytest.raises(NodeClosed):
        memberships.transfer(person.id, unions[0].parent_id or 0)
    standing = memberships.active_membership(person.id)
    assert standing is not None
    assert standing.node_id == unions[0].id


def test_many_are_placed_at_once_and_old_memberships_end(unions: list[UnionNode]) -> None:
    new, moving = make.person(), make.person(member_of=unions[0])
    memberships.place({new.id: (unions[1].id, date(2021, 1, 1)), moving.id: (unions[1].id, date(2022, 1, 1))})
    memberships.place({})
    active = memberships.active_memberships([new.id, moving.id])
    assert {person_id: each.node_id for person_id, each in active.items()} == {
        new.id: unions[1].id,
        moving.id: unions[1].id,
    }
    assert [each.state for each in memberships.history(moving.id)] == [MembershipState.ENDED, MembershipState.ACTIVE]


def test_the_database_itself_refuses_a_second_active_membership(database: SQLAlchemy, unions: list[UnionNode]) -> None:
    person = make.person(member_of=unions[0])
    database.session.add(Membership(person_id=person.id, node_id=unions[1].id, joined_on=date(2020, 1, 1)))
    with pytest.raises(IntegrityError):
        database.session.flush()
    database.session.rollback()
