"""Orders and views of labour-law supervision."""

from marshmallow import fields, validate

from schemas.fields import Choice, Day, Flag, Number, Order, Paging, QueryFlag, Text, View, page_view
from service.legal_aid.enums import Matter
from service.legal_aid.supervision.enums import LetterKind, TipOutcome, TipState, TipStep

CODE = {"example": "7K2M-0QXW-93DF-ABCD"}
EMPLOYER = {"example": "思茅某茶厂"}
WORDS = {"example": "加班不给加班费，工资拖了两个月"}


class GiveTip(Order):
    """A tip: about which employer, what happened, and where it belongs: a union, or a county."""

    matter = Choice(Matter, required=True)
    employer_name = Text(100, required=True, metadata=EMPLOYER)
    employer_address = Text(100, least=0, load_default="", metadata={"example": "思茅区工业园"})
    words = Text(5000, required=True, metadata=WORDS)
    node_id = Number(1, load_default=None, allow_none=True, metadata={"description": "the union whose committee"})
    county_code = Text(
        6, pattern=r"[0-9]{6}\Z", load_default=None, allow_none=True, metadata={"example": "530802"}
    )  # fmt: skip


class ClaimTip(Order):
    """The claim code."""

    claim_code = Text(40, required=True, metadata=CODE)


class AnswerTip(Order):
    """What the tipper answers."""

    words = Text(5000, required=True, metadata=WORDS)


class AnswerClaimedTip(ClaimTip):
    """What the tipper answers, by the claim code."""

    words = Text(5000, required=True, metadata=WORDS)


class ClaimedView(View):
    """An anonymous tip that was taken in. The code is shown this once, and kept nowhere."""

    number = fields.String(metadata={"example": "XS530802-2026-0001"})
    claim_code = fields.String(metadata=CODE)


class TipView(View):
    """A tip without a word of it. `due_on`: until when a letter is replied to."""

    id = fields.UUID()
    number = fields.String(metadata={"example": "XS530802-2026-0001"})
    matter = fields.Enum(Matter, by_value=True)
    state = fields.Enum(TipState, by_value=True)
    is_anonymous = fields.Boolean()
    received_at = fields.AwareDateTime(format="iso")
    due_on = fields.Date(allow_none=True)
    outcome = fields.Enum(TipOutcome, by_value=True, allow_none=True)
    ended_at = fields.AwareDateTime(format="iso", allow_none=True)
    version = fields.Integer()


class TipsView(View):
    """One's own tips, newest first."""

    items = fields.List(fields.Nested(TipView))


class TipStepView(View):
    """A step in plain words, and what was written at it."""

    at = fields.AwareDateTime(format="iso")
    step = fields.Enum(TipStep, by_value=True)
    text = fields.String(metadata={"example": "开始核查"})
    words = fields.String()


class FollowedTipView(View):
    """A tip as who gave it follows it; what was told is not in it."""

    tip = fields.Nested(TipView)
    committee = fields.String(metadata={"example": "思茅区总工会"})
    steps = fields.List(fields.Nested(TipStepView))
    can_answer = fields.Boolean()


class ListTips(Paging):
    """Which tips; never by words."""

    state = Choice(TipState, load_default=None)
    matter = Choice(Matter, load_default=None)
    pressing = fields.String(
        load_default=None,
        validate=validate.OneOf(("overdue", "soon"), error="须为其中之一：overdue、soon"),
        metadata={"description": "overdue, or soon (three days or fewer)"},
    )
    is_open = QueryFlag(load_default=False)


class TipLine(View):
    """A tip in the committee's list."""

    tip = fields.Nested(TipView)
    node_name = fields.String(metadata={"example": "思茅区总工会"})
    days_left = fields.Integer(allow_none=True)


class TipVersion(Order):
    """The version that was read."""

    version = Number(1, required=True)


class AskTipper(Order):
    """What the committee asks."""

    words = Text(2000, required=True, metadata={"example": "还有几个人被拖欠？"})


class RecordSiteCheck(Order):
    """A check on site by two supervisors at least, who showed their cards."""

    checked_on = Day(required=True)
    checker_ids = fields.List(Number(1), required=True, validate=validate.Length(1, 20, error="须为1至20人"))
    is_card_shown = Flag(required=True)
    found = Text(5000, required=True, metadata={"example": "查阅工资表，有12人未发工资"})


class CheckerView(View):
    """A supervisor who may check on site."""

    id = fields.Integer()
    name = fields.String(metadata={"example": "示例监督员"})


class CheckersView(View):
    """Who may check a tip on site, by name."""

    items = fields.List(fields.Nested(CheckerView))


class IssueLetter(TipVersion):
    """A letter: to whom, what was found, on which ground, what is asked for."""

    kind = Choice(LetterKind, required=True)
    addressee = Text(100, required=True, metadata=EMPLOYER)
    facts = Text(5000, required=True, metadata=WORDS)
    ground = Text(1000, required=True, metadata={"example": "工会法第二十三条"})
    demands = Text(5000, required=True, metadata={"example": "补发拖欠的工资"})


class EnterReply(Order):
    """The reply to a letter."""

    replied_on = Day(required=True)
    words = Text(5000, required=True, metadata={"example": "已补发"})


class LetterView(View):
    """A letter as it went out."""

    id = fields.UUID()
    kind = fields.Enum(LetterKind, by_value=True)
    number = fields.String(metadata={"example": "530802工会劳监提示函〔2026〕1号"})
    issued_on = fields.Date()
    due_on = fields.Date()
    replied_on = fields.Date(allow_none=True)


class LetterContentView(View):
    """What a letter says."""

    addressee = fields.String(metadata=EMPLOYER)
    facts = fields.String()
    ground = fields.String()
    demands = fields.String()


class LetterLineView(View):
    """A letter with its content and reply."""

    letter = fields.Nested(LetterView)
    content = fields.Nested(LetterContentView)
    reply = fields.String()
    days_left = fields.Integer(allow_none=True)


class SiteCheckView(View):
    """A check on site."""

    checked_on = fields.Date()
    checkers = fields.List(fields.String())
    found = fields.String()


class ToldView(View):
    """What was told."""

    employer_name = fields.String(metadata=EMPLOYER)
    employer_address = fields.String()
    words = fields.String(metadata=WORDS)


class OpenedTipView(View):
    """A tip with everything in it."""

    tip = fields.Nested(TipView)
    committee = fields.String(metadata={"example": "思茅区总工会"})
    told = fields.Nested(ToldView)
    steps = fields.List(fields.Nested(TipStepView))
    letters = fields.List(fields.Nested(LetterLineView))
    site_checks = fields.List(fields.Nested(SiteCheckView))


class CloseTip(TipVersion):
    """The outcome, and what who gave the tip shall read."""

    outcome = Choice(TipOutcome, required=True)
    words = Text(2000, required=True, metadata={"example": "单位已补发工资"})


class EndTip(TipVersion):
    """Why, or to whom it was handed: who gave the tip reads it."""

    words = Text(2000, required=True, metadata={"example": "已移交思茅区劳动监察大队"})


TipsPage = page_view(TipLine)
