"""What is taken out of the system: a lesson's sheet and a class's attendance, as workbooks and printed, audited.

Phones are masked, and no resident ID stands in any of them (docs/rules.md `privacy.masking`). A file is made outside
any transaction, then the deed is written down, then the file is handed out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from service.audit.reads import EXPORTED
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.files import pdf, workbook
from service.identity import exports
from service.identity.masking import mask_phone
from service.identity.models import Person
from service.training import attendance_roster as sheets
from service.training import attendance_scope as scope
from service.training import completion, scopes, trainers
from service.training.attendance_models import Mark
from service.training.attendance_roster import Roster, RosterLine
from service.training.labels import MODES_SAID, SAID
from service.training.models import Lesson, TrainingClass

TEMPLATES = Path(__file__).parent / "templates"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
SHEET_HEADER = ("序号", "姓名", "手机", "考勤", "签到时间", "离开时间", "登记方式", "可信度", "核对")
SOURCES_SAID = {"scan": "扫码", "typed": "输码", "trainer": "老师登记", "staff": "工会更正", "clock": "系统登记"}


@dataclass(frozen=True, slots=True)
class File:
    """A file to be handed out: its Chinese name, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


def sheet_workbook(*, actor: Actor, lesson_id: int) -> File:
    """A lesson's sheet as .xlsx; its second sheet tells the lesson, the seal and the totals. Raises LessonUnknown."""
    roster = sheets.roster_of(scope.lesson_for(actor, lesson_id))
    lines = [_sheet_row(number, line) for number, line in enumerate(roster.lines, start=1)]
    content = workbook.written(
        SHEET_HEADER, lines, sheet="签到表", mark=exports.mark(actor), facts=_sheet_facts(roster)
    )
    _written_down(actor, "lesson", lesson_id, XLSX, [line.worker_id for line in roster.lines])
    return File(f"{_lesson_name(roster.lesson)}-签到表.xlsx", XLSX, content)


def sheet_pdf(*, actor: Actor, lesson_id: int) -> File:
    """A lesson's sign-in sheet to print and sign; what is recorded already stands in it.

    Raises LessonUnknown, NoChineseFont.
    """
    roster = sheets.roster_of(scope.lesson_for(actor, lesson_id))
    content = pdf.render(TEMPLATES / "sheet.typ", _sheet_data(roster) | {"mark": exports.mark(actor)})
    _written_down(actor, "lesson", lesson_id, PDF, [line.worker_id for line in roster.lines])
    return File(f"{_lesson_name(roster.lesson)}-签到表.pdf", PDF, content)


def class_workbook(*, actor: Actor, class_id: int) -> File:
    """A class's attendance as .xlsx: a line a person, a column a lesson, hours by mode and completion.

    Raises ClassUnknown.
    """
    training_class = scopes.class_to_read(actor, class_id)
    lessons = training_class.lessons
    modes = [f"{said}课时" for said in MODES_SAID.values()]
    held = [_column_name(lesson) for lesson in lessons]
    header = ["序号", "姓名", "手机", *held, *modes, "应到课时", "实到课时", "结业"]
    content = workbook.written(header, _class_rows(training_class), sheet="考勤", mark=exports.mark(actor))
    _written_down(actor, "class", class_id, XLSX, [each.id for each in sheets.people_of(training_class)])
    return File(f"{training_class.title}-考勤.xlsx", XLSX, content)


def class_pdf(*, actor: Actor, class_id: int) -> File:
    """A class's attendance to print: a line a person with hours by mode and completion.

    Raises ClassUnknown, NoChineseFont.
    """
    training_class = scopes.class_to_read(actor, class_id)
    content = pdf.render(TEMPLATES / "class.typ", _class_data(training_class) | {"mark": exports.mark(actor)})
    _written_down(actor, "class", class_id, PDF, [each.id for each in sheets.people_of(training_class)])
    return File(f"{training_class.title}-考勤.pdf", PDF, content)


def _written_down(actor: Actor, kind: str, subject_id: int, media_type: str, people: Sequence[int]) -> None:
    exports.taken(
        actor, EXPORTED, kind, subject_id, rows=len(people), about=people,
        media_type=media_type, people=len(people), fields=["attendance", "name", "phone_masked"],
    )  # fmt: skip


def _sheet_row(number: int, line: RosterLine) -> list[object]:
    return [
        number,
        line.name,
        line.phone or "",
        SAID[line.state] if line.state else "",
        _moment(line.arrived_at),
        _moment(line.left_at),
        SOURCES_SAID[line.source] if line.source else "",
        line.confidence if line.arrived_at and line.confidence is not None else "",
        "已核对" if line.is_confirmed else "请核对" if line.is_doubtful else "",
    ]


def _sheet_facts(roster: Roster) -> list[tuple[str, str | int]]:
    lesson = roster.lesson
    sealed_by = db.session.get(Person, lesson.sealed_by) if lesson.sealed_by else None
    return [
        *_lesson_facts(lesson),
        ("封存时间", _moment(lesson.sealed_at) or "未封存"),
        ("封存人", sealed_by.name if sealed_by else ""),
        ("应到人数", len(roster.lines)),
        *((said, sum(line.state == state for line in roster.lines)) for state, said in SAID.items()),
        ("未登记", sum(line.state is None for line in roster.lines)),
    ]


