"""The sheet: code and key, sealing, closing by the clock, staff's corrections, confirming, hours and completions."""

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from service.audit.models import AuditEntry
from service.core.db import db
from service.core.errors import NotFound
from service.messaging.models import OutboxRow
from service.training import attendance_errors as refusals
from service.training import attendance_roster, batches, check_in, codes, completion, marks, sheets
from service.training.attendance_models import Completion, Mark
from service.training.batches import Item
from service.training.check_in import Evidence
from service.training.enums import ClassState, LessonMode, MarkSource, MarkState
from tests import make
from tests.attendance_scene import booked, minutes, scene, trainer_at

pytestmark = pytest.mark.usefixtures("database")
TWO_LESSONS = ((0, 120, LessonMode.ON_SITE, 4), (180, 300, LessonMode.HANDS_ON, 4))


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(minutes(5), tick=False) as traveller:
        yield traveller


@pytest.fixture
def held(database):
    return scene()


def scan(held, person, lesson=0, minute=5):
    code = codes.code_at(held.lesson_ids[lesson], minutes(minute)).code
    return check_in.check_in(actor=make.actor(held.people[person]), code=code)


def states(held, lesson=0):
    db.session.expire_all()
    found = marks.marks_of(held.lesson_ids[lesson])
    return [found[person].state.value if person in found else None for person in held.people]


def completions(held):
    db.session.expire_all()
    rows = db.session.scalars(select(Completion).where(Completion.class_id == held.class_id))
    return {held.people.index(row.person_id): (row.hours_attended, row.is_completed) for row in rows}


def correct(held, person, state, lesson=0, reason="已核对"):
    return marks.correct(
        actor=held.staff, lesson_id=held.lesson_ids[lesson], person_id=held.people[person], state=state, reason=reason
    )


def test_the_trainer_gets_the_code_of_now(held):
    shown = sheets.code(actor=held.trainer, lesson_id=held.lesson_id)
    assert shown == codes.code_at(held.lesson_id, minutes(5))
    assert shown.expires_at == minutes(5.5)
    assert sheets.code(actor=held.staff, lesson_id=held.lesson_id) == shown
    assert sheets.code_picture(actor=held.trainer, lesson_id=held.lesson_id).startswith(b"<?xml")


def test_no_code_before_the_opening_after_the_end_when_sealed_or_cancelled(held, clock):
    for minute, error in ((-61, refusals.TooEarly), (121, refusals.LessonOver)):
        clock.move_to(minutes(minute))
        with pytest.raises(error):
            sheets.code(actor=held.trainer, lesson_id=held.lesson_id)
    clock.move_to(minutes(5))
    sheets.seal(actor=held.trainer, lesson_id=held.lesson_id, confirm=True)
    for ask in (sheets.code, sheets.code_key):
        with pytest.raises(refusals.SheetSealed):
            ask(actor=held.trainer, lesson_id=held.lesson_id)
    held.training_class.state = ClassState.CANCELLED
    db.session.commit()
    with pytest.raises(refusals.ClassNotHeld):
        sheets.code(actor=held.trainer, lesson_id=held.lesson_id)


def test_another_trainer_finds_no_lesson(held):
    for ask in (sheets.code, sheets.code_key, sheets.seal):
        with pytest.raises(NotFound):
            ask(actor=trainer_at(held.node), lesson_id=held.lesson_id)


def test_the_handed_out_key_makes_the_lessons_codes_and_no_other_lessons(held):
    other = scene(people=0)
    given = sheets.code_key(actor=held.trainer, lesson_id=held.lesson_id)
    key = base64.urlsafe_b64decode(given.key + "=")
    step = codes.step_of(minutes(5))

    def made(lesson_id):
        mac = hmac.digest(key, f"scan|{step}".encode(), hashlib.sha256)[:10]
        return f"{lesson_id}.{step}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    assert made(held.lesson_id) == codes.code_at(held.lesson_id, minutes(5)).code
    assert made(other.lesson_id) != codes.code_at(other.lesson_id, minutes(5)).code
    number = int.from_bytes(hmac.digest(key, f"digits|{step}".encode(), hashlib.sha256)[:8], "big")
    assert f"{number % 1_000_000:06}" == codes.code_at(held.lesson_id, minutes(5)).digits
    assert (given.opens_at, given.ends_at) == (minutes(-60), minutes(120))
    assert db.session.scalar(select(AuditEntry.action).where(AuditEntry.action == "attendance.code_key"))


