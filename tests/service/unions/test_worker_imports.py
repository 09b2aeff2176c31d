"""Importing workers: every bad row is named, nothing is written before it is accepted, repeating changes nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from service.audit.models import AuditEntry
from service.core.access import Actor, Role
from service.core.db import db
from service.core.lifecycle import WrongState
from service.files import shelf
from service.files.errors import NotAWorkbook
from service.identity import people
from service.identity.models import Person
from service.messaging.models import InboxMessage, OutboxRow
from service.organisations import nodes
from service.organisations.enums import Industry, NodeKind, WorkerCategory
from service.organisations.models import Employer
from service.unions import imports, memberships, sheets
from service.unions.enums import FindingKind, ImportKind, ImportState
from service.unions.errors import BadRows, ImportUnknown, NodeNotInScope, NothingToImport
from service.unions.import_models import Import
from service.unions.models import Membership
from tests import make, workbooks
from tests.service.unions.conftest import FACTORY, LANCANG, Register, settle

TOWN = "530802102"


def counts() -> tuple[int, ...]:
    return tuple(
        db.session.scalar(select(func.count()).select_from(each)) or 0 for each in (Person, Membership, Employer)
    )


def imported(number: int) -> Person:
    found = people.by_id_number(make.id_number(100_000 + number))
    assert found is not None
    return found


def test_a_worker_is_entered_with_everything_the_row_says(register: Register) -> None:
    cells = {"工种": "茶艺师", "产业": "茶叶", "职工类别": "农民工", "入会日期": "2020-05-01"}
    row = workbooks.worker(1, FACTORY, 统一社会信用代码="91530802MA000020X0", **cells)
    record = register.run(workbooks.workers(row))
    assert (record.rows_total, record.rows_new, record.rows_applied, record.rows_skipped) == (1, 1, 1, 0)
    person = imported(1)
    assert (person.name, person.phone, person.is_verified) == ("示例职工1", "13900000001", True)
    assert (person.occupation_code, person.industry, person.worker_category) == (
        "4-03-02-07", Industry.TEA, WorkerCategory.MIGRANT,
    )  # fmt: skip
    employer = db.session.get(Employer, person.employer_id)
    assert employer is not None
    assert (employer.name, employer.credit_code, employer.county_code) == ("示例茶厂", "91530802MA000020X0", "530802")
    membership = memberships.active_membership(person.id)
    assert membership is not None
    assert (membership.node_id, membership.joined_on) == (register.nodes[FACTORY].id, date(2020, 5, 1))


def test_nothing_is_written_before_it_is_accepted(register: Register) -> None:
    before = counts()
    record = register.upload(workbooks.workers(workbooks.worker(1, FACTORY)))
    assert (record.state, record.rows_checked, record.rows_new) == (ImportState.READY, 1, 1)
    assert counts() == before


def test_the_same_file_again_changes_nothing(register: Register) -> None:
    content = workbooks.workers(*(workbooks.worker(number, FACTORY) for number in range(30)))
    register.run(content)
    before = counts()
    sealed = imported(3).phone_sealed
    record = register.run(content)
    assert (record.rows_new, record.rows_changed, record.rows_bad, record.rows_applied) == (0, 0, 0, 30)
    assert counts() == before
    assert imported(3).phone_sealed == sealed


def test_every_bad_row_is_named_not_only_the_first(register: Register) -> None:
    good = workbooks.worker(1, FACTORY)
    rows = [
        workbooks.worker(2, FACTORY, 身份证号="530802199001010001"),
        good,
        workbooks.worker(3, "999", 手机号="1"),
        workbooks.worker(4, "999"),
        workbooks.worker(5, "530828104"),
        workbooks.worker(6, "530802"),
        workbooks.worker(7, FACTORY, 身份证号=make.id_number(100_001)),
    ]
    record = register.upload(workbooks.workers(*rows))
    assert register.said(record) == [
        (2, "身份证号", "身份证号有误，请逐位核对"),
        (4, "手机号", "手机号须为11位，以1开头"),
        (5, "工会编码", "没有这个工会编码"),
        (6, "工会编码", "这个工会不在本次导入的范围内"),
        (7, "工会编码", "县级以上工会不直接登记会员，请填基层或乡镇工会编码"),
        (8, "身份证号", "与第3行重复"),
    ]
    assert (record.rows_total, record.rows_bad, record.rows_new) == (7, 6, 1)


def test_bad_rows_are_skipped_only_where_that_is_said(register: Register) -> None:
    content = workbooks.workers(workbooks.worker(1, FACTORY), workbooks.worker(2, "999"))
    record = register.upload(content)
    with pytest.raises(BadRows) as refused:
        imports.accept(register.staff, record.id)
    assert refused.value.details == {"rows_bad": 1}
    assert people.by_id_number(make.id_number(100_001)) is None
    imports.accept(register.staff, record.id, skip_bad_rows=True)
    settle()
    record = register.again(record)
    assert (record.state, record.rows_applied, record.rows_skipped) == (ImportState.APPLIED, 2, 1)
    assert imported(1).is_verified
    assert people.by_id_number(make.id_number(100_002)) is None
    assert len(register.said(record)) == 1


def test_where_every_row_is_bad_there_is_nothing_to_accept(register: Register) -> None:
    record = register.upload(workbooks.workers(workbooks.worker(1, "999")))
    with pytest.raises(NothingToImport):
        imports.accept(register.staff, record.id, skip_bad_rows=True)


def test_a_changed_name_is_shown_before_it_is_changed(register: Register) -> None:
    register.run(workbooks.workers(workbooks.worker(1, FACTORY, 工种="茶艺师")))
    record = register.upload(workbooks.workers(workbooks.worker(1, FACTORY, 姓名="新名字", 手机号="13911112222")))
    assert (record.rows_new, record.rows_changed) == (0, 1)
    assert register.said(record, FindingKind.CHANGED) == [(2, "姓名", "将更改：姓名、手机号")]
    assert imported(1).name == "示例职工1"
    imports.accept(register.staff, record.id)
    settle()
    person = imported(1)
    assert (person.name, person.phone, person.occupation_code) == ("新名字", "13911112222", "4-03-02-07")
    assert "新名字" in person.search


@pytest.mark.parametrize(
    ("cells", "heading"),
    [
        ({"产业": "咖啡"}, "产业"),
        ({"职工类别": "保安员"}, "职工类别"),
        ({"工种": "咖啡师"}, "工种"),
        ({"用人单位": "另一茶厂"}, "用人单位"),
        ({"工会编码": TOWN}, "工会编码"),
        ({"统一社会信用代码": "91530802MA000020X0"}, "统一社会信用代码"),
    ],
)
def test_each_change_is_found_once_and_not_again(register: Register, cells: dict[str, str], heading: str) -> None:
    register.run(workbooks.workers(workbooks.worker(1, FACTORY)))
    changed = workbooks.workers(workbooks.worker(1, cells.get("工会编码", FACTORY), **cells))
    record = register.run(changed)
    assert register.said(record, FindingKind.CHANGED) == [(2, heading, f"将更改：{heading}")]
    assert register.run(changed).rows_changed == 0


def test_another_union_in_scope_is_a_transfer_with_history(register: Register) -> None:
    register.run(workbooks.workers(workbooks.worker(1, FACTORY)))
    register.run(workbooks.workers(workbooks.worker(1, TOWN)))
    found = memberships.history(imported(1).id)
    assert [each.node_id for each in found] == [register.nodes[FACTORY].id, register.nodes[TOWN].id]


def test_a_member_of_another_countys_union_is_not_taken_over(register: Register) -> None:
    lancang = nodes.create(parent=register.nodes[LANCANG], kind=NodeKind.GRASSROOTS, code="L-1", name="澜沧某厂工会")
    make.person(member_of=lancang, id_number=make.id_number(100_001), name="原名")
    record = register.upload(workbooks.workers(workbooks.worker(1, FACTORY)))
    assert register.said(record) == [(2, "身份证号", "该职工会籍在其他工会，请先办理会籍接转")]
    assert imported(1).name == "原名"


def test_a_person_without_membership_is_verified_and_enrolled(register: Register) -> None:
    made = make.person(id_number=make.id_number(100_001), is_verified=False)
    record = register.run(workbooks.workers(workbooks.worker(1, FACTORY)))
    assert record.rows_changed == 1
    person = imported(1)
    assert (person.id, person.is_verified) == (made.id, True)
    assert memberships.active_membership(made.id) is not None


def test_a_closed_union_takes_no_new_members_but_keeps_its_own(register: Register) -> None:
    register.run(workbooks.workers(workbooks.worker(1, FACTORY)))
    nodes.node(register.nodes[FACTORY].id).is_open_for_joining = False
    db.session.commit()
    record = register.upload(workbooks.workers(workbooks.worker(1, FACTORY), workbooks.worker(2, FACTORY)))
    assert register.said(record) == [(3, "工会编码", "这个工会暂不接收会员")]


def test_one_credit_code_is_one_employer(register: Register) -> None:
    code = "91530802MA000020X0"
    register.run(workbooks.workers(workbooks.worker(1, FACTORY, 统一社会信用代码=code)))
    rows = [
        workbooks.worker(2, FACTORY, 用人单位="另一厂", 统一社会信用代码=code),
        workbooks.worker(3, FACTORY, 统一社会信用代码="91350100M000100Y43"),
        workbooks.worker(4, FACTORY, 用人单位="新厂", 统一社会信用代码="91110108551385082Q"),
        workbooks.worker(5, FACTORY, 用人单位="新厂", 统一社会信用代码="91350100M000100Y43"),
        workbooks.worker(6, FACTORY, 用人单位="再新厂", 统一社会信用代码="91110108551385082Q"),
    ]
    record = register.upload(workbooks.workers(*rows))
    heading = "统一社会信用代码"
    assert register.said(record) == [
        (2, heading, "这个代码已登记在另一个单位名下"),
        (3, heading, "这个单位已登记了另一个代码"),
        (5, heading, "这个单位已登记了另一个代码"),
        (6, heading, "这个代码已登记在另一个单位名下"),
    ]


def test_doubles_are_found_across_stretches(register: Register, short_stretches: Callable[[int], None]) -> None:
    short_stretches(2)
    rows = [workbooks.worker(number, FACTORY) for number in range(5)]
    code = {"统一社会信用代码": "91530802MA000020X0"}
    rows[0] = workbooks.worker(0, FACTORY, 用人单位="甲厂", **code)
    rows[4] = workbooks.worker(4, FACTORY, 用人单位="乙厂", **code)
    record = register.upload(workbooks.workers(*rows, workbooks.worker(1, FACTORY)))
    assert register.said(record) == [
        (6, "统一社会信用代码", "这个代码已登记在另一个单位名下"),
        (7, "身份证号", "与第3行重复"),
    ]
    assert (record.rows_checked, record.rows_bad, record.rows_new) == (6, 2, 4)
    imports.accept(register.staff, record.id, skip_bad_rows=True)
    settle()
    record = register.again(record)
    assert (record.state, record.rows_applied, record.rows_skipped) == (ImportState.APPLIED, 6, 2)
    steps = db.session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.kind == imports.APPLY))
    assert steps == 3


def test_what_has_become_bad_since_the_check_is_skipped_and_named(register: Register) -> None:
    record = register.upload(workbooks.workers(workbooks.worker(1, FACTORY), workbooks.worker(2, TOWN)))
    nodes.node(register.nodes[FACTORY].id).is_open_for_joining = False
    db.session.commit()
    imports.accept(register.staff, record.id)
    settle()
    record = register.again(record)
    assert (record.state, record.rows_applied, record.rows_skipped) == (ImportState.APPLIED, 2, 1)
    assert register.said(record) == [(2, "工会编码", "这个工会暂不接收会员")]
    assert imported(2).is_verified


def test_blank_lines_are_passed_over_and_line_numbers_stay(register: Register) -> None:
    blank: list[object] = [""] * 10
    record = register.upload(workbooks.workers(workbooks.worker(1, FACTORY), blank, blank, workbooks.worker(2, "999")))
    assert record.rows_total == 2
    assert register.said(record) == [(5, "工会编码", "没有这个工会编码")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (workbooks.workers(), (1, "", "表格中没有数据行")),
        (workbooks.nodes(workbooks.node("A001", "530802")), (1, "姓名", "缺少这一列")),
        (
            workbooks.repacked(workbooks.workers(), {workbooks.SHEET: b"<worksheet"}),
            (1, "", "这不是有效的 .xlsx 文件，或文件已损坏、已加密"),
        ),
        (
            workbooks.repacked(workbooks.workers(), {workbooks.SHEET: b'<row r="900000">'}),
            (1, "", "文件太大：不超过20MB，表格不超过20万行"),
        ),
    ],
)  # fmt: skip
def test_an_unusable_workbook_is_refused_with_its_reason(
    register: Register, content: bytes, said: tuple[int, str, str]
) -> None:
    record = register.upload(content)
    assert record.state is ImportState.REFUSED
    assert register.said(record)[0] == said
    for command in (imports.accept, imports.discard):
        with pytest.raises(WrongState):
            command(register.staff, record.id)
    with pytest.raises(FileNotFoundError):
        shelf.fetch(sheets.SHELF, record.id)


def test_a_lost_file_is_told(register: Register) -> None:
    record = imports.upload(
        register.staff, kind=ImportKind.WORKERS, node_id=None, file_name="a.xlsx", content=workbooks.workers()
    )
    shelf.discard(sheets.SHELF, record.id)
    settle()
    assert register.said(register.again(record)) == [(1, "", "文件已丢失，请重新上传")]


def test_what_is_no_workbook_leaves_nothing(register: Register) -> None:
    with pytest.raises(NotAWorkbook):
        register.upload(b"name,id")
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0


def test_the_file_is_gone_when_the_import_is_over(register: Register) -> None:
    done = register.run(workbooks.workers(workbooks.worker(1, FACTORY)))
    given_up = register.upload(workbooks.workers(workbooks.worker(2, FACTORY)))
    assert shelf.fetch(sheets.SHELF, given_up.id)
    imports.discard(register.staff, given_up.id)
    settle()
    for record in (done, given_up):
        with pytest.raises(FileNotFoundError):
            shelf.fetch(sheets.SHELF, record.id)
    assert people.by_id_number(make.id_number(100_002)) is None


def test_the_uploader_is_told_and_every_deed_is_in_the_trail(register: Register) -> None:
    register.run(workbooks.workers(workbooks.worker(1, FACTORY)))
    told = db.session.scalars(
        select(InboxMessage.title).where(InboxMessage.person_id == register.staff.person_id).order_by(InboxMessage.id)
    )
    assert list(told) == ["导入检查完成", "导入完成"]
    actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "import"))
    assert sorted(actions) == ["imports.accepted", "imports.applied", "imports.uploaded"]


def test_an_import_is_seen_by_those_whose_scope_holds_its_node(register: Register) -> None:
    record = register.upload(workbooks.workers(workbooks.worker(1, FACTORY)))
    root = nodes.root()
    assert root is not None
    city = make.staff(root, Role.MEMBERSHIP_STAFF)
    assert imports.for_actor(city, record.id).id == record.id
    assert [each.id for each in imports.listed(city, page=1, per_page=20).items] == [record.id]
    for stranger in (
        make.staff(register.nodes[LANCANG], Role.MEMBERSHIP_STAFF),
        make.staff(register.nodes[FACTORY], Role.MEMBERSHIP_STAFF),
        make.staff(root, Role.TRAINING_STAFF),
    ):
        for forbidden in (
            lambda actor: imports.for_actor(actor, record.id),
            lambda actor: imports.accept(actor, record.id),
            lambda actor: imports.discard(actor, record.id),
            lambda actor: imports.problems_workbook(actor, record.id),
        ):
            with pytest.raises(ImportUnknown):
                forbidden(stranger)
        assert imports.listed(stranger, page=1, per_page=20).total == 0


def test_the_node_of_an_import_lies_in_the_actors_scope(register: Register) -> None:
    def upload(actor: Actor, node_id: int | None) -> Import:
        return imports.upload(
            actor, kind=ImportKind.WORKERS, node_id=node_id, file_name="a.xlsx", content=workbooks.workers()
        )

    assert upload(register.staff, register.nodes[TOWN].id).node_id == register.nodes[TOWN].id
    several = Actor(
        register.staff.person_id,
        None,
        (*register.staff.grants, *make.staff(register.nodes[LANCANG], Role.MEMBERSHIP_STAFF).grants),
    )
    for actor, node_id in (
        (register.staff, register.nodes[LANCANG].id),
        (register.staff, 999_999),
        (several, None),
        (Actor(register.staff.person_id), None),
    ):
        with pytest.raises(NodeNotInScope):
            upload(actor, node_id)


def test_an_import_into_a_town_takes_no_rows_of_another(register: Register) -> None:
    content = workbooks.workers(workbooks.worker(1, TOWN), workbooks.worker(2, FACTORY))
    record = imports.upload(
        register.staff, kind=ImportKind.WORKERS, node_id=register.nodes[TOWN].id, file_name="a.xlsx", content=content
    )
    settle()
    assert register.said(register.again(record)) == [(3, "工会编码", "这个工会不在本次导入的范围内")]


def test_the_problems_come_as_a_workbook(register: Register, database: SQLAlchemy) -> None:
    record = register.upload(workbooks.workers(workbooks.worker(1, "999")))
    content = imports.problems_workbook(register.staff, record.id)
    lines = list(sheets.workbook.rows(content))
    assert lines == [["行号", "列", "问题"], [2.0, "工会编码", "没有这个工会编码"]]


def test_nothing_of_a_cell_is_repeated_in_findings(register: Register) -> None:
    number = make.id_number(100_001)
    record = register.upload(workbooks.workers(workbooks.worker(1, "999"), workbooks.worker(1, "999")))
    assert all(number not in message for _, _, message in register.said(record))
