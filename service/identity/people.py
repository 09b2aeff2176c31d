"""People: finding, making and locking them. Numbers are looked up by their blind index, never in clear."""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import select

from service.core import clock, crypto
from service.core.db import db
from service.core.search import search_text
from service.identity import id_number as id_numbers
from service.identity.errors import NotVerified, PersonUnknown
from service.identity.models import Person

T = TypeVar("T")

NEWCOMER = "微信用户"
"""What somebody is called who has come by WeChat and said nothing yet."""
AT_A_TIME = 5_000
"""Values in one IN list: SQLite takes 32,766."""


def lock(ids: Iterable[int]) -> dict[int, Person]:
    """The people with these ids, locked in ascending order until the end of the transaction, read after the lock.

    People are locked before anything else. On SQLite the writer's lock is the database's. Raises PersonUnknown
    where one does not exist.
    """
    wanted = sorted(set(ids))
    rows = db.session.scalars(
        select(Person)
        .where(Person.id.in_(wanted))
        .order_by(Person.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = {row.id: row for row in rows}
    if len(found) != len(wanted):
        raise PersonUnknown
    return found


def newcomer() -> Person:
    """A new person of whom nothing is known. In the caller's transaction."""
    person = Person(name=NEWCOMER, created_at=clock.now())
    db.session.add(person)
    db.session.flush()
    return person


def rename(person: Person, name: str) -> None:
    """Give the person another name, found under it from now on. In the caller's transaction."""
    person.name, person.search = name, search_text(name)


def person(person_id: int) -> Person:
    """The person. Raises PersonUnknown."""
    found = db.session.get(Person, person_id)
    if found is None:
        raise PersonUnknown
    return found


def verified(person_id: int) -> Person:
    """The person, who is bound to the roster. Raises NotVerified, PersonUnknown."""
    found = person(person_id)
    if not found.is_verified:
        raise NotVerified
    return found


def by_ids(ids: Iterable[int]) -> dict[int, Person]:
    """The people with these ids."""
    found: dict[int, Person] = {}
    for some in _batches(sorted(set(ids))):
        found |= {row.id: row for row in db.session.scalars(select(Person).where(Person.id.in_(some)))}
    return found


def by_id_number(number: str) -> Person | None:
    """The person with this ID number, None where there is none."""
    return by_id_numbers([number]).get(id_numbers.normalised(number))


def by_id_numbers(numbers: Iterable[str]) -> dict[str, Person]:
    """`{normalised ID number: person}` for those numbers that somebody has."""
    wanted = {id_number_index(number): id_numbers.normalised(number) for number in numbers}
    found: dict[str, Person] = {}
    for some in _batches(list(wanted)):
        for row in db.session.scalars(select(Person).where(Person.id_number_index.in_(some))):
            found[wanted[row.id_number_index or ""]] = row
    return found


def id_number_index(number: str) -> str:
    """The blind index of an ID number: what `Person.id_number_index` holds."""
    return crypto.blind_index(id_numbers.normalised(number), field="people.id_number")


def _batches(values: list[T]) -> list[list[T]]:
    return [values[start : start + AT_A_TIME] for start in range(0, len(values), AT_A_TIME)]
