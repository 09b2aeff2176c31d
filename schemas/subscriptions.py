"""Subscribe messages: when to ask for which templates."""

from marshmallow import fields, validate

from schemas.fields import Order, Text, View
from service.messaging.enums import Moment

EXAMPLE = "av7ia76ynRLrFpoIU3SEcr1XW2627iUB3NFrWHnf9PM"


class ReportSubscriptions(Order):
    """The templates for which wx.requestSubscribeMessage answered `accept`."""

    accepted = fields.List(
        Text(64), required=True, validate=validate.Length(0, 10, error="须为0至10项"), metadata={"example": [EXAMPLE]}
    )


class AskingView(View):
    """Ask for these at this moment, on a tap."""

    moment = fields.Enum(Moment, by_value=True)
    template_ids = fields.List(fields.String())


class CreditView(View):
    """How many messages the person may still get by a template; a long-term one is not used up."""

    template_id = fields.String()
    title = fields.String()
    is_long_term = fields.Boolean()
    left = fields.Integer()


class SubscriptionsView(View):
    """What the client needs to ask."""

    moments = fields.List(fields.Nested(AskingView))
    credits = fields.List(fields.Nested(CreditView))
