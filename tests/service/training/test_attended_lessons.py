"""A lesson somebody's attendance was recorded in stays in its class."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from service.core import clock
from service.core.db import db
from service.training import changes, check_in, codes, plans, sheets
from service.training.errors import FieldFixed
from service.training.models import TrainingClass
from tests import make
from tests import make_training as training


def test_a_lesson_with_attendance_is_not_taken_out_and_one_without_is(database):
    staff = make.staff(make.node())
    made = training.published(staff)
    first, second = training.lessons()
    kept = [replace(first, id=made.lessons[0].id), replace(second, id=made.lessons[1].id)]
    sheets.set_place(actor=staff, lesson_id=made.lessons[0].id, latitude=22.8, longitude=101)
    db.session.commit()
    window = {"opens_at": made.opens_at, "closes_at": made.closes_at}
    with pytest.raises(FieldFixed) as refused:
        changes.change(staff, made.id, training.plan(made.course, lessons=kept[1:], **window), made.version)
    assert refused.value.details == {"lessons": ["已有考勤记录的课不能删除"]}
    changed = changes.change(staff, made.id, training.plan(made.course, lessons=kept[:1], **window), made.version)
    assert len(changed.lessons) == 1


def test_a_lesson_somebody_checked_in_to_moves_within_its_day_only(database):
    node = make.node()
    staff, worker = make.staff(node), make.person(member_of=node)
    made = training.published(staff)
    training.book(worker.id, made)
    first, second = (plans.lesson_plan(each) for each in made.lessons)
    window = {"opens_at": made.opens_at, "closes_at": made.closes_at}

    def moved(by):
        lesson = replace(first, starts_at=first.starts_at + by, ends_at=first.ends_at + by)
        planned = training.plan(made.course, lessons=[lesson, second], **window)
        version = db.session.scalar(select(TrainingClass.version).where(TrainingClass.id == made.id))
        return changes.change(staff, made.id, planned, version)

    assert moved(timedelta(hours=-30)).lessons[0].starts_at == first.starts_at - timedelta(hours=30)
    moved(timedelta())
    with time_machine.travel(first.starts_at - timedelta(minutes=10)):
        code = codes.code_at(first.id, clock.now()).code
        check_in.check_in(actor=make.actor(worker.id), code=code)
        with pytest.raises(FieldFixed) as refused:
            moved(timedelta(days=5))
        assert refused.value.details == {"lessons": {"0": {"starts_at": ["已有人签到，只能改到当天的其他时间"]}}}
        assert moved(timedelta(minutes=5)).lessons[0].starts_at == first.starts_at + timedelta(minutes=5)
