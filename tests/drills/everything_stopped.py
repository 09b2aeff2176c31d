"""SIGTERM to web server, worker and desk at once while bookings wait for the database: all are answered first."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import make_url

from tests.bench.classes import OpenClass
from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene
from tests.engines import SQLITE

ASKING = 10
HELD_SECONDS = 2.5
LONGEST_STOP = 30.0


def run(engine: str) -> dict[str, Any]:
    """Every booking under way gets its answer; all processes end by themselves within 30 s, with exit code 0."""
    verdict = scene.Verdict()
    with stage(engine, workers=ASKING) as made:
        target = scene.classes(made, 1, capacity=ASKING)[0]
        made.server.start(*PROCESSES)
        load = scene.load_on(
            made, [scene.booking(target, each) for each in made.workers], connections=ASKING, retry=None
        )
        with _lock_held(made, target):
            load.start()
            time.sleep(0.5)
            began = time.monotonic()
            stopping = threading.Thread(target=lambda: verdict.figures.update(exits=made.server.stop(*PROCESSES)))
            stopping.start()
            time.sleep(HELD_SECONDS - 0.5)
        stopping.join()
        load.join()
        seconds = time.monotonic() - began
        verdict.figures.update(answers=dict(load.counts()), stopped_after_s=round(seconds, 1))
        verdict.expect(load.counts() == {scene.ACCEPTED: ASKING}, f"under way: {load.counts()} {load.samples}")
        verdict.expect(seconds <= LONGEST_STOP, f"stopping took {seconds:.0f} s")
        verdict.expect(set(verdict.figures["exits"].values()) == {0}, f"exit codes {verdict.figures['exits']}")
        scene.audit(verdict, made)
    return verdict.outcome()


@contextmanager
def _lock_held(made: Stage, target: OpenClass) -> Iterator[None]:
    """The desk has to wait for this block."""
    if made.engine == SQLITE:
        connection = sqlite3.connect(str(make_url(made.url).database), isolation_level=None, timeout=30)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")
            connection.close()
    else:
        url = make_url(made.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as held:
            held.execute("SELECT id FROM offerings WHERE id = %s FOR UPDATE", (target.offering_id,))
            yield
            held.rollback()
