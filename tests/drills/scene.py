"""What drills share: a load on several classes, and the verdict on what is left in the database."""

import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.bench.classes import OpenClass, open_class
from tests.bench.load import Load, Retry, percentile, post
from tests.bench.people import Worker
from tests.bench.recount import lost, recount
from tests.bench.stage import Stage

ACCEPTED, REFUSED = 201, 409
LONGEST_WAIT = 60.0
DEFINITE = frozenset({ACCEPTED, REFUSED})


@dataclass(slots=True)
class Verdict:
    """Figures, and what is wrong; `ok` while nothing is."""

    figures: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note a fault where the expectation does not hold."""
        if not holds:
            self.faults.append(otherwise)

    def outcome(self) -> dict[str, Any]:
        """As the runner wants it."""
        if self.faults:
            self.figures["faults"] = self.faults[:10]
        return {"ok": not self.faults, "figures": self.figures}


def classes(
    stage: Stage, count: int, *, capacity: int, waiting: int = 0, opens_in_seconds: float = -60.0
) -> list[OpenClass]:
    """So many open classes, their lessons on different days."""
    with stage.app.app_context():
        return [
            open_class(capacity=capacity, waiting=waiting, opens_in_seconds=opens_in_seconds, day=14 + number)
            for number in range(count)
        ]


def booking(run: OpenClass, worker: Worker, key: str | None = None) -> bytes:
    """A worker's request for a place."""
    return post(run.bookings_path, worker.token, key=key or uuid.uuid4().hex)


def keyless_booking(run: OpenClass, worker: Worker) -> bytes:
    """The same without an Idempotency-Key."""
    return post(run.bookings_path, worker.token)


def two_each(workers: Sequence[Worker], runs: Sequence[OpenClass], resent_every: int = 10) -> list[bytes]:
    """Everybody asks for two different classes; every tenth request is sent twice, with the same key."""
    requests = []
    for step in (0, 3):
        for number, worker in enumerate(workers):
            request = booking(runs[(number + step) % len(runs)], worker)
            requests.append(request)
            if len(requests) % resent_every == 0:
                requests.append(request)
    return requests


def load_on(stage: Stage, requests: Sequence[bytes], *, connections: int = 200, **options: Any) -> Load:
    """A load of these requests by clients that repeat a request with the same key until it has a definite answer."""
    chosen: dict[str, Any] = {"retry": Retry(), "keep": DEFINITE, **options}
    return Load(stage.port, requests, connections=connections, **chosen)


def judge(verdict: Verdict, stage: Stage, load: Load, runs: Sequence[OpenClass], *, booked: int) -> None:
    """What must hold after any fault: definite answers, nothing lost, nothing sold twice, the audit content."""
    counts, waits = load.counts(), load.waits()
    verdict.figures.update(
        answers=dict(counts),
        seen=dict(load.seen),
        p99_ms=round(percentile(load.latencies(), 99) * 1e3),
        longest_wait_s=round(waits[-1], 1) if waits else None,
    )
    verdict.expect(set(counts) <= DEFINITE, f"answers that are not definite: {dict(counts)} {load.samples}")
    verdict.expect(not load.seen[500], f"{load.seen[500]} raw 500: {load.samples.get(500)!r}")
    verdict.expect(not waits or waits[-1] <= LONGEST_WAIT, "somebody waited more than 60 s")
    accepted = {index: body for index, body in load.bodies.items() if load.statuses[index] == ACCEPTED}
    found = [recount(stage, run.offering_id) for run in runs]
    receipts = {name: sequence for each in found for name, sequence in each.receipts.items()}
    broken = [each for one in found for each in one.faults]
    gone = lost(receipts, accepted)
    verdict.figures.update(booked=sum(each.booked for each in found), acknowledged_lost=len(gone), broken=len(broken))
    verdict.expect(not gone, f"acknowledged and lost: {gone[:3]}")
    verdict.faults += broken
    verdict.expect(verdict.figures["booked"] == booked, f"{verdict.figures['booked']} booked, not {booked}")
    verdict.faults += _replays_that_differ(load)
    audit(verdict, stage)


def _replays_that_differ(load: Load) -> list[str]:
    """Requests with the same key that were both accepted, with different bytes."""
    first: dict[bytes, bytes] = {}
    faults = []
    for index, body in load.bodies.items():
        if load.statuses[index] == ACCEPTED and first.setdefault(load.requests[index], body) != body:
            faults.append(f"replay of request {index} differs")
    return faults


def audit(verdict: Verdict, stage: Stage) -> None:
    """`flask audit bookings` must find nothing."""
    code, words = stage.audit()
    verdict.figures["audit"] = code
    verdict.expect(code == 0, f"audit exited {code}: {words}")


def codes(load: Load) -> Counter[str]:
    """What refused answers were refused for."""
    return Counter(
        json.loads(body).get("code", "?") for index, body in load.bodies.items() if load.statuses[index] != ACCEPTED
    )


@contextmanager
def control(verdict: Verdict, name: str, fails: Callable[[], bool]) -> Iterator[None]:
    """After the block: the same with the guard off must fail, or the drill proves nothing."""
    yield
    failed = fails()
    verdict.figures[f"control_{name}"] = "fails as it must" if failed else "passed without the guard"
    verdict.expect(failed, f"the control {name} passed: this drill would not notice")
