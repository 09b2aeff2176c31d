"""Check-in: the code, the roster, the minutes, the same answer for the same worker, and signals that never refuse."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from service.booking.enums import BookingState
from service.core.db import db
from service.identity import consents
from service.training import attendance_errors as refusals
from service.training import attendance_roster, check_in, codes, marks, sheets
from service.training.attendance_models import LessonPlace, Mark
from service.training.check_in import Evidence, Position
from service.training.enums import ClassState, LessonMode, MarkSource, MarkState
from service.training.models import TrainingClass
from tests import make
from tests.attendance_scene import booked, minutes, scene

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(minutes(5), tick=False) as traveller:
        yield traveller


@pytest.fixture
def held(database):
    return scene()


def scan(held, person=0, **given):
    given = given or {"code": codes.code_at(held.lesson_id, minutes(5)).code}
    return check_in.check_in(actor=make.actor(held.people[person]), **given)


def mark(held, person=0):
    db.session.expire_all()
    return marks.marks_of(held.lesson_id)[held.people[person]]


def test_a_scan_makes_one_mark_and_says_so(held):
    told = scan(held)
    assert (told.state, told.detail, told.lesson_id, told.class_title) == (
        MarkState.PRESENT, "签到成功", held.lesson_id, "茶艺师初级班",
    )  # fmt: skip
    assert mark(held).source == MarkSource.SCAN
    assert mark(held).arrived_at == minutes(5)


@pytest.mark.parametrize(
    ("minute", "state", "detail"),
    [
        (-60, MarkState.PRESENT, "签到成功"),
        (10, MarkState.PRESENT, "签到成功"),
        (12, MarkState.LATE, "已签到，迟到12分钟"),
        (30, MarkState.LATE, "已签到，迟到30分钟"),
        (31, MarkState.ABSENT, "已迟到31分钟，按规定记为缺课；如有特殊情况请找老师"),
        (120, MarkState.ABSENT, "已迟到120分钟，按规定记为缺课；如有特殊情况请找老师"),
    ],
)
def test_the_minutes_of_the_class_decide(held, clock, minute, state, detail):
    clock.move_to(minutes(minute))
    told = scan(held, code=codes.code_at(held.lesson_id, minutes(minute)).code)
    assert (told.state, told.detail) == (state, detail)


def test_a_repeated_scan_is_answered_the_same_whatever_the_hour(held, clock):
    first = scan(held)
    clock.shift(timedelta(hours=9))
    assert scan(held) == first
    assert scan(held, code=codes.code_at(held.lesson_id, minutes(40)).code) == first
    assert db.session.scalar(select(func.count()).select_from(Mark)) == 1


def test_typed_digits_find_the_lesson_among_the_persons_own(held, clock):
    digits = codes.digits_of(held.lesson_id, codes.step_of(minutes(5)))
    first = scan(held, digits=digits)
    assert mark(held).source == MarkSource.TYPED
    clock.shift(timedelta(minutes=20))
    assert scan(held, digits=digits) == first


def test_digits_of_a_lesson_not_ones_own_are_wrong(held):
    other = scene(people=1)
    with pytest.raises(refusals.CodeWrong):
        scan(held, digits=codes.digits_of(other.lesson_id, codes.step_of(minutes(5))))


def test_other_digits_than_those_checked_in_with_are_wrong(held, clock):
    scan(held)
    clock.shift(timedelta(minutes=20))
    with pytest.raises(refusals.CodeWrong):
        scan(held, digits="000000" if codes.digits_of(held.lesson_id, 0) != "000000" else "000001")


def test_a_code_two_steps_old_is_expired_and_one_step_is_not(held, clock):
    code = codes.code_at(held.lesson_id, minutes(5)).code
    clock.move_to(minutes(6.5))
    with pytest.raises(refusals.CodeExpired) as refused:
        scan(held, code=code)
    assert refused.value.next_step
    clock.move_to(minutes(5.5))
    assert scan(held, code=code).state == MarkState.PRESENT
    assert mark(held).signals["code_age"] == 1


def test_who_holds_no_place_is_not_on_the_roster(held):
    held.people += [
        make.person().id,
        booked(held, state=BookingState.WAITLISTED),
        booked(held, state=BookingState.OFFERED),
    ]
    for person in (3, 4, 5):
        with pytest.raises(refusals.NotOnRoster):
            scan(held, person)


def test_before_the_opening_and_after_the_end_no_check_in_is_taken(held, clock):
    for minute, error in ((-61, refusals.TooEarly), (121, refusals.LessonOver)):
        clock.move_to(minutes(minute))
        with pytest.raises(error):
            scan(held, code=codes.code_at(held.lesson_id, minutes(minute)).code)


def test_a_sealed_sheet_takes_no_new_scan_but_repeats_the_old_answer(held):
    first = scan(held)
    sheets.seal(actor=held.trainer, lesson_id=held.lesson_id, confirm=True)
    assert scan(held) == first
    with pytest.raises(refusals.SheetSealed):
        scan(held, 1, code=codes.code_at(held.lesson_id, minutes(5)).code) if mark(held, 1).arrived_at else scan(
            held, 1
        )


def test_a_cancelled_class_and_an_unknown_lesson_take_none(held):
    db.session.get(TrainingClass, held.class_id).state = ClassState.CANCELLED
    db.session.commit()
    with pytest.raises(refusals.ClassNotHeld):
        scan(held)
    with pytest.raises(refusals.LessonUnknown):
        scan(held, code=codes.code_at(999_999, minutes(5)).code)


def test_a_scan_after_the_trainers_word_keeps_the_word_and_the_time_of_arrival(held):
    marks.correct(
        actor=held.staff, lesson_id=held.lesson_id, person_id=held.people[0], state=MarkState.EXCUSED, reason="请假"
    )
    told = scan(held)
    assert (told.state, told.detail) == (MarkState.EXCUSED, "老师已登记为“请假”，如有不符请找老师")
    assert mark(held).arrived_at == minutes(5)
    assert scan(held) == told


def test_one_device_for_several_people_lowers_the_confidence_of_all(held):
    for person in range(3):
        scan(held, person, code=codes.code_at(held.lesson_id, minutes(5)).code, evidence=Evidence("phone-1"))
    lines = attendance_roster.roster(actor=held.trainer, lesson_id=held.lesson_id).lines
    assert [line.confidence for line in lines] == [25, 25, 25]
    assert {line.signals[0].signal for line in lines} == {"shared_device"}
    assert all(line.is_doubtful and line.state == MarkState.PRESENT for line in lines)
    assert "phone-1" not in str([mark(held, person).device_index for person in range(3)])


def test_a_device_of_ones_own_is_sure_and_two_on_one_less_so(held):
    code = codes.code_at(held.lesson_id, minutes(5)).code
    scan(held, 0, code=code, evidence=Evidence("a"))
    assert mark(held).confidence == 100
    scan(held, 1, code=code, evidence=Evidence("a"))
    scan(held, 2, code=code, evidence=Evidence("b"))
    assert [mark(held, person).confidence for person in range(3)] == [50, 50, 100]


NEAR, FAR = Position(22.7873, 100.9772, 20), Position(22.9, 100.9772, 20)


@pytest.mark.parametrize(
    ("known", "position", "told_and_sure"),
    [
        ({"consent", "place"}, NEAR, ("used", 100)),
        ({"consent", "place"}, FAR, ("used", 60)),
        ({"place"}, FAR, ("not_used", 100)),
        ({"consent"}, FAR, ("not_used", 100)),
        ({"consent", "place"}, None, ("not_given", 100)),
    ],
)
def test_the_place_counts_only_with_consent_and_never_refuses(held, known, position, told_and_sure):
    worker = make.actor(held.people[0])
    if "place" in known:
        sheets.set_place(actor=held.trainer, lesson_id=held.lesson_id, latitude=22.7873, longitude=100.9772)
    if "consent" in known:
        consents.decide(actor=worker, purpose=consents.ATTENDANCE_PLACE, is_given=True)
    code = codes.code_at(held.lesson_id, minutes(5)).code
    told = check_in.check_in(actor=worker, code=code, evidence=Evidence("a", position))
    assert told.state == MarkState.PRESENT
    assert (told.place, mark(held).confidence) == told_and_sure
    assert "22.9" not in str(mark(held).signals)


def test_the_place_of_a_lesson_may_be_set_anew(held):
    for latitude in (1.0, 2.0):
        sheets.set_place(actor=held.trainer, lesson_id=held.lesson_id, latitude=latitude, longitude=3)
    assert db.session.get(LessonPlace, held.lesson_id).latitude == 2.0


def test_the_sixth_typed_try_within_a_minute_is_refused_and_a_minute_later_it_is_not(held, clock):
    worker = make.actor(held.people[0])
    for _ in range(5):
        check_in.count_typed_try(actor=worker)
    with pytest.raises(refusals.TooManyTries):
        check_in.count_typed_try(actor=worker)
    check_in.count_typed_try(actor=make.actor(held.people[1]))
    clock.shift(timedelta(seconds=60))
    check_in.count_typed_try(actor=worker)


def test_a_persons_classes_show_lessons_hours_and_no_other_persons(held, clock):
    later = scene(people=0, lessons=((200, 260, LessonMode.ONLINE, 2), (300, 360, LessonMode.ONLINE, 2)))
    booked(later, held.people[0])
    scan(held)
    mine = attendance_roster.my_training(actor=make.actor(held.people[0]), page=1, per_page=20)
    assert [each.training_class.id for each in mine.items] == [later.class_id, held.class_id]
    assert [line.state for line in mine.items[1].lessons] == [MarkState.PRESENT]
    assert mine.items[1].hours.by_mode == {"on_site": 4}
    assert [line.state for line in mine.items[0].lessons] == [None, None]
    assert attendance_roster.my_training(actor=make.actor(make.person().id), page=1, per_page=20).total == 0
