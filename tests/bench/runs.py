"""The benchmarks themselves: accepted bookings, sold-out answers, the rush."""

import json
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.classes import OpenClass, open_class
from tests.bench.load import Load, Retry, percentile, post
from tests.bench.paired import Pairs, measure
from tests.bench.people import Worker
from tests.bench.recount import Recount, lost, recount
from tests.bench.report import Figure, Report
from tests.bench.servers import bare_server, spread_over
from tests.bench.stage import PROCESSES, Stage

CONNECTIONS = 64
RUSH_CONNECTIONS = 256
RUSH_PLACES = 50
RUSH_WAITING = 450
ACCEPTED = 201
REFUSED = 409
NO_LIMIT = 10**9


class WrongCount(Exception):
    """A figure was reached, but not by doing the work: what was acknowledged is not what was written."""


def requests_for(path: str, workers: Sequence[Worker]) -> list[bytes]:
    """One POST a worker, each with a key of its own."""
    return [post(path, worker.token, key=uuid.uuid4().hex) for worker in workers]


def _class_in(stage: Stage, *, capacity: int, waiting: int = 0, day: int = 14) -> OpenClass:
    with stage.app.app_context():
        return open_class(capacity=capacity, waiting=waiting, day=day)


def _bare_load(port: int, master: int, workers: Sequence[Worker], connections: int) -> Load:
    requests = requests_for("/auth", workers[:20_000])
    return Load(port, requests, connections=connections, total=NO_LIMIT, is_spread=spread_over(master))


def accepted(stage: Stage, report: Report, *, rounds: int, seconds: float, connections: int = CONNECTIONS) -> Pairs:
    """`booking_accepted_*`: every request a fresh worker and key, every row durable; rows are counted after."""
    if not stage.server.running:
        stage.server.start(*PROCESSES)
    run = _class_in(stage, capacity=len(stage.workers) + 1)
    master = stage.server.running["web"].pid
    with bare_server(stage.server.env, stage.folder / "bare") as (port, bare_master):
        bare = _bare_load(port, bare_master, stage.workers, connections)
        requests = requests_for(run.bookings_path, stage.workers)
        load = Load(stage.port, requests, connections=connections, is_spread=spread_over(master))
        pairs = measure(bare, load, stage, bare_master=bare_master, rounds=rounds, seconds=seconds)
    found = recount(stage, run.offering_id)
    if set(pairs.statuses) != {ACCEPTED} or found.booked != pairs.statuses[ACCEPTED] or found.faults:
        raise WrongCount(f"{dict(pairs.statuses)} {load.samples} but {found.booked} rows; {found.faults[:3]}")
    _add(report, f"booking_accepted_{stage.engine}", pairs)
    return pairs


def sold_out(stage: Stage, report: Report, *, rounds: int, seconds: float) -> Pairs:
    """`booking_sold_out`: places and waiting list full, the callers hold nothing there."""
    if not stage.server.running:
        stage.server.start(*PROCESSES)
    run = _class_in(stage, capacity=RUSH_PLACES, waiting=RUSH_WAITING, day=15)
    holders = stage.workers[: RUSH_PLACES + RUSH_WAITING]
    others = stage.workers[len(holders) :]
    filling = Load(stage.port, requests_for(run.bookings_path, holders))
    filling.run()
    if filling.counts()[ACCEPTED] != len(holders):
        raise WrongCount(f"filling the class gave {filling.counts()} {filling.samples}")
    with bare_server(stage.server.env, stage.folder / "bare") as (port, bare_master):
        bare = _bare_load(port, bare_master, stage.workers, CONNECTIONS)
        load = Load(
            stage.port, requests_for(run.bookings_path, others), connections=CONNECTIONS, total=NO_LIMIT,
            keep=frozenset({REFUSED}), is_spread=spread_over(stage.server.running["web"].pid),
        )  # fmt: skip
        pairs = measure(bare, load, stage, bare_master=bare_master, rounds=rounds, seconds=seconds)
    codes = {json.loads(body)["code"] for body in load.bodies.values()}
    if set(pairs.statuses) != {REFUSED} or codes != {"booking.full"}:
        raise WrongCount(f"sold out gave {dict(pairs.statuses)} {codes} {load.samples}")
    _add(report, f"booking_sold_out_{stage.engine}", pairs)
    return pairs


def _add(report: Report, name: str, pairs: Pairs) -> None:
    theirs, ours = _middle(pairs.baseline), _middle(pairs.product)
    report.add(Figure(name, ours, "req/s", theirs, pairs.ratio, pairs.spoken))


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


class MemoryWatch(threading.Thread):
    """The largest summed PSS seen while it runs."""

    def __init__(self, stage: Stage, every_seconds: float = 3.0) -> None:
        super().__init__(daemon=True)
        self.stage = stage
        self.every_seconds = every_seconds
        self.most_mb: dict[str, float] = {}
        self.ended = threading.Event()

    def run(self) -> None:
        """Sample until `ended`."""
        while not self.ended.wait(self.every_seconds):
            self.sample()

    def sample(self) -> None:
        """One look."""
        now = self.stage.memory_mb()
        if sum(now.values()) > sum(self.most_mb.values()):
            self.most_mb = now

    def stop(self) -> dict[str, float]:
        """End it; each part's MB at the moment of the largest sum."""
        self.sample()
        self.ended.set()
        self.join()
        return self.most_mb


