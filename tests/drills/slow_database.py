"""Somebody else holds the lock for ten seconds: bookings get a definite answer or 503, everybody else is served."""

import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import make_url

from tests.bench.classes import OpenClass
from tests.bench.load import Load, get, percentile
from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene
from tests.engines import SQLITE

PEOPLE, ASKING = 400, 30
HELD_SECONDS = 10.0
SLOWEST_OTHER = 0.5


def run(engine: str) -> dict[str, Any]:
    """No 500, nobody waits longer than the lock and its time-outs, other pages answer within half a second (p99)."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE) as made:
        target, other = scene.classes(made, 2, capacity=PEOPLE)
        made.server.start(*PROCESSES)
        warm = Load(made.port, _pages(made, target), connections=8, total=200)
        warm.run()
        held, release = threading.Event(), threading.Event()
        holder = threading.Thread(target=_hold(made, target, held, release))
        holder.start()
        held.wait(10)
        asking = scene.load_on(
            made, [scene.booking(target, each) for each in made.workers[:ASKING]], connections=ASKING
        )
        browsing = Load(made.port, _pages(made, target), connections=8, total=10**8)
        asking.start()
        browsing.start()
        elsewhere = scene.load_on(made, [scene.booking(other, made.workers[-1])], connections=1)
        elsewhere.start()
        time.sleep(HELD_SECONDS)
        release.set()
        holder.join()
        browsing.stop()
        for load in (asking, browsing, elsewhere):
            load.join()
        _judge(verdict, asking, browsing, elsewhere)
        scene.judge(verdict, made, asking, [target], booked=ASKING)
    return verdict.outcome()


def _pages(made: Stage, target: OpenClass) -> list[bytes]:
    """Pages that need no lock, read by many people: each reader has a limit."""
    return [get(path, worker.token) for worker in made.workers for path in (target.path, "/api/v1/me/bookings")]


def _hold(made: Stage, target: OpenClass, held: threading.Event, release: threading.Event) -> Callable[[], None]:
    def on_sqlite() -> None:
        connection = sqlite3.connect(str(make_url(made.url).database), isolation_level=None, timeout=30)
        connection.execute("BEGIN IMMEDIATE")
        held.set()
        release.wait(3 * HELD_SECONDS)
        connection.execute("ROLLBACK")
        connection.close()

    def on_postgresql() -> None:
        url = make_url(made.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as connection:
            connection.execute("SELECT id FROM offerings WHERE id = %s FOR UPDATE", (target.offering_id,))
            held.set()
            release.wait(3 * HELD_SECONDS)
            connection.rollback()

    return on_sqlite if made.engine == SQLITE else on_postgresql


def _judge(verdict: scene.Verdict, asking: Load, browsing: Load, elsewhere: Load) -> None:
    pages = browsing.latencies()
    verdict.figures.update(
        pages=dict(browsing.counts()),
        pages_p50_ms=round(percentile(pages, 50) * 1e3),
        pages_p99_ms=round(percentile(pages, 99) * 1e3),
        asked=dict(asking.seen),
        elsewhere_s=round(elsewhere.waits()[-1], 1),
    )
    verdict.expect(set(browsing.counts()) == {200}, f"pages: {dict(browsing.counts())} {browsing.samples}")
    verdict.expect(percentile(pages, 99) <= SLOWEST_OTHER, f"p99 of other pages {percentile(pages, 99):.2f} s")
    verdict.expect(set(asking.seen) <= {scene.ACCEPTED, 503}, f"those who asked got {dict(asking.seen)}")
    verdict.expect(set(elsewhere.counts()) == {scene.ACCEPTED}, f"another class: {elsewhere.counts()}")
