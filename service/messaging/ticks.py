"""The clock of the worker processes: each tick of a job runs once, however many workers there are."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import func, select

from service.core import clock
from service.core.db import db
from service.core.transaction import transactional
from service.core.upsert import insert_new
from service.messaging.models import Tick

HEARTBEAT = "heartbeat"
log = structlog.get_logger("ticks")


def tick_at(every_seconds: int, instant: datetime) -> int:
    """The number of the tick an instant falls into; whole periods since 1970, UTC."""
    return int(instant.timestamp()) // every_seconds


def tick(job: str, every_seconds: int, run: Callable[[], object]) -> bool:
    """Run the job unless this tick of it was run; whether it ran. A failure is logged, the next tick tries anew."""
    if not _claim(job, tick_at(every_seconds, clock.now())):
        return False
    try:
        run()
    except Exception:  # one job's fault must not stop the other jobs
        log.exception("tick_failed", job=job)
    return True


def heartbeat_age() -> float | None:
    """Seconds since a worker process last said that it is alive; None where none ever did."""
    last = db.session.scalar(select(func.max(Tick.started_at, type_=Tick.started_at.type)).where(Tick.job == HEARTBEAT))
    return max((clock.now() - last).total_seconds(), 0.0) if last else None


@transactional
def _claim(job: str, number: int) -> bool:
    values = {"job": job, "tick": number, "started_at": clock.now()}
    claimed = db.session.execute(insert_new(Tick, "job", "tick").values(values).returning(Tick.tick))
    return claimed.first() is not None
