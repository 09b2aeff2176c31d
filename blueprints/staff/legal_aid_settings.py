"""What a union settles for its legal aid."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.legal_aid import AidSettingsView, ChangeAidSettings, SettleClock, SettleEscalation
from service.legal_aid import settings
from service.legal_aid.errors import ClockFixed
from service.legal_aid.settings import AidSettings
from service.organisations.errors import NodeUnknown

bp = Blueprint("staff_legal_aid_settings", __name__, url_prefix="/staff/nodes", description="法律援助设置")


@bp.get("/<int:node_id>/legal-aid")
@refuses(NodeUnknown)
@bp.response(200, AidSettingsView)
def get_aid_settings(node_id: int) -> AidSettings:
    """What holds at a union: its clocks, each of the law or its own, and who hears objections."""
    return settings.settings(current_actor(), node_id)


@bp.put("/<int:node_id>/legal-aid")
@refuses(NodeUnknown)
@bp.arguments(ChangeAidSettings)
@bp.response(200, AidSettingsView)
@keyed(AidSettingsView)
def change_aid_settings(order: dict[str, Any], node_id: int) -> AidSettings:
    """Settle what supplementing does to the clock, and who hears objections."""
    return settings.change(current_actor(), node_id, **order)


@bp.put("/<int:node_id>/legal-aid/escalation")
@refuses(NodeUnknown)
@bp.arguments(SettleEscalation)
@bp.response(200, AidSettingsView)
@keyed(AidSettingsView)
def settle_escalation(order: dict[str, Any], node_id: int) -> AidSettings:
    """Settle after how many days an overdue clock is told one step further up."""
    return settings.settle_escalation(current_actor(), node_id, order["days"])


@bp.put("/<int:node_id>/legal-aid/clocks/<string:clock>")
@refuses(NodeUnknown, ClockFixed)
@bp.arguments(SettleClock)
@bp.response(200, AidSettingsView)
@keyed(AidSettingsView)
def settle_clock(order: dict[str, Any], node_id: int, clock: str) -> AidSettings:
    """Settle one of the clocks that are not the law's, with the rule it rests on."""
    return settings.settle_clock(current_actor(), node_id, clock, **order)
