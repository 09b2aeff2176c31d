"""Files taken out: readable Chinese, masked phones, nothing a person typed that runs, every one audited."""

import io

import openpyxl
import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core import configuration
from service.core.db import db
from service.core.errors import NotFound
from service.files import pdf
from service.files.errors import NoChineseFont
from service.identity.models import Person
from service.training import check_in, codes, exports, marks, sheets
from service.training.enums import LessonMode, MarkState
from tests import make
from tests.attendance_scene import minutes, scene, trainer_at

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(minutes(5), tick=False) as traveller:
        yield traveller


@pytest.fixture
def held(database):
    found = scene(lessons=((0, 120, LessonMode.ON_SITE, 4), (180, 300, LessonMode.HANDS_ON, 4)))
    for person, name in zip(found.people, ('=HYPERLINK("http://x")', "岩温·龙", "𠮷野 <b>#strong[x]"), strict=True):
        db.session.get(Person, person).name = name
    db.session.commit()
    code = codes.code_at(found.lesson_id, minutes(5)).code
    check_in.check_in(actor=make.actor(found.people[1]), code=code)
    return found


TAKEN = {"people": 3, "rows": 3, "request_id": "", "fields": ["attendance", "name", "phone_masked"]}


def cells(file):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(file.content)).active.iter_rows(values_only=True)]


def text(file):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages)


def audited():
    query = select(AuditEntry).where(AuditEntry.action == "attendance.export").order_by(AuditEntry.id)
    return [(each.subject_kind, each.subject_id, each.details) for each in db.session.scalars(query)]


def test_the_sheet_names_everybody_with_masked_phones_and_no_formula(held):
    file = exports.sheet_workbook(actor=held.trainer, lesson_id=held.lesson_id)
    assert file.name == "茶艺师初级班-20261123-0900-签到表.xlsx"
    header, *lines = cells(file)
    assert header == list(exports.SHEET_HEADER)
    assert [line[1] for line in lines] == ['=HYPERLINK("http://x")', "岩温·龙", "𠮷野 <b>#strong[x]"]
    assert all("****" in line[2] for line in lines)
    assert lines[1][3:5] == ["到课", "2026-11-23 09:05"]
    assert lines[0][3] is None
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value} <= {"s", "n"}
    assert audited() == [("lesson", str(held.lesson_id), {"media_type": exports.XLSX, **TAKEN})]


def facts(held):
    file = exports.sheet_workbook(actor=held.trainer, lesson_id=held.lesson_id)
    page = openpyxl.load_workbook(io.BytesIO(file.content))["概况"]
    told = dict(page.iter_rows(values_only=True))
    assert str(told.pop("导出")).startswith(f"账号（#{held.trainer.person_id}）")
    return told


def test_the_sheet_tells_its_lesson_its_seal_and_its_totals(held):
    before = facts(held)
    assert before == {
        "班次": "茶艺师初级班", "课次": "第1课", "时间": "2026-11-23 09:00—11:00", "形式": "线下，4 课时",
        "地点": "思茅区工人文化宫 301", "老师": "李老师", "封存时间": "未封存", "封存人": None, "应到人数": 3,
        "到课": 1, "迟到": 0, "早退": 0, "请假": 0, "缺课": 0, "补课": 0, "未登记": 2,
    }  # fmt: skip
    sheets.seal(actor=held.trainer, lesson_id=held.lesson_id, confirm=True)
    sealed = {"封存时间": "2026-11-23 09:05", "封存人": "李老师", "缺课": 2, "未登记": 0}
    assert facts(held) == before | sealed


def test_the_class_has_a_column_a_lesson_and_hours_and_completion(held, clock):
    clock.move_to(minutes(301))
    for lesson in held.lesson_ids:
        sheets.seal(actor=held.trainer, lesson_id=lesson, confirm=True)
    marks.correct(
        actor=held.staff, lesson_id=held.lesson_ids[1], person_id=held.people[1], state=MarkState.PRESENT, reason="x"
    )
    header, *lines = cells(exports.class_workbook(actor=held.staff, class_id=held.class_id))
    by_mode = ["线上课时", "线下课时", "模拟课时", "实训课时"]
    assert header[3:] == ["11-23 09:00 第1课", "11-23 12:00 第2课", *by_mode, "应到课时", "实到课时", "结业"]
    assert lines[1][3:] == ["到课", "到课", 0, 4, 0, 4, 8, 8, "结业"]
    assert lines[0][3:] == ["缺课", "缺课", 0, 0, 0, 0, 8, 0, "未结业"]
    assert audited() == [("class", str(held.class_id), {"media_type": exports.XLSX, **TAKEN})]


def test_who_lost_the_place_after_attending_stays_in_the_class_file(held):
    db.session.execute(db.text("UPDATE bookings SET state = 'removed'"))
    db.session.commit()
    lines = cells(exports.class_workbook(actor=held.trainer, class_id=held.class_id))[1:]
    assert [line[1] for line in lines] == ["岩温·龙"]
    assert lines[0][-1] is None


@pytest.mark.usefixtures("chinese_font")
def test_the_printed_sheet_reads_in_chinese_and_takes_names_as_they_are(held):
    file = exports.sheet_pdf(actor=held.trainer, lesson_id=held.lesson_id)
    said = text(file)
    for word in (
        "签到表",
        "茶艺师初级班",
        "岩温·龙",
        "到课",
        "09:05",
        "李老师",
        "#strong[x]",
        "思茅区工人文化宫 301",
        "应到",
    ):
        assert word in said
    assert "138****" in said.replace(" ", "")
    assert file.name.endswith("-签到表.pdf")
    assert audited() == [("lesson", str(held.lesson_id), {"media_type": exports.PDF, **TAKEN})]


@pytest.mark.usefixtures("chinese_font")
def test_the_printed_class_tells_hours_by_mode_and_completion(held, clock):
    said = text(exports.class_pdf(actor=held.trainer, class_id=held.class_id))
    assert "线下 4" in said
    assert "考勤与结业情况" in said
    clock.move_to(minutes(301))
    for lesson in held.lesson_ids:
        sheets.seal(actor=held.trainer, lesson_id=lesson, confirm=True)
    assert "未结业" in text(exports.class_pdf(actor=held.trainer, class_id=held.class_id))


def test_without_a_chinese_font_the_printing_says_so(held, monkeypatch):
    monkeypatch.setattr(pdf, "families", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(NoChineseFont) as refused:
        exports.sheet_pdf(actor=held.trainer, lesson_id=held.lesson_id)
    assert refused.value.details == {"font": configuration.current().pdf_font}
    assert audited() == []


def test_others_get_no_file(held):
    other = trainer_at(held.node)
    for export in (exports.sheet_workbook, exports.sheet_pdf):
        with pytest.raises(NotFound):
            export(actor=other, lesson_id=held.lesson_id)
    for export in (exports.class_workbook, exports.class_pdf):
        with pytest.raises(NotFound):
            export(actor=other, class_id=held.class_id)
    assert audited() == []
