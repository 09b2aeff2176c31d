"""What the desk reads and writes, in as few round trips as each engine allows. Rules are not here: `rules.py`.

Both engines lock people ascending, then offerings ascending, and read bookings in a later statement, which sees all
that was committed before the locks were granted (READ COMMITTED). On SQLite, BEGIN IMMEDIATE is both locks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

import orjson

from service.booking import terms
from service.booking.gates import Standing
from service.booking.postgresql import PostgreSQL
from service.booking.rules import Accepted, Ask, Held, Places, Terms
from service.booking.sqlite import SQLite
from service.core.db import db
from service.core.transaction import TryAgain


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key the person has used before: the booking it made and the body it came with."""

    booking_id: UUID
    body_hash: str | None


@dataclass(slots=True)
class Desk:
    """All that a batch needs, as read under the locks."""

    places: dict[int, Places]
    standings: dict[int, Standing]
    held: dict[int, list[Held]]
    keys: dict[tuple[int, str], KnownKey]


class Engine(Protocol):
    """What an engine must do for the desk. Rows come as plain tuples with aware datetimes and UUIDs."""

    def read(
        self, people: Sequence[int], offerings: Sequence[int], keys: Sequence[str]
    ) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Lock, then read: offerings, standings, bookings."""

    def write(
        self,
        bookings: list[dict[str, Any]],
        events: list[dict[str, Any]],
        notices: list[dict[str, Any]],
        offerings: list[dict[str, Any]],
    ) -> int:
        """Write the batch; how many offerings were still at the version that was read."""


class PlacesMoved(TryAgain):
    """An offering changed between reading and writing: a lock is missing somewhere."""


def engine() -> Engine:
    """The store of the engine this transaction runs on."""
    connection = db.session.connection()
    raw: Any = connection.connection.driver_connection
    return SQLite(raw) if connection.dialect.name == "sqlite" else PostgreSQL(raw)


def read(asks: Sequence[Ask]) -> Desk:
    """Lock and read what these requests are about."""
    keys = [ask.key for ask in asks if ask.key]
    people = sorted({ask.person_id for ask in asks})
    offering_rows, standing_rows, booking_rows = engine().read(people, sorted({ask.offering_id for ask in asks}), keys)
    versions = {row[0]: row[-1] for row in offering_rows}
    active = [row for row in booking_rows if row[3] in ("booked", "waitlisted", "offered")]
    versions.update({row[2]: row[7] for row in active})
    known = terms.of(versions)
    return Desk(
        places={row[0]: _places(row, known[row[0]]) for row in offering_rows},
        standings={row[0]: Standing(row[0], bool(row[1]), *row[2:]) for row in standing_rows},
        held=_by_person(people, active, known),
        keys={(row[0], row[4]): KnownKey(row[1], row[5]) for row in booking_rows if row[4] is not None},
    )


def _places(row: tuple[Any, ...], known: Terms) -> Places:
    places = Places(*row[:15])
    places.terms = known
    return places


def _by_person(
    people: Iterable[int], rows: Iterable[tuple[Any, ...]], known: dict[int, Terms]
) -> dict[int, list[Held]]:
    held: dict[int, list[Held]] = {person: [] for person in people}
    for person, booking, offering, state, _key, _body, ends_at, _version, title in rows:
        held[person].append(Held(booking, offering, state, ends_at, known[offering].spans, title))
    return held


def write(accepted: Sequence[Accepted], notices: list[dict[str, Any]], touched: Iterable[Places]) -> None:
    """Write every row of the accepted requests. Raises PlacesMoved where an offering was not as it was read."""
    moved = list(touched)
    written = engine().write(
        [_booking_row(each) for each in accepted],
        [_event_row(each) for each in accepted],
        notices,
        [
            {"id": p.id, "taken": p.taken, "waiting": p.waiting, "sequence": p.sequence, "head": p.head,
             "version": p.version}
            for p in moved
        ],
    )  # fmt: skip
    if written != len(moved):
        raise PlacesMoved


def _booking_row(accepted: Accepted) -> dict[str, Any]:
    entry, ask = accepted.entry, accepted.ask
    return {
        "id": entry.booking_id, "offering_id": entry.offering_id, "person_id": entry.person_id, "state": entry.kind,
        "sequence": entry.sequence, "position": accepted.position, "at": entry.at,
        "cancel_until": accepted.cancel_until, "key": ask.key, "body_hash": ask.body_hash,
        "booked_by": None if ask.actor_id == ask.person_id else ask.actor_id, "reason": ask.reason,
    }  # fmt: skip


def _event_row(accepted: Accepted) -> dict[str, Any]:
    entry = accepted.entry
    return {
        "offering_id": entry.offering_id, "sequence": entry.sequence, "kind": entry.kind,
        "booking_id": entry.booking_id, "person_id": entry.person_id, "actor_id": entry.actor_id, "at": entry.at,
        "previous_hash": entry.previous_hash, "hash": entry.hash, "note": entry.note,
    }  # fmt: skip


def notice_row(*, key: str, person_id: int, title: str, body: str, link: str, at: datetime) -> dict[str, Any]:
    """An outbox row that puts a notice into a person's inbox."""
    payload = {"person_id": person_id, "title": title, "body": body, "link": link}
    return {"key": f"notice:{key}:{person_id}", "payload": orjson.dumps(payload).decode(), "at": at.astimezone(UTC)}
