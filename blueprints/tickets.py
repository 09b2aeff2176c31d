"""Where printed codes lead."""

from flask_smorest import Blueprint

from blueprints.refusals import refuses
from schemas.approvals import TargetView
from service.booking import tickets
from service.booking.tickets import Target, TicketUnknown

bp = Blueprint("tickets", __name__, url_prefix="/tickets", description="扫码跳转")


@bp.get("/<scene>")
@bp.response(200, TargetView)
@refuses(TicketUnknown)
def resolve_ticket(scene: str) -> Target:
    """Where the scanned code with this scene leads."""
    return tickets.target(scene)
