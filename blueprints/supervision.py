"""Labour-law supervision for workers: giving a tip by name or by nobody, following it, answering."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed, request_key
from blueprints.refusals import refuses
from schemas import supervision as schemas
from service.legal_aid.errors import NoOffice
from service.legal_aid.supervision import tips
from service.legal_aid.supervision.errors import NothingAsked, TipUnknown
from service.legal_aid.supervision.models import LabourTip
from service.legal_aid.supervision.tips import Claimed, FollowedTip, Place, Told
from service.organisations.errors import NodeUnknown

bp = Blueprint("supervision", __name__, url_prefix="/me/labour-tips", description="劳动法律监督：我的线索")
anonymous_bp = Blueprint("anonymous_tips", __name__, url_prefix="/labour-tips", description="劳动法律监督：匿名线索")


def _given(order: dict[str, Any]) -> dict[str, Any]:
    place = Place(order.pop("node_id"), order.pop("county_code"))
    return {"told": Told(**order), "place": place}


@bp.get("")
@bp.response(200, schemas.TipsView)
def list_my_tips() -> dict[str, list[LabourTip]]:
    """Tips one gave by name, newest first."""
    return {"items": tips.mine(current_actor())}


@bp.post("")
@refuses(NodeUnknown, NoOffice)
@bp.arguments(schemas.GiveTip)
@bp.response(201, schemas.TipView)
@keyed(schemas.TipView, 201)
def give_tip(order: dict[str, Any]) -> LabourTip:
    """Give a tip by name to the committee in charge."""
    return tips.give(actor=current_actor(), **_given(order))


@bp.get("/<uuid:tip_id>")
@refuses(TipUnknown)
@bp.response(200, schemas.FollowedTipView)
def follow_my_tip(tip_id: UUID) -> FollowedTip:
    """What has become of one's own tip."""
    return tips.followed(tips.own(current_actor(), tip_id))


@bp.post("/<uuid:tip_id>/answer")
@refuses(TipUnknown, NothingAsked)
@bp.arguments(schemas.AnswerTip)
@bp.response(200, schemas.TipView)
@keyed(schemas.TipView)
def answer_about_tip(order: dict[str, Any], tip_id: UUID) -> LabourTip:
    """Answer what the committee asks."""
    return tips.answer(actor=current_actor(), tip_id=tip_id, **order)


@anonymous_bp.post("")
@refuses(NodeUnknown, NoOffice)
@anonymous_bp.arguments(schemas.GiveTip)
@anonymous_bp.response(201, schemas.ClaimedView)
def give_anonymous_tip(order: dict[str, Any]) -> Claimed:
    """Give a tip as nobody: no token is looked at. The claim code is shown this once; the same key, the same code."""
    # No stored answer: it would be kept under a person's number.
    return tips.give_anonymously(request_key=request_key(), **_given(order))


@anonymous_bp.post("/claim")
@refuses(TipUnknown)
@anonymous_bp.arguments(schemas.ClaimTip)
@anonymous_bp.response(200, schemas.FollowedTipView)
def claim_tip(order: dict[str, Any]) -> FollowedTip:
    """What has become of the tip the claim code opens. Not in the address, where it would be logged."""
    return tips.followed(tips.claimed(**order))


@anonymous_bp.post("/claim/answer")
@refuses(TipUnknown, NothingAsked)
@anonymous_bp.arguments(schemas.AnswerClaimedTip)
@anonymous_bp.response(200, schemas.TipView)
def answer_claimed_tip(order: dict[str, Any]) -> LabourTip:
    """Answer what the committee asks, by the claim code."""
    return tips.answer_claimed(**order)
