"""Somebody grabs a hundred times a second, a thousand others share her address: she is held back, they are not.

The control has no limit a person: nobody is held back there.
"""

import time
from collections import Counter
from typing import Any

from tests.bench.classes import open_class
from tests.bench.load import Load, post
from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene
from tests.drills.redis_killed import _begin_of_a_minute
from tests.drills.scene import Verdict, control

FAIR, GRABS, A_MINUTE = 1000, 400, 60
FREE = "100000"


def run(engine: str) -> dict[str, Any]:
    """How many of her requests were let through; that everybody else got a place; the address's limit is far looser."""
    verdict = Verdict()
    with stage(engine, workers=2 * (FAIR + 1), USER_WRITES_PER_MINUTE=str(A_MINUTE)) as made:
        made.server.start(*PROCESSES)
        hers, theirs, seconds = _rush(made, 0)
        let_through = sum(count for status, count in hers.items() if status != 429)
        verdict.figures.update(hers=dict(hers), theirs=dict(theirs), grabs_a_second=round(GRABS / seconds))
        verdict.expect(0 < let_through <= A_MINUTE + made_share(made), f"{let_through} of hers were let through")
        verdict.expect(set(hers) <= {201, 409, 429}, f"hers: {dict(hers)}")
        verdict.expect(theirs == {201: FAIR}, f"theirs: {dict(theirs)}")
        scene.audit(verdict, made)
        with control(verdict, "no_limit", lambda: _rush(made, FAIR + 1)[0][429] == 0):
            made.server.stop()
            made.server.env["USER_WRITES_PER_MINUTE"] = FREE
            made.server.start(*PROCESSES)
    return verdict.outcome()


def made_share(made: Stage) -> int:
    """Each process allows its share, rounded up: so many more at most."""
    return int(made.server.env.get("WEB_WORKERS", "2")) - 1


def _rush(made: Stage, first: int) -> tuple[Counter[int], Counter[int], float]:
    """Her answers, theirs, and how long it took."""
    _begin_of_a_minute()
    with made.app.app_context():
        target = open_class(capacity=FAIR + 1)
    grabber, *others = made.workers[first : first + FAIR + 1]
    requests = []
    for number, worker in enumerate(others):
        requests.append(post(target.bookings_path, worker.token))
        if number % (FAIR // GRABS) == 0 and len(requests) < FAIR + GRABS:
            requests.append(post(target.bookings_path, grabber.token))
    load = Load(made.port, requests, connections=64)
    began = time.monotonic()
    load.run()
    hers: Counter[int] = Counter()
    theirs: Counter[int] = Counter()
    for status, request in zip(load.statuses, requests, strict=True):
        (hers if grabber.token.encode() in request else theirs)[status] += 1
    return hers, theirs, time.monotonic() - began
