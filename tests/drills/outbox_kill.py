"""kill -9 of all eight worker processes, twice, while they deliver 400 rows of the outbox.

The control marks a row done before it performs it: what the killed workers had at hand must be lost.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from service.core.db import db
from service.core.transaction import transactional
from service.messaging import outbox
from service.messaging.delivery import BATCH
from service.messaging.enums import OutboxState
from service.messaging.models import InboxMessage, OutboxRow
from tests.bench.stage import Stage, stage
from tests.drills.outbox_worker import KIND
from tests.drills.scene import Verdict, control
from tests.engines import ROOT

ROWS, WORKERS, KILLS = 400, 8, 2
LONGEST_SECONDS = 120


def run(engine: str) -> dict[str, Any]:
    """All 400 done, their effects exactly once, and no more repeats than the killed workers had rows at hand."""
    verdict = Verdict()
    judge(verdict, *killed(engine))
    with control(verdict, "done_before_performed", lambda: killed(engine, "unguarded")[1] < ROWS):
        pass
    return verdict.outcome()


def killed(engine: str, *how: str) -> tuple[dict[OutboxState, int], int, Counter[str]]:
    """The rows by state, the effects there are, how often each was tried, after two kills of all workers."""
    with stage(engine, workers=1) as made:
        marks = made.folder / "marks"
        marks.touch()
        with made.app.app_context():
            fill(made.workers[0].person_id)
        processes = start(made, marks, *how)
        try:
            for kill in range(1, KILLS + 1):
                wait_for(made, ROWS * kill // (KILLS + 1))
                end(processes)
                processes = start(made, marks, *how)
            wait_for(made, ROWS)
        finally:
            end(processes)
        messages = select(func.count(InboxMessage.id)).where(InboxMessage.key.startswith("drill:"))
        with made.app.app_context():
            return states(made), db.session.scalar(messages) or 0, Counter(marks.read_text().split())


@transactional
def fill(person_id: int) -> None:
    """Leave the rows to be done."""
    for number in range(ROWS):
        outbox.put(KIND, f"drill:{number}", number=number, person_id=person_id)


def start(made: Stage, marks: Path, *how: str) -> list[subprocess.Popen[bytes]]:
    """Eight worker processes."""
    command = [sys.executable, "-m", "tests.drills.outbox_worker", str(marks), *how]
    with (made.folder / "workers.log").open("ab") as log:
        return [
            subprocess.Popen(command, cwd=ROOT, env=made.server.env, stdout=log, stderr=log, start_new_session=True)
            for _ in range(WORKERS)
        ]


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    """kill -9, all at once."""
    for process in processes:
        os.killpg(process.pid, signal.SIGKILL)
    for process in processes:
        process.wait()


def states(made: Stage) -> dict[OutboxState, int]:
    """How many rows are in which state."""
    query = select(OutboxRow.state, func.count()).where(OutboxRow.kind == KIND).group_by(OutboxRow.state)
    with made.app.app_context():
        return dict(db.session.execute(query).all())


def wait_for(made: Stage, done: int) -> None:
    """Return once so many rows are done, or time is up."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while states(made).get(OutboxState.DONE, 0) < done and time.monotonic() < deadline:
        time.sleep(0.05)


def judge(verdict: Verdict, counts: dict[OutboxState, int], messages: int, tries: Counter[str]) -> None:
    """What is in the database, against what the handlers saw."""
    repeats = sum(tries.values()) - len(tries)
    verdict.figures.update(
        rows=ROWS, done=counts.get(OutboxState.DONE, 0), effects=messages, repeats=repeats, workers=WORKERS, kills=KILLS
    )
    verdict.expect(counts == {OutboxState.DONE: ROWS}, f"states: {counts}")
    verdict.expect(messages == ROWS, f"{messages} effects of {ROWS}")
    verdict.expect(len(tries) == ROWS, f"{len(tries)} of {ROWS} were ever tried")
    verdict.expect(repeats <= KILLS * WORKERS * BATCH, f"{repeats} repeats")
