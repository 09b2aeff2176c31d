"""Workers in bulk: verified union members with a sign-in each, written by plain inserts, and their access tokens."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, insert, select

from service.core import clock, crypto
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.identity import tokens
from service.identity.models import Person, SignIn
from service.organisations.divisions import COUNTIES
from service.organisations.enums import Industry, WorkerCategory
from service.organisations.models import UnionNode
from service.organisations.planting import plant_tree
from service.unions.models import Membership, MembershipState

CHUNK = 2000
FIRST_BIRTHDAY = date(1960, 1, 1)


@dataclass(frozen=True, slots=True)
class Worker:
    """A seeded worker and the token that speaks for her."""

    person_id: int
    token: str


def seed(count: int) -> list[Worker]:
    """Make so many more workers; in an app context. All numbers are made up (sequence 000)."""
    plant_tree()
    first = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
    nodes = list(db.session.scalars(select(UnionNode.id).where(UnionNode.kind != "city").order_by(UnionNode.id)))
    db.session.close()
    workers: list[Worker] = []
    for start in range(first, first + count, CHUNK):
        workers += _seed_chunk(range(start, min(start + CHUNK, first + count)), nodes)
    _set_sequences()
    return workers


@transactional
def _seed_chunk(ids: range, nodes: Sequence[int]) -> list[Worker]:
    signed_in = {person_id: new_id() for person_id in ids}
    _write(Person.__table__, [_person(person_id) for person_id in ids])
    _write(Membership.__table__, [_membership(person_id, nodes[person_id % len(nodes)]) for person_id in ids])
    _write(SignIn.__table__, [_sign_in(sign_in_id, person_id) for person_id, sign_in_id in signed_in.items()])
    return [Worker(person_id, tokens.mint(person_id, signed_in[person_id])) for person_id in ids]


def _write(table: Any, rows: list[dict[str, Any]]) -> None:
    assert isinstance(table, Table)
    db.session.execute(insert(table), rows)


def _person(person_id: int) -> dict[str, Any]:
    uid = new_id()
    id_number = fictitious_id_number(person_id)
    phone = f"1{person_id:010d}"
    return {
        "id": person_id, "uid": uid, "name": f"职工{person_id}", "is_verified": True,
        "id_number_sealed": crypto.seal(id_number, field="people.id_number", row=uid),
        "id_number_index": crypto.blind_index(id_number, field="people.id_number"),
        "phone_sealed": crypto.seal(phone, field="people.phone", row=uid),
        "phone_index": crypto.blind_index(phone, field="people.phone"),
        "industry": list(Industry)[person_id % len(Industry)],
        "worker_category": list(WorkerCategory)[person_id % len(WorkerCategory)],
        "created_at": clock.now(),
    }  # fmt: skip


def _membership(person_id: int, node_id: int) -> dict[str, Any]:
    return {"person_id": person_id, "node_id": node_id, "state": MembershipState.ACTIVE, "joined_on": date(2024, 5, 1)}


def _sign_in(sign_in_id: UUID, person_id: int) -> dict[str, Any]:
    at = clock.now()
    return {
        "id": sign_in_id, "person_id": person_id, "channel": "wechat", "created_at": at, "refreshed_at": at,
        "refresh_index": hashlib.sha256(sign_in_id.bytes).hexdigest(), "expires_at": at + timedelta(days=30),
    }  # fmt: skip


def fictitious_id_number(number: int) -> str:
    """A made-up ID number, different for each number below 200,000, with the sequence 000 that no person has."""
    county = list(COUNTIES)[number % len(COUNTIES)]
    born = FIRST_BIRTHDAY + timedelta(days=number // len(COUNTIES))
    digits = f"{county}{born:%Y%m%d}000"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


@transactional
def _set_sequences() -> None:
    """People were numbered by us: let PostgreSQL's own numbering go on after them."""
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(select(func.setval("people_id_seq", select(func.max(Person.id)).scalar_subquery())))
