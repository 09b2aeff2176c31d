"""The holiday table: each year's days off and days worked instead, as the yearly notice has them, kept by staff.

The law's own days are known without it; a year whose notice is missing is said to be uncertain, and staff are warned
from November on that the next one is (docs/rules.md `calendar.statutory`, `calendar.last_day`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from service.audit import entries
from service.core import clock
from service.core.access import Actor, Role
from service.core.calendar import SATURDAY, Calendar, calendar_of
from service.core.db import db
from service.core.errors import Forbidden, Invalid
from service.core.transaction import transactional
from service.organisations import nodes
from service.organisations.holiday_models import CalendarDay, CalendarYear
from service.organisations.statutory_days import SINCE, UNTIL, statutory_days

KEEPERS = (Role.ADMINISTRATOR, Role.LEGAL_STAFF)
WARNED_FROM_MONTH = 11
YEARS = (2000, 2100)


class HolidaysInvalid(Invalid):
    """The days do not make a year's table; `details` names what is wrong."""

    code = "organisations.holidays_invalid"
    message = "节假日表有误，请对照放假通知核对"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not what its weekday says."""

    day: date
    is_worked: bool
    name: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year as it counts: entered from a notice, or, without one, only what the law fixes."""

    year: int
    notice: str | None
    days: Sequence[SpecialDay]


@dataclass(frozen=True, slots=True)
class Holidays:
    """Years in order; `missing_years` lack their notice although it is time."""

    years: Sequence[Year]
    missing_years: Sequence[int]


@transactional
def enter(actor: Actor, year: int, notice: str, days: Iterable[SpecialDay]) -> Year:
    """Enter a year's notice, in place of what stood there. For staff of the whole tree alone.

    Raises Forbidden, HolidaysInvalid.
    """
    root = nodes.root()
    if root is None or not actor.reaches(root.path, *KEEPERS):
        raise Forbidden
    listed = sorted(days, key=lambda each: each.day)
    _check(year, listed)
    row = db.session.get(CalendarYear, year, with_for_update=True)
    if row is None:
        row = CalendarYear(year=year)
        db.session.add(row)
    row.notice, row.entered_by, row.entered_at = notice, actor.worker_id, clock.now()
    db.session.flush()
    db.session.execute(delete(CalendarDay).where(CalendarDay.year == year))
    db.session.add_all(
        CalendarDay(day=each.day, year=year, is_worked=each.is_worked, name=each.name) for each in listed
    )
    db.session.flush()
    entries.record(actor, "organisations.holidays_entered", "calendar_year", year, days=len(listed))
    return Year(year, notice, listed)


def holidays(today: date) -> Holidays:
    """Every year entered, and this and the next in any case."""
    entered = {row.year: row for row in db.session.scalars(select(CalendarYear))}
    by_year: dict[int, list[SpecialDay]] = {}
    for row in db.session.scalars(select(CalendarDay).order_by(CalendarDay.day)):
        by_year.setdefault(row.year, []).append(SpecialDay(row.day, row.is_worked, row.name))
    wanted = sorted({*entered, today.year, today.year + 1})
    years = [
        Year(year, entered[year].notice, by_year.get(year, [])) if year in entered else Year(year, None, _by_law(year))
        for year in wanted
    ]
    due = [today.year, *([today.year + 1] if today.month >= WARNED_FROM_MONTH else [])]
    return Holidays(years, [year for year in due if year not in entered])


def calendar() -> Calendar:
    """The calendar to count by: what was entered, and in other years what the law fixes."""
    known = set(db.session.scalars(select(CalendarYear.year)))
    listed = [(row.day, row.is_worked) for row in db.session.scalars(select(CalendarDay))]
    for year in range(SINCE, UNTIL + 1):
        if year not in known:
            listed += [(day, False) for day in statutory_days(year)]
    return calendar_of(listed, known)


def _by_law(year: int) -> list[SpecialDay]:
    return [SpecialDay(day, is_worked=False, name=name) for day, name in sorted(statutory_days(year).items())]


def _check(year: int, days: Sequence[SpecialDay]) -> None:
    listed = [each.day for each in days]
    problems: list[str] = [] if YEARS[0] <= year <= YEARS[1] else [f"年份须在{YEARS[0]}到{YEARS[1]}之间"]
    if any(day.year != year for day in listed):
        problems.append(f"只能填{year}年的日期")
    if len(set(listed)) < len(listed):
        problems.append("同一天填了两次")
    if any(each.is_worked and each.day.weekday() < SATURDAY for each in days):
        problems.append("调休上班的日子须是周六或周日")
    off = {each.day for each in days if not each.is_worked}
    missing = [f"{day.month}月{day.day}日{name}" for day, name in statutory_days(year).items() if day not in off]
    if missing:
        problems.append("缺少法定节假日：" + "、".join(missing))
    if problems:
        raise HolidaysInvalid(details={"days": problems})
