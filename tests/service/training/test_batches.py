"""The trainer's records: one answer an item, safe to repeat, the same end in any order, each by its own time."""

import random
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from service.core.access import Actor
from service.core.db import db
from service.core.errors import NotFound
from service.training import attendance_roster, batches, check_in, codes, marks, sheets
from service.training.attendance_models import BatchItem, MarkCorrection
from service.training.batches import Item
from service.training.enums import MarkSource, MarkState, TrainerRole
from service.training.models import ClassTrainer
from tests import make
from tests.attendance_scene import minutes, scene, trainer_at

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(minutes(50), tick=False) as traveller:
        yield traveller


@pytest.fixture
def held(database):
    return scene()


def item(held, person=0, client="c1", minute=5.0, **what):
    what = what or {"state": MarkState.PRESENT}
    return Item(worker_id=held.people[person], client_id=client, at=minutes(minute), **what)


def offline(held, person=0, client="s1", minute=5.0, *, shown=None, lesson_id=None):
    code = codes.code_at(lesson_id or held.lesson_id, minutes(minute if shown is None else shown)).code
    return item(held, person, client, minute, code=code)


def record(held, *items, actor=None):
    db.session.commit()
    return batches.record(actor=actor or held.trainer, lesson_id=held.lesson_id, items=list(items))


def told(recorded):
    return [(each["result"], each.get("code")) for each in recorded.items]


def state(held, person=0):
    db.session.expire_all()
    return marks.marks_of(held.lesson_id)[held.people[person]].state


def test_each_item_has_its_answer_in_order(held):
    stranger = Item(worker_id=make.person().id, client_id="c9", at=minutes(5), state=MarkState.PRESENT)
    nobody = Item(worker_id=2**53 - 1, client_id="c8", at=minutes(5), state=MarkState.PRESENT)
    recorded = record(held, item(held), stranger, item(held, 1, "c2", state=MarkState.EXCUSED), nobody)
    assert told(recorded) == [
        ("applied", None),
        ("refused", "attendance.not_on_roster"),
        ("applied", None),
        ("refused", "attendance.not_on_roster"),
    ]
    assert recorded.counts == {"applied": 2, "unchanged": 0, "refused": 2}
    assert recorded.items[1]["next_step"] == "请主办工会代办报名，或在签到表上备注"
    assert db.session.scalar(select(func.count()).select_from(BatchItem)) == 4


def test_the_same_item_again_has_the_same_answer_even_after_the_seal(held):
    batch = [item(held), offline(held, 1), item(held, 2, "c3", minute=500)]
    first = record(held, *batch)
    record(held, item(held, 0, "c7", 6, state=MarkState.LATE))
    sheets.seal(actor=held.trainer, lesson_id=held.lesson_id)
    assert record(held, *batch).items == first.items
    assert state(held) == MarkState.LATE


def test_the_same_client_id_with_other_content_is_refused_and_changes_nothing(held):
    first = record(held, item(held))
    again = record(held, item(held, 0, "c1", 6, state=MarkState.ABSENT), item(held, 1, "c1"))
    assert told(again) == [("refused", "attendance.item_reused")] * 2
    assert state(held) == MarkState.PRESENT
    assert record(held, item(held)).items == first.items


def test_a_client_id_twice_in_one_batch_is_judged_once(held):
    recorded = record(held, item(held), item(held), item(held, state=MarkState.LATE))
    assert told(recorded) == [("applied", None), ("applied", None), ("refused", "attendance.item_reused")]


def test_a_later_record_of_the_trainer_prevails_over_an_earlier_one_that_comes_late(held):
    record(held, item(held, 0, "c2", 20, state=MarkState.LATE))
    recorded = record(held, item(held, 0, "c1", 5, state=MarkState.PRESENT))
    assert told(recorded) == [("unchanged", "attendance.outranked")]
    assert recorded.items[0]["state"] == MarkState.LATE
    assert state(held) == MarkState.LATE


def test_saying_what_stands_already_changes_nothing(held):
    record(held, item(held))
    assert told(record(held, item(held, 0, "c2", 6))) == [("unchanged", None)]
    assert told(record(held, item(held, 0, "c3", 4))) == [("unchanged", None)]
    assert db.session.scalar(select(func.count()).select_from(MarkCorrection)) == 0


