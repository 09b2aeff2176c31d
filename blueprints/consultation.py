"""Consultation: a worker's own questions to the union's lawyers, and answers published for everybody."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas import consultation as schemas
from service.core.lifecycle import WrongState
from service.core.pages import Page
from service.legal_aid.consultation import consultations, published
from service.legal_aid.consultation.errors import AnswerUnknown, ConsultationUnknown, TooManyWaiting
from service.legal_aid.consultation.models import Consultation, PublishedAnswer
from service.legal_aid.consultation.sight import OpenedConsultation
from service.legal_aid.errors import NoOffice

bp = Blueprint("consultation", __name__, url_prefix="/me/legal-aid", description="法律咨询：我的咨询")
answers_bp = Blueprint("published_answers", __name__, url_prefix="/legal-aid", description="法律咨询：公开答复")
ONE = "/consultations/<uuid:consultation_id>"


@bp.get("/consultations")
@bp.response(200, schemas.ConsultationsView)
def list_my_consultations() -> dict[str, list[Consultation]]:
    """One's own consultations, newest first."""
    return {"items": consultations.mine(current_actor())}


@bp.post("/consultations")
@refuses(NoOffice, TooManyWaiting)
@bp.arguments(schemas.AskLawyer)
@bp.response(201, schemas.ConsultationView)
@keyed(schemas.ConsultationView, 201)
def ask_lawyer(order: dict[str, Any]) -> Consultation:
    """Ask the union's lawyers; `due_on` says until when they answer."""
    return consultations.ask(actor=current_actor(), **order)


@bp.get(ONE)
@refuses(ConsultationUnknown)
@bp.response(200, schemas.OpenedConsultationView)
def get_my_consultation(consultation_id: UUID) -> OpenedConsultation:
    """One's own consultation, whole."""
    return consultations.my_opened(current_actor(), consultation_id)


@bp.post(f"{ONE}/follow-up")
@refuses(ConsultationUnknown, WrongState)
@bp.arguments(schemas.WriteInConsultation)
@bp.response(200, schemas.ConsultationView)
@keyed(schemas.ConsultationView)
def follow_up_consultation(order: dict[str, Any], consultation_id: UUID) -> Consultation:
    """Ask on; after an answer the clock begins anew."""
    return consultations.follow_up(actor=current_actor(), consultation_id=consultation_id, **order)


@bp.post(f"{ONE}/close")
@refuses(ConsultationUnknown, WrongState)
@bp.response(200, schemas.ConsultationView)
@keyed(schemas.ConsultationView)
def close_consultation(consultation_id: UUID) -> Consultation:
    """Say that it is settled."""
    return consultations.close(actor=current_actor(), consultation_id=consultation_id)


@answers_bp.get("/answers")
@answers_bp.arguments(schemas.SearchAnswers, location="query")
@answers_bp.response(200, schemas.PublishedAnswersPage)
def search_published_answers(query: dict[str, Any]) -> Page[PublishedAnswer]:
    """Published answers by words or pinyin initials, newest first."""
    return published.search(query.pop("q"), query.pop("matter"), **query)


@answers_bp.get("/answers/<uuid:answer_id>")
@refuses(AnswerUnknown)
@answers_bp.response(200, schemas.PublishedAnswerLine)
def get_published_answer(answer_id: UUID) -> PublishedAnswer:
    """One published answer."""
    return published.shown(answer_id)
