"""The rules of classes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.lifecycle import WrongState
from service.training import rules
from service.training.enums import ClassEvent, ClassState, LessonMode
from service.training.lifecycle import BY_THE_CLOCK, CLASS
from service.training.rules import LessonPlan, Moment, Window

T0 = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours):
    return T0 + hours * HOUR


def lesson(start, end, **more):
    return LessonPlan(at(start), at(end), more.pop("mode", LessonMode.ON_SITE), **more)


def window(opens=0, closes=10, cancel=10, offers=10):
    return Window(at(opens), at(closes), at(cancel), at(offers))


def walked(state, moment):
    """The state after every due event of the table, one after the other."""
    for _ in range(10):
        due = [event for event in BY_THE_CLOCK if CLASS.allows(state, event) and rules.is_due(event, moment)]
        if not due:
            return state
        # The window closing comes before the last place filling: a closed class is closed, full or not.
        state = CLASS.next(state, ClassEvent.CLOSES if ClassEvent.CLOSES in due else due[0])
    raise AssertionError("the events never end")


moments = st.builds(
    lambda times, capacity, taken, now: Moment(*(at(hours) for hours in sorted(times)), capacity, taken, at(now)),
    st.lists(st.integers(0, 40), min_size=4, max_size=4, unique=True),
    st.integers(1, 5),
    st.integers(0, 5),
    st.integers(-5, 45),
)


@given(moments)
def test_the_table_leads_where_the_clock_points(moment):
    assert walked(ClassState.PUBLISHED, moment) == rules.effective_state(ClassState.PUBLISHED, moment)


@given(moments, st.sampled_from([ClassState.OPEN, ClassState.FULL, ClassState.CLOSED, ClassState.RUNNING]))
def test_a_stored_state_that_lags_is_not_told(moment, stored):
    assert rules.effective_state(stored, moment) == rules.effective_state(ClassState.PUBLISHED, moment)


@given(moments, st.sampled_from([ClassState.DRAFT, ClassState.CANCELLED, ClassState.FINISHED]))
def test_what_staff_decided_the_clock_does_not_change(moment, stored):
    assert rules.effective_state(stored, moment) == stored


@pytest.mark.parametrize(
    ("now", "taken", "state"),
    [
        (-1, 0, ClassState.PUBLISHED),
        (0, 0, ClassState.OPEN),
        (0, 2, ClassState.FULL),
        (10, 2, ClassState.CLOSED),
        (20, 0, ClassState.RUNNING),
        (30, 0, ClassState.FINISHED),
    ],
)
def test_each_instant_belongs_to_what_begins_with_it(now, taken, state):
    moment = Moment(at(0), at(10), at(20), at(30), 2, taken, at(now))
    assert rules.effective_state(ClassState.PUBLISHED, moment) == state


def test_events_of_staff_are_never_due_by_the_clock():
    moment = Moment(at(0), at(10), at(20), at(30), 1, 1, at(40))
    assert not any(rules.is_due(event, moment) for event in ClassEvent if event not in BY_THE_CLOCK)


def test_a_draft_is_published_once_and_never_cancelled():
    assert CLASS.next(ClassState.DRAFT, ClassEvent.PUBLISH) == ClassState.PUBLISHED
    with pytest.raises(WrongState) as refusal:
        CLASS.next(ClassState.PUBLISHED, ClassEvent.PUBLISH)
    assert refusal.value.details == {"state": "published", "event": "publish"}
    assert not CLASS.allows(ClassState.DRAFT, ClassEvent.CANCEL)
    assert not CLASS.allows(ClassState.FINISHED, ClassEvent.CANCEL)


def test_a_sound_plan_has_no_problems():
    assert rules.plan_problems(1, window(), [lesson(10, 12), lesson(12, 14)]) == {}
    assert rules.plan_problems(5000, window(), []) == {}


@pytest.mark.parametrize(
    ("field", "capacity", "times"),
    [
        ("capacity", 0, {}),
        ("capacity", 5001, {}),
        ("closes_at", 1, {"opens": 10}),
        ("closes_at", 1, {"closes": 11}),
        ("cancel_until", 1, {"cancel": 11}),
        ("offers_until", 1, {"offers": 11}),
    ],
)
def test_what_does_not_fit_is_named_by_its_field(field, capacity, times):
    assert list(rules.plan_problems(capacity, window(**times), [lesson(10, 12)])) == [field]


def test_lessons_run_forward_and_end_the_same_day():
    found = rules.lesson_problems([lesson(5, 5), lesson(20, 44), lesson(50, 75)])
    assert found == {"0": {"ends_at": ["须晚于上课时间"]}, "2": {"ends_at": ["一次课不能超过24小时"]}}
    assert rules.plan_problems(1, window(closes=5, cancel=5, offers=5), [lesson(5, 5)])["lessons"].keys() == {"0"}


def test_there_are_at_most_200_lessons():
    many = [lesson(hour, hour + 1) for hour in range(201)]
    assert list(rules.lesson_problems(many)) == ["_schema"]
    assert rules.lesson_problems(many[:200]) == {}


spans = st.tuples(st.integers(0, 50), st.integers(1, 5)).map(lambda each: (each[0], each[0] + each[1]))


@given(st.lists(spans, max_size=8))
def test_overlaps_are_found_as_a_naive_search_finds_them(times):
    naive = any(a[0] < b[1] and b[0] < a[1] for index, a in enumerate(times) for b in times[index + 1 :])
    found = rules.overlapping([lesson(*each) for each in times])
    assert bool(found) == naive
    kept = [lesson(*each) for index, each in enumerate(times) if index not in found]
    assert found == sorted(set(found))
    assert len(kept) >= min(1, len(times))


def test_the_later_of_two_overlapping_lessons_is_named():
    assert rules.lesson_problems([lesson(3, 6), lesson(1, 4)]) == {"0": {"starts_at": ["与本班另一次课时间重叠"]}}


def test_what_is_missing_or_past_is_not_published():
    assert rules.publish_problems(window(), [lesson(12, 13)], at(1)) == {}
    assert list(rules.publish_problems(window(), [], at(1))) == ["lessons"]
    assert list(rules.publish_problems(window(), [lesson(12, 13)], at(10))) == ["closes_at"]
    assert list(rules.publish_problems(window(closes=11), [lesson(10, 11)], at(10))) == ["lessons"]


def test_fields_are_fixed_by_state():
    changed = ["title", "audience", "opens_at", "course_id", "completion_percent"]
    assert rules.fixed_fields(ClassState.DRAFT, changed) == {}
    assert list(rules.fixed_fields(ClassState.PUBLISHED, changed)) == ["course_id"]
    assert list(rules.fixed_fields(ClassState.OPEN, changed)) == ["audience", "opens_at", "course_id"]
    assert list(rules.fixed_fields(ClassState.RUNNING, ["completion_percent"])) == ["completion_percent"]


def test_lessons_that_have_begun_stay_as_they_are():
    present = [lesson(1, 2, id=1), lesson(5, 6, id=2)]
    assert rules.fixed_lessons(present, present, at(3)) == {}
    assert rules.fixed_lessons(present, [present[0], lesson(7, 8, id=2), lesson(9, 10)], at(3)) == {}
    assert "lessons" in rules.fixed_lessons(present, [present[1]], at(3))
    assert "lessons" in rules.fixed_lessons(present, [lesson(1, 3, id=1), present[1]], at(3))
    assert "lessons" in rules.fixed_lessons(present, [], at(0))


def test_new_times_of_a_published_class_lie_ahead():
    present = [lesson(1, 2, id=1), lesson(5, 6, id=2)]
    found = rules.fixed_lessons(present, [present[0], lesson(2, 3, id=2), lesson(9, 10)], at(3))
    assert found == {"lessons": {"1": {"starts_at": ["这个时间已过"]}}}


def test_what_is_tied_to_the_closing_moves_later_with_it():
    assert rules.closing_at(window(cancel=8), at(12)) == {
        "closes_at": at(12),
        "cancel_until": at(8),
        "offers_until": at(12),
    }
    assert rules.closing_at(window(), at(5))["cancel_until"] == at(10)


def test_hours_that_differ_from_the_course_are_seen():
    assert rules.hours_differ([lesson(1, 2, hours=2)], 3)
    assert not rules.hours_differ([lesson(1, 2, hours=2), lesson(3, 4)], 3)


def test_a_shift_by_days_keeps_the_hour():
    assert rules.shifted(at(5), -7) == at(5) - timedelta(days=7)
