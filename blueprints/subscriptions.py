"""Asking a person to subscribe to WeChat messages."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from schemas.subscriptions import ReportSubscriptions, SubscriptionsView
from service.messaging import subscriptions
from service.messaging.subscriptions import Subscriptions

bp = Blueprint("subscriptions", __name__, url_prefix="/me/subscriptions", description="微信提醒")


@bp.get("")
@bp.response(200, SubscriptionsView)
def show_subscriptions() -> Subscriptions:
    """Which templates to ask me for at which moment, and what I have accepted."""
    return subscriptions.subscriptions(current_actor())


@bp.post("")
@bp.arguments(ReportSubscriptions)
@bp.response(200, SubscriptionsView)
@keyed(SubscriptionsView)
def report_subscriptions(order: dict[str, Any]) -> Subscriptions:
    """Say which templates I have just accepted."""
    return subscriptions.report(current_actor(), order["accepted"])
