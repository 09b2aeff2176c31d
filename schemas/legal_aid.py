"""Orders and views of legal aid before a case: the triage, clocks, settings of a union's office."""

from marshmallow import fields, validate

from schemas.fields import Choice, Number, Order, Text, View
from schemas.identity import NodeBrief
from service.core.enums import Unit
from service.legal_aid.enums import Force, Interruption, Matter, Means, Paper, QuestionKind, Route, Supplement, Watched

ANSWERED = "question code -> choice code or date; an optional question is skipped with an empty answer"


class TriageChoiceView(View):
    """One answer to a question."""

    code = fields.String(metadata={"example": "wages"})
    text = fields.String(metadata={"example": "拖欠工资"})


class TriageQuestionView(View):
    """A question; it comes up where each earlier answer named in `asked_if` is one of those listed."""

    code = fields.String(metadata={"example": "matter"})
    text = fields.String(metadata={"example": "您遇到什么事？"})
    kind = fields.Enum(QuestionKind, by_value=True)
    choices = fields.List(fields.Nested(TriageChoiceView))
    asked_if = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    is_optional = fields.Boolean()
    hint = fields.String()


class TriageQuestionsView(View):
    """All questions, in the order in which they come up."""

    items = fields.List(fields.Nested(TriageQuestionView))


class AnswerTriage(Order):
    """The answers; they are not kept."""

    answers = fields.Dict(
        keys=Text(40),
        values=fields.String(validate=validate.Length(0, 40)),
        required=True,
        metadata={"description": ANSWERED, "example": {"matter": "wages"}},
    )


class ClockView(View):
    """A clock: what starts it, how long it is, on what it rests."""

    code = fields.String(metadata={"example": "arbitration"})
    title = fields.String(metadata={"example": "申请劳动仲裁"})
    starts = fields.String(metadata={"example": "知道或者应当知道权利被侵害"})
    length = fields.Integer()
    unit = fields.Enum(Unit, by_value=True)
    extension = fields.Integer(metadata={"description": "may be added in the same unit"})
    source = fields.String(metadata={"example": "劳动争议调解仲裁法第二十七条"})
    force = fields.Enum(Force, by_value=True, metadata={"description": "of the law, or of a place or union"})
    watched = fields.Enum(Watched, by_value=True, metadata={"description": "who has to act"})
    is_limitation = fields.Boolean()
    is_settable = fields.Boolean()
    moves = fields.Boolean(metadata={"description": "a last day off moves to the workday after it"})
    is_before = fields.Boolean(metadata={"description": "counted back from an event"})
    interrupted_by = fields.List(
        fields.Enum(Interruption, by_value=True), metadata={"description": "what starts it anew"}
    )
    suspended_by = fields.String(metadata={"description": "what makes it stand", "example": "不可抗力"})


class TermView(View):
    """A clock that runs. Red at seven days or fewer; `is_certain`: the holidays of all its years are known."""

    clock = fields.Nested(ClockView)
    starts_on = fields.Date()
    ends_on = fields.Date()
    days_left = fields.Integer()
    is_red = fields.Boolean()
    is_over = fields.Boolean()
    is_certain = fields.Boolean()


class RouteAdviceView(View):
    """A way."""

    route = fields.Enum(Route, by_value=True)
    title = fields.String(metadata={"example": "劳动仲裁"})
    text = fields.String()
    source = fields.String()


class MeansAdviceView(View):
    """Whether hardship has to be shown."""

    means = fields.Enum(Means, by_value=True)
    article = fields.String(metadata={"example": "法律援助法第四十二条第三项"})
    text = fields.String()


class PaperAdviceView(View):
    """A paper to bring."""

    paper = fields.Enum(Paper, by_value=True)
    text = fields.String(metadata={"example": "身份证"})


class ConclusionView(View):
    """What this is, which ways there are, what it takes, until when. `urgent`: why aid would be granted first."""

    matter = fields.Enum(Matter, by_value=True)
    title = fields.String(metadata={"example": "拖欠工资"})
    explanation = fields.String()
    routes = fields.List(fields.Nested(RouteAdviceView))
    means = fields.Nested(MeansAdviceView)
    papers = fields.List(fields.Nested(PaperAdviceView))
    terms = fields.List(fields.Nested(TermView))
    notes = fields.List(fields.String())
    urgent = fields.String(allow_none=True)


class ChangeAidSettings(Order):
    """What a union settles; null: as the union above has it."""

    supplement = Choice(Supplement, required=True, allow_none=True)
    union_body = Text(60, required=True, allow_none=True, metadata={"example": "普洱市总工会"})
    state_body = Text(60, required=True, allow_none=True, metadata={"example": "思茅区司法局"})


class SettleClock(Order):
    """A clock as a union settles it, with the rule it rests on."""

    length = Number(1, 366, required=True)
    unit = Choice(Unit, required=True)
    source = Text(100, required=True, metadata={"example": "区总工会法律援助工作规定第八条"})


class SettleEscalation(Order):
    """After how many days an overdue clock is told one step further up; null: as the union above has it."""

    days = Number(1, 60, required=True, allow_none=True)


class OwnSettingsView(View):
    """What a union has settled itself; null, or no clock: as the union above has it."""

    supplement = fields.Enum(Supplement, by_value=True, allow_none=True)
    escalation_days = fields.Integer(allow_none=True)
    union_body = fields.String(allow_none=True)
    state_body = fields.String(allow_none=True)
    clocks = fields.List(fields.String(metadata={"example": "hint_reply"}))


class WeightsView(View):
    """What counts in proposing a handler: off for each case in hand, on for practice and for the same county."""

    in_hand = fields.Integer(metadata={"description": "off for each case in hand"})
    practice = fields.Integer()
    most_practice = fields.Integer(metadata={"description": "so many closed cases count at most"})
    county = fields.Integer()


class AidSettingsView(View):
    """What holds at a union, and what of it is its own."""

    node = fields.Nested(NodeBrief)
    supplement = fields.Enum(Supplement, by_value=True)
    union_body = fields.String()
    state_body = fields.String()
    clocks = fields.List(fields.Nested(ClockView))
    escalation_days = fields.Integer(metadata={"description": "between two steps of an escalation"})
    escalation_source = fields.String(metadata={"example": "示例值，本级工会可改"})
    own = fields.Nested(OwnSettingsView)
    weights = fields.Nested(WeightsView)
