"""WeChat hangs while 20 people a second sign in: 50 other requests a second notice nothing.

Measured against the same run with a WeChat that answers. The control calls WeChat as a first draft would, with patience
and nothing else, and must hold the others up.
"""

import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.bench.load import percentile
from tests.bench.stage import Stage, stage
from tests.drills import scene
from tests.engines import ROOT
from tests.wechat.servers import sandbox_process

SIGN_INS_A_SECOND, OTHERS_A_SECOND = 20, 50
WARM_S, RUN_S, CONTROL_S = 4.0, 20.0, 8.0
HANG_S = 30
MOST_TIMES, LONGEST_SIGN_IN_S, LONGEST_RECOVERY_S = 3.0, 5.0, 15.0
PATIENCE_S = 20.0
WORKERS = 100
PATHS = ("/api/v1/me", "/api/v1/me/bookings", "/api/v1/training/classes", "/api/v1/me/inbox")
UNGUARDED = ("-m", "gunicorn", "-c", "config/gunicorn.py", "tests.drills.wechat_unguarded:app()")


@dataclass(slots=True)
class Stream:
    """What requests at a steady pace were answered: (seconds since they were due, status, code)."""

    answers: list[tuple[float, int, str]] = field(default_factory=list)

    @property
    def p99_ms(self) -> float:
        """Of all answers."""
        return percentile(sorted(each[0] for each in self.answers), 99) * 1e3

    @property
    def longest_s(self) -> float:
        """The longest wait."""
        return max((each[0] for each in self.answers), default=0.0)

    def statuses(self) -> Counter[int]:
        """How often which status; 0 for none."""
        return Counter(each[1] for each in self.answers)

    def codes(self) -> Counter[str]:
        """How often which refusal."""
        return Counter(each[2] for each in self.answers if each[2])


def run(engine: str) -> dict[str, Any]:
    """Others' p99 at most three times that without the fault, no error among them, and sign-in heals by itself."""
    verdict = scene.Verdict()
    with (
        tempfile.TemporaryDirectory() as folder,
        sandbox_process(Path(folder)) as sandbox,
        stage(engine, workers=WORKERS, WECHAT_API_BASE=sandbox) as made,
    ):
        made.server.start("web")
        _both(made, sandbox, WARM_S)
        sign_ins, others = _both(made, sandbox, RUN_S)
        _tell(verdict, "well", sign_ins, others)
        verdict.expect(set(sign_ins.statuses()) == {200}, f"sign-ins: {sign_ins.statuses()}")
        well_ms = others.p99_ms
        _hang(sandbox)
        sign_ins, others = _both(made, sandbox, RUN_S)
        _tell(verdict, "hanging", sign_ins, others)
        _judge(verdict, sign_ins, others, well_ms)
        _recovery(verdict, made, sandbox)
        with scene.control(verdict, "without_guards", lambda: _unguarded_is_worse(verdict, made, sandbox, well_ms)):
            made.server.kill("web")
    return verdict.outcome()


def _judge(verdict: scene.Verdict, sign_ins: Stream, others: Stream, well_ms: float) -> None:
    times = others.p99_ms / well_ms
    verdict.figures["p99_times"] = round(times, 2)
    verdict.expect(times <= MOST_TIMES, f"the others' p99 is {times:.1f} times that without the fault")
    verdict.expect(set(others.statuses()) == {200}, f"others: {others.statuses()}")
    verdict.expect(set(sign_ins.statuses()) == {503}, f"sign-ins: {sign_ins.statuses()}")
    allowed = {"wechat.unavailable", "wechat.busy"}
    verdict.expect(set(sign_ins.codes()) <= allowed, f"sign-ins were refused for {sign_ins.codes()}")
    verdict.expect(sign_ins.longest_s <= LONGEST_SIGN_IN_S, f"a sign-in waited {sign_ins.longest_s:.1f} s")


