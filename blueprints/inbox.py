"""The inbox of the person who asks."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.inbox import InboxPage, InboxQuery, MessageView, ReadAllView
from service.messaging import inbox
from service.messaging.errors import MessageUnknown
from service.messaging.inbox import Inbox
from service.messaging.models import InboxMessage

bp = Blueprint("inbox", __name__, url_prefix="/me/inbox", description="消息")


@bp.get("")
@bp.arguments(InboxQuery, location="query")
@bp.response(200, InboxPage)
def list_messages(query: dict[str, Any]) -> Inbox:
    """My messages, newest first, with the number unread."""
    return inbox.inbox(current_actor(), **query)


@bp.post("/<int:message_id>/read")
@refuses(MessageUnknown)
@bp.response(200, MessageView)
@keyed(MessageView)
def read_message(message_id: int) -> InboxMessage:
    """Mark a message as read."""
    return inbox.read(current_actor(), message_id)


@bp.post("/read-all")
@bp.response(200, ReadAllView)
@keyed(ReadAllView)
def read_all_messages() -> dict[str, int]:
    """Mark all my messages as read."""
    return {"marked": inbox.read_all(current_actor())}
