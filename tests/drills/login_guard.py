"""Guessing at the staff door: ten wrong passwords lock, five wrong codes too, no code works twice, none is told apart.

The control is the same door without its guards: it must let in, take a code twice, and answer unknown logins faster.
"""

import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pyotp
import requests
from sqlalchemy import func, select

from service.audit.models import AuditEntry
from service.core import clock
from service.core.access import SYSTEM, Actor
from service.core.db import db
from service.core.transaction import transactional
from service.identity import accounts, people, totp
from tests.bench.stage import Stage, stage
from tests.drills import identity_unguarded
from tests.drills.scene import Verdict, control

PASSWORD = "kafei-2026-menglian"
TIMED, TRIES = 16, 6
MOST_APART_MS = 20.0
AT_ONCE = 8
Answer = tuple[int, str, float]


def run(engine: str) -> dict[str, Any]:
    """What each guard did, and how far apart known and unknown logins are in time."""
    verdict = Verdict()
    with stage(engine) as made:
        secrets = _accounts(made)
        made.server.start("web")
        _passwords(verdict, made)
        _codes(verdict, made, secrets)
        apart = _apart_ms(made)
        verdict.figures["known_unknown_apart_ms"] = round(apart, 1)
        verdict.expect(apart <= MOST_APART_MS, f"known and unknown logins are {apart:.1f} ms apart")
        with control(verdict, "no_lock", lambda: _opens_after_many(made)):
            identity_unguarded.start(made, "login")
        with control(verdict, "code_again", lambda: _opens_twice(made, secrets["control"])):
            pass
        with control(verdict, "unknown_is_quick", lambda: _apart_ms(made) > MOST_APART_MS):
            pass
    return verdict.outcome()


def _accounts(made: Stage) -> dict[str, str]:
    """Accounts for each guard and for the stop watch; login -> secret of those with an authenticator."""
    with made.app.app_context():
        logins = ["guessed", "unlucky", "replayed", "control", *(f"known{number}" for number in range(TIMED))]
        secrets = {}
        for login in logins:
            person_id = _person()
            accounts.open_account(SYSTEM, person_id, login, PASSWORD)
            if login in ("unlucky", "replayed", "control"):
                begun = totp.enrol(Actor(person_id)).secret
                totp.confirm(Actor(person_id), pyotp.TOTP(begun).at(clock.now() - timedelta(seconds=30)))
                secrets[login] = begun
        db.session.remove()
    return secrets


@transactional
def _person() -> int:
    return people.newcomer().id


def _sign_in(made: Stage, login: str, password: str = PASSWORD, code: str | None = None) -> Answer:
    began = time.perf_counter()
    body = {"account": login, "password": password, "totp": code}
    answer = requests.post(f"{made.server.url}/api/v1/auth/staff", json=body, timeout=20)
    return answer.status_code, answer.json().get("code", ""), (time.perf_counter() - began) * 1e3


def _passwords(verdict: Verdict, made: Stage) -> None:
    answers = Counter(_sign_in(made, "guessed", f"wrong-{number}")[:2] for number in range(10))
    verdict.expect(answers == {(401, "auth.wrong_password"): 10}, f"ten wrong passwords: {answers}")
    locked = requests.post(
        f"{made.server.url}/api/v1/auth/staff", json={"account": "guessed", "password": PASSWORD}, timeout=20
    )
    verdict.expect(locked.json().get("code") == "auth.locked", f"the eleventh, right: {locked.text}")
    until = datetime.fromisoformat(locked.json()["details"]["locked_until"])
    minutes = (until - clock.now()).total_seconds() / 60
    verdict.figures["locked_minutes"] = round(minutes, 1)
    verdict.expect(14 < minutes <= 15.1, f"locked for {minutes:.1f} minutes")
    with made.app.app_context():
        denied = select(func.count(AuditEntry.id)).where(AuditEntry.action == "auth.denied")
        verdict.figures["denials_audited"] = db.session.scalar(denied)
        db.session.remove()
    verdict.expect(verdict.figures["denials_audited"] == 11, "not every denial is in the trail")


def _codes(verdict: Verdict, made: Stage, secrets: dict[str, str]) -> None:
    code = _fresh(secrets["replayed"])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        both = Counter(pool.map(lambda _: _sign_in(made, "replayed", code=code)[0], range(AT_ONCE)))
    verdict.figures["one_code_at_once"] = dict(both)
    verdict.expect(both[200] == 1, f"one code, {AT_ONCE} times at once: {dict(both)}")
    right = pyotp.TOTP(secrets["unlucky"]).now()
    wrong = [f"{number:06d}" for number in range(6) if f"{number:06d}" != right][:5]
    answers = Counter(_sign_in(made, "unlucky", code=each)[1] for each in wrong)
    verdict.expect(answers == {"auth.totp_wrong": 5}, f"five wrong codes: {answers}")
    last = _sign_in(made, "unlucky", code=_fresh(secrets["unlucky"]))[:2]
    verdict.expect(last == (403, "auth.totp_locked"), f"the sixth, right: {last}")


def _fresh(secret: str) -> str:
    """A code with some seconds to live."""
    if time.time() % 30 > 24:
        time.sleep(30 - time.time() % 30)
    return pyotp.TOTP(secret).now()


def _apart_ms(made: Stage) -> float:
    """How far the medians of wrong sign-ins by known and by unknown logins are apart, asked in turn."""
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    stamp = time.monotonic_ns()
    for attempt in range(TRIES // 2):
        for number in range(TIMED):
            taken["known"].append(_sign_in(made, f"known{number}", f"wrong-{stamp}-{attempt}")[2])
            taken["unknown"].append(_sign_in(made, f"nobody{number}-{stamp}", f"wrong-{attempt}")[2])
    return abs(statistics.median(taken["known"]) - statistics.median(taken["unknown"]))


def _opens_after_many(made: Stage) -> bool:
    for number in range(10):
        _sign_in(made, "guessed", f"wrong-{number}")
    return _sign_in(made, "guessed")[0] == requests.codes.ok


def _opens_twice(made: Stage, secret: str) -> bool:
    code = _fresh(secret)
    return [_sign_in(made, "control", code=code)[0] for _ in range(2)] == [200, 200]
