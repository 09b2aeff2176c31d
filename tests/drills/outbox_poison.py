"""A job that always fails: dead after eight tries with growing rests, told to the operators; the others go on."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update

from service.core import clock
from service.core.db import db
from service.core.transaction import transactional
from service.messaging import delivery, outbox
from service.messaging.enums import OutboxState
from service.messaging.models import OutboxRow
from tests.bench.stage import Stage, stage
from tests.drills import scene

GOOD, POISON = "drill_good", "drill_poison"
JOBS, PASSES = 200, 12
FIRST, LAST = 10.0, 3600.0


def run(engine: str) -> dict[str, Any]:
    """200 good jobs done while the poisoned one fails; rests from 10 s to 1 h; the dead row in /metrics."""
    verdict = scene.Verdict()
    with stage(engine) as made:
        rests = _try_again_and_again(made)
        with made.app.app_context():
            states = _states()
        told = made.app.test_client().get("/metrics").text
        verdict.figures.update(tries=len(rests) + 1, rests_s=[round(each) for each in rests], states=states)
        verdict.expect(states == {GOOD: {OutboxState.DONE: JOBS}, POISON: {OutboxState.DEAD: 1}}, f"{states}")
        verdict.expect(len(rests) == delivery.TRIES - 1, f"{len(rests) + 1} tries")
        verdict.expect(bool(rests) and abs(rests[0] - FIRST) < 2 and abs(rests[-1] - LAST) < 5, f"rests {rests}")
        verdict.expect(f'gongyun_outbox_given_up{{error="ValueError",kind="{POISON}"}} 1.0' in told, "no metric")
        with scene.control(verdict, "no_limit_of_tries", lambda: _is_never_dead(made)):
            pass
    return verdict.outcome()


failed_at: list[datetime] = []
"""When the job failed: a rest is counted from there, however long the others took meanwhile."""


def _fail(_payload: Mapping[str, Any]) -> None:
    failed_at.append(clock.now())
    raise ValueError


@transactional
def _fill(run_of: str) -> None:
    outbox.put(POISON, f"{run_of}:poison")
    for number in range(JOBS):
        outbox.put(GOOD, f"{run_of}:{number}")


def _try_again_and_again(made: Stage, run_of: str = "first") -> list[float]:
    """Deliver, wake what rests, deliver again: the rests in seconds."""
    rests = []
    with made.app.app_context():
        delivery.register(GOOD, lambda _payload: None)
        delivery.register(POISON, _fail)
        _fill(run_of)
        for _ in range(PASSES):
            while delivery.deliver_due():
                pass
            rests += _wake()
    return rests


@transactional
def _wake() -> list[float]:
    """Make what rests due now; how long it would have rested."""
    resting = OutboxRow.state == OutboxState.DUE
    rests = [(each.astimezone(UTC) - failed_at[-1]).total_seconds() for each in db.session.scalars(_due_at(resting))]
    db.session.execute(update(OutboxRow).where(resting).values(due_at=clock.now()))
    return rests


def _due_at(condition: Any) -> Any:
    query = select(OutboxRow.due_at).where(condition)
    return query.where(OutboxRow.due_at > datetime(2000, 1, 1, tzinfo=UTC))


def _states() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for kind, state in db.session.execute(select(OutboxRow.kind, OutboxRow.state)):
        of_kind = found.setdefault(kind, {})
        of_kind[state] = of_kind.get(state, 0) + 1
    db.session.close()
    return found


def _is_never_dead(made: Stage) -> bool:
    """Without the limit the job is tried for ever."""
    limit = delivery.TRIES
    delivery.TRIES = 10**6
    try:
        _try_again_and_again(made, "second")
    finally:
        delivery.TRIES = limit
    with made.app.app_context():
        return _states()[POISON].get(OutboxState.DUE) == 1