def test_a_scan_kept_offline_counts_by_its_own_time(held):
    recorded = record(held, offline(held, 0, "s1", 5), offline(held, 1, "s2", 20), offline(held, 2, "s3", 40))
    assert [each["state"] for each in recorded.items] == ["present", "late", "absent"]
    found = marks.marks_of(held.lesson_id)[held.people[0]]
    assert (found.source, found.arrived_at, found.recorded_at) == (MarkSource.SCAN, minutes(5), minutes(50))
    assert found.signals["kept_offline"] is True
    assert found.confidence == 90


def test_digits_kept_offline_count_like_a_scan(held):
    digits = codes.digits_of(held.lesson_id, codes.step_of(minutes(5)))
    wrong = "000000" if digits != "000000" else "000001"
    recorded = record(held, item(held, digits=digits), item(held, 1, "c2", digits=wrong))
    assert told(recorded) == [("applied", None), ("refused", "attendance.code_wrong")]
    assert marks.marks_of(held.lesson_id)[held.people[0]].source == MarkSource.TYPED


def test_a_code_not_of_its_time_not_of_its_lesson_or_not_ours_is_refused(held):
    other = scene(people=0)
    recorded = record(
        held,
        offline(held, 0, "s1", 5, shown=8),
        offline(held, 0, "s2", 5, lesson_id=other.lesson_id),
        item(held, 0, "s3", code="1.2.aaaaaaaaaaaaaa"),
        offline(held, 0, "s4", -70),
        offline(held, 0, "s5", 5.5, shown=5),
    )
    assert told(recorded) == [
        ("refused", "attendance.code_expired"),
        ("refused", "attendance.code_wrong"),
        ("refused", "attendance.code_wrong"),
        ("refused", "attendance.too_early"),
        ("applied", None),
    ]


def test_scans_after_the_end_and_records_from_the_future_or_long_ago_are_refused(held, clock):
    recorded = record(held, item(held, minute=56), item(held, 1, "c2", -7 * 1440), offline(held, 2, "c3", 57))
    assert [code for _, code in told(recorded)] == ["attendance.time_out_of_range"] * 3
    assert told(record(held, item(held, 0, "c4", 54))) == [("applied", None)]
    clock.move_to(minutes(130))
    assert told(record(held, offline(held, 0, "c5", 121))) == [("refused", "attendance.lesson_over")]


def test_a_hand_mark_counts_from_the_opening_to_a_week_after_the_end(held, clock):
    before = record(held, item(held, minute=-60.1), item(held, 0, "c2", -60))
    assert told(before) == [("refused", "attendance.time_out_of_range"), ("applied", None)]
    assert before.items[0]["next_step"] == "这节课11月23日 08:00开始登记，请检查手机时间"
    clock.move_to(minutes(120 + 8 * 1440))
    after = record(held, item(held, 1, "c3", 120 + 7 * 1440), item(held, 2, "c4", 120.1 + 7 * 1440))
    assert told(after) == [("applied", None), ("refused", "attendance.time_out_of_range")]
    assert "工作人员" in after.items[1]["next_step"]


@pytest.mark.parametrize(
    ("left", "result", "mark"),
    [
        (29, "applied", MarkState.ABSENT),
        (95, "applied", MarkState.LEFT_EARLY),
        (89, "applied", MarkState.ABSENT),
        (90, "applied", MarkState.LEFT_EARLY),
        (120, "refused", None),
        (-1, "refused", None),
    ],
)
def test_who_leaves_before_the_end_left_early_and_much_before_was_absent(held, clock, left, result, mark):
    clock.move_to(minutes(125))
    recorded = record(held, item(held, minute=121, left_at=minutes(left)))
    assert (recorded.items[0]["result"], recorded.items[0]["state"]) == (result, mark)


def test_a_leaving_in_the_future_is_refused(held):
    assert told(record(held, item(held, left_at=minutes(110)))) == [("refused", "attendance.time_out_of_range")]


def test_who_came_too_late_stays_absent_however_long_he_stayed(held, clock):
    clock.move_to(minutes(125))
    recorded = record(held, item(held, 0, "c1", 121, left_at=minutes(110)), offline(held, 0, "s1", 40))
    assert [each["state"] for each in recorded.items] == ["left_early", "absent"]


def kept(held):
    """Everything a trainer's device may have kept of a lesson for three people."""
    return [
        offline(held, 0, "s1", 20), offline(held, 0, "s2", 8), item(held, 0, "h1", 60, state=MarkState.ABSENT),
        item(held, 0, "h2", 110, left_at=minutes(100)), offline(held, 1, "s3", 35), offline(held, 1, "s4", 12),
        item(held, 2, "h3", 30, state=MarkState.PRESENT), item(held, 2, "h4", 30, state=MarkState.LATE),
        offline(held, 2, "s5", 2),
    ]  # fmt: skip


