"""Importing the union tree: parents before children, nothing moved, nobody else's branch touched."""

from collections.abc import Callable

from service.core.db import db
from service.organisations import nodes
from service.organisations.enums import NodeKind
from service.unions import imports
from service.unions.enums import FindingKind, ImportKind, ImportState
from tests import workbooks
from tests.service.unions.conftest import FACTORY, LANCANG, Register, settle

TREE = ImportKind.UNION_NODES


def test_a_tree_is_entered_parents_before_children(register: Register) -> None:
    content = workbooks.nodes(
        workbooks.node("530802-X1", "530802", 类型="产业行业工会", 名称="茶产业工会联合会"),
        workbooks.node("530802-X2", "530802-X1", 统一社会信用代码="81530802MA0000015C"),
        workbooks.node("530802-X3", "530802-X2", 类型="分会"),
    )
    record = register.run(content, TREE)
    assert (record.rows_new, record.rows_bad) == (3, 0)
    sector, union, branch = (nodes.by_code(f"530802-X{number}") for number in (1, 2, 3))
    assert sector is not None
    assert union is not None
    assert branch is not None
    assert (sector.kind, sector.county_code) == (NodeKind.SECTOR, "530802")
    assert branch.path == f"{sector.path}{union.id}/{branch.id}/"
    assert union.credit_code == "81530802MA0000015C"
    again = register.run(content, TREE)
    assert (again.rows_new, again.rows_changed, again.rows_applied) == (0, 0, 3)


def test_every_bad_row_of_the_tree_is_named(register: Register) -> None:
    content = workbooks.nodes(
        workbooks.node("530802-X2", "530802-X1"),
        workbooks.node("530802-X1", "530802"),
        workbooks.node("530802-X1", "530802"),
        workbooks.node("530828-X1", LANCANG),
        workbooks.node("530802-X4", "530802", 类型="县区总工会"),
        workbooks.node("530802-X5", "530802", 县区编码=LANCANG),
        workbooks.node(FACTORY, "530802102", 名称="示例茶厂工会委员会"),
        workbooks.node(FACTORY[:-1] + "2", "530802", 统一社会信用代码="91530802MA000020X0"),
    )
    record = register.upload(content, TREE)
    assert register.said(record) == [
        (2, "上级编码", "没有这个上级编码；上级须已登记，或写在本行之前"),
        (4, "编码", "与第3行重复"),
        (5, "上级编码", "这个上级不在本次导入的范围内"),
        (6, "类型", "这一类工会不能设在该上级之下"),
        (7, "县区编码", "与上级所在的县区不一致"),
        (8, "上级编码", "与已登记的上级不同；调整隶属关系不能用导入"),
        (9, "统一社会信用代码", "不是工会的统一社会信用代码"),
    ]
    assert (record.rows_bad, record.rows_new) == (7, 1)


def test_one_credit_code_is_one_union(register: Register) -> None:
    code = {"统一社会信用代码": "81530802MA0000015C"}
    content = workbooks.nodes(
        workbooks.node("530802-X1", "530802", **code), workbooks.node("530802-X2", "530802", **code)
    )
    record = register.upload(content, TREE)
    assert register.said(record) == [(3, "统一社会信用代码", "这个代码已登记在另一个工会名下")]


def test_a_node_keeps_its_kind(register: Register) -> None:
    content = workbooks.nodes(workbooks.node(FACTORY, "530802", 名称="示例茶厂工会委员会", 类型="产业行业工会"))
    assert register.said(register.upload(content, TREE)) == [(2, "类型", "与已登记的类型不同；改变类型不能用导入")]


def test_a_changed_name_and_code_are_shown_and_written(register: Register) -> None:
    content = workbooks.nodes(
        workbooks.node(FACTORY, "530802", 名称="新茶厂工会委员会", 统一社会信用代码="81530802MA0000015C")
    )
    record = register.run(content, TREE)
    assert register.said(record, FindingKind.CHANGED) == [(2, "名称", "将更改：名称、统一社会信用代码")]
    changed = nodes.by_code(FACTORY)
    assert changed is not None
    assert (changed.name, changed.credit_code) == ("新茶厂工会委员会", "81530802MA0000015C")
    assert "新茶厂" in changed.search
    code_only = workbooks.nodes(workbooks.node(FACTORY, "530802", 名称="新茶厂工会委员会"))
    assert register.run(code_only, TREE).rows_changed == 0


def test_only_a_new_credit_code_leaves_the_name(register: Register) -> None:
    content = workbooks.nodes(
        workbooks.node(FACTORY, "530802", 名称="示例茶厂工会委员会", 统一社会信用代码="81530802MA0000015C")
    )
    assert register.run(content, TREE).rows_changed == 1


def test_a_tree_in_many_stretches_is_the_same_tree(register: Register, short_stretches: Callable[[int], None]) -> None:
    short_stretches(1)
    content = workbooks.nodes(
        workbooks.node("530802-X1", "530802", 类型="产业行业工会"),
        workbooks.node("530802-X2", "530802-X1"),
        workbooks.node("530802-X3", "530802-X9"),
        workbooks.node("530802-X4", "530802-X2", 类型="分会"),
    )
    record = register.upload(content, TREE)
    assert (record.state, record.rows_new, record.rows_bad) == (ImportState.READY, 3, 1)
    imports.accept(register.staff, record.id, skip_bad_rows=True)
    settle()
    db.session.close()
    branch, union = nodes.by_code("530802-X4"), nodes.by_code("530802-X2")
    assert branch is not None
    assert union is not None
    assert branch.path.startswith(union.path)
    assert nodes.by_code("530802-X3") is None
