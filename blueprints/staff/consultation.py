"""The lawyers' side of consultation: the list by clock, answering, publishing without identities."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas import consultation as schemas
from service.core.lifecycle import WrongState
from service.core.pages import Page
from service.legal_aid.consultation import answering, errors, published
from service.legal_aid.consultation.answering import ConsultationLine, Sought
from service.legal_aid.consultation.models import Consultation, PublishedAnswer
from service.legal_aid.consultation.published import Publishing
from service.legal_aid.consultation.sight import OpenedConsultation

bp = Blueprint("staff_consultation", __name__, url_prefix="/staff/legal-aid", description="法律咨询：律师")
ONE = "/consultations/<uuid:consultation_id>"


@bp.get("/consultations")
@bp.arguments(schemas.ListConsultations, location="query")
@bp.response(200, schemas.ConsultationsPage)
def list_consultations(query: dict[str, Any]) -> Page[ConsultationLine]:
    """Consultations in sight, what is due first in front: no words, no names."""
    page, per_page = query.pop("page"), query.pop("per_page")
    return answering.listed(current_actor(), Sought(**query), page=page, per_page=per_page)


@bp.get(ONE)
@refuses(errors.ConsultationUnknown)
@bp.response(200, schemas.OpenedConsultationView)
def get_consultation(consultation_id: UUID) -> OpenedConsultation:
    """Open a consultation; who asked sees that."""
    return answering.opened(current_actor(), consultation_id)


@bp.post(f"{ONE}/answer")
@refuses(errors.ConsultationUnknown, WrongState)
@bp.arguments(schemas.WriteInConsultation)
@bp.response(200, schemas.ConsultationView)
@keyed(schemas.ConsultationView)
def answer_consultation(order: dict[str, Any], consultation_id: UUID) -> Consultation:
    """Answer a question."""
    return answering.answer(actor=current_actor(), consultation_id=consultation_id, **order)


@bp.get(f"{ONE}/answers")
@refuses(errors.ConsultationUnknown)
@bp.response(200, schemas.PublishedOfConsultationView)
def list_published_of_consultation(consultation_id: UUID) -> dict[str, Sequence[PublishedAnswer]]:
    """What stands published on a consultation."""
    return {"items": published.of_consultation(current_actor(), consultation_id)}


@bp.post(f"{ONE}/answers")
@refuses(errors.ConsultationUnknown, WrongState, errors.IdentityInside, errors.SameWords, errors.PublishedAlready)
@bp.arguments(schemas.PublishAnswer)
@bp.response(201, schemas.PublishedAnswerLine)
@keyed(schemas.PublishedAnswerLine, 201)
def publish_answer(order: dict[str, Any], consultation_id: UUID) -> PublishedAnswer:
    """Publish a second text, written for everybody; one that tells who it is about is refused."""
    return published.publish(actor=current_actor(), consultation_id=consultation_id, text=Publishing(**order))


@bp.post("/answers/<uuid:answer_id>/withdraw")
@refuses(errors.AnswerUnknown)
@bp.response(200, schemas.PublishedAnswerLine)
@keyed(schemas.PublishedAnswerLine)
def withdraw_published_answer(answer_id: UUID) -> PublishedAnswer:
    """Take a published answer down."""
    return published.withdraw(actor=current_actor(), answer_id=answer_id)
