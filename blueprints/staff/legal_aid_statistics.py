"""The month's numbers of legal aid."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from blueprints.answers import WORKBOOK, workbook_response
from blueprints.auth import current_actor
from blueprints.refusals import refuses
from schemas.legal_aid_statistics import TakeStatistics
from service.legal_aid import statistics
from service.legal_aid.statistics_errors import MonthUnfinished

bp = Blueprint("staff_legal_aid_statistics", __name__, url_prefix="/staff/legal-aid", description="法律援助统计")


@bp.get("/statistics.xlsx")
@refuses(MonthUnfinished)
@bp.arguments(TakeStatistics, location="query")
@bp.response(200, content_type=WORKBOOK)
def download_legal_aid_statistics(query: dict[str, Any]) -> Response:
    """A month that is over, by county, matter and outcome; small numbers are left out."""
    return workbook_response(statistics.monthly(current_actor(), query["month"]), "法律援助统计.xlsx")
