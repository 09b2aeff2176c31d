"""The disk fills up under load and is emptied again: on a small tmpfs, so only root can rehearse it."""

import json
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import make_url

from tests.bench.classes import OpenClass
from tests.bench.load import Load, Retry, get
from tests.bench.recount import lost, recount
from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene
from tests.engines import SQLITE

ENGINES = (SQLITE,)
PEOPLE, FIRST = 3000, 200
SIZE_MB = 32
RECOVERY_SECONDS = 10.0


def run(engine: str) -> dict[str, Any]:
    """503 while the disk is full, reads go on, nothing acknowledged is lost, and it recovers without a restart."""
    with tempfile.TemporaryDirectory(prefix="gongyun-disk-") as folder:
        mount = Path(folder)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", mount], check=False).returncode:
            return {"ok": True, "figures": {"skipped": "mounting a small tmpfs needs root"}}
        try:
            return _on_small_disk(engine, mount)
        finally:
            subprocess.run(["umount", "-l", mount], check=True)


def _on_small_disk(engine: str, mount: Path) -> dict[str, Any]:
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE, disk=mount) as made:
        target = scene.classes(made, 1, capacity=PEOPLE)[0]
        made.server.start(*PROCESSES)
        loads = [_book(made, target, 0, FIRST)]
        before = made.pids()  # only now has each of the web server's processes certainly been started
        with _ballast(mount):
            loads.append(_book(made, target, FIRST, PEOPLE - 300))
            loads.append(_book(made, target, PEOPLE - 300, PEOPLE - 100))
            verdict.figures["until_full"] = dict(loads[1].counts())
            verdict.figures["when_full"] = dict(loads[2].counts())
            verdict.expect(loads[2].counts() == {503: 200}, f"on a full disk: {loads[2].counts()} {loads[2].samples}")
            _reads_go_on(verdict, made, target)
        _recovers(verdict, made, target)
        after = made.pids()
        verdict.expect(before == after, f"processes were replaced: {before} -> {after}")
        answers = set(loads[0].counts()) | set(loads[1].counts())
        verdict.expect(answers <= {scene.ACCEPTED, 503}, f"answers {answers} {loads[1].samples}")
        _nothing_lost(verdict, made, target, loads)
    return verdict.outcome()


def _book(made: Stage, target: OpenClass, first: int, last: int) -> Load:
    load = scene.load_on(
        made, [scene.booking(target, each) for each in made.workers[first:last]], connections=32, retry=None
    )
    load.run()
    return load


@contextmanager
def _ballast(mount: Path) -> Iterator[None]:
    """Fill the disk up to the last 256 kB; gone after the block."""
    ballast = mount / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            file.truncate(max(0, file.tell() - 262_144))
    try:
        yield
    finally:
        ballast.unlink()


def _reads_go_on(verdict: scene.Verdict, made: Stage, target: OpenClass) -> None:
    reading = [get(path, made.workers[0].token) for path in (target.path, "/api/v1/me/bookings", "/healthz")]
    load = Load(made.port, reading, connections=4, total=60)
    load.run()
    verdict.figures["reads_when_full"] = dict(load.counts())
    verdict.expect(load.counts() == {200: 60}, f"reads on a full disk: {load.counts()} {load.samples}")
    ready = requests.get(f"{made.server.url}/readyz", timeout=10)
    verdict.expect(ready.status_code == 503, f"readyz on a full disk: {ready.status_code}")


def _recovers(verdict: scene.Verdict, made: Stage, target: OpenClass) -> None:
    began = time.monotonic()
    retry = Retry(after=0.2)
    load = scene.load_on(
        made, [scene.booking(target, each) for each in made.workers[-100:]], connections=8, retry=retry
    )
    load.run()
    verdict.figures["booked_again_after_s"] = round(min(load.received) - began, 2)
    verdict.expect(load.counts() == {scene.ACCEPTED: 100}, f"after the disk was emptied: {load.counts()}")
    verdict.expect(min(load.received) - began <= RECOVERY_SECONDS, "it took too long to book again")


def _nothing_lost(verdict: scene.Verdict, made: Stage, target: OpenClass, loads: list[Load]) -> None:
    found = recount(made, target.offering_id)
    acknowledged = [body for load in loads for body in load.bodies.values() if "receipt" in json.loads(body)]
    gone = lost(found.receipts, dict(enumerate(acknowledged)))
    verdict.figures["acknowledged_lost"] = len(gone)
    verdict.expect(not gone, f"acknowledged and lost: {gone[:3]}")
    verdict.faults += found.faults
    with closing(sqlite3.connect(str(make_url(made.url).database))) as connection:
        integrity = connection.execute("PRAGMA integrity_check").fetchone()[0]
    verdict.expect(integrity == "ok", f"integrity: {integrity}")
    scene.audit(verdict, made)
