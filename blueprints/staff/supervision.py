"""The committee's side of labour-law supervision: tips by clock, checks on site, letters, outcomes."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas import supervision as schemas
from service.core.lifecycle import WrongState
from service.core.pages import Page
from service.identity.models import Person
from service.legal_aid.errors import Stale
from service.legal_aid.supervision import handling, letters, site_checks
from service.legal_aid.supervision.enums import TipEvent
from service.legal_aid.supervision.errors import CheckersTooFew, LetterUnknown, RepliedAlready, TipUnknown
from service.legal_aid.supervision.handling import OpenedTip, SoughtTips, TipLine
from service.legal_aid.supervision.letters import Letter
from service.legal_aid.supervision.models import LabourLetter, LabourTip

bp = Blueprint("staff_supervision", __name__, url_prefix="/staff/labour-tips", description="劳动法律监督委员会")
CHANGED = (TipUnknown, Stale, WrongState)
ONE = "/<uuid:tip_id>"


@bp.get("")
@bp.arguments(schemas.ListTips, location="query")
@bp.response(200, schemas.TipsPage)
def list_tips(query: dict[str, Any]) -> Page[TipLine]:
    """Tips in sight, what is due first in front: no words."""
    page, per_page = query.pop("page"), query.pop("per_page")
    return handling.listed(current_actor(), SoughtTips(**query), page=page, per_page=per_page)


@bp.get(ONE)
@refuses(TipUnknown)
@bp.response(200, schemas.OpenedTipView)
def get_tip(tip_id: UUID) -> OpenedTip:
    """Open a tip; that is written down."""
    return handling.opened(current_actor(), tip_id)


@bp.post(f"{ONE}/check")
@refuses(*CHANGED)
@bp.arguments(schemas.TipVersion)
@bp.response(200, schemas.TipView)
@keyed(schemas.TipView)
def check_tip(order: dict[str, Any], tip_id: UUID) -> LabourTip:
    """Begin to check a tip."""
    return handling.begin(actor=current_actor(), tip_id=tip_id, **order)


@bp.post(f"{ONE}/ask")
@refuses(TipUnknown, WrongState)
@bp.arguments(schemas.AskTipper)
@bp.response(200, schemas.TipView)
@keyed(schemas.TipView)
def ask_tipper(order: dict[str, Any], tip_id: UUID) -> LabourTip:
    """Ask who gave the tip something; an anonymous one reads it by the claim code."""
    return handling.ask(actor=current_actor(), tip_id=tip_id, **order)


@bp.get(f"{ONE}/checkers")
@refuses(TipUnknown)
@bp.response(200, schemas.CheckersView)
def list_checkers(tip_id: UUID) -> dict[str, list[Person]]:
    """Who may check a tip on site: the supervisors over it who have nothing to do with it."""
    return {"items": site_checks.may_check(current_actor(), tip_id)}


@bp.post(f"{ONE}/site-checks")
@refuses(TipUnknown, WrongState, CheckersTooFew)
@bp.arguments(schemas.RecordSiteCheck)
@bp.response(201, schemas.TipView)
@keyed(schemas.TipView, 201)
def record_site_check(order: dict[str, Any], tip_id: UUID) -> LabourTip:
    """Write a check on site down: two supervisors at least."""
    return site_checks.record(actor=current_actor(), tip_id=tip_id, **order)


@bp.post(f"{ONE}/letters")
@refuses(*CHANGED)
@bp.arguments(schemas.IssueLetter)
@bp.response(201, schemas.LetterView)
@keyed(schemas.LetterView, 201)
def issue_letter(order: dict[str, Any], tip_id: UUID) -> LabourLetter:
    """Issue 提示函, 意见书 or 建议书; its reply clock begins."""
    version, kind = order.pop("version"), order.pop("kind")
    return letters.issue(
        actor=current_actor(), tip_id=tip_id, version=version, kind=kind, letter=Letter(**order)
    )  # fmt: skip


@bp.post("/letters/<uuid:letter_id>/reply")
@refuses(LetterUnknown, RepliedAlready)
@bp.arguments(schemas.EnterReply)
@bp.response(200, schemas.LetterView)
@keyed(schemas.LetterView)
def enter_letter_reply(order: dict[str, Any], letter_id: UUID) -> LabourLetter:
    """Enter the reply to a letter."""
    return letters.reply(actor=current_actor(), letter_id=letter_id, **order)


@bp.post(f"{ONE}/close")
@refuses(*CHANGED)
@bp.arguments(schemas.CloseTip)
@bp.response(200, schemas.TipView)
@keyed(schemas.TipView)
def close_tip(order: dict[str, Any], tip_id: UUID) -> LabourTip:
    """Close a tip with its outcome."""
    return handling.close(actor=current_actor(), tip_id=tip_id, **order)


@bp.post(f"{ONE}/dismiss")
@refuses(*CHANGED)
@bp.arguments(schemas.EndTip)
@bp.response(200, schemas.TipView)
@keyed(schemas.TipView)
def dismiss_tip(order: dict[str, Any], tip_id: UUID) -> LabourTip:
    """Find a tip unfounded, and say why."""
    return handling.end(actor=current_actor(), tip_id=tip_id, event=TipEvent.DISMISS, **order)


@bp.post(f"{ONE}/hand-over")
@refuses(*CHANGED)
@bp.arguments(schemas.EndTip)
@bp.response(200, schemas.TipView)
@keyed(schemas.TipView)
def hand_over_tip(order: dict[str, Any], tip_id: UUID) -> LabourTip:
    """Hand a tip over to whoever is in charge of it."""
    return handling.end(actor=current_actor(), tip_id=tip_id, event=TipEvent.HAND_OVER, **order)
