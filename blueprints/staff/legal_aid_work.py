"""Work on a case: messages, hearings, hand-over, result, complaints."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas import legal_aid_work as schemas
from schemas.legal_aid_cases import AidCaseLine
from service.core.lifecycle import WrongState
from service.legal_aid import complaint_lines, errors, feedback, work
from service.legal_aid.complaint_lines import ComplaintLine
from service.legal_aid.models import AidCase
from service.legal_aid.work import MessageLine
from service.legal_aid.work_models import AidHandOver, AidHearing

bp = Blueprint("staff_legal_aid_work", __name__, url_prefix="/staff/legal-aid", description="法律援助办理")
OPENED = (errors.CaseUnknown, errors.CaseSealed)
WORKED = (*OPENED, errors.CaseLocked, WrongState)


@bp.get("/cases/<uuid:case_id>/messages")
@refuses(*OPENED)
@bp.response(200, schemas.AidMessagesView)
def list_aid_messages(case_id: UUID) -> dict[str, list[MessageLine]]:
    """The messages of a case; that they were read is written down."""
    return {"items": work.read_as_staff(current_actor(), case_id)}


@bp.post("/cases/<uuid:case_id>/messages")
@refuses(*WORKED)
@bp.arguments(schemas.WriteMessage)
@bp.response(201, schemas.AidMessagesView)
@keyed(schemas.AidMessagesView, 201)
def write_to_worker(order: dict[str, Any], case_id: UUID) -> dict[str, list[MessageLine]]:
    """Write to the worker."""
    return {"items": work.write_to_worker(actor=current_actor(), case_id=case_id, **order)}


@bp.post("/cases/<uuid:case_id>/hearings")
@refuses(*WORKED)
@bp.arguments(schemas.SetHearing)
@bp.response(201, schemas.HearingView)
@keyed(schemas.HearingView, 201)
def set_hearing(order: dict[str, Any], case_id: UUID) -> AidHearing:
    """Enter a mediation or hearing; the worker is told, and reminded five days and one day ahead."""
    return work.set_hearing(actor=current_actor(), case_id=case_id, **order)


@bp.post("/cases/<uuid:case_id>/hand-overs")
@refuses(*WORKED)
@bp.arguments(schemas.HandOverCase)
@bp.response(201, schemas.HandOverView)
@keyed(schemas.HandOverView, 201)
def hand_over_case(order: dict[str, Any], case_id: UUID) -> AidHandOver:
    """Write down to whom the matter was handed, and what was sent."""
    return work.hand_over(actor=current_actor(), case_id=case_id, **order)


@bp.post("/cases/<uuid:case_id>/close")
@refuses(*WORKED, errors.Stale)
@bp.arguments(schemas.CloseAidCase)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def close_case(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Close the case with its result and what was recovered."""
    return work.close(actor=current_actor(), case_id=case_id, **order)


@bp.get("/cases/<uuid:case_id>/complaints")
@refuses(*OPENED, errors.ComplaintUnknown)
@bp.response(200, schemas.ComplaintsView)
def list_complaints(case_id: UUID) -> dict[str, list[ComplaintLine]]:
    """Complaints about a case, for its supervisor and the office; not for its handler."""
    return {"items": complaint_lines.of_case(current_actor(), case_id)}


@bp.post("/complaints/<uuid:complaint_id>/answer")
@refuses(errors.ComplaintUnknown, errors.CaseSealed, WrongState)
@bp.arguments(schemas.AnswerComplaint)
@bp.response(200, schemas.ComplaintView)
@keyed(schemas.ComplaintView)
def answer_complaint(order: dict[str, Any], complaint_id: UUID) -> ComplaintLine:
    """Answer a complaint."""
    return complaint_lines.line(feedback.answer(actor=current_actor(), complaint_id=complaint_id, **order))
