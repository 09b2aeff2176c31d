"""What the caller's data may be used for beyond what is needed: consents, given and withdrawn."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.consents import ConsentDecisionsPage, ConsentsView, ConsentView, DecideConsent
from schemas.fields import Paging
from service.core.pages import Page
from service.identity import consents
from service.identity.consent_models import ConsentDecision
from service.identity.consents import PurposeUnknown, Standing, WordsChanged

bp = Blueprint("consents", __name__, url_prefix="/me/consents", description="授权：同意与撤回")


@bp.get("")
@bp.response(200, ConsentsView)
def list_my_consents() -> dict[str, list[Standing]]:
    """What personal data may be used for only with consent, and whether the caller consented."""
    return {"items": consents.mine(actor=current_actor())}


@bp.get("/history")
@bp.arguments(Paging, location="query")
@bp.response(200, ConsentDecisionsPage)
def list_my_consent_decisions(query: dict[str, Any]) -> Page[ConsentDecision]:
    """Every decision of the caller, latest first."""
    return consents.history(actor=current_actor(), page=query["page"], per_page=query["per_page"])


@bp.put("/<purpose>")
@bp.arguments(DecideConsent)
@bp.response(200, ConsentView)
@keyed(ConsentView)
@refuses(PurposeUnknown, WordsChanged)
def decide_consent(order: dict[str, Any], purpose: str) -> Standing:
    """Give or withdraw consent to one purpose; a withdrawal counts from the next use on."""
    return consents.decide(actor=current_actor(), purpose=purpose, **order)
