"""Rows for tests, each with sensible defaults; they are committed, so that a command sees them."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from service.booking import offerings
from service.booking.enums import OfferingKind
from service.booking.models import Offering
from service.core import clock
from service.core.access import Actor, Grant, Role
from service.core.db import db
from service.identity.models import Person
from service.organisations.enums import Industry, NodeKind, WorkerCategory
from service.organisations.models import UnionNode
from service.unions.models import Membership

_numbers = itertools.count(1)
MEMBERS_ONLY = ({"kind": "membership"},)


def check_digit(body: str) -> str:
    """The check digit of a resident ID number's first 17 digits (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def id_number(number: int) -> str:
    """A fictitious resident ID number: sequence 000, a birth date of its own."""
    born = date(1950, 1, 1) + timedelta(days=number % 18_000)
    body = f"{530802 + number // 18_000}{born:%Y%m%d}000"
    return body + check_digit(body)


def node(
    name: str = "普洱市总工会",
    *,
    kind: NodeKind = NodeKind.CITY,
    parent: UnionNode | None = None,
    county: str | None = None,
) -> UnionNode:
    """A union node below `parent`; the root where there is none."""
    made = UnionNode(
        name=name, kind=kind, parent_id=parent.id if parent else None, code=f"T{next(_numbers)}",
        path=f"/t{next(_numbers)}/",
        county_code=county,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    db.session.commit()
    return made


def person(*, member_of: UnionNode | None = None, **columns: Any) -> Person:
    """A verified person; a member where `member_of` is given."""
    number = next(_numbers)
    made = Person(
        name=f"测试{number}", is_verified=True, created_at=clock.now(), industry=Industry.TEA,
        worker_category=WorkerCategory.EMPLOYEE,
    )  # fmt: skip
    made.id_number = id_number(number)
    made.phone = f"138{number:08d}"
    for column, value in columns.items():
        setattr(made, column, value)
    db.session.add(made)
    db.session.flush()
    if member_of is not None:
        db.session.add(Membership(person_id=made.id, node_id=member_of.id, joined_on=date(2020, 1, 1)))
    db.session.commit()
    return made


def people(count: int, *, member_of: UnionNode) -> list[int]:
    """The ids of `count` members."""
    return [person(member_of=member_of).id for _ in range(count)]


def actor(person_id: int) -> Actor:
    """A worker asking."""
    return Actor(person_id=person_id)


def staff(where: UnionNode, *roles: Role) -> Actor:
    """A staff member with these roles on a node (training staff where none is named)."""
    return Actor(
        person_id=person().id,
        grants=tuple(Grant(role, where.id, where.path) for role in roles or (Role.TRAINING_STAFF,)),
    )


def offering(
    *,
    capacity: int = 1,
    waiting: int = 0,
    opens_in: timedelta = timedelta(hours=-1),
    starts_in: timedelta = timedelta(days=7),
    gates: Sequence[Mapping[str, Any]] = MEMBERS_ONLY,
    spans: Sequence[tuple[datetime, datetime]] | None = None,
    **plan: Any,
) -> Offering:
    """An offering whose window is open and whose one lesson is a week away."""
    now = clock.now()
    starts = now + starts_in
    chosen: dict[str, Any] = {
        "title": "茶艺师班", "capacity": capacity, "waiting_capacity": waiting, "opens_at": now + opens_in,
        "closes_at": starts - timedelta(hours=1), "cancel_until": starts - timedelta(hours=12),
        "offers_until": starts - timedelta(hours=2), "offer_minutes": 30, "gates": gates,
        "spans": spans if spans is not None else [(starts, starts + timedelta(hours=2))],
    }  # fmt: skip
    chosen.update(plan)
    return offerings.open_offering(OfferingKind.TRAINING_CLASS, next(_numbers), offerings.Plan(**chosen))
