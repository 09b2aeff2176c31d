"""The desk's SQL on PostgreSQL: locks and reads go out together, all rows are written by one statement."""

from collections.abc import Sequence
from typing import Any

import orjson
import psycopg

LOCK_PEOPLE = "select id from people where id = any(%s::bigint[]) order by id for no key update"
LOCK_OFFERINGS = """
select id, title, state, capacity, taken, waiting_capacity, waiting, opens_at, closes_at, cancel_until, offers_until,
       ends_at, version, sequence, head, rules_version
  from offerings where id = any(%s::bigint[]) order by id for no key update"""
STANDINGS = """
select p.id, p.is_verified, n.path, n.county_code, p.industry, p.worker_category
  from people p
  left join memberships m on m.person_id = p.id and m.state = 'active'
  left join union_nodes n on n.id = m.node_id
 where p.id = any(%s::bigint[])"""
BOOKINGS = """
select b.person_id, b.id, b.offering_id, b.state, b.key, b.body_hash, o.ends_at, o.rules_version, o.title
  from bookings b join offerings o on o.id = b.offering_id
 where b.person_id = any(%s::bigint[])
   and (b.state in ('booked', 'waitlisted', 'offered') or b.key = any(%s::text[]))"""
WRITE = """
with b as (
  insert into bookings (id, offering_id, person_id, state, sequence, position, booked_at, changed_at, cancel_until,
                        key, body_hash, booked_by, reason)
  select id, offering_id, person_id, state, sequence, position, at, at, cancel_until,
         key, body_hash, booked_by, reason
    from json_to_recordset(%s) as r(id uuid, offering_id bigint, person_id bigint, state text, sequence int,
         position int, at timestamptz, cancel_until timestamptz, key text, body_hash text, booked_by bigint,
         reason text)
), e as (
  insert into booking_events (offering_id, sequence, kind, booking_id, person_id, actor_id, at, previous_hash, hash,
                              note)
  select * from json_to_recordset(%s) as r(offering_id bigint, sequence bigint, kind text, booking_id uuid,
         person_id bigint, actor_id bigint, at timestamptz, previous_hash text, hash text, note text)
), n as (
  insert into outbox (kind, key, payload, state, created_at, due_at, attempts)
  select 'notice', key, payload::json, 'due', at, at, 0
    from json_to_recordset(%s) as r(key text, payload text, at timestamptz)
), u as (
  update offerings o set taken = r.taken, waiting = r.waiting, sequence = r.sequence, head = r.head,
                         version = o.version + 1
    from json_to_recordset(%s) as r(id bigint, taken int, waiting int, sequence int, head text, version int)
   where o.id = r.id and o.version = r.version
  returning o.id
) select count(*) from u"""


class PostgreSQL:
    """The store over one psycopg connection that is already in the desk's transaction."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self.connection = connection

    def read(
        self, people: Sequence[int], offerings: Sequence[int], keys: Sequence[str]
    ) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Lock people, lock offerings, then read. One round trip; each statement has a snapshot of its own."""
        who, what = _array(people), _array(offerings)
        with self.connection.pipeline():
            self.connection.execute(LOCK_PEOPLE, (who,))
            locked = self.connection.execute(LOCK_OFFERINGS, (what,))
            standings = self.connection.execute(STANDINGS, (who,))
            bookings = self.connection.execute(BOOKINGS, (who, list(keys)))
            return locked.fetchall(), standings.fetchall(), bookings.fetchall()

    def write(
        self,
        bookings: list[dict[str, Any]],
        events: list[dict[str, Any]],
        notices: list[dict[str, Any]],
        offerings: list[dict[str, Any]],
    ) -> int:
        """Everything in one statement; how many offerings were still at the version that was read."""
        rows = [orjson.dumps(each).decode() for each in (bookings, events, notices, offerings)]
        counted = self.connection.execute(WRITE, rows).fetchone()
        return int(counted[0]) if counted else 0


def _array(ids: Sequence[int]) -> str:
    return "{" + ",".join(map(str, ids)) + "}"
