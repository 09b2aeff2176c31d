"""The union tree's rows against the register: what is new, what changes, what cannot be; and writing them.

A row's parent stands in the register or on an earlier line. A node that exists keeps its parent and its kind: moving
a union with its members is not a matter of a workbook.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.core.db import db
from service.organisations import nodes
from service.organisations.enums import NodeKind
from service.organisations.rules import may_stand_below
from service.unions.import_columns import Reading, cell_text
from service.unions.node_columns import NodeRow, read_node
from service.unions.verdicts import Outcome, Verdict, doubles

CREDIT_CODE = "统一社会信用代码"


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a node, in the register or on an earlier line."""

    kind: NodeKind
    county_code: str | None
    is_in_scope: bool


class NodeJudge:
    """Judges rows of the tree for an import into the subtree of one node."""

    def __init__(self, scope_path: str) -> None:
        self.scope_path = scope_path
        self.lines: dict[str, int] = {}
        self.places: dict[str, Place] = {}
        self.owners: dict[str, str] = {}
        self._read_register()

    def pass_over(self, readings: Sequence[Reading]) -> None:
        """Remember codes of rows dealt with before a stop, and the places of those that were good."""
        self.judge(readings)

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        """The outcome of each row."""
        return [self._judge(reading)[0] for reading in readings]

    def apply(self, readings: Sequence[Reading]) -> list[Verdict]:
        """Judge anew and write the good rows, in the order of the sheet."""
        # What an earlier try has left in memory must not count as entered.
        self._read_register()
        verdicts = []
        for reading in readings:
            verdict, row = self._judge(reading)
            verdicts.append(verdict)
            if row is not None and verdict.outcome is Outcome.NEW:
                self._enter(row)
            elif row is not None and verdict.outcome is Outcome.CHANGED:
                self._change(row)
        db.session.flush()
        return verdicts

    def _read_register(self) -> None:
        self.nodes = nodes.every_by_code()
        self.codes = {node.id: node.code for node in self.nodes.values()}
        for code, node in self.nodes.items():
            self.places[code] = Place(node.kind, node.county_code, node.path.startswith(self.scope_path))
            if node.credit_code:
                self.owners[node.credit_code] = code

    def _judge(self, reading: Reading) -> tuple[Verdict, NodeRow | None]:
        doubles(reading, "编码", cell_text(reading.cells.get("编码", "")).upper(), self.lines)
        row = read_node(reading)
        if row is not None:
            self._judge_place(reading, row)
            if row.credit_code and self.owners.get(row.credit_code, row.code) != row.code:
                reading.add(CREDIT_CODE, "这个代码已登记在另一个工会名下")
        if row is None or reading.problems:
            return Verdict(reading.line, Outcome.BAD, reading.problems), None
        return self._good(row), row

    def _judge_place(self, reading: Reading, row: NodeRow) -> None:
        parent, standing = self.places.get(row.parent_code), self.nodes.get(row.code)
        if parent is None:
            reading.add("上级编码", "没有这个上级编码；上级须已登记，或写在本行之前")
        elif not parent.is_in_scope:
            reading.add("上级编码", "这个上级不在本次导入的范围内")
        elif not may_stand_below(row.kind, parent.kind):
            reading.add("类型", "这一类工会不能设在该上级之下")
        elif parent.county_code and row.county_code not in (None, parent.county_code):
            reading.add("县区编码", "与上级所在的县区不一致")
        elif standing is not None and self.codes.get(standing.parent_id or 0) != row.parent_code:
            reading.add("上级编码", "与已登记的上级不同；调整隶属关系不能用导入")
        elif standing is not None and standing.kind != row.kind:
            reading.add("类型", "与已登记的类型不同；改变类型不能用导入")

    def _good(self, row: NodeRow) -> Verdict:
        county_code = row.county_code or self.places[row.parent_code].county_code
        self.places.setdefault(row.code, Place(row.kind, county_code, is_in_scope=True))
        if row.credit_code:
            self.owners[row.credit_code] = row.code
        standing = self.nodes.get(row.code)
        if standing is None:
            return Verdict(row.line, Outcome.NEW)
        differs = {
            "名称": row.name != standing.name,
            "县区编码": row.county_code not in (None, standing.county_code),
            CREDIT_CODE: row.credit_code not in (None, standing.credit_code),
        }
        changed = [heading for heading, is_different in differs.items() if is_different]
        return Verdict(row.line, Outcome.CHANGED if changed else Outcome.SAME, changed=changed)

    def _enter(self, row: NodeRow) -> None:
        made = nodes.create(
            parent=self.nodes[row.parent_code],
            kind=row.kind,
            code=row.code,
            name=row.name,
            county_code=row.county_code,
            credit_code=row.credit_code,
        )
        self.nodes[row.code] = made
        self.codes[made.id] = row.code

    def _change(self, row: NodeRow) -> None:
        standing = self.nodes[row.code]
        if standing.name != row.name:
            nodes.rename(standing, row.name)
        standing.county_code = row.county_code or standing.county_code
        standing.credit_code = row.credit_code or standing.credit_code
