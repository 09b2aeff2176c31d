"""The columns of the two workbooks: headings, examples, and how one cell is read. Pure.

A reader gives a `Reading`: the values that could be read, and a problem for every cell that could not.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from service.core.errors import ServiceError
from service.unions.enums import ImportKind

T = TypeVar("T")

DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
MOST_EXACT = 10**15
"""Excel keeps 15 digits of a number: what is longer has lost its end."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, whether a cell must be filled, an example for the template."""

    heading: str
    is_required: bool
    example: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell; the message never repeats its content."""

    column: str
    message: str


COLUMNS: dict[ImportKind, tuple[Column, ...]] = {
    ImportKind.WORKERS: (
        Column("姓名", is_required=True, example="示例职工"),
        Column("身份证号", is_required=True, example="53080219900101000X"),
        Column("手机号", is_required=True, example="13800000000"),
        Column("工会编码", is_required=True, example="530802001"),
        Column("用人单位", is_required=True, example="示例茶厂"),
        Column("统一社会信用代码", is_required=False, example="91530802MA000020X0"),
        Column("工种", is_required=False, example="茶艺师"),
        Column("产业", is_required=False, example="茶叶"),
        Column("职工类别", is_required=False, example="企业职工"),
        Column("入会日期", is_required=False, example="2020-05-01"),
    ),
    ImportKind.UNION_NODES: (
        Column("编码", is_required=True, example="530802001-001"),
        Column("名称", is_required=True, example="示例茶厂工会委员会"),
        Column("类型", is_required=True, example="基层工会"),
        Column("上级编码", is_required=True, example="530802001"),
        Column("县区编码", is_required=False, example="530802"),
        Column("统一社会信用代码", is_required=False, example="81530802MA0000015C"),
    ),
}


@dataclass(slots=True)
class Reading:
    """A row being read: its line in the sheet, its cells by heading, and the problems met so far."""

    line: int
    cells: Mapping[str, object]
    problems: list[Problem] = field(default_factory=list)

    def text(self, heading: str, most: int) -> str:
        """The required text of at most `most` characters, "" with a problem noted where it is not there."""
        found = self.optional(heading, most)
        if found is None and not any(problem.column == heading for problem in self.problems):
            self.add(heading, "必填")
        return found or ""

    def optional(self, heading: str, most: int) -> str | None:
        """The text, None for an empty cell or one that cannot be read."""
        value = self.cells.get(heading, "")
        if isinstance(value, float) and abs(value) >= MOST_EXACT:
            self.add(heading, "数字太长，末几位已丢失，请把该列设为文本格式后重填")
            return None
        found = cell_text(value)
        if len(found) > most or not found.isprintable():
            self.add(heading, f"须为不超过{most}个字的文字")
            return None
        return found or None

    def read(self, heading: str, given: str | None, reader: Callable[[str], T | None], message: str) -> T | None:
        """What the reader makes of the text; a problem where it makes None or refuses."""
        if not given:
            return None
        try:
            value = reader(given)
        except ServiceError as error:
            value, message = None, error.message
        if value is None:
            self.add(heading, message)
        return value

    def day(self, heading: str, *, today: date) -> date | None:
        """The day in the cell, not after today; None where it is empty."""
        value = self.cells.get(heading, "")
        if isinstance(value, date):
            found: date | None = value.date() if isinstance(value, datetime) else value
        else:
            found = self.read(heading, self.optional(heading, 20), read_date, "日期须如 2020-05-01")
        if found is not None and not date(1949, 1, 1) <= found <= today:
            self.add(heading, "日期不在合理范围内")
            return None
        return found

    def add(self, heading: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(heading, message))


def heading_problems(kind: ImportKind, headings: Sequence[str]) -> list[Problem]:
    """What is wrong with the first line: a required column missing, one unknown, one twice."""
    known = {column.heading for column in COLUMNS[kind]}
    given = [heading for heading in headings if heading]
    missing = [column.heading for column in COLUMNS[kind] if column.is_required and column.heading not in given]
    problems = [Problem(heading, "缺少这一列") for heading in missing]
    problems += [Problem(heading[:20], "没有这一列，请按模板填写") for heading in given if heading not in known]
    twice = sorted({heading for heading in given if heading in known and given.count(heading) > 1})
    return problems + [Problem(heading, "这一列出现了两次") for heading in twice]


def cell_text(value: object) -> str:
    """A cell as a person would read it: whole numbers without `.0`, outer space and full-width forms gone."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    return unicodedata.normalize("NFKC", str(value)).strip()


def read_date(text: str) -> date | None:
    """The day in `2020-05-01`, `2020/5/1`, `2020.5.1` or `2020年5月1日`, None for anything else."""
    match = DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
