"""Orders and views of a worker's own cases."""

from marshmallow import fields, validate

from schemas.fields import Choice, Day, Flag, Number, Order, QueryNumber, Text, View
from schemas.imports import UploadedFile
from schemas.legal_aid import ANSWERED
from service.legal_aid.enums import (
    AidRoute,
    CaseSource,
    CaseState,
    DecisionKind,
    FileKind,
    FileState,
    HandOverTo,
    HearingKind,
    Matter,
    MeansBasis,
    Outcome,
    Paper,
    Step,
    Turn,
)
from service.organisations.enums import WorkerCategory

LONG, SHORT = 5000, 100
CHECKING = {"description": "come whole, not looked at yet"}


class BeginCase(Order):
    """What it is about, in which county, and what the triage was told, where it was asked."""

    matter = Choice(Matter, required=True)
    county_code = Text(6, pattern=r"[0-9]{6}\Z", load_default=None, allow_none=True, metadata={"example": "530802"})
    answers = fields.Dict(
        keys=Text(40), values=fields.String(validate=validate.Length(0, 40)), load_default=dict,
        metadata={"description": ANSWERED, "example": {"matter": "wages"}},
    )  # fmt: skip


class SaveMatter(Order):
    """What happened, and what is wanted."""

    version = Number(1, required=True)
    matter = Choice(Matter, load_default=None, allow_none=True)
    reason = Text(LONG, load_default=None, allow_none=True, metadata={"example": "干了三个月活，一分钱没给"})
    claims = Text(1000, load_default=None, allow_none=True, metadata={"example": "要回三个月工资"})
    step = Choice(Step, load_default=None, allow_none=True)
    position = Text(SHORT, load_default=None, allow_none=True, metadata={"example": "申请人"})
    help_wanted = fields.List(Text(40), validate=validate.Length(0, 10), load_default=None, allow_none=True)
    limitation_clock = Text(40, load_default=None, allow_none=True, metadata={"example": "arbitration_wages"})
    limitation_on = Day(load_default=None, allow_none=True)


class SavePerson(Order):
    """Who asks, and when it is safe to call."""

    version = Number(1, required=True)
    name = Text(50, load_default=None, allow_none=True)
    sex = Text(2, load_default=None, allow_none=True, metadata={"example": "男"})
    born_on = Day(load_default=None, allow_none=True)
    ethnicity = Text(20, load_default=None, allow_none=True, metadata={"example": "哈尼族"})
    id_number = Text(18, load_default=None, allow_none=True)
    phone = Text(20, load_default=None, allow_none=True)
    household = Text(SHORT, load_default=None, allow_none=True)
    address = Text(SHORT, load_default=None, allow_none=True)
    postcode = Text(6, load_default=None, allow_none=True)
    education = Text(20, load_default=None, allow_none=True)
    health = Text(200, load_default=None, allow_none=True)
    group_kind = Text(20, load_default=None, allow_none=True)
    has_applied_before = Flag(load_default=None, allow_none=True)
    worker_category = Choice(WorkerCategory, load_default=None, allow_none=True)
    safe_to_call = Flag(load_default=None, allow_none=True)
    call_note = Text(SHORT, load_default=None, allow_none=True, metadata={"example": "晚上八点以后"})


class SaveEmployer(Order):
    """The employer."""

    version = Number(1, required=True)
    employer_name = Text(SHORT, load_default=None, allow_none=True)
    employer_code = Text(18, load_default=None, allow_none=True)
    employer_address = Text(SHORT, load_default=None, allow_none=True)
    employer_phone = Text(20, load_default=None, allow_none=True)
    occupation = Text(50, load_default=None, allow_none=True)
    started_on = Day(load_default=None, allow_none=True)
    ended_on = Day(load_default=None, allow_none=True)


class SaveMeans(Order):
    """Hardship: said, shown by a paper, or pledged."""

    version = Number(1, required=True)
    hardship = Text(20, load_default=None, allow_none=True, metadata={"example": "low_income"})
    income = Text(200, load_default=None, allow_none=True)
    household_people = Number(1, 50, load_default=None, allow_none=True)
    property = Text(200, load_default=None, allow_none=True)
    is_pledged = Flag(load_default=None, allow_none=True)


class Representative(Order):
    """One chosen to speak for a group."""

    name = Text(50, required=True)
    phone = Text(20, required=True)
    id_number = Text(18, load_default=None, allow_none=True)


class SavePeople(Order):
    """How many, and who speaks for them."""

    version = Number(1, required=True)
    people_count = Number(1, 9999, load_default=None, allow_none=True)
    representatives = fields.List(
        fields.Nested(Representative), validate=validate.Length(0, 5), load_default=None, allow_none=True
    )


class SubmitCase(Order):
    """The version that was read."""

    version = Number(1, required=True)


class AnnounceFile(Order):
    """A file that is about to come, in pieces of at most 512 KB."""

    kind = Choice(FileKind, required=True)
    paper = Choice(Paper, load_default=Paper.OTHER)
    name = Text(200, required=True, metadata={"example": "工资条.jpg"})
    size = Number(1, required=True, metadata={"description": "in bytes, at most 20 MB"})


class SendPiece(Order):
    """A piece of a file, and where in it it begins."""

    start = QueryNumber(0, required=True)
    piece = UploadedFile(required=True, metadata={"type": "string", "format": "binary"})


