"""The days off that the law itself fixes for every year (docs/rules.md `calendar.statutory`).

Which days around them are off or worked instead is a yearly notice, entered by staff: `holidays.py`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from lunardate import LunarDate

SINCE = 2025
"""The first year of the rule as it stands: 13 days, with New Year's Eve and the 2nd of May among them."""
UNTIL = 2099
DAY = timedelta(days=1)


@cache
def statutory_days(year: int) -> Mapping[date, str]:
    """The thirteen days of a year from 2025 to 2099, with their names; none for other years."""
    if not SINCE <= year <= UNTIL:
        return {}
    new_year = _lunar(year, 1, 1)
    eve = {new_year - DAY: "除夕"}
    spring = {new_year + number * DAY: "春节" for number in range(3)}
    national = {date(year, 10, number): "国庆节" for number in (1, 2, 3)}
    return {
        date(year, 1, 1): "元旦",
        **eve,
        **spring,
        date(year, 4, _clear_and_bright(year)): "清明节",
        date(year, 5, 1): "劳动节",
        date(year, 5, 2): "劳动节",
        _lunar(year, 5, 5): "端午节",
        _lunar(year, 8, 15): "中秋节",
        **national,
    }


def _lunar(year: int, month: int, day: int) -> date:
    solar: date = LunarDate(year, month, day).to_solar_date()
    return solar


def _clear_and_bright(year: int) -> int:
    """The day in April of 清明 in the 21st century, by the almanac's rule of thumb, which holds to 2099."""
    of_century = year % 100
    return int(of_century * 0.2422 + 4.81) - of_century // 4
