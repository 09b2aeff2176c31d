"""Rows nobody looks after: due for half an hour, leased for ten minutes. Metric and log say so within a minute."""

import time
from datetime import timedelta
from typing import Any

import requests
from sqlalchemy import select

from blueprints.worker import PERIODIC, Worker
from service.core import clock
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.messaging import outbox
from service.messaging.models import OutboxRow
from tests.bench.stage import Stage, stage
from tests.drills import scene

WITHIN_S = 60.0
NOBODYS = "drill_of_nobody"
WATCHERS = ("outbox_sweep", "outbox_watch")


def run(engine: str) -> dict[str, Any]:
    """Both reasons in /metrics before any worker runs; then, within a minute, the log line and the lease freed."""
    verdict = scene.Verdict()
    with stage(engine, METRICS_TOKEN="") as made:
        with made.app.app_context():
            _stick("first")
        made.server.start("web")
        stuck = _stuck(made)
        verdict.figures["metric"] = stuck
        verdict.expect(stuck == {"due": 1.0, "leased": 1.0}, f"the metric says {stuck}")
        began = time.monotonic()
        made.server.start("worker")
        said, freed = _wait(made, began)
        verdict.figures.update(log_after_s=said, lease_freed_after_s=freed)
        verdict.expect(said is not None, "the log does not say that rows are stuck")
        verdict.expect(freed is not None, "the lease was not freed")
        with scene.control(verdict, "nobody_sweeps", lambda: _stays(made)):
            pass
    return verdict.outcome()


@transactional
def _stick(name: str) -> None:
    """A row due for 31 minutes and one whose worker has been gone for eleven, of a kind no worker performs."""
    outbox.put(NOBODYS, f"{name}:due")
    outbox.put(NOBODYS, f"{name}:leased")
    db.session.flush()
    now = clock.now()
    rows = {row.key: row for row in db.session.scalars(select(OutboxRow).where(OutboxRow.key.startswith(name)))}
    rows[f"{name}:due"].due_at = now - timedelta(minutes=31)
    leased = rows[f"{name}:leased"]
    leased.lease_id, leased.leased_until = new_id(), now - timedelta(minutes=9)


def _stuck(made: Stage) -> dict[str, float]:
    text = requests.get(f"http://127.0.0.1:{made.port}/metrics", timeout=10).text
    found = {}
    for line in text.splitlines():
        if line.startswith("gongyun_outbox_stuck{"):
            found[line.split('"')[1]] = float(line.rsplit(" ", 1)[1])
    return found


def _wait(made: Stage, began: float) -> tuple[float | None, float | None]:
    """Seconds until the worker's log says it, and until the lease is nobody's; None where the minute ran out."""
    said = freed = None
    while time.monotonic() - began < WITHIN_S and (said is None or freed is None):
        at = round(time.monotonic() - began, 1)
        if said is None and "outbox_stuck" in _logs(made):
            said = at
        if freed is None and _stuck(made).get("leased") == 0.0:
            freed = at
        time.sleep(0.5)
    return said, freed


def _logs(made: Stage) -> str:
    return "".join(path.read_text(errors="replace") for path in made.folder.glob("*.log"))


def _stays(made: Stage) -> bool:
    """A worker without sweeper and watch leaves the lease where it is and says nothing."""
    made.server.stop("worker")
    with made.app.app_context():
        _stick("second")
        periodic = [each for each in PERIODIC if each.job not in WATCHERS]
        Worker(made.app, periodic).let_clock_act()
    return _stuck(made).get("leased") == 1.0
