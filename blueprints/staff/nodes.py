"""What a union demands of itself and everything below it."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.approvals import ChangeNodeSettings, NodeSettingsView
from service.organisations import settings
from service.organisations.errors import NodeUnknown
from service.organisations.settings import Settings

bp = Blueprint("staff_nodes", __name__, url_prefix="/staff/nodes", description="工会设置")


@bp.get("/<int:node_id>/settings")
@bp.response(200, NodeSettingsView)
@refuses(NodeUnknown)
def get_node_settings(node_id: int) -> Settings:
    """What a union has settled, and what holds there because of it or of one above."""
    return settings.settings(current_actor(), node_id)


@bp.put("/<int:node_id>/settings")
@bp.arguments(ChangeNodeSettings)
@bp.response(200, NodeSettingsView)
@keyed(NodeSettingsView)
@refuses(NodeUnknown)
def change_node_settings(order: dict[str, Any], node_id: int) -> Settings:
    """Settle whether a second person looks at what is published here and below."""
    return settings.change(current_actor(), node_id, **order)
