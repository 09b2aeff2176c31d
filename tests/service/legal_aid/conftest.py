"""An office of legal aid: a county with its intake, a supervisor, handlers, a worker, and the city above."""

from dataclasses import dataclass

import pytest
from flask_sqlalchemy import SQLAlchemy

from service.core import clock
from service.core.access import Actor, Grant, Role
from service.core.db import db
from service.identity.models import Account, Person, RoleGrant
from service.organisations.enums import NodeKind
from service.organisations.models import Employer, UnionNode
from tests import make


@dataclass
class Office:
    """Everybody of a county's office."""

    city: UnionNode
    county: UnionNode
    other_county: UnionNode
    factory: UnionNode
    employer: Employer
    worker: Actor
    other_worker: Actor
    intake: Actor
    supervisor: Actor
    handler: Actor
    second_handler: Actor
    upper: Actor
    of_employer: Actor
    elsewhere: Actor


def clerk(where: UnionNode, *roles: Role, **columns: object) -> Actor:
    """A member of staff with an account and these roles on a node."""
    person: Person = make.person(**columns)
    db.session.add(Account(person_id=person.id, login=f"clerk-{person.id}", password_hash="x"))
    for role in roles:
        db.session.add(RoleGrant(person_id=person.id, role=role, node_id=where.id, granted_at=clock.now()))
    db.session.commit()
    return Actor(person.id, grants=tuple(Grant(role, where.id, where.path) for role in roles))


@pytest.fixture
def office(database: SQLAlchemy) -> Office:
    """The office, with nothing to do yet."""
    return set_up()


def set_up() -> Office:
    """Make one."""
    city = make.node()
    county = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city, county="530802")
    other = make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=city, county="530828")
    factory = make.node("思茅茶厂工会", kind=NodeKind.GRASSROOTS, parent=county, county="530802")
    employer = Employer(name="思茅某茶厂", credit_code="91530802MA000020X0")
    db.session.add(employer)
    db.session.commit()
    staff, officer = Role.LEGAL_STAFF, Role.LEGAL_AID_OFFICER
    return Office(
        city=city, county=county, other_county=other, factory=factory, employer=employer,
        worker=make.actor(make.person(member_of=factory).id), other_worker=make.actor(make.person().id),
        intake=clerk(county, staff), supervisor=clerk(county, staff), handler=clerk(county, officer),
        second_handler=clerk(city, officer), upper=clerk(city, staff),
        of_employer=clerk(county, staff, officer, employer_id=employer.id), elsewhere=clerk(other, staff, officer),
    )  # fmt: skip
