"""An announcement to 114,500 members: in minutes, each once, memory bounded, though its worker is killed on the way."""

import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from service.announcements import announcements, fan_out
from service.announcements.announcements import Writing
from service.announcements.models import Announcement
from service.core.access import Actor, Grant, Role
from service.core.db import db
from service.core.transaction import transactional
from service.messaging.models import InboxMessage
from service.organisations import nodes
from tests.bench.stage import Stage, stage
from tests.drills import scene

PEOPLE = int(os.environ.get("DRILL_PEOPLE", "114500"))
LONGEST_S, MOST_MB = 300.0, 250.0


def run(engine: str) -> dict[str, Any]:
    """All reached, nobody twice, within five minutes and 250 MB; without the message's key somebody is told twice."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE, QUIET_HOURS="00:00-00:00") as made:
        with made.app.app_context():
            announcement_id = _send(made)
        began = time.monotonic()
        made.server.start("worker")
        kills, most_mb = _watch(made, announcement_id, began)
        seconds = time.monotonic() - began
        with made.app.app_context():
            found = db.session.get_one(Announcement, announcement_id)
            rows, people = _told(announcement_id)
        verdict.figures.update(
            people=PEOPLE, state=found.state.value, reached=found.reached, messages=rows, kills=kills,
            sent_in_s=round(seconds, 1), a_second=round(found.reached / seconds), worker_mb=round(most_mb),
        )  # fmt: skip
        verdict.expect(found.state.value == "sent", f"it is {found.state.value} after {seconds:.0f} s")
        verdict.expect(rows == people == found.reached == found.total == PEOPLE, f"{rows} messages, {people} people")
        verdict.expect(kills == 1, "the worker was never killed")
        verdict.expect(seconds <= LONGEST_S and most_mb <= MOST_MB, f"{seconds:.0f} s, {most_mb:.0f} MB")
        made.server.stop("worker")
        with scene.control(verdict, "no_key", lambda: _is_told_twice(made, announcement_id)):
            pass
    return verdict.outcome()


def _send(made: Stage) -> int:
    root = nodes.root()
    assert root is not None
    author = Actor(made.workers[0].person_id, grants=(Grant(Role.PUBLISHING_STAFF, root.id, root.path),))
    draft = announcements.create(author, Writing(node_id=root.id, title="普惠服务", body="新一期培训开始报名。"))
    announcements.send(author, draft.id, 1)
    return draft.id


def _watch(made: Stage, announcement_id: int, began: float) -> tuple[int, float]:
    """Kill the worker once about halfway; (kills, its most memory in MB) when all is sent or time is up."""
    kills, most_mb = 0, 0.0
    while time.monotonic() - began < LONGEST_S:
        time.sleep(0.1)
        most_mb = max(most_mb, _rss_mb(made.server.running["worker"].pid))
        with made.app.app_context():
            query = select(Announcement.reached, Announcement.state).where(Announcement.id == announcement_id)
            reached, state = db.session.execute(query).one()
            db.session.close()
        if state.value == "sent":
            break
        if not kills and reached > PEOPLE // 2:
            made.server.kill("worker")
            made.server.start("worker")
            kills = 1
    return kills, most_mb


def _rss_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS:")), 0.0)


def _told(announcement_id: int) -> tuple[int, int]:
    """(messages, people) of the announcement."""
    query = select(func.count(InboxMessage.id), func.count(InboxMessage.person_id.distinct()))
    rows, people = db.session.execute(query.where(InboxMessage.link == fan_out.link(announcement_id))).one()
    return rows, people


@transactional
def _going_on(announcement_id: int) -> None:
    found = db.session.get_one(Announcement, announcement_id)
    found.state = fan_out.RUNNING[1]


def _is_told_twice(made: Stage, announcement_id: int) -> bool:
    """A piece that is performed again, with a key of its own each time."""
    key = fan_out.key
    fan_out.key = lambda announcement, _person: f"announcement:{announcement}:{uuid4().hex}"
    try:
        with made.app.app_context():
            _going_on(announcement_id)
            fan_out.tell_piece({"announcement_id": announcement_id, "after": 0})
            rows, people = _told(announcement_id)
    finally:
        fan_out.key = key
    return rows > people