def _recovery(verdict: scene.Verdict, made: Stage, sandbox: str) -> None:
    """Once WeChat answers again, people sign in again, without anybody's doing."""
    requests.post(f"{sandbox}/sandbox/faults/clear", json={}, timeout=5).raise_for_status()
    began = time.monotonic()
    while time.monotonic() - began < 2 * LONGEST_RECOVERY_S:
        if _sign_in(made, _tap(sandbox, "worker-0001"))[0] == requests.codes.ok:
            break
        time.sleep(0.2)
    took = time.monotonic() - began
    verdict.figures["recovered_after_s"] = round(took, 1)
    verdict.expect(took <= LONGEST_RECOVERY_S, f"nobody could sign in for {took:.0f} s after WeChat was well again")


def _unguarded_is_worse(verdict: scene.Verdict, made: Stage, sandbox: str, well_ms: float) -> bool:
    with (made.folder / "unguarded.log").open("wb") as log:
        made.server.running["web"] = subprocess.Popen(
            [sys.executable, *UNGUARDED], cwd=ROOT, env=made.server.env, stdout=log, stderr=log, start_new_session=True
        )
    made.server.wait()
    _hang(sandbox)
    sign_ins, others = _both(made, sandbox, CONTROL_S)
    _tell(verdict, "control", sign_ins, others)
    return others.p99_ms > MOST_TIMES * well_ms or set(others.statuses()) != {200}


def _both(made: Stage, sandbox: str, seconds: float) -> tuple[Stream, Stream]:
    """Sign-ins and other requests side by side."""
    codes = [_tap(sandbox, f"guest-{number:04d}") for number in range(int(SIGN_INS_A_SECOND * seconds))]
    tokens = [{"Authorization": f"Bearer {worker.token}"} for worker in made.workers]
    sessions = threading.local()

    def ask(number: int) -> tuple[int, str]:
        if not hasattr(sessions, "one"):
            sessions.one = requests.Session()
        address = made.server.url + PATHS[number % len(PATHS)]
        return _answer(sessions.one.get, address, headers=tokens[number % len(tokens)])

    sign_ins, others = Stream(), Stream()
    steps: Sequence[tuple[Stream, float, Callable[[int], tuple[int, str]]]] = (
        (sign_ins, SIGN_INS_A_SECOND, lambda number: _sign_in(made, codes[number])),
        (others, OTHERS_A_SECOND, ask),
    )
    threads = [threading.Thread(target=_pace, args=(*step, seconds)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sign_ins, others


def _pace(stream: Stream, rate: float, ask: Callable[[int], tuple[int, str]], seconds: float) -> None:
    """Ask at the pace, whether or not earlier answers have come; each wait counts from when the request was due."""
    began = time.monotonic()

    def one(number: int, due: float) -> None:
        status, code = ask(number)
        stream.answers.append((time.monotonic() - due, status, code))

    with ThreadPoolExecutor(max_workers=int(rate * PATIENCE_S / 4)) as pool:
        for number in range(int(rate * seconds)):
            due = began + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            pool.submit(one, number, due)


def _answer(send: Callable[..., requests.Response], address: str, **given: Any) -> tuple[int, str]:
    try:
        answer = send(address, timeout=PATIENCE_S, **given)
    except requests.RequestException:
        return 0, ""
    return answer.status_code, "" if answer.ok else str(answer.json().get("code"))


def _sign_in(made: Stage, code: str) -> tuple[int, str]:
    return _answer(requests.post, f"{made.server.url}/api/v1/auth/wechat", json={"code": code})


def _tap(sandbox: str, persona: str) -> str:
    answer = requests.post(f"{sandbox}/sandbox/wx/login", json={"persona": persona}, timeout=5)
    code: str = answer.json()["code"]
    return code


def _hang(sandbox: str) -> None:
    fault = {"path": "/sns/jscode2session", "kind": "timeout", "seconds": HANG_S}
    requests.post(f"{sandbox}/sandbox/faults", json=fault, timeout=5).raise_for_status()


def _tell(verdict: scene.Verdict, name: str, sign_ins: Stream, others: Stream) -> None:
    verdict.figures[name] = {
        "sign_ins": dict(sign_ins.statuses()),
        "refused_for": dict(sign_ins.codes()),
        "longest_sign_in_s": round(sign_ins.longest_s, 1),
        "others": dict(others.statuses()),
        "others_p99_ms": round(others.p99_ms, 1),
    }
