"""The outbox as administrators see it: what was given up, and trying it again."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from schemas.fields import page_view
from schemas.outbox import ListOutbox, OutboxLine, ResendOutbox, ResentView
from service.core.pages import Page
from service.messaging import dead_letters
from service.messaging.dead_letters import Letter

bp = Blueprint("staff_outbox", __name__, url_prefix="/staff/outbox", description="投递管理")


@bp.get("")
@bp.arguments(ListOutbox, location="query")
@bp.response(200, page_view(OutboxLine))
def list_outbox(query: dict[str, Any]) -> Page[Letter]:
    """Rows of the outbox in a state, without what they hold; the dead ones unless told."""
    return dead_letters.letters(current_actor(), **query)


@bp.post("/resend")
@bp.arguments(ResendOutbox)
@bp.response(200, ResentView)
@keyed(ResentView)
def resend_outbox(order: dict[str, Any]) -> dict[str, int]:
    """Try dead rows again: those named, or all of a kind."""
    return {"resent": dead_letters.resend(current_actor(), **order)}
