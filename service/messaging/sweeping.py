"""Keeping the outbox moving and small: lost leases, stuck rows, old rows, old ticks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import case, delete, func, select, update

from service.core import clock, configuration
from service.core.db import db
from service.core.transaction import transactional
from service.messaging.delivery import TRIES
from service.messaging.models import OutboxRow, OutboxState, Tick

CHUNK = 2000
"""Rows deleted in one transaction: on SQLite a writer holds up all others."""
LATE = timedelta(minutes=30)
OLD_TICKS = timedelta(days=2)
log = structlog.get_logger("outbox")


@dataclass(frozen=True, slots=True)
class Backlog:
    """How the outbox stands: rows due, leased and dead, and the age of the oldest one due, in seconds."""

    due: int
    leased: int
    dead: int
    oldest_seconds: float


def backlog() -> Backlog:
    """What is waiting now. A row resting after a failure counts as due, but is no older than its next try."""
    is_due = OutboxRow.state == OutboxState.DUE
    row = db.session.execute(
        select(
            func.count(case((is_due & OutboxRow.lease_id.is_(None), 1))),
            func.count(case((is_due & OutboxRow.lease_id.is_not(None), 1))),
            func.count(case((OutboxRow.state == OutboxState.DEAD, 1))),
            func.min(case((is_due, OutboxRow.due_at)), type_=OutboxRow.due_at.type),
        ).where(OutboxRow.state.in_([OutboxState.DUE, OutboxState.DEAD]))
    ).one()
    age = (clock.now() - row[3]).total_seconds() if row[3] else 0.0
    return Backlog(row[0], row[1], row[2], max(age, 0.0))


@transactional
def sweep() -> int:
    """Free the rows whose worker died: the lease has run out. How many. After the eighth time a row is dead."""
    now = clock.now()
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
    if freed:
        log.warning("leases_ran_out", rows=len(freed))
    return len(freed)


def watch() -> None:
    """Say in the log when rows are stuck: due for more than 30 minutes, or dead. Once a minute."""
    standing = backlog()
    if standing.oldest_seconds > LATE.total_seconds() or standing.dead:
        log.error("outbox_stuck", due=standing.due, dead=standing.dead, oldest_seconds=int(standing.oldest_seconds))


def purge() -> int:
    """Delete done rows kept long enough (setting OUTBOX_KEEP_DAYS) and ticks older than 2 days. How many."""
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
    old = select(OutboxRow.id).where(OutboxRow.state == OutboxState.DONE, OutboxRow.finished_at < before)
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
