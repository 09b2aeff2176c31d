"""Forged X-Forwarded-For and -Proto: whose address it is says the connection, or the one hop that is trusted.

Seen by the limit of an address: who could change her address would have none. The control trusts whoever comes.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import requests

from tests.bench.stage import Stage, stage
from tests.drills.redis_killed import _begin_of_a_minute
from tests.drills.scene import Verdict, control

A_MINUTE, ASKED = 20, 60
SIGN_IN = "/api/v1/auth/wechat"
Headers = Callable[[int], dict[str, str]]


def run(engine: str) -> dict[str, Any]:
    """How many sign-ins an address got through with forged headers, without a proxy and behind one."""
    verdict = Verdict()
    with stage(engine, WEB_WORKERS="1", ADDRESS_SIGN_INS_PER_MINUTE=str(A_MINUTE)) as made:
        made.server.start("web")
        direct = _let_through(made, _forged)
        verdict.figures["direct"] = direct
        verdict.expect(direct == A_MINUTE, f"{direct} sign-ins came through with forged addresses")
        plain = requests.get(f"{made.server.url}/healthz", headers={"X-Forwarded-Proto": "https"}, timeout=10)
        verdict.expect("Strict-Transport-Security" not in plain.headers, "a forged scheme was believed")
        _behind_one(made)
        behind = _let_through(made, lambda number: {"X-Forwarded-For": f"10.1.{number}.1, 203.0.113.5"})
        verdict.figures["behind_a_proxy"] = behind
        verdict.expect(behind == A_MINUTE, f"{behind} came through by what stands before the proxy's own word")
        apart = _let_through(made, lambda number: {"X-Forwarded-For": f"10.1.1.1, 198.51.100.{number}"})
        verdict.expect(apart == ASKED, f"{apart} of {ASKED} people behind the proxy were let through")
        told = requests.get(f"{made.server.url}/healthz", headers={"X-Forwarded-Proto": "https"}, timeout=10)
        verdict.expect("Strict-Transport-Security" in told.headers, "the proxy's word for https was not taken")
        with control(verdict, "trusting_anybody", lambda: _let_through(made, _forged) > A_MINUTE):
            pass
    return verdict.outcome()


def _behind_one(made: Stage) -> None:
    made.server.kill("web")
    made.server.env["TRUSTED_PROXIES"] = "1"
    made.server.start("web")


def _forged(number: int) -> dict[str, str]:
    forged = f"198.18.{number // 250}.{number % 250 + 1}"
    return {"X-Forwarded-For": forged, "X-Real-Ip": forged, "Forwarded": f"for={forged}", "X-Forwarded-Proto": "https"}


def _let_through(made: Stage, headers: Headers) -> int:
    """How many of sixty sign-ins within a minute were not told that there were too many."""
    _begin_of_a_minute()
    answers: Counter[int] = Counter()
    with requests.Session() as session:
        for number in range(ASKED):
            given = session.post(made.server.url + SIGN_IN, json={"code": ""}, headers=headers(number), timeout=10)
            answers[given.status_code] += 1
    assert set(answers) <= {422, 429}, answers
    return answers[422]
