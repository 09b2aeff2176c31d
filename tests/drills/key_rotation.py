"""Keys and cipher are replaced while people read and write: AES to SM4 and back, no answer wrong, none missing.

As operators do it: both keys are known everywhere; the new one seals in the worker first while the web server still
seals by the old; a second rotation, once all seal by the new, leaves nothing old.
"""

import base64
import secrets
import subprocess
import sys
import threading
import time
from typing import Any

import requests
from sqlalchemy import func, select

from service.core.db import db
from service.identity.models import Person
from service.messaging.models import OutboxRow
from tests.bench.load import percentile
from tests.bench.stage import SECRETS, Stage, stage
from tests.drills.scene import Verdict, control
from tests.engines import ROOT

PEOPLE, CLIENTS, LONGEST = 3000, 4, 120.0
OLD = SECRETS["FIELD_KEYS"]
NEW = "new:" + base64.b64encode(secrets.token_bytes(32)).decode()
BOTH = f"{OLD},{NEW}"


class Readers:
    """Clients that read their own numbers, and write what is answered sealed and must be answered again alike."""

    def __init__(self, made: Stage) -> None:
        self.made = made
        self.phones = phones(made)
        self.stopping = threading.Event()
        self.latencies: list[float] = []
        self.faults: list[str] = []
        self.threads = [threading.Thread(target=self._work, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self) -> "Readers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _work(self, number: int) -> None:
        session, turn = requests.Session(), 0
        mine = self.made.workers[number::CLIENTS]
        while not self.stopping.is_set():
            worker = mine[turn % len(mine)]
            turn += 1
            head = {"Authorization": f"Bearer {worker.token}"}
            head["Idempotency-Key"] = f"{number}-{turn}"
            order = {"is_given": bool(turn // len(mine) % 2)}
            began = time.monotonic()
            try:
                read = session.get(f"{self.url}/me", headers=head, timeout=30)
                first, again = (
                    session.put(f"{self.url}/me/consents/health", json=order, headers=head, timeout=30)
                    for _ in range(2)
                )
            except requests.RequestException as error:
                self.faults.append(type(error).__name__)
                continue
            self.latencies.append(time.monotonic() - began)
            codes = (read.status_code, first.status_code, again.status_code)
            if codes != (200, 200, 200) or first.content != again.content:
                self.faults.append(f"answered {codes}")
            elif read.json()["person"]["phone"] != self.phones[worker.person_id]:
                self.faults.append("another phone")

    @property
    def url(self) -> str:
        return f"{self.made.server.url}/api/v1"


def run(engine: str) -> dict[str, Any]:
    """How many requests were answered meanwhile, how long it took, and what is left of the old key."""
    verdict = Verdict()
    with stage(engine, workers=PEOPLE, FIELD_KEYS=BOTH, FIELD_KEY_ID="bench") as made:
        made.server.start("web")
        with Readers(made) as readers:
            verdict.figures["to_sm4_s"] = rotate(verdict, made, "new", "sm4-gcm")
            verdict.figures["to_aes_s"] = rotate(verdict, made, "new", "aes-256-gcm")
        made.server.stop("web")
        verdict.figures.update(requests=3 * len(readers.latencies), wrong=len(readers.faults))
        verdict.figures["p99_ms"] = round(percentile(sorted(readers.latencies), 99) * 1e3)
        verdict.expect(not readers.faults, f"answers: {readers.faults[:5]}")
        verdict.expect(len(readers.latencies) > 20, "hardly anybody asked meanwhile")
        with control(verdict, "not_rotated_again", lambda: check(made, NEW)[0] != 0):
            # The web server has sealed by the old key until now.
            pass
        made.server.env.update(FIELD_KEYS=BOTH, FIELD_KEY_ID="new", FIELD_CIPHER="aes-256-gcm")
        made.server.start("web")
        rotate(verdict, made, "new", "aes-256-gcm")
        made.server.stop("web")
        code, words = check(made, NEW)
        verdict.figures["rows"] = PEOPLE
        verdict.expect(code == 0 and "bench " not in words, f"the old key is still needed: {words[-300:]}")
        made.server.env.update(FIELD_KEYS=NEW)
        made.server.start("web")
        verdict.expect(reads_everybody(made), "somebody cannot be read without the old key")
    return verdict.outcome()


def phones(made: Stage) -> dict[int, str | None]:
    """Everybody's phone, by the person's id."""
    with made.app.app_context():
        found = {row.id: row.phone for row in db.session.scalars(select(Person))}
        db.session.remove()
    return found


def rotate(verdict: Verdict, made: Stage, key_id: str, cipher: str) -> float:
    """A worker that seals so, and a rotation from beginning to end; its seconds."""
    env = {"FIELD_KEYS": BOTH, "FIELD_KEY_ID": key_id, "FIELD_CIPHER": cipher}
    before = dict(made.server.env)
    made.server.env.update(env)
    try:
        began = time.monotonic()
        made.server.flask("keys", "rotate")
        made.server.start("worker")
        while time.monotonic() - began < LONGEST and waiting(made):
            time.sleep(0.3)
        seconds = time.monotonic() - began
        made.server.stop("worker")
    finally:
        made.server.env.clear()
        made.server.env.update(before)
    verdict.expect(seconds < LONGEST, "the rotation did not end")
    return round(seconds, 1)


def waiting(made: Stage) -> bool:
    """Whether pieces of a rotation are still to be done."""
    with made.app.app_context():
        query = select(func.count(OutboxRow.id)).where(OutboxRow.kind.startswith("keys."), OutboxRow.state == "due")
        left = db.session.scalar(query)
        db.session.remove()
    return bool(left)


def check(made: Stage, keys: str) -> tuple[int, str]:
    """`flask keys check` where only these keys are at hand."""
    env = {**made.server.env, "FIELD_KEYS": keys, "FIELD_KEY_ID": "new"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "keys", "check"]
    done = subprocess.run(command, check=False, cwd=ROOT, env=env, capture_output=True, text=True)
    return done.returncode, done.stdout


def reads_everybody(made: Stage) -> bool:
    """Every hundredth person reads her own number."""
    for worker in made.workers[::100]:
        head = {"Authorization": f"Bearer {worker.token}"}
        answer = requests.get(f"{made.server.url}/api/v1/me", headers=head, timeout=30)
        if answer.status_code != 200 or not answer.json()["person"]["id_number"]:
            return False
    return True
