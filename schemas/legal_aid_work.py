"""Orders and views of work on a case: messages, hearings, hand-over, result, rating, complaints."""

from marshmallow import fields, validate

from schemas.fields import Choice, Instant, Number, Order, Text, View
from schemas.staff_legal_aid import Versioned
from service.legal_aid.enums import HandOverTo, HearingKind, Outcome


class WriteMessage(Order):
    """What is said."""

    words = Text(2000, required=True, metadata={"example": "工资条找到了"})


class AidMessageView(View):
    """A message."""

    id = fields.UUID()
    is_from_worker = fields.Boolean()
    words = fields.String()
    sent_at = fields.AwareDateTime(format="iso")
    read_at = fields.AwareDateTime(format="iso", allow_none=True)


class AidMessagesView(View):
    """The messages of a case, oldest first."""

    items = fields.List(fields.Nested(AidMessageView))


class SetHearing(Order):
    """A mediation or hearing."""

    kind = Choice(HearingKind, required=True)
    at = Instant(required=True)
    place = Text(200, required=True, metadata={"example": "思茅区劳动仲裁院第一庭"})


class HandOverCase(Order):
    """To whom the matter is handed, with which files."""

    to = Choice(HandOverTo, required=True)
    files = fields.List(fields.UUID(), load_default=list, validate=validate.Length(0, 60))
    note = Text(1000, least=0, load_default="")


class CloseAidCase(Versioned):
    """How it came out, and what was recovered, in fen."""

    outcome = Choice(Outcome, required=True)
    amount_fen = Number(0, 10**12, required=True)
    note = Text(2000, least=0, load_default="")


class RateService(Order):
    """One to five stars, and a word."""

    stars = Number(1, 5, required=True)
    words = Text(1000, least=0, load_default="")


class RatingView(View):
    """What the worker said of the service."""

    case_id = fields.UUID()
    stars = fields.Integer()
    rated_at = fields.AwareDateTime(format="iso")


class FileComplaint(Order):
    """What was wrong."""

    words = Text(2000, required=True, metadata={"example": "一个月没有人联系我"})


class AnswerComplaint(Order):
    """The answer."""

    words = Text(2000, required=True, metadata={"example": "已更换承办人"})


class ComplaintView(View):
    """A complaint with its answer, and until when there has to be one."""

    id = fields.UUID()
    words = fields.String()
    filed_at = fields.AwareDateTime(format="iso")
    due_on = fields.Date()
    answer = fields.String()
    answered_at = fields.AwareDateTime(format="iso", allow_none=True)


class ComplaintsView(View):
    """The complaints about a case."""

    items = fields.List(fields.Nested(ComplaintView))


class HandOverView(View):
    """That the matter was handed over."""

    id = fields.UUID()
    to = fields.Enum(HandOverTo, by_value=True)
    sent_at = fields.AwareDateTime(format="iso")


class HearingView(View):
    """A hearing that was entered."""

    id = fields.UUID()
    kind = fields.Enum(HearingKind, by_value=True)
    at = fields.AwareDateTime(format="iso")
