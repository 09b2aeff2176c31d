"""Counting days as the law does: calendar days, workdays, months and years, on the calendar of Pu'er.

The day on which a term starts is not counted; a term of months or years ends on the day that bears the same number; a
last day on which nobody works moves to the next day on which somebody does (docs/rules.md `calendar.*`:
`calendar.start_day`, `calendar.months`, `calendar.last_day`). Which days those are is a table that staff keep.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from service.core.enums import Unit
from service.core.errors import Invalid

DAY = timedelta(days=1)
SATURDAY = 5
LONGEST_REST = 366
"""More days off in a row than a year has: the table is broken."""


class CalendarBroken(Invalid):
    """The holiday table has no workday in a whole year."""

    code = "calendar.broken"
    message = "节假日表有误：整整一年没有工作日"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked. `holidays` are days off beside weekends, `workdays` weekend days that are worked instead.

    `known_years` are those whose yearly notice has been entered: in others only what the law itself fixes is known.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    known_years: frozenset[int] = field(default_factory=frozenset)

    def is_workday(self, day: date) -> bool:
        """Whether somebody works on this day."""
        if day in self.workdays:
            return True
        return day not in self.holidays and day.weekday() < SATURDAY

    def next_workday(self, day: date) -> date:
        """The day itself where it is a workday, else the first one after it. Raises CalendarBroken."""
        for _ in range(LONGEST_REST):
            if self.is_workday(day):
                return day
            day += DAY
        raise CalendarBroken

    def last_day(self, start: date, length: int, unit: Unit, *, moves: bool = True) -> date:
        """The last day of a term that starts on `start`, which is not counted itself.

        `moves`: a last day off moves to the workday after it. Workdays need no moving. Raises CalendarBroken.
        """
        if unit is Unit.WORKDAY:
            return self.add_workdays(start, length)
        if unit is Unit.DAY:
            last = start + length * DAY
        else:
            last = same_day(start, length if unit is Unit.MONTH else 12 * length)
        return self.next_workday(last) if moves else last

    def add_workdays(self, start: date, length: int) -> date:
        """The `length`-th workday after `start`. Raises CalendarBroken."""
        day = start
        for _ in range(length):
            day = self.next_workday(day + DAY)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """How many workdays there are after `start` up to and with `end`; negative where `end` lies before."""
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.is_workday(start + number * DAY) for number in range(1, (end - start).days + 1))

    def is_known(self, first: date, last: date) -> bool:
        """Whether the yearly notices of all years from one day to the other have been entered."""
        return set(range(first.year, last.year + 1)) <= self.known_years


def calendar_of(days: Iterable[tuple[date, bool]], known_years: Iterable[int] = ()) -> Calendar:
    """The calendar of (day, is worked) pairs."""
    listed = list(days)
    return Calendar(
        holidays=frozenset(day for day, is_worked in listed if not is_worked),
        workdays=frozenset(day for day, is_worked in listed if is_worked),
        known_years=frozenset(known_years),
    )


def same_day(start: date, months: int) -> date:
    """The day with the same number so many months on; the last of that month where it has none."""
    number = start.year * 12 + start.month - 1 + months
    year, month = divmod(number, 12)
    first = date(year, month + 1, 1)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(first + (start.day - 1) * DAY, following - DAY)
