"""Delivering the outbox: leased rows, at least once, in any number of worker processes.

A row is leased in one statement, performed, and marked done. Where the worker dies in between, the lease runs out
and `sweeping.sweep` frees the row; so a handler must be harmless when repeated. What cannot be harmless (a message on a
phone) is registered by `register_once`: its row says "unclear" before anything goes out, and is never repeated unless
it is certain that nothing did. Features register theirs at composition; rows of a kind nobody has registered wait.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
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
from service.messaging.enums import OutboxState
from service.messaging.models import OutboxRow
from service.messaging.outcomes import Definite, GiveUp, Later, Unclear

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


Begin = Callable[[Callable[[], None]], None]
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


def register_once(kind: str, handler: Callable[[Job, Begin], None]) -> None:
    """For what must not happen twice. Called outside any transaction, with the job and `begin`.

    The handler calls `begin(deed)` right before it goes out: `deed` runs in the transaction that marks the row unclear.
    What is raised after that leaves it so, unless it is Definite.
    """
    handlers[kind] = Handler(lambda jobs: _once(handler, jobs[0]), is_outward=True)


def deliver_due(limit: int = BULK, lease: timedelta = LEASE, kinds: Collection[str] | None = None) -> int:
    """Perform up to `limit` due rows of each sort; how many were done. What fails waits 10 s to 1 h, 8 tries in all.

    Of these kinds alone, all that are registered where None. Rows that have failed before are leased one by one: one
    that kills its worker takes no other along.
    """
    wanted = [kind for kind in handlers if kinds is None or kind in kinds]
    if not db.session.scalar(select(exists(_due(clock.now(), wanted)))):
        return 0
    bulk = [kind for kind in wanted if handlers[kind].is_bulk]
    single = [kind for kind in wanted if not handlers[kind].is_bulk]
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


def _due(now: datetime, kinds: Sequence[str], *, fresh: bool | None = None) -> Select[int]:
    query = select(OutboxRow.id).where(
        OutboxRow.state == OutboxState.DUE, OutboxRow.due_at <= now, OutboxRow.lease_id.is_(None)
    )
    query = query.where(OutboxRow.kind.in_(kinds))
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
    except Later as postponed:
        _postpone(job, postponed)
        return False
    except Unclear as error:
        _leave_unclear(job)
        log.warning("job_unclear", job_id=job.id, kind=job.kind, reason=type(error.__cause__ or error).__name__)
        return False
    except Exception as error:  # noqa: BLE001  a poisoned row must not stop the others
        _fail(job, error)
        return False
    return True


def _once(handler: Callable[[Job, Begin], None], job: Job) -> None:
    has_begun = False

    def begin(deed: Callable[[], None]) -> None:
        nonlocal has_begun
        _begin(job, deed)
        has_begun = True

    try:
        handler(job, begin)
    except (Definite, LeaseLost):
        raise
    except Exception as error:
        if has_begun:
            raise Unclear from error
        raise


@transactional
def _begin(job: Job, deed: Callable[[], None]) -> None:
    marked = update(OutboxRow).where(
        OutboxRow.id == job.id, OutboxRow.lease_id == job.lease_id, OutboxRow.state == OutboxState.DUE
    )
    marked = marked.values(state=OutboxState.UNCLEAR).execution_options(synchronize_session=False)
    if db.session.scalar(marked.returning(OutboxRow.id)) is None:
        raise LeaseLost
    deed()


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
    is_dead = attempts >= TRIES or isinstance(error, GiveUp)
    reason = error.reason if isinstance(error, Definite) else type(error).__name__
    _let_go(
        job,
        state=OutboxState.DEAD if is_dead else OutboxState.DUE,
        attempts=attempts,
        due_at=now + wait_after(min(attempts, TRIES)),
        finished_at=now if is_dead else None,
        last_error=reason[:200],
    )
    (log.error if is_dead else log.warning)(
        "job_dead" if is_dead else "job_failed",
        job_id=job.id, kind=job.kind, attempts=attempts, reason=reason,
        exc_info=None if isinstance(error, Definite) else error,
    )  # fmt: skip


@transactional
def _postpone(job: Job, later: Later) -> None:
    _let_go(job, state=OutboxState.DUE, due_at=later.until, last_error=later.reason[:200])


@transactional
def _leave_unclear(job: Job) -> None:
    _let_go(job, state=OutboxState.UNCLEAR, attempts=job.attempts + 1, finished_at=clock.now(), last_error="Unclear")


def _let_go(job: Job, **values: Any) -> None:
    db.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == job.id, OutboxRow.lease_id == job.lease_id)
        .values(lease_id=None, leased_until=None, **values)
        .execution_options(synchronize_session=False)
    )
