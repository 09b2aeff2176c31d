"""`make bench`: the table of measured ratios. ARGS="--workers 5000 --rounds 5" for a quick look."""

import argparse
import os
import traceback

import click

from tests.bench import runs
from tests.bench.report import Figure, Report
from tests.bench.stage import stage
from tests.engines import ENGINES, ROOT, SQLITE

HEADLINE = SQLITE
"""The engine whose figures carry the plain names: the default one. The other's carry its name."""
SETTINGS = {"MOST_RUNNING_BOOKINGS": "100"}
"""One worker takes part in several benchmarks. Everything else is as in production, rate limits too."""
PARTS = ("accepted", "sold_out", "rush", "rush_killed")


def main() -> int:
    """Measure and write; the exit code is 1 where a figure came from wrong work."""
    wanted = _arguments()
    report = Report()
    failed = []
    click.echo(f"load average before: {os.getloadavg()}")
    for engine in wanted.engines:
        # Who books in each slice must be new: about 3,000 a second at most.
        slices = int(3000 * wanted.seconds * (wanted.rounds + 1))
        count = max(wanted.workers, slices if "accepted" in wanted.parts else 0)
        with stage(engine, workers=count, **SETTINGS) as made:
            for part in wanted.parts:
                click.echo(f"-- {engine} {part}")
                try:
                    _run(part, made, report, wanted)
                except Exception:  # noqa: BLE001  the other parts still tell something
                    failed.append(f"{engine} {part}")
                    click.echo(traceback.format_exc())
            runs.write_log(made, ROOT / "var" / "bench-logs")
    _headlines(report)
    report.table()
    if failed:
        click.echo("failed: " + ", ".join(failed))
    return 1 if failed else 0


def _run(part: str, made: runs.Stage, report: Report, wanted: argparse.Namespace) -> None:
    if part == "accepted":
        runs.accepted(made, report, rounds=wanted.rounds, seconds=wanted.seconds, connections=wanted.connections)
    elif part == "sold_out":
        runs.sold_out(made, report, rounds=wanted.rounds, seconds=wanted.seconds)
    elif part == "rush":
        runs.rush(made, report, count=wanted.workers)
    else:
        runs.rush(made, report, count=wanted.workers, kills=3)


def _headlines(report: Report) -> None:
    """The names that stay, said for the default engine."""
    known = {figure.name: figure for figure in report.figures}
    bare = [figure.baseline for figure in report.figures if figure.unit == "req/s" and figure.baseline]
    if bare:
        report.add(Figure("bare_flask_jwt", sorted(bare)[len(bare) // 2], "req/s"))
    for name in ("booking_sold_out", "rush_total", "rush_p99_ms", "rush_memory_mb"):
        figure = known.get(f"{name}_{HEADLINE}")
        if figure:
            report.add(Figure(name, figure.value, figure.unit, figure.baseline, figure.ratio, HEADLINE))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--workers", type=int, default=114_500, help="how many workers rush")
    parser.add_argument("--rounds", type=int, default=15, help="pairs of slices")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a slice")
    parser.add_argument("--connections", type=int, default=runs.CONNECTIONS)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
