"""Rows of the checklist that are walked by tests: these, on one engine, all pass; without the guard they must not."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.drills.scene import Verdict
from tests.engines import ROOT

SUMMARY = re.compile(r"(\d+) (passed|failed|error|skipped)")


@dataclass(frozen=True, slots=True)
class Walk:
    """Tests by their node ids, and by the guard's name (`tests_unguarded.py`) those that must fail without it."""

    tests: Sequence[str]
    guards: dict[str, Sequence[str]]


def walk(engine: str, wanted: Walk) -> dict[str, Any]:
    """How many tests passed, and for each guard how many of its own failed with it off."""
    verdict = Verdict()
    code, counts, failed = _pytest(engine, wanted.tests)
    verdict.figures.update(tests=counts.get("passed", 0))
    verdict.expect(code == 0 and set(counts) == {"passed"}, f"pytest exited {code}: {counts} {failed[:5]}")
    for guard, tests in wanted.guards.items():
        code, counts, failed = _pytest(engine, tests, guard)
        is_noticed = code == 1 and set(tests) == {each.partition("[")[0] for each in failed}
        verdict.figures[f"control_{guard}"] = "fails as it must" if is_noticed else f"exit {code}, {counts}"
        verdict.expect(is_noticed, f"without the guard {guard} pytest exited {code} with {counts}")
    return verdict.outcome()


def _pytest(engine: str, tests: Sequence[str], guard: str = "") -> tuple[int, dict[str, int], list[str]]:
    """Exit code, counts and names of what failed. A test that names no engine is walked on either."""
    other = "postgresql" if engine == "sqlite" else "sqlite"
    unguarded = ("-p", "tests.drills.tests_unguarded") if guard else ()
    command = [sys.executable, "-m", "pytest", *tests, *unguarded, "-q", "-k", f"not {other}", "-p", "no:cacheprovider"]
    env = {**os.environ, "UNGUARDED": guard}
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=False)
    counts = {word.rstrip("s"): int(count) for count, word in SUMMARY.findall(done.stdout.strip().splitlines()[-1])}
    return done.returncode, counts, re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
