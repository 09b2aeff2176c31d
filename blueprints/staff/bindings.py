"""The desk for disputed bindings."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.bindings import DecideCase, ListCases, StaffCasesPage, StaffCaseView
from service.core.pages import Page
from service.identity.binding_errors import CaseDecided, CaseUnknown, OwnCase
from service.overview import binding_desk
from service.overview.binding_desk import CaseDetail, CaseLine

bp = Blueprint("staff_bindings", __name__, url_prefix="/staff/binding-cases", description="身份申诉处理")


@bp.get("")
@bp.arguments(ListCases, location="query")
@bp.response(200, StaffCasesPage)
def list_binding_cases(query: dict[str, Any]) -> Page[CaseLine]:
    """The cases of the scope, oldest first."""
    return binding_desk.listed(current_actor(), **query)


@bp.get("/<int:case_id>")
@bp.response(200, StaffCaseView)
@refuses(CaseUnknown)
def get_binding_case(case_id: int) -> CaseDetail:
    """One case with claim and roster side by side, numbers masked."""
    return binding_desk.one(current_actor(), case_id)


@bp.post("/<int:case_id>/decide")
@bp.arguments(DecideCase)
@bp.response(200, StaffCaseView)
@keyed(StaffCaseView)
@refuses(CaseUnknown, CaseDecided, OwnCase)
def decide_binding_case(order: dict[str, Any], case_id: int) -> CaseDetail:
    """Move the binding to who asks, or refuse; the displaced account is signed out, and both are told."""
    return binding_desk.decide(current_actor(), case_id, **order)
