"""The sheet of an import, opened and read in chunks; and the workbooks given out: template and list of problems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from service.files import shelf, workbook
from service.unions.enums import ImportKind
from service.unions.import_columns import COLUMNS, Problem, Reading, cell_text, heading_problems
from service.unions.import_models import Import, ImportFinding

SHELF = "imports"
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the sheet; `line` counts from 1, the heading's."""

    line: int
    cells: dict[str, object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An opened workbook: what is wrong with its heading, and its rows."""

    problems: list[Problem]
    rows: Iterator[Row]


def opened(record: Import) -> Sheet:
    """The import's sheet. Raises NotAWorkbook, FileNotFoundError, SealBroken."""
    lines = iter(workbook.rows(shelf.fetch(SHELF, record.id)))
    headings = [cell_text(cell) for cell in next(lines, [])]
    return Sheet(heading_problems(record.kind, headings), _rows(lines, headings))


def counted(record: Import) -> tuple[list[Problem], int]:
    """What is wrong with the heading, and the number of rows. Raises WorkbookTooLarge, NotAWorkbook and as `opened`."""
    workbook.check_extent(shelf.fetch(SHELF, record.id))
    sheet = opened(record)
    return sheet.problems, sum(1 for _ in sheet.rows)


def chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """The rows, 1,000 at a time."""
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def readings(rows: Sequence[Row]) -> list[Reading]:
    """A fresh reading of each row: what an earlier try has found is not carried along."""
    return [Reading(row.line, row.cells) for row in rows]


def template(kind: ImportKind) -> bytes:
    """A workbook with the headings and one example."""
    columns = COLUMNS[kind]
    return workbook.written(
        [column.heading for column in columns], [[column.example for column in columns]], sheet="导入模板", mark=""
    )


def problems(findings: Iterator[ImportFinding], mark: str) -> bytes:
    """A workbook with a line for every bad cell, and the mark of who takes it."""
    lines = ([found.line, found.column, found.message] for found in findings)
    return workbook.written(["行号", "列", "问题"], lines, sheet="错误的行", mark=mark)


def _rows(lines: Iterator[Sequence[object]], headings: Sequence[str]) -> Iterator[Row]:
    for line, cells in enumerate(lines, start=2):
        named = {heading: cell for heading, cell in zip(headings, cells, strict=False) if heading and cell != ""}
        if named:
            yield Row(line, named)