class AidFileView(View):
    """A file of a case. `received` says where to go on."""

    id = fields.UUID(attribute="file.id")
    kind = fields.Enum(FileKind, by_value=True, attribute="file.kind")
    paper = fields.Enum(Paper, by_value=True, attribute="file.paper")
    name = fields.String(metadata={"example": "工资条.jpg"})
    media_type = fields.String(allow_none=True, attribute="file.media_type", metadata={"example": "image/jpeg"})
    size = fields.Integer(attribute="file.size")
    received = fields.Integer(attribute="file.received")
    state = fields.Enum(FileState, by_value=True, attribute="file.state")
    is_checking = fields.Boolean(attribute="file.is_checking", metadata=CHECKING)
    created_at = fields.AwareDateTime(format="iso", attribute="file.created_at")


class FileProgressView(View):
    """How far a file has come."""

    id = fields.UUID()
    size = fields.Integer()
    received = fields.Integer()
    state = fields.Enum(FileState, by_value=True)
    is_checking = fields.Boolean(metadata=CHECKING)


class StepView(View):
    """A step of the timeline in plain words; `by` is worker, office or clock."""

    at = fields.AwareDateTime(format="iso")
    kind = fields.String(metadata={"example": "submit"})
    text = fields.String(metadata={"example": "您的申请已收到"})
    by = fields.String(metadata={"example": "office"})


class DecisionView(View):
    """A decision with its articles and reasons, and who hears an objection."""

    kind = fields.Enum(DecisionKind, by_value=True)
    articles = fields.List(fields.String())
    reason = fields.String()
    objection_body = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(format="iso")


class NoticeView(View):
    """The one notice of everything missing."""

    papers = fields.List(fields.String())
    note = fields.String()
    due_on = fields.Date()
    told_at = fields.AwareDateTime(format="iso")
    answered_at = fields.AwareDateTime(format="iso", allow_none=True)


class ObjectionView(View):
    """An objection and its outcome."""

    id = fields.UUID()
    body = fields.String()
    filed_at = fields.AwareDateTime(format="iso")
    due_on = fields.Date()
    outcome = fields.Enum(DecisionKind, by_value=True, allow_none=True)
    decided_at = fields.AwareDateTime(format="iso", allow_none=True)


class CaseHearingView(View):
    """A mediation or hearing, and where."""

    kind = fields.Enum(HearingKind, by_value=True)
    at = fields.AwareDateTime(format="iso")
    place = fields.String(metadata={"example": "思茅区劳动仲裁院第一庭"})


class CaseHandOverView(View):
    """To whom the matter was handed, with which files."""

    to = fields.Enum(HandOverTo, by_value=True)
    files = fields.List(fields.String())
    note = fields.String()
    sent_at = fields.AwareDateTime(format="iso")


class CaseResultView(View):
    """How it came out, and what was recovered, in fen."""

    outcome = fields.Enum(Outcome, by_value=True)
    amount_fen = fields.Integer()
    note = fields.String()
    closed_at = fields.AwareDateTime(format="iso")


class AidCaseLine(View):
    """A case in one's own list. `due_on`: until when whose turn it is has to act."""

    id = fields.UUID()
    number = fields.String(allow_none=True, metadata={"example": "530802-2026-0001"})
    state = fields.Enum(CaseState, by_value=True)
    matter = fields.Enum(Matter, by_value=True)
    route = fields.Enum(AidRoute, by_value=True)
    source = fields.Enum(CaseSource, by_value=True)
    turn = fields.Enum(Turn, by_value=True)
    turn_since = fields.AwareDateTime(format="iso")
    due_on = fields.Date(allow_none=True)
    plain_due_on = fields.Date(allow_none=True, metadata={"description": "had nothing been missing"})
    limitation_on = fields.Date(allow_none=True)
    is_urgent = fields.Boolean()
    people_count = fields.Integer()
    means_basis = fields.Enum(MeansBasis, by_value=True, allow_none=True)
    means_article = fields.String(allow_none=True)
    created_at = fields.AwareDateTime(format="iso")
    received_at = fields.AwareDateTime(format="iso", allow_none=True)
    ended_at = fields.AwareDateTime(format="iso", allow_none=True)
    version = fields.Integer()


class AidCasesView(View):
    """One's own cases, newest first."""

    items = fields.List(fields.Nested(AidCaseLine))


class AidCaseView(View):
    """A case with everything in it. `withheld` names fields whose consent was withdrawn."""

    case = fields.Nested(AidCaseLine)
    form = fields.Dict(keys=fields.String(), values=fields.Raw(), metadata={"example": {"reason": "干了活没给钱"}})
    files = fields.List(fields.Nested(AidFileView))
    steps = fields.List(fields.Nested(StepView))
    decisions = fields.List(fields.Nested(DecisionView))
    notice = fields.Nested(NoticeView, allow_none=True)
    objections = fields.List(fields.Nested(ObjectionView))
    hearings = fields.List(fields.Nested(CaseHearingView))
    hand_overs = fields.List(fields.Nested(CaseHandOverView))
    result = fields.Nested(CaseResultView, allow_none=True)
    handler_name = fields.String(allow_none=True)
    rights = fields.List(fields.String())
    days_left = fields.Integer(allow_none=True)
    withheld = fields.List(fields.String())
