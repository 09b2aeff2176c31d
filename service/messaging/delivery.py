"""Delivering the outbox: leased rows, at least once, in any number of worker processes.

A row is leased in one statement, performed, and marked done. Where the worker dies in between, the lease runs out
and `sweeping.sweep` frees the row; so a handler must be harmless when repeated. Features register theirs at
composition; rows of a kind nobody has registered wait.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Select, exists, select, update

from service.core import clock
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.messaging.models import OutboxRow, OutboxState

TRIES = 8
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 10, 3600
LEASE = timedelta(seconds=120)
BULK, BATCH = 500, 20
log = structlog.get_logger("outbox")


@dataclass(frozen=True, slots=True)
class Job:
    """A leased outbox row."""

    id: int
    kind: str
    key: str
    payload: dict[str, Any]
    attempts: int
    created_at: datetime
    lease_id: UUID


class LeaseLost(Exception):
    """The lease ran out and another worker has the row: what was done here is taken back."""


@dataclass(frozen=True, slots=True)
class Handler:
    """How rows of a kind are performed. See `register`, `register_bulk`, `register_outward`."""

    perform: Callable[[Sequence[Job]], None]
    is_bulk: bool = False
    is_outward: bool = False


handlers: dict[str, Handler] = {}


def register(kind: str, handler: Callable[[Mapping[str, Any]], None]) -> None:
    """Perform rows of the kind by calling the handler with the payload, in the transaction that marks them done."""
    handlers[kind] = Handler(lambda jobs: handler(jobs[0].payload))


def register_bulk(kind: str, handler: Callable[[Sequence[Job]], None]) -> None:
    """The same for up to 500 rows at once."""
    handlers[kind] = Handler(handler, is_bulk=True)


def register_outward(kind: str, handler: Callable[[Job], None]) -> None:
    """For what talks to the outside: called outside any transaction, so that no lock waits for another's server."""
    handlers[kind] = Handler(lambda jobs: handler(jobs[0]), is_outward=True)


def deliver_due(limit: int = BULK, lease: timedelta = LEASE) -> int:
    """Perform up to `limit` due rows of each sort; how many were done. What fails waits 10 s to 1 h, 8 tries in all.

    Rows that have failed before are leased one by one: one that kills its worker takes no other along.
    """
    if not db.session.scalar(select(exists(_due(clock.now())))):
        return 0
    bulk = [kind for kind, handler in handlers.items() if handler.is_bulk]
    single = [kind for kind, handler in handlers.items() if not handler.is_bulk]
    done = _deliver_together(lease_rows(_due(clock.now(), bulk, fresh=True).limit(limit), lease))
    done += sum(
        _deliver(job) for job in lease_rows(_due(clock.now(), single, fresh=True).limit(min(limit, BATCH)), lease)
    )
    for _ in range(min(limit, BATCH)):
        troubled = lease_rows(_due(clock.now(), [*bulk, *single], fresh=False).limit(1), lease)
        if not troubled:
            break
        done += _deliver(troubled[0])
    return done


def wait_after(attempts: int) -> timedelta:
    """How long a row rests after its n-th failure: 10 s after the first, 1 h after the seventh, evenly in between."""
    step = (LONGEST_WAIT_SECONDS / FIRST_WAIT_SECONDS) ** (1 / (TRIES - 2))
    return timedelta(seconds=min(FIRST_WAIT_SECONDS * step ** (attempts - 1), LONGEST_WAIT_SECONDS))


def _due(now: datetime, kinds: Sequence[str] | None = None, *, fresh: bool | None = None) -> Select[int]:
    query = select(OutboxRow.id).where(
        OutboxRow.state == OutboxState.DUE, OutboxRow.due_at <= now, OutboxRow.lease_id.is_(None)
    )
    query = query.where(OutboxRow.kind.in_(list(handlers) if kinds is None else kinds))
    if fresh is not None:
        query = query.where(OutboxRow.attempts == 0 if fresh else OutboxRow.attempts > 0)
    return query.order_by(OutboxRow.due_at, OutboxRow.id)


@transactional
def lease_rows(due: Select[int], lease: timedelta) -> list[Job]:
    """Claim the rows for this worker, oldest first. Others step over them (SKIP LOCKED; SQLite has one writer)."""
    ids = due.with_for_update(skip_locked=True).scalar_subquery()
    claim = (
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids))
        .values(lease_id=new_id(), leased_until=clock.now() + lease)
        .returning(
            OutboxRow.id, OutboxRow.kind, OutboxRow.key, OutboxRow.payload, OutboxRow.attempts,
            OutboxRow.created_at, OutboxRow.lease_id,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    rows: list[Any] = list(db.session.execute(claim))
    return sorted((Job(*row) for row in rows), key=lambda job: job.id)


def _deliver_together(jobs: list[Job]) -> int:
    by_kind: dict[str, list[Job]] = {}
    for job in jobs:
        by_kind.setdefault(job.kind, []).append(job)
    done = 0
    for kind, batch in by_kind.items():
        try:
            done += _perform_together(handlers[kind], batch)
        except Exception:  # noqa: BLE001  whichever row it was, each is now tried alone
            done += sum(_deliver(job) for job in batch)
    return done


@transactional
def _perform_together(handler: Handler, jobs: list[Job]) -> int:
    finished = set(db.session.scalars(_finishing(jobs).returning(OutboxRow.id)))
    kept = [job for job in jobs if job.id in finished]
    if kept:
        handler.perform(kept)
    return len(kept)


def _deliver(job: Job) -> bool:
    handler = handlers[job.kind]
    try:
        if handler.is_outward:
            handler.perform([job])
            _finish(job)
        else:
            _perform_inside(handler, job)
    except LeaseLost:
        log.warning("lease_lost", job_id=job.id, kind=job.kind)
        return False
    except Exception as error:  # noqa: BLE001  a poisoned row must not stop the others
        _fail(job, error)
        return False
    return True


@transactional
def _perform_inside(handler: Handler, job: Job) -> None:
    _finish(job)
    handler.perform([job])


@transactional
def _finish(job: Job) -> None:
    if db.session.scalar(_finishing([job]).returning(OutboxRow.id)) is None:
        raise LeaseLost


def _finishing(jobs: list[Job]) -> Any:
    return (
        update(OutboxRow)
        .where(OutboxRow.id.in_([job.id for job in jobs]), OutboxRow.lease_id == jobs[0].lease_id)
        .values(state=OutboxState.DONE, finished_at=clock.now(), lease_id=None, leased_until=None, last_error=None)
        .execution_options(synchronize_session=False)
    )


@transactional
def _fail(job: Job, error: Exception) -> None:
    attempts, now = job.attempts + 1, clock.now()
    is_dead = attempts >= TRIES
    db.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == job.id, OutboxRow.lease_id == job.lease_id)
        .values(
            state=OutboxState.DEAD if is_dead else OutboxState.DUE,
            attempts=attempts,
            due_at=now + wait_after(attempts),
            lease_id=None,
            leased_until=None,
            finished_at=now if is_dead else None,
            last_error=type(error).__name__[:200],
        )
        .execution_options(synchronize_session=False)
    )
    (log.error if is_dead else log.warning)(
        "job_dead" if is_dead else "job_failed", job_id=job.id, kind=job.kind, attempts=attempts, exc_info=error
    )
