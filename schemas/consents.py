"""Orders and views of consents."""

from marshmallow import fields

from schemas.fields import Flag, Number, Order, View, page_view


class DecideConsent(Order):
    """Give or withdraw a consent."""

    is_given = Flag(required=True)
    version = Number(
        1, load_default=None, allow_none=True, metadata={"description": "of the words that were read; refused if old"}
    )


class ConsentView(View):
    """A use of personal data that needs a consent of its own, why it is asked for, and whether the caller consented."""

    purpose = fields.String(metadata={"example": "attendance_place"})
    title = fields.String()
    explanation = fields.String()
    kind = fields.String(metadata={"description": "the kind of sensitive data, or publication", "example": "health"})
    version = fields.Integer(metadata={"description": "of the words", "example": 1})
    is_given = fields.Boolean()
    given_at = fields.AwareDateTime(format="iso", allow_none=True)
    given_version = fields.Integer(allow_none=True)


class ConsentsView(View):
    """Every purpose there is."""

    items = fields.List(fields.Nested(ConsentView))


class ConsentDecisionLine(View):
    """One decision."""

    purpose = fields.String(metadata={"example": "attendance_place"})
    version = fields.Integer()
    is_given = fields.Boolean()
    decided_at = fields.AwareDateTime(format="iso")


ConsentDecisionsPage = page_view(ConsentDecisionLine)
