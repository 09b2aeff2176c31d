"""The holiday table all terms are counted by."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.holidays import EnterHolidays, HolidaysView, YearView
from service.core import clock
from service.organisations import holidays
from service.organisations.holidays import Holidays, HolidaysInvalid, SpecialDay, Year

bp = Blueprint("staff_holidays", __name__, url_prefix="/staff/holidays", description="节假日")


@bp.get("")
@bp.response(200, HolidaysView)
def list_holidays() -> Holidays:
    """Every year's days off and days worked, and the years whose notice is missing."""
    return holidays.holidays(clock.today())


@bp.put("/<int:year>")
@refuses(HolidaysInvalid)
@bp.arguments(EnterHolidays)
@bp.response(200, YearView)
@keyed(YearView)
def enter_holidays(order: dict[str, Any], year: int) -> Year:
    """Enter a year's notice in place of what stood there; for staff of the whole tree."""
    days = [SpecialDay(**each) for each in order["days"]]
    return holidays.enter(current_actor(), year, order["notice"], days)