def _lesson_facts(lesson: Lesson) -> list[tuple[str, str]]:
    training_class = lesson.training_class
    return [
        ("班次", training_class.title),
        ("课次", lesson.title or "—"),
        ("时间", f"{clock.local(lesson.starts_at):%Y-%m-%d %H:%M}—{clock.local(lesson.ends_at):%H:%M}"),
        ("形式", f"{MODES_SAID[lesson.mode]}，{lesson.hours} 课时"),
        ("地点", f"{training_class.place} {lesson.room}".strip()),
        ("老师", "、".join(_teachers(training_class.id, lesson.id)) or "—"),
    ]


def _sheet_data(roster: Roster) -> dict[str, object]:
    lesson = roster.lesson
    rows = [
        [
            str(number),
            line.name,
            line.phone or "",
            SAID[line.state] if line.state else "",
            clock.local(line.arrived_at).strftime("%H:%M") if line.arrived_at else "",
            "",
        ]
        for number, line in enumerate(roster.lines, start=1)
    ]
    counts = [(said, sum(line.state == state for line in roster.lines)) for state, said in SAID.items()]
    told = "，".join(f"{said} {count} 人" for said, count in counts if count)
    return {
        "title": "签到表",
        "facts": _lesson_facts(lesson),
        "columns": ["序号", "姓名", "手机", "考勤", "签到时间", "本人签名"],
        "rows": rows,
        "summary": f"应到 {len(roster.lines)} 人" + (f"；{told}" if told else ""),
        "footer": f"打印于 {_moment(clock.now())}" + ("，签到表已封存" if lesson.sealed_at else ""),
    }


def _class_rows(training_class: TrainingClass) -> list[list[object]]:
    people = _people(training_class)
    ids = [person.id for person in people]
    hours = completion.hours_of(training_class.id, ids)
    done = completion.of_class(training_class.id)
    states = _states(training_class, ids)
    return [
        [
            number,
            person.name,
            mask_phone(person.phone) or "",
            *(states.get((lesson.id, person.id), "") for lesson in training_class.lessons),
            *(hours[person.id].by_mode.get(mode.value, 0) for mode in MODES_SAID),
            hours[person.id].planned,
            hours[person.id].attended,
            _completed(done.get(person.id)),
        ]
        for number, person in enumerate(people, start=1)
    ]


def _class_data(training_class: TrainingClass) -> dict[str, object]:
    people = _people(training_class)
    hours = completion.hours_of(training_class.id, [person.id for person in people])
    done = completion.of_class(training_class.id)
    modes = {mode.value: said for mode, said in MODES_SAID.items()}
    rows = [
        [
            str(number),
            person.name,
            mask_phone(person.phone) or "",
            "，".join(f"{modes[mode]} {count}" for mode, count in hours[person.id].by_mode.items()) or "—",
            str(hours[person.id].planned),
            str(hours[person.id].attended),
            _completed(done.get(person.id)) or "—",
        ]
        for number, person in enumerate(people, start=1)
    ]
    facts = [
        ("班次", training_class.title),
        ("课程", training_class.course.title),
        ("地点", training_class.place),
        ("老师", "、".join(_teachers(training_class.id)) or "—"),
        ("课次", f"{len(training_class.lessons)} 次"),
        ("结业要求", f"到课课时不少于 {training_class.completion_percent}%"),
    ]
    return {
        "title": "考勤与结业情况",
        "facts": facts,
        "columns": ["序号", "姓名", "手机", "到课课时（按形式）", "应到", "实到", "结业"],
        "rows": rows,
        "summary": f"共 {len(people)} 人，结业 {sum(bool(each) for each in done.values())} 人",
        "footer": f"打印于 {_moment(clock.now())}",
    }


def _people(training_class: TrainingClass) -> Sequence[Person]:
    """Who holds a place, then who has a mark but no place any more."""
    booked = sheets.people_of(training_class)
    query = select(Person).where(
        Person.id.in_(
            select(Mark.person_id)
            .join(Lesson, Lesson.id == Mark.lesson_id)
            .where(Lesson.class_id == training_class.id, Mark.person_id.not_in([person.id for person in booked]))
        )
    )
    return [*booked, *db.session.scalars(query.order_by(Person.id))]


def _states(training_class: TrainingClass, ids: list[int]) -> dict[tuple[int, int], str]:
    query = select(Mark.lesson_id, Mark.person_id, Mark.state).where(
        Mark.lesson_id.in_([lesson.id for lesson in training_class.lessons]), Mark.person_id.in_(ids)
    )
    return {(lesson_id, person_id): SAID[state] for lesson_id, person_id, state in db.session.execute(query)}


def _teachers(class_id: int, lesson_id: int | None = None) -> list[str]:
    """Names of who teaches the class; with a lesson also its substitute, without one no substitutes."""
    return [each.name for each in trainers.of_class(class_id) if each.lesson_id in (None, lesson_id)]


def _completed(is_completed: bool | None) -> str:
    if is_completed is None:
        return ""
    return "结业" if is_completed else "未结业"


def _lesson_name(lesson: Lesson) -> str:
    return f"{lesson.training_class.title}-{clock.local(lesson.starts_at):%Y%m%d-%H%M}"


def _column_name(lesson: Lesson) -> str:
    return f"{clock.local(lesson.starts_at):%m-%d %H:%M} {lesson.title}".strip()


def _moment(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""
