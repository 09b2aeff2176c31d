"""The table of doors as staff read it: by role what is seen and done, and who holds the role at a union."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import Flask

from blueprints import policy
from service.core.access import Role
from service.identity import separation
from service.identity.holders import Holder, Holders
from service.identity.labels import ROLES
from service.organisations.models import UnionNode

READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One operation: what it is called, where it belongs, who may ask for it."""

    operation: str
    summary: str
    area: str
    is_write: bool
    roles: tuple[Role, ...]
    needs_verified: bool


@dataclass(slots=True)
class AreaRow:
    """What one role sees and does in one area."""

    area: str
    sees: list[str] = field(default_factory=list)
    does: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role: what it may do, who holds it here."""

    role: Role
    title: str
    people: list[Holder]
    areas: list[AreaRow]


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """Everything of it."""

    node: UnionNode
    roles: list[RoleRow]
    apart: list[tuple[Role, Role]]
    doors: list[DoorRow]


def doors(app: Flask) -> list[DoorRow]:
    """Every row of POLICY with the operation behind it, in the table's order."""
    methods = {rule.endpoint: frozenset(rule.methods or ()) for rule in app.url_map.iter_rules()}
    rows = []
    for endpoint, rule in policy.POLICY.items():
        area, _, operation = endpoint.rpartition(".")
        said = (app.view_functions[endpoint].__doc__ or "").strip().splitlines()[0]
        described = getattr(app.blueprints[area], "description", "") or area
        is_write = not methods[endpoint] <= READING
        rows.append(DoorRow(operation, said, described, is_write, rule.roles, rule.needs_verified))
    return rows


def table(app: Flask, holders: Holders) -> PolicyTable:
    """The whole table, with the people who hold the roles at this node."""
    every = doors(app)
    rows = [
        RoleRow(role, ROLES[role], [each for each in holders.people if each.role is role], _areas(every, role))
        for role in Role
    ]
    return PolicyTable(holders.node, rows, separation.pairs(), every)


def _areas(every: Iterable[DoorRow], role: Role) -> list[AreaRow]:
    found: dict[str, AreaRow] = {}
    for door in every:
        if role in door.roles:
            row = found.setdefault(door.area, AreaRow(door.area))
            (row.does if door.is_write else row.sees).append(door.operation)
    return list(found.values())
