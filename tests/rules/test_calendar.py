"""Counting days as the law does: worked examples, month ends, leap years, holidays, and what holds of every term."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.calendar import Calendar, CalendarBroken, calendar_of, same_day
from service.core.enums import Unit

DAY = timedelta(days=1)
BARE = Calendar()
# An example of a yearly notice: 国庆 from Thursday the 1st to Wednesday the 7th of October 2026, two weekends worked.
OCTOBER = calendar_of(
    [(date(2026, 10, number), False) for number in range(1, 8)]
    + [(date(2026, 9, 27), True), (date(2026, 10, 10), True)],
    known_years=[2026],
)
days = st.dates(min_value=date(2001, 1, 1), max_value=date(2090, 12, 31))
calendars = st.builds(
    Calendar,
    holidays=st.frozensets(days, max_size=30),
    workdays=st.frozensets(days.filter(lambda day: day.weekday() >= 5), max_size=10),
)


def test_the_day_on_which_a_term_starts_is_not_counted() -> None:
    assert BARE.last_day(date(2026, 3, 2), 7, Unit.DAY) == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("start", "length", "unit", "last"),
    [
        # Seven days end on a Sunday: the Monday after.
        (date(2026, 3, 1), 7, Unit.DAY, date(2026, 3, 9)),
        # A month from the 31st of January: February has none; the 28th of 2026 is a Saturday.
        (date(2026, 1, 31), 1, Unit.MONTH, date(2026, 3, 2)),
        (date(2024, 1, 31), 1, Unit.MONTH, date(2024, 2, 29)),
        # A year from the 29th of February.
        (date(2024, 2, 29), 1, Unit.YEAR, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, Unit.YEAR, date(2028, 2, 29)),
        # Fifteen days over the turn of the year.
        (date(2025, 12, 20), 15, Unit.DAY, date(2026, 1, 5)),
        (date(2026, 11, 27), 5, Unit.WORKDAY, date(2026, 12, 4)),
    ],
)
def test_worked_examples(start: date, length: int, unit: Unit, last: date) -> None:
    assert BARE.last_day(start, length, unit) == last


def test_a_last_day_in_a_holiday_moves_behind_it() -> None:
    assert OCTOBER.last_day(date(2026, 9, 20), 15, Unit.DAY) == date(2026, 10, 8)
    assert OCTOBER.last_day(date(2026, 9, 20), 15, Unit.DAY, moves=False) == date(2026, 10, 5)


def test_a_weekend_day_that_is_worked_counts_and_a_last_day_stays_on_it() -> None:
    assert OCTOBER.is_workday(date(2026, 10, 10))
    assert OCTOBER.last_day(date(2026, 10, 3), 7, Unit.DAY) == date(2026, 10, 10)
    assert OCTOBER.last_day(date(2026, 9, 25), 4, Unit.WORKDAY) == date(2026, 9, 30)
    assert BARE.last_day(date(2026, 9, 25), 4, Unit.WORKDAY) == date(2026, 10, 1)


def test_a_table_without_workdays_is_told_and_not_walked_forever() -> None:
    nothing = Calendar(holidays=frozenset(date(2026, 1, 1) + number * DAY for number in range(800)))
    with pytest.raises(CalendarBroken):
        nothing.next_workday(date(2026, 1, 1))


def test_a_year_is_known_when_its_notice_was_entered() -> None:
    assert OCTOBER.is_known(date(2026, 1, 1), date(2026, 12, 31))
    assert not OCTOBER.is_known(date(2026, 12, 1), date(2027, 1, 5))


@given(days, st.integers(0, 400), st.sampled_from([Unit.DAY, Unit.MONTH]), calendars)
def test_a_last_day_that_moves_is_a_workday_and_never_earlier(
    start: date, length: int, unit: Unit, calendar: Calendar
) -> None:
    bare = calendar.last_day(start, length, unit, moves=False)
    moved = calendar.last_day(start, length, unit)
    assert bare >= start
    assert moved >= bare
    assert calendar.is_workday(moved)
    assert not any(calendar.is_workday(bare + number * DAY) for number in range((moved - bare).days))


@given(days, st.integers(0, 60), calendars)
def test_counting_workdays_there_and_back_agrees(start: date, length: int, calendar: Calendar) -> None:
    end = calendar.add_workdays(start, length)
    assert calendar.workdays_between(start, end) == length
    assert calendar.workdays_between(end, start) == -length


@given(days, days, st.integers(1, 60), calendars)
def test_who_starts_later_is_never_done_earlier(one: date, other: date, length: int, calendar: Calendar) -> None:
    first, second = sorted([one, other])
    for unit in Unit:
        size = min(length, 3) if unit is Unit.YEAR else length
        assert calendar.last_day(first, size, unit) <= calendar.last_day(second, size, unit)


@given(days, st.integers(0, 240))
def test_months_keep_the_number_of_the_day_where_the_month_has_it(start: date, months: int) -> None:
    found = same_day(start, months)
    assert (found.year - start.year) * 12 + found.month - start.month == months
    assert found.day == start.day or (found.day < start.day and (found + DAY).day == 1)
