"""Keeping the outbox moving and small: lost leases, stuck rows, old rows, old ticks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import case, delete, func, select, update

from service.core import clock, configuration
from service.core.db import db
from service.core.transaction import transactional
from service.messaging.delivery import LEASE, TRIES
from service.messaging.enums import OutboxState
from service.messaging.models import OutboxRow, Tick

CHUNK = 2000
"""Rows deleted in one transaction: on SQLite a writer holds up all others."""
LATE = timedelta(minutes=30)
LEASED_LATE = timedelta(minutes=10)
"""A row is stuck when it has been due for half an hour, or leased for ten minutes: no worker may keep one so long."""
OLD_TICKS = timedelta(days=2)
log = structlog.get_logger("outbox")


@dataclass(frozen=True, slots=True)
class Backlog:
    """How the outbox stands: rows due, leased, dead and unclear, the age of the oldest one due, in seconds.

    `stuck_due` and `stuck_leases`: of these, how many nobody seems to look after.
    """

    due: int
    leased: int
    dead: int
    oldest_seconds: float
    unclear: int = 0
    stuck_due: int = 0
    stuck_leases: int = 0


def backlog() -> Backlog:
    """What is waiting now. A row resting after a failure counts as due, but is no older than its next try."""
    is_due, now = OutboxRow.state == OutboxState.DUE, clock.now()
    row = db.session.execute(
        select(
            func.count(case((is_due & OutboxRow.lease_id.is_(None), 1))),
            func.count(case((is_due & OutboxRow.lease_id.is_not(None), 1))),
            func.count(case((OutboxRow.state == OutboxState.DEAD, 1))),
            func.min(case((is_due, OutboxRow.due_at)), type_=OutboxRow.due_at.type),
            func.count(case((OutboxRow.state == OutboxState.UNCLEAR, 1))),
            func.count(case((is_due & OutboxRow.lease_id.is_(None) & (OutboxRow.due_at < now - LATE), 1))),
            func.count(case((OutboxRow.leased_until < now + LEASE - LEASED_LATE, 1))),
        ).where(OutboxRow.state.in_([OutboxState.DUE, OutboxState.DEAD, OutboxState.UNCLEAR]))
    ).one()
    age = (now - row[3]).total_seconds() if row[3] else 0.0
    return Backlog(row[0], row[1], row[2], max(age, 0.0), *row[4:])


def given_up() -> list[tuple[str, str, int]]:
    """(kind, what went wrong, rows) of those that are dead."""
    wrong = func.coalesce(OutboxRow.last_error, "")
    query = select(OutboxRow.kind, wrong, func.count()).where(OutboxRow.state == OutboxState.DEAD)
    return [(row[0], row[1], row[2]) for row in db.session.execute(query.group_by(OutboxRow.kind, wrong))]


@transactional
def sweep() -> int:
    """Free the rows whose worker died: the lease has run out. How many. After the eighth time a row is dead.

    Those that were on their way out when it died stay unclear.
    """
    now = clock.now()
    lost = db.session.scalars(
        update(OutboxRow)
        .where(OutboxRow.state == OutboxState.UNCLEAR, OutboxRow.leased_until < now)
        .values(lease_id=None, leased_until=None, finished_at=now, last_error="WorkerLost")
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    is_last = OutboxRow.attempts + 1 >= TRIES
    freed = db.session.scalars(
        update(OutboxRow)
        .where(OutboxRow.state == OutboxState.DUE, OutboxRow.leased_until < now)
        .values(
            lease_id=None,
            leased_until=None,
            attempts=OutboxRow.attempts + 1,
            state=case((is_last, OutboxState.DEAD), else_=OutboxState.DUE),
            finished_at=case((is_last, now), else_=None),
            last_error="WorkerLost",
        )
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    if freed or lost:
        log.warning("leases_ran_out", rows=len(freed), unclear=len(lost))
    return len(freed)


def watch() -> None:
    """Say in the log when rows are stuck: due for 30 minutes, leased for 10, or dead. Once a minute."""
    standing = backlog()
    if standing.stuck_due or standing.stuck_leases or standing.dead:
        log.error(
            "outbox_stuck", due=standing.due, dead=standing.dead, oldest_seconds=int(standing.oldest_seconds),
            stuck_due=standing.stuck_due, stuck_leases=standing.stuck_leases,
        )  # fmt: skip


def purge() -> int:
    """Delete done and unclear rows kept long enough (OUTBOX_KEEP_DAYS) and ticks older than 2 days. How many."""
    now = clock.now()
    before = now - timedelta(days=configuration.current().outbox_keep_days)
    gone = 0
    while deleted := _purge_rows(before):
        gone += deleted
    while deleted := _purge_ticks(now - OLD_TICKS):
        gone += deleted
    return gone


@transactional
def _purge_rows(before: datetime) -> int:
    is_over = OutboxRow.state.in_([OutboxState.DONE, OutboxState.UNCLEAR])
    old = select(OutboxRow.id).where(is_over, OutboxRow.finished_at < before)
    gone = db.session.scalars(
        delete(OutboxRow)
        .where(OutboxRow.id.in_(old.limit(CHUNK).scalar_subquery()))
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


@transactional
def _purge_ticks(before: datetime) -> int:
    gone = db.session.scalars(
        delete(Tick).where(Tick.started_at < before).returning(Tick.tick).execution_options(synchronize_session=False)
    )
    return len(gone.all())