def end(held):
    found = marks.marks_of(held.lesson_id)
    columns = ("state", "source", "at", "arrived_at", "left_at", "client_id", "confidence")
    return tuple(tuple(getattr(found[person], name) for name in columns) for person in held.people)


def test_offline_records_in_any_order_and_any_number_of_times_end_the_same(database, clock):
    clock.move_to(minutes(125))
    ends = set()
    for seed in range(12):
        held, chance = scene(), random.Random(seed)
        batch = kept(held)
        shuffled = chance.sample(batch, len(batch)) + chance.choices(batch, k=4)
        cut = chance.randrange(1, len(shuffled))
        record(held, *shuffled[:cut])
        record(held, *shuffled[cut:])
        ends.add(end(held))
    assert len(ends) == 1
    assert [each[0] for each in ends.pop()] == [MarkState.LEFT_EARLY, MarkState.LATE, MarkState.LATE]


def test_a_correction_keeps_who_when_before_and_after(held, clock):
    code = codes.code_at(held.lesson_id, minutes(50)).code
    check_in.check_in(actor=make.actor(held.people[0]), code=code)
    clock.shift(timedelta(minutes=2))
    record(held, item(held, 0, "c1", 52, state=MarkState.PRESENT))
    found = marks.history(actor=held.trainer, lesson_id=held.lesson_id, person_id=held.people[0])
    (kept,) = found.corrections
    assert (kept.before, kept.after, kept.corrected_by, kept.corrected_at, kept.reason) == (
        MarkState.ABSENT, MarkState.PRESENT, held.trainer.worker_id, minutes(52), None,
    )  # fmt: skip


def test_a_sealed_sheet_refuses_every_new_item(held):
    sealed = sheets.seal(actor=held.trainer, lesson_id=held.lesson_id)
    recorded = record(held, item(held), offline(held, 1))
    assert told(recorded) == [("refused", "attendance.sheet_sealed")] * 2
    assert recorded.sealed_at == sealed.sealed_at
    assert state(held) == MarkState.ABSENT


def test_co_trainers_and_the_lessons_substitute_record_and_other_trainers_find_nothing(held):
    second = scene(people=0)
    co, sub, other = (trainer_at(held.node) for _ in range(3))
    db.session.add_all(
        [
            ClassTrainer(class_id=held.class_id, person_id=co.worker_id, role=TrainerRole.CO_TRAINER),
            ClassTrainer(
                class_id=held.class_id, lesson_id=held.lesson_id, person_id=sub.worker_id, role=TrainerRole.SUBSTITUTE
            ),
        ]
    )
    for number, actor in enumerate((held.trainer, co, sub, held.staff)):
        assert record(held, item(held, 0, f"c{number}"), actor=actor).counts["refused"] == 0
    for actor in (other, second.staff, make.actor(held.people[0]), Actor(sub.person_id)):
        with pytest.raises(NotFound):
            record(held, item(held, 0, "c9"), actor=actor)
        with pytest.raises(NotFound):
            attendance_roster.roster(actor=actor, lesson_id=held.lesson_id)


def test_a_substitute_of_another_lesson_has_no_access_to_this_one(database):
    held = scene(lessons=((0, 60, "on_site", 1), (100, 160, "on_site", 1)))
    sub = trainer_at(held.node)
    db.session.add(
        ClassTrainer(
            class_id=held.class_id, lesson_id=held.lesson_ids[1], person_id=sub.worker_id, role=TrainerRole.SUBSTITUTE
        )
    )
    with pytest.raises(NotFound):
        record(held, item(held), actor=sub)


def test_who_lost_the_place_but_has_a_mark_may_still_be_marked(held):
    record(held, item(held))
    offering = held.training_class.offering_id
    db.session.execute(db.text("UPDATE bookings SET state = 'removed' WHERE offering_id = :id"), {"id": offering})
    recorded = record(held, item(held, 0, "c2", 6, state=MarkState.LATE), item(held, 1, "c3"))
    assert told(recorded) == [("applied", None), ("refused", "attendance.not_on_roster")]
    (line,) = attendance_roster.roster(actor=held.trainer, lesson_id=held.lesson_id).lines
    assert (line.worker_id, line.is_booked, line.is_confirmed) == (held.people[0], False, True)
