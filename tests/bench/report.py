"""What was measured, as JSON lines for machines and a table for people."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from tests.engines import ROOT

FILE = ROOT / "var" / "bench.jsonl"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: a value in its unit, the baseline in the same unit, their ratio; the last two where there is one."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    note: str = ""


class Report:
    """Figures as they come: each is written at once, so that a broken run keeps what it had."""

    def __init__(self, file: Path = FILE) -> None:
        self.file = file
        self.figures: list[Figure] = []
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")

    def add(self, figure: Figure) -> None:
        """Write one figure."""
        self.figures.append(figure)
        told = asdict(figure)
        note = told.pop("note")
        if note:
            told["note"] = note
        with self.file.open("a") as file:
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
        click.echo(_line(figure))

    def table(self) -> None:
        """All of it again, together."""
        click.echo("\n" + f"{'name':34} {'value':>12} {'unit':10} {'baseline':>10} {'ratio':>6}")
        for figure in self.figures:
            click.echo(_line(figure))
        click.echo(f"JSON lines: {self.file}")


def _line(figure: Figure) -> str:
    baseline = "" if figure.baseline is None else f"{figure.baseline:.1f}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return f"{figure.name:34} {figure.value:12.1f} {figure.unit:10} {baseline:>10} {ratio:>6}  {figure.note}"
