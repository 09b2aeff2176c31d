"""Reading cells: what a person typed, what Excel made of it, and what cannot be."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.organisations.enums import Industry, NodeKind, WorkerCategory
from service.unions.enums import ImportKind
from service.unions.import_columns import COLUMNS, Reading, cell_text, heading_problems, read_date
from service.unions.node_columns import read_node
from service.unions.verdicts import Outcome, Verdict
from service.unions.worker_columns import read_worker
from tests import workbooks

TODAY = date(2026, 11, 22)
CELLS = st.one_of(
    st.text(max_size=60), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(),
)  # fmt: skip


def worker(**cells: object) -> Reading:
    row = dict(zip(workbooks.headings(ImportKind.WORKERS), workbooks.worker(1, "530802001"), strict=True))
    return Reading(2, row | cells)


def node(**cells: object) -> Reading:
    row = dict(zip(workbooks.headings(ImportKind.UNION_NODES), workbooks.node("A001", "530802"), strict=True))
    return Reading(2, row | cells)


def said(reading: Reading) -> dict[str, str]:
    return {problem.column: problem.message for problem in reading.problems}


def test_a_whole_row_is_read() -> None:
    cells = {
        "统一社会信用代码": "91530802ma000020x0", "工种": "茶艺师", "产业": "茶叶", "职工类别": "农民工",
        "入会日期": "2020/5/1", "手机号": "+86 139-0000-0001", "工会编码": "a-001",
    }  # fmt: skip
    row = read_worker(worker(**cells), TODAY)
    assert row is not None
    assert (row.credit_code, row.occupation_code) == ("91530802MA000020X0", "4-03-02-07")
    assert (row.industry, row.category, row.joined_on) == (Industry.TEA, WorkerCategory.MIGRANT, date(2020, 5, 1))
    assert (row.phone, row.node_code) == ("13900000001", "A-001")


def test_empty_optional_cells_say_nothing() -> None:
    row = read_worker(worker(), TODAY)
    assert row is not None
    assert [row.credit_code, row.occupation_code, row.industry, row.category, row.joined_on] == [None] * 5


@pytest.mark.parametrize(
    ("heading", "cell", "message"),
    [
        ("姓名", "", "必填"),
        ("姓名", "  ", "必填"),
        ("姓名", "王" * 51, "须为不超过50个字的文字"),
        ("姓名", "王\x00小明", "须为不超过50个字的文字"),
        ("身份证号", "53080219900101000x1", "身份证号须为18位"),
        ("身份证号", "530802199001010001", "身份证号有误，请逐位核对"),
        ("身份证号", 530802199001010009.0, "数字太长，末几位已丢失，请把该列设为文本格式后重填"),
        ("手机号", "12345", "手机号须为11位，以1开头"),
        ("统一社会信用代码", "91530802MA000020X1", "统一社会信用代码有误"),
        ("工种", "太空人", "没有这个工种，请填职业名称或编码"),
        ("产业", "航天", "没有这个产业"),
        ("职工类别", "皇帝", "没有这个职工类别"),
        ("入会日期", "去年", "日期须如 2020-05-01"),
        ("入会日期", "2020-02-30", "日期须如 2020-05-01"),
        ("入会日期", "2026-11-23", "日期不在合理范围内"),
        ("入会日期", "1900-01-01", "日期不在合理范围内"),
    ],
)
def test_each_bad_cell_is_named_with_its_column(heading: str, cell: object, message: str) -> None:
    reading = worker(**{heading: cell})
    assert read_worker(reading, TODAY) is None
    assert said(reading) == {heading: message}


def test_every_bad_cell_of_a_row_is_named_not_only_the_first() -> None:
    reading = worker(姓名="", 身份证号="1", 手机号="2", 产业="3")
    assert read_worker(reading, TODAY) is None
    assert set(said(reading)) == {"姓名", "身份证号", "手机号", "产业"}


def test_numbers_and_dates_that_excel_made_are_read_back() -> None:
    joined = datetime(2020, 5, 1, 8, 30)  # noqa: DTZ001  a cell of Excel knows no zone
    row = read_worker(worker(手机号=13900000001.0, 工会编码=530802001.0, 入会日期=joined), TODAY)
    assert row is not None
    assert (row.phone, row.node_code, row.joined_on) == ("13900000001", "530802001", date(2020, 5, 1))
    other = read_worker(worker(入会日期=date(2020, 5, 1)), TODAY)
    assert other is not None
    assert other.joined_on == date(2020, 5, 1)
    assert cell_text(1.5) == "1.5"
    assert cell_text(date(2020, 5, 1)) == "2020-05-01"
    assert cell_text("　王　小明 ") == "王 小明"


@pytest.mark.parametrize("text", ["2020-05-01", "2020/5/1", "2020.5.1", "2020年5月1日"])
def test_dates_are_read_as_people_write_them(text: str) -> None:
    assert read_date(text) == date(2020, 5, 1)


@given(st.dictionaries(st.sampled_from(workbooks.headings(ImportKind.WORKERS)), CELLS))
def test_no_cell_is_too_strange_to_be_judged(cells: dict[str, object]) -> None:
    reading = worker(**cells)
    assert (read_worker(reading, TODAY) is None) == bool(reading.problems)
    for problem in reading.problems:
        assert problem.column in cells
        assert len(problem.message) <= 120
        for cell in cells.values():
            assert len(cell_text(cell)) < 6 or cell_text(cell) not in problem.message


@given(st.dictionaries(st.sampled_from(workbooks.headings(ImportKind.UNION_NODES)), CELLS))
def test_no_cell_of_the_tree_is_too_strange_either(cells: dict[str, object]) -> None:
    reading = node(**cells)
    assert (read_node(reading) is None) == bool(reading.problems)


def test_a_node_is_read() -> None:
    row = read_node(node(编码="a-001", 县区编码=530802.0, 统一社会信用代码="81530802ma0000015c"))
    assert row is not None
    assert (row.code, row.kind, row.county_code) == ("A-001", NodeKind.GRASSROOTS, "530802")
    assert row.credit_code == "81530802MA0000015C"


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("编码", "甲"),
        ("类型", "市总工会"),
        ("类型", "俱乐部"),
        ("县区编码", "530100"),
        ("统一社会信用代码", "91530802MA000020X0"),
        ("名称", ""),
        ("上级编码", ""),
    ],
)
def test_each_bad_cell_of_a_node_is_named(heading: str, cell: str) -> None:
    reading = node(**{heading: cell})
    assert read_node(reading) is None
    assert set(said(reading)) == {heading}


def test_the_heading_must_be_the_templates() -> None:
    right = workbooks.headings(ImportKind.WORKERS)
    assert heading_problems(ImportKind.WORKERS, right) == []
    assert heading_problems(ImportKind.WORKERS, [*reversed(right[:5]), ""]) == []
    wrong = heading_problems(ImportKind.WORKERS, [*right[1:], "性别", right[1]])
    assert [(problem.column, problem.message) for problem in wrong] == [
        ("姓名", "缺少这一列"),
        ("性别", "没有这一列，请按模板填写"),
        ("身份证号", "这一列出现了两次"),
    ]


def test_the_examples_of_the_templates_are_good_rows() -> None:
    examples = {kind: {column.heading: column.example for column in COLUMNS[kind]} for kind in ImportKind}
    assert read_worker(Reading(2, examples[ImportKind.WORKERS]), TODAY) is not None
    assert read_node(Reading(2, examples[ImportKind.UNION_NODES])) is not None


def test_a_changed_row_is_told_in_one_line() -> None:
    found = Verdict(2, Outcome.CHANGED, changed=["姓名", "手机号"]).findings()
    assert [(kind.value, column, message) for kind, column, message in found] == [
        ("changed", "姓名", "将更改：姓名、手机号")
    ]
    assert Verdict(2, Outcome.SAME).findings() == []
