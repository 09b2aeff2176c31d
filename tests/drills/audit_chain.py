"""The audit trail under kill -9: two processes seal while people sign in and are turned away; the chain never forks.

Afterwards rows are changed by plain SQL, past the triggers: `flask audit verify` names them.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import requests
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from service.audit import sealing
from service.audit.models import AuditEntry, AuditSeal
from service.core.db import db
from service.core.transaction import transactional
from tests import tampering
from tests.bench.stage import Stage, stage
from tests.drills.scene import Verdict, control
from tests.engines import ROOT

PEOPLE, SEALERS, KILLS, SECONDS = 2000, 2, 6, 2.0
KINDS = ("auth.door_denied", "personal_data.copy_requested", "consent.given", "auth.signed_out")


def run(engine: str) -> dict[str, Any]:
    """Entries written, links made, kills; 0 forks, 0 left out; each kind of deed is there."""
    verdict = Verdict()
    with stage(engine, workers=PEOPLE) as made:
        made.server.start("web")
        stopping = threading.Event()
        writing = threading.Thread(target=act, args=(made, stopping))
        writing.start()
        for kill in range(KILLS):
            processes = start(made)
            time.sleep(SECONDS)
            end(processes)
            if kill % 2:
                made.server.kill("web")
                made.server.start("web")
        verdict.expect(writing.is_alive(), "nobody was writing any more")
        made.server.kill("web")
        stopping.set()
        writing.join()
        with made.app.app_context():
            sealing.seal_all()
            judge(verdict)
            db.session.remove()
        code, words = verify(made)
        verdict.expect(code == 0, f"verify exited {code}: {words}")
        tamper(verdict, made)
    return verdict.outcome()


def act(made: Stage, stopping: threading.Event) -> None:
    """Everybody consents, asks for a copy, knocks at a shut door and signs out, whatever becomes of the server."""
    url = f"{made.server.url}/api/v1"
    for worker in made.workers:
        if stopping.is_set():
            return
        head = {"Authorization": f"Bearer {worker.token}"}
        try:
            requests.put(f"{url}/me/consents/health", json={"is_given": True}, headers=head, timeout=10)
            requests.post(f"{url}/me/data/copies", headers=head, timeout=10)
            requests.get(f"{url}/staff/people", headers=head, timeout=10)
            requests.post(f"{url}/auth/logout", headers=head, timeout=10)
        except requests.RequestException:
            time.sleep(0.2)


def start(made: Stage) -> list[subprocess.Popen[bytes]]:
    """Two processes that seal."""
    command = [sys.executable, "-m", "tests.drills.audit_sealer"]
    with (made.folder / "sealers.log").open("ab") as log:
        return [
            subprocess.Popen(command, cwd=ROOT, env=made.server.env, stdout=log, stderr=log, start_new_session=True)
            for _ in range(SEALERS)
        ]


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    """kill -9, all at once."""
    for process in processes:
        os.killpg(process.pid, signal.SIGKILL)
    for process in processes:
        process.wait()


def judge(verdict: Verdict) -> None:
    """Every entry has one link, the places are gapless, every kind of deed is there."""
    entries = db.session.scalar(select(func.count(AuditEntry.id))) or 0
    sequences = list(db.session.scalars(select(AuditSeal.sequence).order_by(AuditSeal.sequence)))
    linked = db.session.scalar(select(func.count(AuditSeal.entry_id.distinct())))
    kinds = set(db.session.scalars(select(AuditEntry.action).distinct()))
    verdict.figures.update(entries=entries, links=len(sequences), kills=KILLS * SEALERS)
    verdict.expect(
        sequences == list(range(1, entries + 1)), f"{len(sequences)} links of {entries} entries, not gapless"
    )
    verdict.expect(linked == entries, f"{linked} entries have a link")
    verdict.expect(set(KINDS) <= kinds, f"only {sorted(kinds)}")
    for table in ("audit_entries", "audit_seals"):
        for statement in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET {'id' if table == 'audit_entries' else 'salt'} = 0",
        ):
            verdict.expect(refused(statement), f"let through: {statement}")


@transactional
def refused(statement: str) -> bool:
    """Whether the database refuses it."""
    try:
        with db.session.begin_nested():
            db.session.execute(text(statement))
    except DBAPIError as error:
        return "only grows" in str(error)
    return False


def verify(made: Stage) -> tuple[int, str]:
    """Exit code and words of `flask audit verify`."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "audit", "verify"]
    done = subprocess.run(command, check=False, cwd=ROOT, env=made.server.env, capture_output=True, text=True)
    return done.returncode, done.stdout[-2000:]


def tamper(verdict: Verdict, made: Stage) -> None:
    """One row changed, another gone: both are named."""
    with made.app.app_context():
        first, second = db.session.scalars(select(AuditSeal.entry_id).order_by(AuditSeal.sequence).limit(2)).all()
        with control(verdict, "triggers_off", lambda: change(first, second)):
            pass
        db.session.remove()
    code, words = verify(made)
    named = f"audit_entries {first}: changed" in words and f"audit_entries {second}: gone" in words
    verdict.figures["tampering_named"] = named
    verdict.expect(code == 2 and named, f"verify exited {code}: {words}")


def change(first: int, second: int) -> bool:
    """The guard off: without the triggers rows are changed and deleted."""
    tampering.run("UPDATE audit_entries SET subject_id = 'x' WHERE id = :id", id=first)
    tampering.run("DELETE FROM audit_subjects WHERE entry_id = :id", id=second)
    tampering.run("DELETE FROM audit_private WHERE entry_id = :id", id=second)
    tampering.run("DELETE FROM audit_entries WHERE id = :id", id=second)
    return db.session.get(AuditEntry, second) is None
