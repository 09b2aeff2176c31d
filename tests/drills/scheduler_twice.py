"""Four worker hosts and one job: each tick of the clock runs it once."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tests.bench.stage import Stage, stage
from tests.drills import scene
from tests.engines import ROOT

HOSTS, SECONDS = 4, 8
SLACK = 3
"""Ticks that may go by while the processes come up."""


def run(engine: str) -> dict[str, Any]:
    """No tick twice, hardly one left out; without the table of ticks each host runs it."""
    verdict = scene.Verdict()
    with stage(engine) as made:
        runs = _runs(made, made.folder / "guarded")
        verdict.figures.update(hosts=HOSTS, ticks=len(runs), runs=sum(runs.values()))
        verdict.expect(max(runs.values(), default=0) == 1, f"a tick ran {max(runs.values(), default=0)} times")
        verdict.expect(len(runs) >= SECONDS - SLACK, f"{len(runs)} ticks in {SECONDS} s")
        with scene.control(verdict, "no_table_of_ticks", lambda: _is_run_twice(made)):
            pass
    return verdict.outcome()


def _is_run_twice(made: Stage) -> bool:
    return max(_runs(made, made.folder / "unguarded", "unguarded").values()) > 1


def _runs(made: Stage, marks: Path, *how: str) -> Counter[str]:
    """How often each tick's job ran."""
    marks.touch()
    command = [sys.executable, "-m", "tests.drills.clock_worker", str(marks), str(SECONDS), *how]
    processes = [subprocess.Popen(command, cwd=ROOT, env=made.server.env) for _ in range(HOSTS)]
    for process in processes:
        process.wait(120)
    return Counter(marks.read_text().split())
