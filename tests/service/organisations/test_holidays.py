"""The holiday table: entered by staff of the whole tree, checked against the law, warned about in time."""

from datetime import date

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core.access import Actor, Role
from service.core.db import db
from service.core.enums import Unit
from service.core.errors import Forbidden
from service.organisations import holidays, nodes
from service.organisations.enums import NodeKind
from service.organisations.holidays import HolidaysInvalid, SpecialDay
from service.organisations.statutory_days import statutory_days
from tests import make


@pytest.fixture
def keeper(database: SQLAlchemy) -> Actor:
    """Legal staff of the whole tree."""
    return make.staff(make.node(), Role.LEGAL_STAFF)


def by_law(year: int) -> list[SpecialDay]:
    return [SpecialDay(day, is_worked=False, name=name) for day, name in statutory_days(year).items()]


@pytest.mark.parametrize(
    ("year", "name", "days"),
    [
        (2025, "春节", ["2025-01-29", "2025-01-30", "2025-01-31"]),
        (2025, "除夕", ["2025-01-28"]),
        (2026, "除夕", ["2026-02-16"]),
        (2026, "清明节", ["2026-04-05"]),
        (2026, "端午节", ["2026-06-19"]),
        (2026, "中秋节", ["2026-09-25"]),
        (2028, "清明节", ["2028-04-04"]),
        (2025, "劳动节", ["2025-05-01", "2025-05-02"]),
    ],
)
def test_the_laws_own_days_fall_where_the_almanac_has_them(year: int, name: str, days: list[str]) -> None:
    assert [day.isoformat() for day, said in statutory_days(year).items() if said == name] == days


def test_thirteen_days_a_year_unless_two_fall_together() -> None:
    assert {len(statutory_days(year)) for year in range(2025, 2100)} == {12, 13}
    assert statutory_days(2024) == {}


def test_a_year_is_entered_and_entered_again(keeper: Actor) -> None:
    worked = SpecialDay(date(2026, 2, 14), is_worked=True, name="调休")
    holidays.enter(keeper, 2026, "第一稿", [*by_law(2026), worked])
    holidays.enter(keeper, 2026, "国办通知", by_law(2026))
    found = holidays.holidays(date(2026, 6, 1))
    assert [(year.year, year.notice) for year in found.years] == [(2026, "国办通知"), (2027, None)]
    assert len(found.years[0].days) == len(found.years[1].days) == 13
    assert not holidays.calendar().is_workday(date(2026, 2, 14))
    deeds = db.session.scalars(select(AuditEntry.action)).all()
    assert deeds.count("organisations.holidays_entered") == 2


def test_the_calendar_counts_by_what_was_entered_and_else_by_the_law(keeper: Actor) -> None:
    before = holidays.calendar()
    assert before.last_day(date(2026, 9, 20), 15, Unit.DAY) == date(2026, 10, 5)
    assert not before.is_known(date(2026, 1, 1), date(2026, 2, 1))
    off = [SpecialDay(date(2026, 10, number), is_worked=False, name="国庆节") for number in range(4, 8)]
    holidays.enter(keeper, 2026, "通知", [*by_law(2026), *off, SpecialDay(date(2026, 10, 10), True, "调休")])
    after = holidays.calendar()
    assert after.last_day(date(2026, 9, 20), 15, Unit.DAY) == date(2026, 10, 8)
    assert after.is_workday(date(2026, 10, 10))
    assert after.is_known(date(2026, 1, 1), date(2026, 12, 31))
    assert not after.is_workday(date(2027, 1, 1))


def test_the_next_year_is_missed_from_november_on(keeper: Actor) -> None:
    assert holidays.holidays(date(2026, 10, 31)).missing_years == [2026]
    assert holidays.holidays(date(2026, 11, 1)).missing_years == [2026, 2027]
    for year in (2026, 2027):
        holidays.enter(keeper, year, "通知", by_law(year))
    assert holidays.holidays(date(2026, 11, 1)).missing_years == []


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([], "缺少法定节假日"),
        ([*by_law(2026)[1:]], "1月1日元旦"),
        ([*by_law(2026), SpecialDay(date(2027, 1, 1), False, "元旦")], "只能填2026年的日期"),
        ([*by_law(2026), SpecialDay(date(2026, 1, 1), False, "元旦")], "同一天填了两次"),
        ([*by_law(2026), SpecialDay(date(2026, 2, 13), True, "调休")], "须是周六或周日"),
    ],
)
def test_what_is_no_years_table_is_refused(keeper: Actor, days: list[SpecialDay], said: str) -> None:
    with pytest.raises(HolidaysInvalid) as refused:
        holidays.enter(keeper, 2026, "通知", days)
    assert said in str(refused.value.details)


def test_a_year_outside_the_table_is_refused(keeper: Actor) -> None:
    for year in (1950, 2101):
        with pytest.raises(HolidaysInvalid, match="节假日表有误"):
            holidays.enter(keeper, year, "通知", [SpecialDay(date(year, 1, 2), is_worked=False, name="元旦")])


def test_only_staff_of_the_whole_tree_enter_it(keeper: Actor) -> None:
    county = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=nodes.root(), county="530802")
    for actor in (make.staff(county, Role.LEGAL_STAFF), make.actor(make.person().id)):
        with pytest.raises(Forbidden):
            holidays.enter(actor, 2026, "通知", by_law(2026))