def test_the_seal_marks_the_rest_absent_tells_them_and_stays(held, clock):
    scan(held, 0)
    sealed = sheets.seal(actor=held.trainer, lesson_id=held.lesson_id, confirm=True)
    assert states(held) == ["present", "absent", "absent"]
    assert (sealed.counts, sealed.unconfirmed) == ({"present": 1, "absent": 2}, 0)
    assert db.session.scalar(select(func.count()).select_from(OutboxRow)) == 2
    clock.shift(timedelta(minutes=9))
    booked(held)
    assert sheets.seal(actor=held.staff, lesson_id=held.lesson_id, confirm=True) == sealed


def test_the_seal_counts_doubtful_check_ins_nobody_looked_at(held):
    code = codes.code_at(held.lesson_id, minutes(5)).code
    for person in held.people:
        check_in.check_in(actor=make.actor(person), code=code, evidence=Evidence("one phone"))
    asked = [held.people[1], held.people[0], make.person().id]
    assert marks.confirm(actor=held.trainer, lesson_id=held.lesson_id, person_ids=asked) == sorted(held.people[:2])
    first = marks.marks_of(held.lesson_id)[held.people[0]].confirmed_at
    marks.confirm(actor=held.staff, lesson_id=held.lesson_id, person_ids=held.people[:1])
    assert marks.marks_of(held.lesson_id)[held.people[0]].confirmed_at == first
    lines = attendance_roster.roster(actor=held.trainer, lesson_id=held.lesson_id).lines
    assert [line.is_doubtful for line in lines] == [False, False, True]
    assert sheets.seal(actor=held.trainer, lesson_id=held.lesson_id, confirm=True).unconfirmed == 1
    with pytest.raises(refusals.SheetSealed):
        marks.confirm(actor=held.trainer, lesson_id=held.lesson_id, person_ids=held.people)


def test_no_seal_before_the_lesson_starts(held, clock):
    clock.move_to(minutes(-1))
    with pytest.raises(refusals.NotStarted):
        sheets.seal(actor=held.trainer, lesson_id=held.lesson_id, confirm=True)


def test_before_the_absent_limit_a_sheet_with_people_unmarked_is_sealed_only_when_confirmed(held, clock):
    scan(held, 0)
    clock.move_to(minutes(30))
    with pytest.raises(refusals.SealTooSoon) as refused:
        sheets.seal(actor=held.trainer, lesson_id=held.lesson_id)
    assert refused.value.details == {"unmarked": 2, "until": minutes(30).isoformat()}
    assert "2人" in refused.value.message
    assert refused.value.next_step == "请等到11月23日 09:30以后，或确认后再封存"
    assert states(held) == ["present", None, None]
    clock.shift(timedelta(seconds=1))
    assert sheets.seal(actor=held.trainer, lesson_id=held.lesson_id).counts == {"present": 1, "absent": 2}


def test_once_a_short_lesson_is_over_nobody_is_waited_for(database, clock):
    held = scene(lessons=((0, 20, LessonMode.ON_SITE, 1),))
    clock.move_to(minutes(20))
    with pytest.raises(refusals.SealTooSoon) as refused:
        sheets.seal(actor=held.trainer, lesson_id=held.lesson_id)
    assert refused.value.details["until"] == minutes(20).isoformat()
    clock.shift(timedelta(seconds=1))
    assert sheets.seal(actor=held.trainer, lesson_id=held.lesson_id).counts == {"absent": 3}


def test_a_sheet_with_everybody_marked_is_sealed_at_once(held):
    for person in range(3):
        scan(held, person)
    assert sheets.seal(actor=held.trainer, lesson_id=held.lesson_id).counts == {"present": 3}


def test_only_staff_correct_a_sealed_sheet_and_say_why(held):
    sheets.seal(actor=held.trainer, lesson_id=held.lesson_id, confirm=True)
    with pytest.raises(NotFound):
        marks.correct(
            actor=held.trainer, lesson_id=held.lesson_id, person_id=held.people[0], state=MarkState.PRESENT, reason="x"
        )
    with pytest.raises(NotFound):
        marks.correct(
            actor=scene(people=0).staff, lesson_id=held.lesson_id, person_id=held.people[0],
            state=MarkState.PRESENT, reason="x",
        )  # fmt: skip
    corrected = correct(held, 0, MarkState.PRESENT, reason="老师漏记")
    assert (corrected.state, corrected.source) == (MarkState.PRESENT, MarkSource.STAFF)
    found = marks.history(actor=held.trainer, lesson_id=held.lesson_id, person_id=held.people[0])
    assert [(each.before, each.after, each.reason) for each in found.corrections] == [
        (MarkState.ABSENT, MarkState.PRESENT, "老师漏记")
    ]
    correct(held, 0, MarkState.PRESENT, reason="再说一遍")
    assert len(marks.history(actor=held.staff, lesson_id=held.lesson_id, person_id=held.people[0]).corrections) == 1
    (told,) = db.session.scalars(select(OutboxRow).where(OutboxRow.key.like("notice:mark:%")))
    assert told.payload["person_id"] == held.people[0]
    assert told.payload["body"].endswith("的考勤已更正为“到课”。原因：老师漏记")


