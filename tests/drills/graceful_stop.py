"""SIGTERM while writes wait three seconds for the database: all are finished, then the server ends, within 30 s."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from sqlalchemy import NullPool, create_engine, text

from tests.bench.stage import Stage, stage
from tests.drills.scene import Verdict
from tests.engines import SQLITE

CLIENTS, HELD_SECONDS, LONGEST_STOP = 16, 2.6, 30.0


def run(engine: str) -> dict[str, Any]:
    """No request under way is lost."""
    verdict = Verdict()
    with stage(engine, workers=CLIENTS) as made:
        made.server.start("web", "worker")
        made.server.wait("/readyz")
        answers: list[str] = []
        threads = [threading.Thread(target=_write, args=(made, each.token, answers)) for each in made.workers]
        with held_up(made):
            for thread in threads:
                thread.start()
            time.sleep(0.5)
            began = time.monotonic()
            for process in made.server.running.values():
                process.terminate()
            time.sleep(HELD_SECONDS - 0.5)
        # Not server.stop(): a second SIGTERM would reach a process that is past its handlers.
        exits = {name: process.wait(LONGEST_STOP) for name, process in made.server.running.items()}
        made.server.running.clear()
        seconds = time.monotonic() - began
        for thread in threads:
            thread.join()
        verdict.figures.update(under_way=CLIENTS, answers=sorted(set(answers)), stop_seconds=round(seconds, 1))
        verdict.expect(answers == ["200"] * CLIENTS, f"answers: {answers}")
        verdict.expect(exits == {"web": 0, "worker": 0}, f"exits: {exits}")
        verdict.expect(seconds <= LONGEST_STOP, f"stopped after {seconds:.1f} s")
    return verdict.outcome()


def _write(made: Stage, token: str, answers: list[str]) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    try:
        asked = requests.post(f"{made.server.url}/api/v1/me/inbox/read-all", headers=headers, timeout=30)
        answers.append(str(asked.status_code))
    except requests.RequestException as error:
        answers.append(type(error).__name__)


@contextmanager
def held_up(made: Stage) -> Iterator[None]:
    """Nobody else writes in here."""
    hold = "BEGIN IMMEDIATE" if made.engine == SQLITE else "LOCK TABLE inbox_messages IN ACCESS EXCLUSIVE MODE"
    engine = create_engine(made.url, poolclass=NullPool)
    with engine.connect() as connection:
        if made.engine == SQLITE:
            connection.exec_driver_sql("ROLLBACK")
        connection.execute(text(hold))
        yield
        connection.rollback()
