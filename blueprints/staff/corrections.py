"""Wishes for correction, at the desk of membership staff."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.my_data import DecideCorrection, ListCorrections, WishesPage, WishLine
from service.core.pages import Page
from service.identity import request_errors as refusals
from service.overview import corrections
from service.overview.corrections import Wish

bp = Blueprint("staff_corrections", __name__, url_prefix="/staff/data-corrections", description="个人信息更正")


@bp.get("")
@bp.arguments(ListCorrections, location="query")
@bp.response(200, WishesPage)
def list_corrections(query: dict[str, Any]) -> Page[Wish]:
    """Wishes for correction of members in the caller's scope, oldest first."""
    return corrections.listed(current_actor(), **query)


@bp.post("/<int:correction_id>/decide")
@bp.arguments(DecideCorrection)
@bp.response(200, WishLine)
@keyed(WishLine)
@refuses(refusals.CorrectionUnknown, refusals.CorrectionDecided, refusals.IdNumberTaken)
def decide_correction(order: dict[str, Any], correction_id: int) -> Wish:
    """Accept a wish or refuse it; the person is told."""
    return corrections.decide(current_actor(), correction_id, **order)
