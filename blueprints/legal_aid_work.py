"""A worker and her case in hand: messages, the rating, complaints about the service."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas import legal_aid_work as schemas
from service.core.lifecycle import WrongState
from service.legal_aid import complaint_lines, errors, feedback, work
from service.legal_aid.complaint_lines import ComplaintLine
from service.legal_aid.work import MessageLine
from service.legal_aid.work_models import AidRating

bp = Blueprint("legal_aid_work", __name__, url_prefix="/me/legal-aid/cases", description="法律援助：留言和评价")


@bp.get("/<uuid:case_id>/messages")
@refuses(errors.CaseUnknown)
@bp.response(200, schemas.AidMessagesView)
def list_my_aid_messages(case_id: UUID) -> dict[str, list[MessageLine]]:
    """The messages of one's own case; read from now on."""
    return {"items": work.read_own(actor=current_actor(), case_id=case_id)}


@bp.post("/<uuid:case_id>/messages")
@refuses(errors.CaseUnknown, WrongState)
@bp.arguments(schemas.WriteMessage)
@bp.response(201, schemas.AidMessagesView)
@keyed(schemas.AidMessagesView, 201)
def write_aid_message(order: dict[str, Any], case_id: UUID) -> dict[str, list[MessageLine]]:
    """Write to whoever has the case in hand."""
    return {"items": work.write_own(actor=current_actor(), case_id=case_id, **order)}


@bp.post("/<uuid:case_id>/rating")
@refuses(errors.CaseUnknown, WrongState, errors.RatedAlready)
@bp.arguments(schemas.RateService)
@bp.response(201, schemas.RatingView)
@keyed(schemas.RatingView, 201)
def rate_aid(order: dict[str, Any], case_id: UUID) -> AidRating:
    """Rate the service, once, after the end."""
    return feedback.rate(actor=current_actor(), case_id=case_id, **order)


@bp.get("/<uuid:case_id>/complaints")
@refuses(errors.CaseUnknown, errors.CaseSealed)
@bp.response(200, schemas.ComplaintsView)
def list_my_complaints(case_id: UUID) -> dict[str, list[ComplaintLine]]:
    """One's own complaints about a case, with their answers."""
    return {"items": complaint_lines.mine(current_actor(), case_id)}


@bp.post("/<uuid:case_id>/complaints")
@refuses(errors.CaseUnknown, WrongState)
@bp.arguments(schemas.FileComplaint)
@bp.response(201, schemas.ComplaintView)
@keyed(schemas.ComplaintView, 201)
def complain_about_aid(order: dict[str, Any], case_id: UUID) -> ComplaintLine:
    """Complain about the service; the handler is not told."""
    return complaint_lines.line(feedback.complain(actor=current_actor(), case_id=case_id, **order))
