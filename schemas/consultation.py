"""Orders and views of consultation."""

from marshmallow import fields, validate

from schemas.fields import Choice, Order, Paging, Text, View, page_view
from service.legal_aid.consultation.enums import ConsultationState, WrittenBy
from service.legal_aid.enums import Matter

QUESTION = {"example": "老板欠了三个月工资，怎么办？"}
COUNTY = {"example": "530802"}


class AskLawyer(Order):
    """A question, and in which county."""

    matter = Choice(Matter, required=True)
    county_code = Text(6, pattern=r"[0-9]{6}\Z", load_default=None, allow_none=True, metadata=COUNTY)
    words = Text(2000, required=True, metadata=QUESTION)


class WriteInConsultation(Order):
    """What is written."""

    words = Text(5000, required=True, metadata=QUESTION)


class ConsultationView(View):
    """A consultation without a word of it. `due_on`: until when it is answered."""

    id = fields.UUID()
    matter = fields.Enum(Matter, by_value=True)
    state = fields.Enum(ConsultationState, by_value=True)
    asked_at = fields.AwareDateTime(format="iso")
    due_on = fields.Date(allow_none=True)
    answered_at = fields.AwareDateTime(format="iso", allow_none=True)


class ConsultationsView(View):
    """One's own, newest first."""

    items = fields.List(fields.Nested(ConsultationView))


class WrittenView(View):
    """Something written, by the worker or by a lawyer."""

    at = fields.AwareDateTime(format="iso")
    by = fields.Enum(WrittenBy, by_value=True)
    words = fields.String(metadata=QUESTION)


class OpenedConsultationView(View):
    """A consultation with everything written in it, oldest first."""

    consultation = fields.Nested(ConsultationView)
    entries = fields.List(fields.Nested(WrittenView))


class ListConsultations(Paging):
    """Which consultations; never by words."""

    state = Choice(ConsultationState, load_default=None)
    matter = Choice(Matter, load_default=None)
    pressing = fields.String(
        load_default=None,
        validate=validate.OneOf(("overdue", "soon"), error="须为其中之一：overdue、soon"),
        metadata={"description": "overdue, or soon (three days or fewer)"},
    )


class ConsultationLine(View):
    """A consultation in the lawyers' list: no word of it, no name of who asked."""

    consultation = fields.Nested(ConsultationView)
    node_name = fields.String(metadata={"example": "思茅区总工会"})
    lawyer_name = fields.String(allow_none=True)
    days_left = fields.Integer(allow_none=True)


class PublishAnswer(Order):
    """A second text for everybody, in which nobody is to be known again."""

    title = Text(100, required=True, metadata={"example": "老板拖欠工资怎么办"})
    question = Text(2000, required=True, metadata={"example": "某职工被拖欠工资，想知道怎么讨要。"})
    answer = Text(5000, required=True, metadata={"example": "先找单位谈，谈不成打12333投诉，或者申请劳动仲裁。"})


class SearchAnswers(Paging):
    """Words, or pinyin initials, and a matter."""

    q = Text(50, load_default=None, metadata={"example": "工资"})
    matter = Choice(Matter, load_default=None)


class PublishedAnswerLine(View):
    """A published answer."""

    id = fields.UUID()
    matter = fields.Enum(Matter, by_value=True)
    title = fields.String(metadata={"example": "老板拖欠工资怎么办"})
    question = fields.String()
    answer = fields.String()
    published_at = fields.AwareDateTime(format="iso")


class PublishedOfConsultationView(View):
    """What stands published on a consultation."""

    items = fields.List(fields.Nested(PublishedAnswerLine))


ConsultationsPage = page_view(ConsultationLine)
PublishedAnswersPage = page_view(PublishedAnswerLine)
