"""Orders and views of the office of legal aid."""

from marshmallow import fields, validate

from schemas.fields import Choice, Day, Flag, Number, Order, Paging, QueryFlag, QueryNumber, Text, View, page_view
from schemas.legal_aid_cases import (
    AidCaseLine,
    AidCaseView,
    SaveEmployer,
    SaveMatter,
    SaveMeans,
    SavePeople,
    SavePerson,
    StepView,
)
from service.core.enums import Unit
from service.legal_aid.enums import CaseSource, CaseState, EscalatedTo, Force, Matter, Paper, Turn

ARTICLE = {"example": ["法律援助法第三十一条"]}
COUNTED = "[一二三四五六七八九十百千零〇0-9]+"
CITATION = (
    "^《?[\u4e00-\u9fff（）]{0,30}(法|法典|条例|办法|规定|解释|通则|细则|决定|意见)(（[一二三四五六七八九十]+）)?》?"
    f"第{COUNTED}条(之{COUNTED})?(第{COUNTED}款)?(第{COUNTED}项)?$"
)
"""A law and its article, and nothing else: it is kept unsealed, so no words of the case may stand there."""
PRESSING = ("overdue", "soon", "red")


class ListAidCases(Paging):
    """Which cases: by state, number, date, handler, whose turn, how pressing. Never by words."""

    state = Choice(CaseState, load_default=None)
    turn = Choice(Turn, load_default=None)
    number = Text(32, load_default=None)
    handler_id = QueryNumber(1, load_default=None)
    received_from = Day(load_default=None)
    received_to = Day(load_default=None)
    pressing = fields.String(
        load_default=None,
        validate=validate.OneOf(PRESSING, error="须为其中之一：overdue、soon、red"),
        metadata={"description": "overdue, soon (three days or fewer), red (the worker's own claim)"},
    )
    is_open = QueryFlag(load_default=False)


class SearchCases(Order):
    """A worker's ID number or phone, or an employer's name, each whole: looked up by blind index."""

    page = Number(1, 100_000, load_default=1, metadata={"description": "from 1"})
    per_page = Number(1, 100, load_default=20, metadata={"description": "at most 100"})
    id_number = Text(18, load_default=None, allow_none=True, metadata={"example": "53080219900101000X"})
    phone = Text(20, load_default=None, allow_none=True)
    employer = Text(100, load_default=None, allow_none=True, metadata={"example": "思茅区某建筑公司"})


class EscalatedView(View):
    """How far up an overdue clock was told: `to` whom, at which union, `since` when."""

    to = fields.Enum(EscalatedTo, by_value=True)
    node_name = fields.String(metadata={"example": "普洱市总工会"})
    since = fields.AwareDateTime(format="iso")


class AidDeskLine(View):
    """A case in a list: no word of it, no name of its worker."""

    case = fields.Nested(AidCaseLine)
    node_name = fields.String(metadata={"example": "思茅区总工会"})
    handler_name = fields.String(allow_none=True)
    is_cover = fields.Boolean(metadata={"description": "the caller covers for the absent handler"})
    days_left = fields.Integer(allow_none=True)
    limitation_days_left = fields.Integer(allow_none=True)
    escalated = fields.Nested(EscalatedView, allow_none=True)
    may_open = fields.Boolean(metadata={"description": "false: listed only; ask the handler or the node's office"})


class DeskView(View):
    """The office at a glance."""

    overdue = fields.Integer()
    soon = fields.Integer()
    limitation_red = fields.Integer()
    by_turn = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata={"example": {"office": 3}})
    missing_years = fields.List(fields.Integer())


class Versioned(Order):
    """The version that was read."""

    version = Number(1, required=True)


class TellMissing(Versioned):
    """Everything that is missing: it is told once."""

    papers = fields.List(Choice(Paper), required=True, validate=validate.Length(1, 14, error="至少选一项"))
    note = Text(1000, least=0, load_default="")


