"""One row of the union tree's workbook, read. Pure."""

from dataclasses import dataclass

from service.organisations.divisions import COUNTIES
from service.organisations.enums import NodeKind
from service.organisations.labels import NODE_KINDS, by_label
from service.organisations.rules import is_node_code, is_union_credit_code
from service.unions.import_columns import Reading


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A union node as the workbook names one."""

    line: int
    code: str
    name: str
    kind: NodeKind
    parent_code: str
    county_code: str | None
    credit_code: str | None


def read_node(reading: Reading) -> NodeRow | None:
    """The row, None where any cell is bad; the problems stand in the reading."""
    code = reading.read("编码", reading.text("编码", 40), _code, "编码须为3至32位数字、大写字母或连字符")
    kind = reading.read("类型", reading.text("类型", 20), _kind, "没有这个类型")
    row = NodeRow(
        line=reading.line,
        code=code or "",
        name=reading.text("名称", 100),
        kind=kind or NodeKind.GRASSROOTS,
        parent_code=reading.text("上级编码", 32).upper(),
        county_code=reading.read("县区编码", reading.optional("县区编码", 20), _county, "没有这个县区编码"),
        credit_code=reading.read(
            "统一社会信用代码", reading.optional("统一社会信用代码", 30), _credit_code, "不是工会的统一社会信用代码"
        ),
    )
    return None if reading.problems else row


def _code(given: str) -> str | None:
    code = given.upper()
    return code if is_node_code(code) else None


def _kind(given: str) -> NodeKind | None:
    kind = by_label(NODE_KINDS, given)
    return None if kind is NodeKind.CITY else kind


def _county(given: str) -> str | None:
    return given if given in COUNTIES else None


def _credit_code(given: str) -> str | None:
    code = given.upper()
    return code if is_union_credit_code(code) else None