def test_staff_may_mark_who_has_no_mark_but_not_who_has_no_place(held):
    correct(held, 0, MarkState.EXCUSED)
    (kept,) = marks.history(actor=held.staff, lesson_id=held.lesson_id, person_id=held.people[0]).corrections
    assert (kept.before, kept.after) == (None, MarkState.EXCUSED)
    held.people.append(make.person().id)
    with pytest.raises(refusals.NotOnRoster) as refused:
        correct(held, 3, MarkState.PRESENT)
    assert "代办报名" in refused.value.next_step
    with pytest.raises(refusals.NotOnRoster):
        marks.history(actor=held.staff, lesson_id=held.lesson_id, person_id=held.people[3])


def test_the_trainers_word_does_not_undo_staffs(held):
    correct(held, 0, MarkState.EXCUSED)
    later = Item(worker_id=held.people[0], client_id="c1", at=minutes(6), state=MarkState.ABSENT)
    recorded = batches.record(actor=held.trainer, lesson_id=held.lesson_id, items=[later])
    assert recorded.items[0]["code"] == "attendance.outranked"
    assert states(held)[0] == "excused"


def test_the_clock_marks_absent_a_while_after_the_end_and_only_once(held, clock):
    scan(held, 0)
    clock.move_to(minutes(120 + 119))
    assert sheets.close_lessons(minutes(120 + 119)) == 0
    clock.move_to(minutes(120 + 120))
    assert sheets.close_lessons(minutes(120 + 120)) == 1
    assert states(held) == ["present", "absent", "absent"]
    assert completions(held) == {0: (4, True), 1: (0, False), 2: (0, False)}
    assert sheets.close_lessons(minutes(120 + 121)) == 0
    assert held.lesson.sealed_at is None


def test_records_kept_offline_still_count_after_the_clock_has_closed_the_lesson(held, clock):
    clock.move_to(minutes(300))
    sheets.close_lessons(minutes(300))
    code = codes.code_at(held.lesson_id, minutes(5)).code
    late = Item(worker_id=held.people[1], client_id="s1", at=minutes(5), code=code)
    assert batches.record(actor=held.trainer, lesson_id=held.lesson_id, items=[late]).counts["applied"] == 1
    assert states(held) == ["absent", "present", "absent"]
    corrected = db.session.scalars(select(OutboxRow).where(OutboxRow.key.like("notice:mark:%"))).all()
    assert [(row.payload["person_id"], "更正为“到课”" in row.payload["body"]) for row in corrected] == [
        (held.people[1], True)
    ]
    assert completions(held)[1] == (4, True)


def test_the_clock_leaves_sealed_cancelled_and_long_past_lessons_alone(held, clock):
    month = minutes(120) + timedelta(days=40)
    clock.move_to(month)
    assert sheets.close_lessons(month) == 0
    clock.move_to(minutes(300))
    held.training_class.state = ClassState.CANCELLED
    db.session.commit()
    assert sheets.close_lessons(minutes(300)) == 0
    assert states(held) == [None, None, None]


def test_a_lesson_sealed_while_the_clock_was_coming_is_left_as_it_is(held):
    sheets.seal(actor=held.trainer, lesson_id=held.lesson_id, confirm=True)
    late = booked(held)
    sheets.close_lesson(held.lesson_id)
    assert late not in marks.marks_of(held.lesson_id)


def test_a_class_over_with_everybody_marked_is_completed_by_the_clock(held, clock):
    for person in range(3):
        scan(held, person)
    assert completions(held) == {}
    clock.move_to(minutes(241))
    assert sheets.close_lessons(minutes(241)) == 1
    assert completions(held) == dict.fromkeys(range(3), (4, True))