class DecideAid(Versioned):
    """A decision with its articles and reason."""

    articles = fields.List(
        Text(60, pattern=CITATION, wanted="请写法律名和条款，例如：法律援助法第三十一条"),
        required=True,
        validate=validate.Length(1, 10, error="至少写一条"),
        metadata=ARTICLE,
    )
    reason = Text(2000, required=True, metadata={"example": "属于请求支付劳动报酬，符合条件"})


class GrantFirst(Versioned):
    """Why it is urgent, where no limitation lapses within seven days."""

    reason = Text(2000, least=0, load_default="")


class AnswerObjection(DecideAid):
    """Whether the refusal stands."""

    is_upheld = Flag(required=True)


class FileObjection(Order):
    """Why the worker objects."""

    words = Text(2000, required=True, metadata={"example": "我确实在那里上班"})


class AssignCase(Versioned):
    """To whom, and who supervises, where it is another than who assigns."""

    handler_id = Number(1, required=True)
    supervisor_id = Number(1, load_default=None, allow_none=True)


class MergeCase(Versioned):
    """The case that goes on."""

    into_id = fields.UUID(required=True, error_messages={"required": "必填", "invalid_uuid": "须为案件编号"})


class WholeForm(SaveMatter, SavePerson, SaveEmployer, SaveMeans, SavePeople):
    """Every field of the form, as staff write it down."""

    class Meta(Order.Meta):
        exclude = ("version", "matter")


class EnterCase(Order):
    """An application told by word of mouth, or on paper."""

    source = Choice(CaseSource, required=True, validate=validate.NoneOf([CaseSource.PHONE], error="须为口头或纸质"))
    node_id = Number(1, required=True)
    person_id = Number(1, load_default=None, allow_none=True)
    received_on = Day(required=True)
    matter = Choice(Matter, required=True)
    form = fields.Nested(WholeForm, required=True)


class CandidateView(View):
    """Somebody who might take the case; the heaviest first."""

    person_id = fields.Integer()
    name = fields.String(metadata={"example": "张三"})
    node_name = fields.String()
    in_hand = fields.Integer(metadata={"description": "cases in hand"})
    practised = fields.Integer(metadata={"description": "closed cases of this matter"})
    is_of_county = fields.Boolean()
    weight = fields.Integer()


class CandidatesView(View):
    """Who might take the case."""

    items = fields.List(fields.Nested(CandidateView))


class DuplicatesView(View):
    """Other cases of the same worker."""

    items = fields.List(fields.Nested(AidCaseLine))


class StaffStepView(StepView):
    """A step of the timeline, and which colleague took it."""

    by_name = fields.String(allow_none=True)


class RunningClockView(View):
    """What the date counts by; `force`: the law, or a local rule."""

    title = fields.String(metadata={"example": "决定是否给予援助"})
    starts = fields.String()
    length = fields.Integer()
    unit = fields.Enum(Unit, by_value=True)
    source = fields.String(metadata={"example": "法律援助法第四十三条"})
    force = fields.Enum(Force, by_value=True)


class HeldLockView(View):
    """Who writes on the case just now."""

    by_name = fields.String()
    until = fields.AwareDateTime(format="iso")
    is_mine = fields.Boolean()


class StandingView(View):
    """How a case stands, for the office."""

    node_id = fields.Integer()
    node_name = fields.String()
    supervisor_name = fields.String(allow_none=True)
    clock = fields.Nested(RunningClockView, allow_none=True)
    lock = fields.Nested(HeldLockView, allow_none=True)
    is_pressing = fields.Boolean(metadata={"description": "fewer than seven days of the worker's own claim are left"})


class StaffAidCaseView(AidCaseView):
    """A case opened by the office: with who did what, the clock that runs, and the lock."""

    steps = fields.List(fields.Nested(StaffStepView))
    standing = fields.Nested(StandingView)


class LockView(View):
    """The case lock."""

    id = fields.UUID()
    locked_until = fields.AwareDateTime(format="iso", allow_none=True)
    version = fields.Integer()


AidDeskPage = page_view(AidDeskLine)
