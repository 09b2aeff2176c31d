"""Three SIGHUPs under keep-alive clients: the new workers take over without a failed request."""

import os
import signal
import time
from typing import Any

from tests.bench.load import LOST, Load, Retry, get, percentile
from tests.bench.stage import PROCESSES, family, stage
from tests.drills import scene

PEOPLE, CLIENTS, RELOADS = 200, 20, 3
PAUSE_SECONDS = 6.0


def run(engine: str) -> dict[str, Any]:
    """Every answer is 200 or 201. A kept-alive connection may be closed between two requests, as HTTP allows."""
    verdict = scene.Verdict()
    with stage(engine, workers=PEOPLE, USER_READS_PER_MINUTE="100000") as made:
        target = scene.classes(made, 1, capacity=PEOPLE)[0]
        made.server.start(*PROCESSES)
        reading = [get(target.path, worker.token) for worker in made.workers]
        # A client that meets a closed connection opens another and asks at once.
        load = Load(made.port, reading, connections=CLIENTS, total=10**8, retry=Retry(frozenset(), after=0.0))
        booking = scene.load_on(made, [scene.booking(target, each) for each in made.workers], connections=2)
        load.start()
        master = made.server.running["web"].pid
        generations = [set(family(master))]
        booking.start()
        for _ in range(RELOADS):
            time.sleep(PAUSE_SECONDS)
            os.kill(master, signal.SIGHUP)
        time.sleep(PAUSE_SECONDS)
        generations.append(set(family(master)))
        load.stop()
        load.join()
        booking.join()
        verdict.figures.update(
            answers=dict(load.counts()),
            closed_between_requests=load.seen[LOST],
            p99_ms=round(percentile(load.latencies(), 99) * 1e3),
            slowest_s=round(load.waits()[-1], 2),
        )
        verdict.expect(set(load.counts()) == {200}, f"failed requests: {dict(load.counts())} {load.samples}")
        verdict.expect(load.broken == 0, f"{load.broken} answers broke off in the middle")
        verdict.expect(generations[0] & generations[1] == {master}, "the workers were not replaced")
        scene.judge(verdict, made, booking, [target], booked=PEOPLE)
    return verdict.outcome()
