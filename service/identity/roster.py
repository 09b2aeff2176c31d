"""People as the roster names them, many at a time: one INSERT or UPDATE for all, sealed like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from service.core import clock, crypto
from service.core.db import db
from service.core.ids import new_id
from service.core.search import search_text
from service.identity import people
from service.identity.models import Person
from service.organisations.enums import Industry, WorkerCategory


@dataclass(frozen=True, slots=True)
class Entry:
    """What the roster says of one person."""

    name: str
    id_number: str
    phone: str
    employer_id: int | None
    occupation_code: str | None
    industry: Industry
    worker_category: WorkerCategory


def add(entries: Sequence[Entry]) -> list[int]:
    """Enter verified people, in the caller's transaction; their ids in the order given."""
    if not entries:
        return []
    now = clock.now()
    rows = []
    for entry in entries:
        uid = new_id()
        rows.append(
            _columns(entry, uid)
            | {
                "uid": uid,
                "id_number_sealed": crypto.seal(entry.id_number, field="people.id_number", row=uid),
                "id_number_index": people.id_number_index(entry.id_number),
                "created_at": now,
            }
        )
    statement = insert(Person).returning(Person.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))


def change(entries: Mapping[int, tuple[UUID, Entry]]) -> None:
    """Bring people (id -> uid and entry) to what the roster says, in the caller's transaction; ID numbers stay."""
    if entries:
        rows = [{"id": person_id} | _columns(entry, uid) for person_id, (uid, entry) in sorted(entries.items())]
        db.session.execute(update(Person), rows)


def phone_index(number: str) -> str:
    """What a normalised phone number is looked up by."""
    return crypto.blind_index(number, field="people.phone")


def _columns(entry: Entry, uid: UUID) -> dict[str, Any]:
    return {
        "name": entry.name,
        "search": search_text(entry.name),
        "is_verified": True,
        "phone_sealed": crypto.seal(entry.phone, field="people.phone", row=uid),
        "phone_index": phone_index(entry.phone),
        "employer_id": entry.employer_id,
        "occupation_code": entry.occupation_code,
        "industry": entry.industry,
        "worker_category": entry.worker_category,
    }
