"""A person's own record."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from service.core.access import Actor, Role
from service.core.db import db
from service.identity import closures, people
from service.identity.models import Person
from service.organisations import employers, nodes
from service.organisations.models import Employer, UnionNode
from service.organisations.occupations import occupation_name
from service.unions.models import Membership, MembershipState


@dataclass(frozen=True, slots=True)
class OwnPerson:
    """A person to herself: numbers in clear."""

    id: int
    name: str
    is_verified: bool
    id_number: str | None
    phone: str | None
    employer: Employer | None
    occupation_code: str | None
    occupation_name: str | None
    industry: str
    worker_category: str


@dataclass(frozen=True, slots=True)
class OwnRole:
    """A role and the node it is held on."""

    role: Role
    node: UnionNode


@dataclass(frozen=True, slots=True)
class OwnMembership:
    """Where one is a member, and since when."""

    node: UnionNode
    county_code: str | None
    joined_on: date


@dataclass(frozen=True, slots=True)
class Me:
    """Who is asking; `closes_at` is when the account ends, where that was asked for."""

    person: OwnPerson
    roles: list[OwnRole]
    membership: OwnMembership | None
    closes_at: datetime | None


def me(actor: Actor) -> Me:
    """The actor's own record, with the roles of this sign-in. Raises PersonUnknown."""
    person = people.person(actor.worker_id)
    held = nodes.by_ids(grant.node_id for grant in actor.grants)
    roles = [OwnRole(grant.role, held[grant.node_id]) for grant in actor.grants]
    return Me(_own(person), roles, _membership(person.id), closures.closes_at(person.id))


def _own(person: Person) -> OwnPerson:
    return OwnPerson(
        id=person.id,
        name=person.name,
        is_verified=person.is_verified,
        id_number=person.id_number,
        phone=person.phone,
        employer=employers.employer(person.employer_id),
        occupation_code=person.occupation_code,
        occupation_name=occupation_name(person.occupation_code),
        industry=person.industry,
        worker_category=person.worker_category,
    )


def _membership(person_id: int) -> OwnMembership | None:
    query = (
        select(Membership.joined_on, UnionNode)
        .join(UnionNode, UnionNode.id == Membership.node_id)
        .where(Membership.person_id == person_id, Membership.state == MembershipState.ACTIVE)
    )
    row = db.session.execute(query).one_or_none()
    return OwnMembership(row.UnionNode, row.UnionNode.county_code, row.joined_on) if row else None
