"""A lesson somebody's attendance was recorded in stays in its class."""

from dataclasses import replace

import pytest

from service.core.db import db
from service.training import changes, sheets
from service.training.errors import FieldFixed
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
