"""What is thought of a row of an import, the same for both kinds of workbook."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from service.unions.enums import FindingKind
from service.unions.import_columns import Problem, Reading


class Outcome(StrEnum):
    """What the row does to the register."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BAD = "bad"


@dataclass(slots=True)
class Verdict:
    """The outcome of one row, by its line in the sheet."""

    line: int
    outcome: Outcome
    problems: list[Problem] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def findings(self) -> list[tuple[FindingKind, str, str]]:
        """What is to be shown: every problem, or the one line that names what will change."""
        if self.outcome is Outcome.CHANGED:
            return [(FindingKind.CHANGED, self.changed[0], f"将更改：{'、'.join(self.changed)}")]
        return [(FindingKind.BAD, problem.column, problem.message) for problem in self.problems]


class Judge(Protocol):
    """Reads, judges and applies the rows of one workbook, chunk after chunk in the order of the sheet."""

    def pass_over(self, readings: Sequence[Reading]) -> None:
        """Note rows judged before a stop, for what is said about doubles in the file."""

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        """The outcome of each row against the register as it stands."""

    def apply(self, readings: Sequence[Reading]) -> list[Verdict]:
        """Judge anew rows that were good when they were judged, and write them, in the caller's transaction."""


def doubles(reading: Reading, heading: str, key: str, seen: dict[str, int]) -> None:
    """Note a problem where an earlier row has the same key; the first row that has it keeps it."""
    first = seen.setdefault(key, reading.line) if key else reading.line
    if first != reading.line:
        reading.add(heading, f"与第{first}行重复")
