"""Who may do what here: the table of doors with the people who hold the roles."""

from typing import Any

from flask import current_app
from flask_smorest import Blueprint

from blueprints import policy_table
from blueprints.auth import current_actor
from blueprints.policy_table import PolicyTable
from blueprints.refusals import refuses
from schemas.staff_accounts import PolicyView, ShowPolicy
from service.identity import holders
from service.organisations.errors import NodeUnknown

bp = Blueprint("staff_roles", __name__, url_prefix="/staff/policy", description="权限一览")


@bp.get("")
@bp.arguments(ShowPolicy, location="query")
@bp.response(200, PolicyView)
@refuses(NodeUnknown)
def show_policy(query: dict[str, Any]) -> PolicyTable:
    """Who may do what at a union: by role what is seen and done, and everybody whose role reaches it."""
    return policy_table.table(current_app, holders.at(current_actor(), query["node_id"]))
