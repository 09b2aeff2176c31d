"""The server's clock jumps ten minutes ahead, then twenty back, then right: the wall clock only, as when it is set."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import jwt
import requests

from tests.bench.classes import OpenClass
from tests.bench.load import Load, get
from tests.bench.people import Worker
from tests.bench.stage import PROCESSES, SECRETS, Stage, stage
from tests.drills import scene

PEOPLE, ASKING = 200, 20
JUMP_SECONDS = 600
OPENS_IN_SECONDS = 300.0
OFF_AT_MOST = 2.0
FAKE_CLOCK = Path(__file__).parent / "fake_clock"


def run(engine: str) -> dict[str, Any]:
    """Nobody books before the opening, no answer is a 5xx, receipts stay in order, all is well afterwards."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE, GONGYUN_ENV="development") as made:
        clock = made.folder / "clock"
        clock.write_text("+0")
        made.server.env |= {"PYTHONPATH": str(FAKE_CLOCK), "DRILL_CLOCK_FILE": str(clock)}
        made.server.start(*PROCESSES)
        del made.server.env["PYTHONPATH"]
        _jump_about(verdict, made, clock)
        scene.audit(verdict, made)
    return verdict.outcome()


def _jump_about(verdict: scene.Verdict, made: Stage, clock: Path) -> None:
    later = scene.classes(made, 1, capacity=PEOPLE, opens_in_seconds=OPENS_IN_SECONDS)[0]
    open_now = scene.classes(made, 3, capacity=PEOPLE)[-1]
    verdict.figures["clock_off_s"] = [round(_clock_off(made, open_now), 1)]
    booked_early = 0
    for turn, offset in enumerate((0, JUMP_SECONDS, -JUMP_SECONDS, 0)):
        clock.write_text(f"{offset:+d}")
        time.sleep(0.5)
        asking = made.workers[turn * ASKING : (turn + 1) * ASKING]
        early, usual = _book(made, later, asking), _book(made, open_now, asking)
        booked_early += early.counts()[scene.ACCEPTED]
        answers = set(early.seen) | set(usual.seen)
        # A token from the future is refused beyond a minute's leeway: the worker's app gets a new one.
        verdict.expect(
            answers <= scene.DEFINITE | {401}, f"at {offset:+d} s: {answers} {early.samples} {usual.samples}"
        )
        verdict.figures[f"open_class_{turn}_at_{offset:+d}"] = dict(usual.counts())
        verdict.figures[f"token_minted_in_the_jump_at_{offset:+d}"] = _ask_with_token_of_the_jump(made)
        verdict.expect(_countdown_is_sane(made, later), f"at {offset:+d} s the countdown is negative")
    verdict.figures["booked_early"] = booked_early
    verdict.expect(booked_early == 0, f"{booked_early} people booked {OPENS_IN_SECONDS:.0f} s before the opening")
    verdict.expect(usual.counts() == {scene.ACCEPTED: ASKING}, f"with the clock right again: {usual.counts()}")
    off = _clock_off(made, open_now)
    verdict.figures["clock_off_s"].append(round(off, 1))
    verdict.expect(abs(off) <= OFF_AT_MOST, f"the server's clock is {off:.0f} s off in the end")


def _book(made: Stage, target: OpenClass, workers: list[Worker]) -> Load:
    load = scene.load_on(made, [scene.booking(target, each) for each in workers], connections=4, retry=None)
    load.run()
    return load


def _shown(made: Stage, target: OpenClass) -> dict[str, Any]:
    shown: dict[str, Any] = requests.get(made.server.url + target.path, timeout=10).json()
    return shown


def _clock_off(made: Stage, target: OpenClass) -> float:
    """Seconds by which the time the server shows differs from ours."""
    return datetime.fromisoformat(_shown(made, target)["server_time"]).timestamp() - time.time()


def _countdown_is_sane(made: Stage, target: OpenClass) -> bool:
    """A class that is shown as not yet open opens after the time that is shown beside it."""
    shown = _shown(made, target)
    opens, now = (datetime.fromisoformat(shown[name]) for name in ("opens_at", "server_time"))
    return shown["state"] != "published" or opens >= now


def _ask_with_token_of_the_jump(made: Stage) -> int:
    """What a worker gets who signed in while the clock was ahead."""
    secret = SECRETS["JWT_SECRET"]
    claims = jwt.decode(made.workers[-1].token, secret, algorithms=["HS256"], options={"verify_aud": False})
    claims["iat"] = int(time.time()) + JUMP_SECONDS
    load = Load(made.port, [get("/api/v1/me", jwt.encode(claims, secret, algorithm="HS256"))], connections=1)
    load.run()
    return load.statuses[0]
