"""Tokens that are not ours, or no longer: 401 at every kind of door, never 422 or 500; what is taken away is gone soon.

The control believes whatever carries a right signature, and remembers roles.
"""

import base64
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import jwt
import requests

from service.core.access import SYSTEM, Role
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.identity import accounts, grants, people, sign_ins, tokens
from service.identity.enums import Channel
from service.organisations import nodes
from tests.bench.stage import SECRETS, Stage, stage
from tests.drills import identity_unguarded
from tests.drills.scene import Verdict, control

LONGEST_S = 60.0
RUSH = ("POST", "/api/v1/training/classes/999999/bookings")
DOORS = (("GET", "/api/v1/me"), RUSH, ("GET", "/api/v1/training/classes"), ("GET", "/api/v1/staff/training/classes"))
STAFF = "/api/v1/staff/training/classes"
PASSWORD = "kafei-2026-menglian"


def run(engine: str) -> dict[str, Any]:
    """How many bad tokens were shown at how many doors; how long a withdrawn role and a disabled account opened."""
    verdict = Verdict()
    with stage(engine, workers=2) as made:
        made.server.start("web")
        forged = forgeries(made)
        answers = _shown(made, forged)
        verdict.figures.update(tokens=len(forged), doors=len(DOORS), answers={str(k): v for k, v in answers.items()})
        verdict.expect(set(answers) == {401}, f"bad tokens were answered {dict(answers)}")
        _taken_away(verdict, made)
        with control(verdict, "believing", lambda: bool(set(_shown(made, forgeries(made))) - {401})):
            identity_unguarded.start(made, "tokens")
        with control(verdict, "remembering", lambda: not _role_goes(made, "forgetful", within=5.0)):
            pass
    return verdict.outcome()


def forgeries(made: Stage) -> dict[str, bytes]:
    """What somebody may show, by what is wrong with it. A right token of the same person opens."""
    now, person_id = int(time.time()), made.workers[0].person_id
    key = SECRETS["JWT_SECRET"]
    sid = jwt.decode(made.workers[0].token, options={"verify_signature": False})["sid"]
    right = {
        "iss": tokens.ISSUER, "aud": tokens.AUDIENCE, "sub": str(person_id), "sid": sid, "type": tokens.ACCESS,
        "iat": now, "exp": now + 3600,
    }  # fmt: skip
    good = jwt.encode(right, key, algorithm="HS256")
    opened = requests.get(f"{made.server.url}/api/v1/me", headers={"Authorization": f"Bearer {good}"}, timeout=10)
    assert opened.status_code == requests.codes.ok, opened.text

    def but(**changed: Any) -> str:
        return jwt.encode({k: v for k, v in (right | changed).items() if v is not None}, key, algorithm="HS256")

    head, _, tail = good.partition(".")
    found: dict[str, str] = {
        "alg none": jwt.encode(right, None, algorithm="none"),
        "alg HS512": jwt.encode(right, key, algorithm="HS512"),
        "another key": jwt.encode(right, "x" * 64, algorithm="HS256"),
        "altered": head + "." + tail[:-3] + ("AAA" if tail[-3:] != "AAA" else "BBB"),
        "audience": but(aud="elsewhere"), "audiences": but(aud=["elsewhere"]), "issuer": but(iss="elsewhere"),
        "refresh": but(type="refresh"), "expired": but(exp=now - 120, iat=now - 3720), "future": but(iat=now + 3600),
        "not yet": but(nbf=now + 3600), "subject": but(sub="1 OR 1=1"), "no subject": but(sub=None),
        "number": but(sub="9" * 40), "sign-in": but(sid="x"), "another sign-in": but(sid=new_id().hex),
        "of another": but(sub=str(made.workers[1].person_id)),
        "list": base64.urlsafe_b64encode(b'{"alg":["HS256"]}').decode() + ".e30.AAAA",
        "nested": base64.urlsafe_b64encode(b"[" * 300).decode() + ".e30.x",
        "9 kB": "x" * 9000, "bytes": "\xff\xfe\xfd", "empty": "", "dots": "..", "one part": "abc",
    }  # fmt: skip
    found |= {f"without {name}": but(**{name: None}) for name in ("aud", "iss", "exp", "iat", "sid", "type")}
    return {name: token.encode("latin-1") for name, token in found.items()} | {"signed out": _signed_out(made)}


def _signed_out(made: Stage) -> bytes:
    with made.app.app_context():
        given = sign_ins.sign_in(made.workers[1].person_id, Channel.WECHAT)
        sign_in_id = sign_ins.refresh_tokens.sign_in_id(given.refresh_token)
        assert sign_in_id is not None
        sign_ins.revoke(sign_in_id)
        db.session.remove()
    # At the doors of a rush an ended sign-in is seen within a second or two.
    time.sleep(2.5)
    return given.access_token.encode()


def _shown(made: Stage, forged: dict[str, bytes]) -> Counter[int]:
    answers: Counter[int] = Counter()
    for token in forged.values():
        for method, path in DOORS:
            answer = requests.request(
                method, made.server.url + path, headers={"Authorization": b"Bearer " + token}, json={}, timeout=10
            )
            answers[answer.status_code] += 1
    # `another sign-in` and `of another` at the door of a rush: nothing is read there, and the class does not exist.
    tolerated = min(answers[404], 2)
    answers[404] -= tolerated
    return +answers + Counter({401: 0})


def _taken_away(verdict: Verdict, made: Stage) -> None:
    took = _seconds_until(made, "role", _withdraw, 403)
    verdict.figures["role_gone_s"] = took
    verdict.expect(took is not None and took <= LONGEST_S, "a withdrawn role went on opening")
    took = _seconds_until(made, "account", lambda _who: accounts.disable(SYSTEM, "account"), 401)
    verdict.figures["account_gone_s"] = took
    verdict.expect(took is not None and took <= LONGEST_S, "a disabled account went on opening")


def _role_goes(made: Stage, login: str, *, within: float) -> bool:
    return _seconds_until(made, login, _withdraw, 403, within=within) is not None


def _withdraw(who: tuple[int, int]) -> None:
    grants.withdraw(SYSTEM, who[0], Role.TRAINING_STAFF, who[1])


def _seconds_until(
    made: Stage, login: str, deed: Callable[[tuple[int, int]], object], status: int, within: float = LONGEST_S
) -> float | None:
    """How long after the deed twenty requests in a row, to all processes, are answered so; None for never."""
    with made.app.app_context():
        who = _clerk(login)
        token = sign_ins.sign_in(who[0], Channel.STAFF).access_token
        db.session.remove()
        header = {"Authorization": f"Bearer {token}"}
        before = {requests.get(made.server.url + STAFF, headers=header, timeout=10).status_code for _ in range(20)}
        assert before == {200}, before
        deed(who)
        db.session.remove()
    began = time.monotonic()
    while time.monotonic() - began < within:
        asked = time.monotonic() - began
        answers = {requests.get(made.server.url + STAFF, headers=header, timeout=10).status_code for _ in range(20)}
        if answers == {status}:
            return round(asked, 2)
    return None


def _clerk(login: str) -> tuple[int, int]:
    person_id = _person()
    root = nodes.root()
    assert root is not None
    accounts.open_account(SYSTEM, person_id, login, PASSWORD)
    grants.grant(SYSTEM, person_id, Role.TRAINING_STAFF, root.id)
    return person_id, root.id


@transactional
def _person() -> int:
    return people.newcomer().id
