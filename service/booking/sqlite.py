"""The desk's SQL on SQLite, where BEGIN IMMEDIATE has already locked everything."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

OFFERINGS = """
select id, title, state, capacity, taken, waiting_capacity, waiting, opens_at, closes_at, cancel_until, offers_until,
       ends_at, version, sequence, head, rules_version
  from offerings where id in (select value from json_each(?)) order by id"""
STANDINGS = """
select p.id, p.is_verified, n.path, n.county_code, p.industry, p.worker_category
  from people p
  left join memberships m on m.person_id = p.id and m.state = 'active'
  left join union_nodes n on n.id = m.node_id
 where p.id in (select value from json_each(?))"""
BOOKINGS = """
select b.person_id, b.id, b.offering_id, b.state, b.key, b.body_hash, o.ends_at, o.rules_version, o.title
  from bookings b join offerings o on o.id = b.offering_id
 where b.person_id in (select value from json_each(?))
   and (b.state in ('booked', 'waitlisted', 'offered') or b.key in (select value from json_each(?)))"""
INSERT_BOOKING = """
insert into bookings (id, offering_id, person_id, state, sequence, position, booked_at, changed_at, cancel_until, key,
                      body_hash, booked_by, reason)
values (:id, :offering_id, :person_id, :state, :sequence, :position, :at, :at, :cancel_until, :key, :body_hash,
        :booked_by, :reason)"""
INSERT_EVENT = """
insert into booking_events (offering_id, sequence, kind, booking_id, person_id, actor_id, at, previous_hash, hash, note)
values (:offering_id, :sequence, :kind, :booking_id, :person_id, :actor_id, :at, :previous_hash, :hash, :note)"""
INSERT_NOTICE = """
insert into outbox (kind, key, payload, state, created_at, due_at, attempts)
values ('notice', :key, :payload, 'due', :at, :at, 0)"""
UPDATE_OFFERING = """
update offerings set taken = :taken, waiting = :waiting, sequence = :sequence, head = :head, version = version + 1
 where id = :id and version = :version"""


class SQLite:
    """The store over one sqlite3 connection that is already in the desk's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def read(
        self, people: Sequence[int], offerings: Sequence[int], keys: Sequence[str]
    ) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Offerings, standings and bookings; nobody else writes meanwhile."""
        who, what, which = (orjson.dumps(each).decode() for each in (people, offerings, keys))
        run = self.connection.execute
        return (
            [(*row[:7], *map(_instant, row[7:12]), *row[12:]) for row in run(OFFERINGS, (what,))],
            list(run(STANDINGS, (who,))),
            [(row[0], UUID(row[1]), *row[2:6], _instant(row[6]), *row[7:]) for row in run(BOOKINGS, (who, which))],
        )

    def write(
        self,
        bookings: list[dict[str, Any]],
        events: list[dict[str, Any]],
        notices: list[dict[str, Any]],
        offerings: list[dict[str, Any]],
    ) -> int:
        """All rows; how many offerings were still at the version that was read."""
        self.connection.executemany(INSERT_BOOKING, map(_plain, bookings))
        self.connection.executemany(INSERT_EVENT, map(_plain, events))
        self.connection.executemany(INSERT_NOTICE, map(_plain, notices))
        return self.connection.executemany(UPDATE_OFFERING, offerings).rowcount


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Instants and ids as SQLAlchemy's own types store them here."""
    return {name: _stored(value) for name, value in row.items()}


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.hex if isinstance(value, UUID) else value
