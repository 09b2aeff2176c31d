"""Cover while a handler is absent."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas import legal_aid_covers as schemas
from service.core.lifecycle import WrongState
from service.legal_aid import covers
from service.legal_aid.covers import Absence, CoverCandidate, CoverLine, Covers
from service.legal_aid.errors import CoverOverlaps, CoverUnknown, HandlerUnknown

bp = Blueprint("staff_legal_aid_covers", __name__, url_prefix="/staff/legal-aid/covers", description="法律援助代办")


@bp.get("")
@bp.response(200, schemas.CoversView)
def list_covers() -> Covers:
    """Covers that hold or will hold and concern the caller, and for whom she may enter one."""
    return covers.listed(current_actor())


@bp.get("/candidates")
@refuses(HandlerUnknown)
@bp.arguments(schemas.ListCoverCandidates, location="query")
@bp.response(200, schemas.CoverCandidatesView)
def list_cover_candidates(query: dict[str, Any]) -> dict[str, list[CoverCandidate]]:
    """Who might cover for somebody."""
    return {"items": covers.candidates(current_actor(), query["absent_id"])}


@bp.post("")
@refuses(HandlerUnknown, CoverOverlaps)
@bp.arguments(schemas.EnterCover)
@bp.response(201, schemas.CoverView)
@keyed(schemas.CoverView, 201)
def enter_cover(order: dict[str, Any]) -> CoverLine:
    """Enter who covers, as the absent one or as her supervisor."""
    return covers.enter(current_actor(), Absence(**order))


@bp.post("/<uuid:cover_id>/end")
@refuses(CoverUnknown, WrongState)
@bp.response(200, schemas.CoverView)
@keyed(schemas.CoverView)
def end_cover(cover_id: UUID) -> CoverLine:
    """End a cover before its last day."""
    return covers.end(actor=current_actor(), cover_id=cover_id)
