"""Somebody locks in the opposite order, again and again: the desk is the victim and tries again."""

import random
import threading
from typing import Any

import psycopg
from sqlalchemy import make_url

from tests.bench.classes import OpenClass
from tests.bench.stage import PROCESSES, Stage, stage
from tests.drills import scene
from tests.engines import POSTGRESQL

ENGINES = (POSTGRESQL,)
PEOPLE = 400


def run(engine: str) -> dict[str, Any]:
    """Everybody is booked in the end; 503 at most on the way."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE, own_postgres=True) as made:
        target = scene.classes(made, 1, capacity=PEOPLE)[0]
        made.server.start(*PROCESSES)
        ended = threading.Event()
        troublemaker = threading.Thread(target=_trouble, args=(made, target, ended))
        troublemaker.start()
        load = scene.load_on(made, [scene.booking(target, each) for each in made.workers], connections=16)
        load.run()
        ended.set()
        troublemaker.join()
        with psycopg.connect(_plain(made)) as connection:
            row = connection.execute("SELECT sum(deadlocks) FROM pg_stat_database").fetchone()
        verdict.figures["deadlocks"] = int(row[0]) if row else 0
        verdict.expect(verdict.figures["deadlocks"] > 0, "no deadlock came about: the drill proves nothing")
        verdict.expect(set(load.seen) <= {scene.ACCEPTED, 503}, f"clients saw {dict(load.seen)}")
        scene.judge(verdict, made, load, [target], booked=PEOPLE)
    return verdict.outcome()


def _plain(made: Stage) -> str:
    return make_url(made.url).set(drivername="postgresql").render_as_string(hide_password=False)


def _trouble(made: Stage, target: OpenClass, ended: threading.Event) -> None:
    """Offering first, people after: the wrong order. Patient enough that the desk is the one to be told."""
    people = [worker.person_id for worker in made.workers]
    with psycopg.connect(_plain(made), autocommit=True) as connection:
        connection.execute("SET deadlock_timeout = '10s'")
        while not ended.wait(0.2):
            try:
                with connection.transaction():
                    connection.execute("SELECT id FROM offerings WHERE id = %s FOR UPDATE", (target.offering_id,))
                    ended.wait(0.02)
                    some = random.sample(people, 60)
                    connection.execute("SELECT id FROM people WHERE id = ANY(%s) ORDER BY id FOR UPDATE", (some,))
            except psycopg.errors.DeadlockDetected:
                continue