def test_hours_by_mode_and_completion_by_the_class_rule(database, clock):
    held = scene(lessons=TWO_LESSONS)
    scan(held, 0)
    scan(held, 1)
    sheets.seal(actor=held.trainer, lesson_id=held.lesson_ids[0], confirm=True)
    assert completions(held) == {}
    clock.move_to(minutes(185))
    scan(held, 0, 1, 185)
    clock.move_to(minutes(301))
    sheets.seal(actor=held.trainer, lesson_id=held.lesson_ids[1], confirm=True)
    assert completions(held) == {0: (8, True), 1: (4, False), 2: (0, False)}
    row = db.session.scalar(select(Completion).where(Completion.person_id == held.people[0]))
    assert (row.hours_by_mode, row.hours_planned) == ({"on_site": 4, "hands_on": 4}, 8)
    course_id = held.training_class.course_id
    assert completion.completed(held.people, course_id) == {held.people[0]}
    assert completion.completed(held.people, course_id + 1) == set()


def outcomes_told(held):
    """The bodies of the notices of the outcome, by person's place in the class, oldest first."""
    query = select(OutboxRow).where(OutboxRow.key.like("notice:completion:%")).order_by(OutboxRow.id)
    return [(held.people.index(row.payload["person_id"]), row.payload["body"]) for row in db.session.scalars(query)]


def test_who_took_part_is_told_the_outcome_once_when_every_sheet_is_sealed(database, clock):
    held = scene(people=2, lessons=TWO_LESSONS)
    scan(held, 0)
    clock.move_to(minutes(185))
    scan(held, 0, 1, 185)
    clock.move_to(minutes(301))
    sheets.seal(actor=held.trainer, lesson_id=held.lesson_ids[1])
    assert completions(held) == {0: (8, True), 1: (0, False)}
    assert outcomes_told(held) == []
    sheets.seal(actor=held.trainer, lesson_id=held.lesson_ids[0])
    doubt = "如有不符，请联系老师或主办工会。"
    told = [
        (0, "《茶艺师初级班》已结业：应到8课时，实到8课时。"),
        (1, f"《茶艺师初级班》未结业：应到8课时，实到0课时。{doubt}"),
    ]
    assert outcomes_told(held) == told
    clock.move_to(minutes(300 + 121))
    for _ in range(2):
        sheets.close_lessons(minutes(300 + 121))
    assert outcomes_told(held) == told
    correct(held, 1, MarkState.MADE_UP, 0)
    assert outcomes_told(held) == [*told, (1, f"《茶艺师初级班》未结业：应到8课时，实到4课时。{doubt}")]


def test_the_clock_tells_the_outcome_where_nobody_seals(held, clock):
    scan(held, 0)
    clock.move_to(minutes(125))
    kept = [
        Item(worker_id=person, client_id=f"c{person}", at=minutes(60), state=MarkState.PRESENT)
        for person in held.people[1:]
    ]
    batches.record(actor=held.trainer, lesson_id=held.lesson_id, items=kept)
    sheets.complete_class(held.class_id)
    assert completions(held) == dict.fromkeys(range(3), (4, True))
    assert outcomes_told(held) == []
    clock.move_to(minutes(241))
    assert sheets.close_lessons(minutes(241)) == 1
    assert [person for person, _ in outcomes_told(held)] == [0, 1, 2]
    assert sheets.close_lessons(minutes(242)) == 0


def test_a_correction_recomputes_completion_up_and_down(database, clock):
    held = scene(lessons=TWO_LESSONS)
    clock.move_to(minutes(301))
    for lesson in held.lesson_ids:
        sheets.seal(actor=held.trainer, lesson_id=lesson, confirm=True)
    assert completions(held)[0] == (0, False)
    correct(held, 0, MarkState.MADE_UP, 0)
    correct(held, 0, MarkState.LATE, 1)
    assert completions(held)[0] == (8, True)
    correct(held, 0, MarkState.EXCUSED, 1)
    assert completions(held)[0] == (4, False)
    mine = attendance_roster.my_training(actor=make.actor(held.people[0]), page=1, per_page=1).items[0]
    assert (mine.completion.is_completed, mine.hours.attended) == (False, 4)


def test_a_class_without_lessons_is_never_over(held):
    db.session.execute(Mark.__table__.delete())
    db.session.delete(held.lesson)
    db.session.commit()
    assert not completion.is_over(held.training_class)


def test_the_database_itself_keeps_corrections_and_answered_items_as_they_are(held):
    batches.record(
        actor=held.trainer, lesson_id=held.lesson_id,
        items=[Item(worker_id=held.people[0], client_id="c1", at=minutes(6), state=MarkState.LATE)],
    )  # fmt: skip
    correct(held, 0, MarkState.PRESENT)
    for statement in ("UPDATE mark_corrections SET reason = 'x'", "DELETE FROM attendance_batch_items"):
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(db.text(statement))
