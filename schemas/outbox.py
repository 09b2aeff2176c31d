"""The outbox as administrators see it."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.fields import Choice, Number, Order, Paging, Text, View
from service.messaging.enums import OutboxState


class ListOutbox(Paging):
    """Which rows."""

    state = Choice(OutboxState, load_default=OutboxState.DEAD)
    kind = Text(40, load_default=None)


class ResendOutbox(Order):
    """Dead rows by id, or all of a kind."""

    ids = fields.List(Number(1), load_default=list, validate=validate.Length(0, 1000, error="须为0至1000项"))
    kind = Text(40, load_default=None, allow_none=True)

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data["ids"]) == bool(data["kind"]):
            raise ValidationError("ids 和 kind 须填其一", "ids")


class OutboxLine(View):
    """A row, without what it holds."""

    id = fields.Integer()
    kind = fields.String()
    key = fields.String()
    state = fields.Enum(OutboxState, by_value=True)
    attempts = fields.Integer()
    last_error = fields.String(allow_none=True, metadata={"description": "the name of what went wrong"})
    created_at = fields.AwareDateTime(format="iso")
    due_at = fields.AwareDateTime(format="iso")
    finished_at = fields.AwareDateTime(format="iso", allow_none=True)


class ResentView(View):
    """How many rows are tried again."""

    resent = fields.Integer()