def rush(stage: Stage, report: Report, *, count: int, kills: int = 0) -> None:
    """The rush: every worker at once for 50 places and 450 waiting places; bare requests as many before and after."""
    workers = stage.workers[:count]
    if not stage.server.running:
        stage.server.start(*PROCESSES)
    run = _class_in(stage, capacity=RUSH_PLACES, waiting=RUSH_WAITING, day=16 + kills)
    half = count // 2
    load = Load(
        stage.port, requests_for(run.bookings_path, workers), connections=RUSH_CONNECTIONS, retry=Retry(),
        keep=frozenset({ACCEPTED, REFUSED}), is_spread=spread_over(stage.server.running["web"].pid),
    )  # fmt: skip
    bare_seconds = _bare_seconds(stage, half) if not kills else 0.0
    watch = MemoryWatch(stage)
    watch.start()
    began = time.monotonic()
    load.start()
    for number in range(kills):
        load.wait_answered(count * (number + 1) // (kills + 2))
        stage.server.kill("web")
        stage.server.start("web")
    load.join()
    seconds = time.monotonic() - began
    memory = watch.stop()
    if not kills:
        bare_seconds += _bare_seconds(stage, count - half)
    found = recount(stage, run.offering_id)
    _tell(report, load, found, Cost(seconds, bare_seconds, memory), f"_{stage.engine}" + ("_killed" if kills else ""))


def _bare_seconds(stage: Stage, count: int) -> float:
    with bare_server(stage.server.env, stage.folder / "bare") as (port, master):
        requests = requests_for("/auth", stage.workers[:20_000])
        load = Load(port, requests, connections=RUSH_CONNECTIONS, total=count, is_spread=spread_over(master))
        return load.run().seconds


@dataclass(frozen=True, slots=True)
class Cost:
    """What a rush took: wall seconds, those of as many bare requests (0.0 where not measured), memory in MB."""

    seconds: float
    bare_seconds: float
    memory_mb: dict[str, float]


def _tell(report: Report, load: Load, found: Recount, cost: Cost, suffix: str) -> None:
    faults = rush_faults(load, found)
    p99 = percentile(load.latencies(), 99) * 1e3
    counts = dict(load.counts())
    note = f"{counts}; {dict(load.seen)} answers seen; {'all right' if not faults else faults[:3]}"
    ratio = cost.seconds / cost.bare_seconds if cost.bare_seconds else None
    report.add(Figure(f"rush_total{suffix}", cost.seconds, "s", cost.bare_seconds or None, ratio, note))
    waits = f"longest wait for a definite answer, retries included: {load.waits()[-1]:.1f} s"
    report.add(Figure(f"rush_p99_ms{suffix}", p99, "ms", note=waits))
    parts = ", ".join(f"{name} {value:.0f}" for name, value in cost.memory_mb.items())
    report.add(Figure(f"rush_memory_mb{suffix}", sum(cost.memory_mb.values()), "MB", note=parts))
    if faults:
        raise WrongCount("; ".join(faults[:10]))


def rush_faults(load: Load, found: Recount) -> list[str]:
    """What is not as promised: exactly so many places, a definite answer for everyone, an honest order."""
    faults = list(found.faults)
    counts = load.counts()
    if set(counts) - {ACCEPTED, REFUSED}:
        faults.append(f"answers that are not definite: {dict(counts)}")
    if (found.booked, found.waitlisted) != (RUSH_PLACES, RUSH_WAITING):
        faults.append(f"{found.booked} booked, {found.waitlisted} waiting")
    if counts[ACCEPTED] != RUSH_PLACES + RUSH_WAITING:
        faults.append(f"{counts[ACCEPTED]} accepted")
    accepted_bodies = {index: body for index, body in load.bodies.items() if load.statuses[index] == ACCEPTED}
    refused_bodies = (body for index, body in load.bodies.items() if load.statuses[index] == REFUSED)
    codes = {json.loads(body)["code"] for body in refused_bodies}
    if codes - {"booking.full"}:
        faults.append(f"refused for {codes}")
    faults += [f"acknowledged and lost: {each}" for each in lost(found.receipts, accepted_bodies)]
    faults += dishonest(load, accepted_bodies)
    early = refused_too_early(load, accepted_bodies)
    return [*faults, f"{early} refused while there were places"] if early else faults


def dishonest(load: Load, accepted_bodies: dict[int, bytes]) -> list[str]:
    """Pairs out of order: answer A was received before request B was sent, yet A's sequence is larger."""
    told = [
        (load.received[index], load.first_sent[index], json.loads(body)["receipt"]["sequence"])
        for index, body in accepted_bodies.items()
    ]
    by_answer = sorted(told)
    by_request = sorted(told, key=lambda each: each[1])
    largest, done, wrong = 0, 0, []
    for _, sent, sequence in by_request:
        while done < len(by_answer) and by_answer[done][0] < sent:
            largest = max(largest, by_answer[done][2])
            done += 1
        if sequence < largest:
            wrong.append(f"sequence {sequence} was asked for after {largest} had been answered")
    return wrong


def refused_too_early(load: Load, accepted_bodies: dict[int, bytes]) -> int:
    """How many were told "full" before a request was even sent that was then accepted."""
    last_sent = max((load.first_sent[index] for index in accepted_bodies), default=0.0)
    pairs = zip(load.statuses, load.received, strict=True)
    return sum(1 for status, received in pairs if status == REFUSED and received < last_sent)


def write_log(stage: Stage, folder: Path) -> None:
    """Keep the processes' logs where a person can read them after the stage is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    for log in stage.folder.glob("*.log"):
        (folder / f"{stage.engine}-{log.name}").write_bytes(log.read_bytes())
