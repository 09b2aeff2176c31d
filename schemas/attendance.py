"""Orders and views of attendance: codes, check-ins, rosters, marks, sheets, completions, consents."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.fields import Choice, Flag, Instant, Number, Order, Text, View, page_view
from service.training.enums import LessonMode, MarkSource, MarkState

CODE = r"[0-9A-Za-z_.\-]+\Z"
DIGITS = r"[0-9]{6}\Z"
MOST_ITEMS = 500
EXAMPLE_CODE = "7.59460000.mFZt0Wn3xQk2bA"


class Real(fields.Float):
    """A number within bounds; NaN and infinity are none."""

    default_error_messages = {"required": "必填", "null": "不能为空", "invalid": "须为数字", "special": "须为数字"}

    def __init__(self, least: float, most: float, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(least, most, error=f"须在{least}到{most}之间"), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class PlaceOrder(Order):
    """A position on the earth, in degrees (WGS 84)."""

    lat = Real(-90, 90, required=True, metadata={"example": 22.7873})
    lng = Real(-180, 180, required=True, metadata={"example": 100.9772})


class PositionOrder(PlaceOrder):
    """Where a phone says it is; `accuracy` in metres."""

    accuracy = Real(0, 100_000, load_default=0.0, metadata={"example": 30})


class CheckIn(Order):
    """A scanned code, or the six digits typed. The place counts only with the person's separate consent."""

    code = Text(64, pattern=CODE, metadata={"example": EXAMPLE_CODE})
    digits = Text(6, least=6, pattern=DIGITS, metadata={"description": "instead of the code"})
    device = Text(
        128, load_default=None, metadata={"description": "an id the phone chose for itself; only its digest is kept"}
    )
    place = fields.Nested(PositionOrder, load_default=None)

    @validates_schema
    def _one_code(self, data: dict[str, Any], **_: Any) -> None:
        if ("code" in data) == ("digits" in data):
            raise ValidationError("扫码和输码须有且只有一样", "code")


class CheckInView(View):
    """How the check-in counts. The same for the same worker and lesson, however often it is sent."""

    lesson_id = fields.Integer()
    class_id = fields.Integer()
    class_title = fields.String()
    lesson_title = fields.String()
    state = Choice(MarkState)
    arrived_at = fields.AwareDateTime(format="iso")
    recorded_at = fields.AwareDateTime(format="iso")
    place = fields.String(metadata={"description": "not_given, used, or not_used: never without consent"})
    detail = fields.String(metadata={"example": "签到成功"})


class CodeView(View):
    """The rotating code: `code` is the QR's content, `digits` the typed form; the next follows at `expires_at`."""

    code = fields.String(metadata={"example": EXAMPLE_CODE})
    digits = fields.String(metadata={"example": "048213"})
    expires_at = fields.AwareDateTime(format="iso")
    step_seconds = fields.Integer(metadata={"example": 30})


class CodeKeyView(View):
    """A lesson's own key for a room without signal. With it as K (base64url) and s = unix seconds // step_seconds:

    code = `lesson_id.s.` + base64url of the first 10 bytes of HMAC-SHA256(K, "scan|s"); digits = the first 8 bytes of
    HMAC-SHA256(K, "digits|s") as a big-endian number, modulo 1,000,000.
    """

    lesson_id = fields.Integer()
    key = fields.String()
    step_seconds = fields.Integer()
    opens_at = fields.AwareDateTime(format="iso")
    ends_at = fields.AwareDateTime(format="iso")


class LessonPlaceView(View):
    """Where a lesson is held."""

    lat = fields.Float(attribute="latitude")
    lng = fields.Float(attribute="longitude")
    set_at = fields.AwareDateTime(format="iso")


class MarkItem(Order):
    """One record at its own time: `state` by hand, `left_at` for a leaving, `code` or `digits` for a kept scan."""

    worker_id = Number(1, required=True, metadata={"example": 17})
    client_id = Text(64, required=True, pattern=r"[0-9A-Za-z_.:\-]+\Z", metadata={"example": "0192f0c1-5b1e-7c3a"})
    at = Instant(required=True, metadata={"description": "when it was recorded on the device"})
    state = Choice(MarkState)
    left_at = Instant()
    code = Text(64, pattern=CODE)
    digits = Text(6, least=6, pattern=DIGITS)

    @validates_schema
    def _one_record(self, data: dict[str, Any], **_: Any) -> None:
        given = [name for name in ("state", "left_at", "code", "digits") if name in data]
        if len(given) != 1:
            raise ValidationError("考勤、离开时间、扫码、输码须有且只有一样", "state")


class RecordMarks(Order):
    """The trainer's records of a lesson, in any order; safe to repeat."""

    marks = fields.List(
        fields.Nested(MarkItem),
        required=True,
        validate=validate.Length(1, MOST_ITEMS, error=f"须为1至{MOST_ITEMS}条"),
        error_messages={"required": "必填", "null": "不能为空", "invalid": "须为列表"},
    )


class ItemView(View):
    """What became of one record; `state` is the one in force. `code` says why it was refused or did not prevail."""

    client_id = fields.String()
    worker_id = fields.Integer()
    result = fields.String(validate=validate.OneOf(["applied", "unchanged", "refused"]))
    state = fields.String(allow_none=True)
    code = fields.String()
    detail = fields.String()
    next_step = fields.String(allow_none=True)


class RecordedView(View):
    """The answers, in the batch's order."""

    items = fields.List(fields.Nested(ItemView))
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    sealed_at = fields.AwareDateTime(format="iso", allow_none=True)


class ConfirmMarks(Order):
    """Whom the trainer has looked at."""

    worker_ids = fields.List(
        Number(1),
        required=True,
        validate=validate.Length(1, MOST_ITEMS, error=f"须为1至{MOST_ITEMS}人"),
        error_messages={"required": "必填", "null": "不能为空", "invalid": "须为列表"},
    )


class ConfirmedView(View):
    """Whose check-ins are confirmed now: of those asked for, the ones that have a mark."""

    worker_ids = fields.List(fields.Integer())


class SealedView(View):
    """A sealed sheet."""

    lesson_id = fields.Integer()
    sealed_at = fields.AwareDateTime(format="iso")
    sealed_by = fields.Integer()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata={"description": "people by state"})
    unconfirmed = fields.Integer(metadata={"description": "doubtful check-ins nobody confirmed"})


class CorrectMark(Order):
    """Staff set a mark, and say why."""

    state = Choice(MarkState, required=True)
    reason = Text(200, required=True, metadata={"example": "老师漏记，已核对签到表"})


class MarkView(View):
    """A mark as it stands."""

    worker_id = fields.Integer(attribute="person_id")
    lesson_id = fields.Integer()
    state = Choice(MarkState)
    source = Choice(MarkSource)
    at = fields.AwareDateTime(format="iso")
    arrived_at = fields.AwareDateTime(format="iso", allow_none=True)
    left_at = fields.AwareDateTime(format="iso", allow_none=True)
    recorded_at = fields.AwareDateTime(format="iso")
    recorded_by = fields.Integer(allow_none=True)
    version = fields.Integer()


class CorrectionLine(View):
    """One change: who, when, from what, to what, why."""

    before = Choice(MarkState, allow_none=True)
    after = Choice(MarkState)
    corrected_by = fields.Integer()
    corrected_at = fields.AwareDateTime(format="iso")
    reason = fields.String(allow_none=True)


class MarkHistoryView(View):
    """A mark with every correction, oldest first."""

    mark = fields.Nested(MarkView)
    corrections = fields.List(fields.Nested(CorrectionLine))


class SignalView(View):
    """One thing that speaks against a check-in: a hint, never a refusal."""

    signal = fields.String(metadata={"example": "shared_device"})
    value = fields.Float()
    detail = fields.String()


class LessonRosterLine(View):
    """One person on a lesson's sheet; the phone is masked."""

    worker_id = fields.Integer()
    name = fields.String()
    phone = fields.String(allow_none=True)
    is_booked = fields.Boolean()
    state = Choice(MarkState, allow_none=True)
    source = Choice(MarkSource, allow_none=True)
    at = fields.AwareDateTime(format="iso", allow_none=True)
    arrived_at = fields.AwareDateTime(format="iso", allow_none=True)
    left_at = fields.AwareDateTime(format="iso", allow_none=True)
    confidence = fields.Integer(allow_none=True, metadata={"description": "0 to 100"})
    is_doubtful = fields.Boolean(metadata={"description": "the trainer should have a look"})
    is_confirmed = fields.Boolean()
    signals = fields.List(fields.Nested(SignalView))
    version = fields.Integer()


class LessonSheetLine(View):
    """The lesson a sheet is of."""

    id = fields.Integer()
    class_id = fields.Integer()
    class_title = fields.String(attribute="training_class.title")
    title = fields.String()
    starts_at = fields.AwareDateTime(format="iso")
    ends_at = fields.AwareDateTime(format="iso")
    room = fields.String()
    mode = Choice(LessonMode)
    hours = fields.Integer()
    sealed_at = fields.AwareDateTime(format="iso", allow_none=True)


class RosterView(View):
    """A lesson with everybody on its sheet."""

    lesson = fields.Nested(LessonSheetLine)
    lines = fields.List(fields.Nested(LessonRosterLine))


class LessonAttendedLine(View):
    """One lesson of the caller's; `state` is null where nothing is recorded yet."""

    lesson_id = fields.Integer()
    title = fields.String()
    starts_at = fields.AwareDateTime(format="iso")
    ends_at = fields.AwareDateTime(format="iso")
    mode = Choice(LessonMode)
    hours = fields.Integer()
    state = Choice(MarkState, allow_none=True)
    arrived_at = fields.AwareDateTime(format="iso", allow_none=True)


class HoursView(View):
    """Hours (课时) planned and attended so far, and attended by mode."""

    planned = fields.Integer()
    attended = fields.Integer()
    by_mode = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata={"example": {"on_site": 8}})


class CompletionView(View):
    """What came of a class once it is over."""

    is_completed = fields.Boolean()
    hours_planned = fields.Integer()
    hours_attended = fields.Integer()
    computed_at = fields.AwareDateTime(format="iso")


class MyTrainingLine(View):
    """One class of the caller's."""

    class_id = fields.Integer(attribute="training_class.id")
    title = fields.String(attribute="training_class.title")
    course_id = fields.Integer(attribute="training_class.course_id")
    course_title = fields.String(attribute="training_class.course.title")
    completion_percent = fields.Integer(attribute="training_class.completion_percent")
    lessons = fields.List(fields.Nested(LessonAttendedLine))
    hours = fields.Nested(HoursView)
    completion = fields.Nested(CompletionView, allow_none=True)


MyTrainingPage = page_view(MyTrainingLine)


class DecideConsent(Order):
    """Give or withdraw a consent."""

    is_given = Flag(required=True)


class ConsentView(View):
    """A use of sensitive data, why it is asked for, and whether the caller consented."""

    purpose = fields.String(metadata={"example": "attendance_place"})
    title = fields.String()
    explanation = fields.String()
    is_given = fields.Boolean()
    given_at = fields.AwareDateTime(format="iso", allow_none=True)


class ConsentsView(View):
    """Every purpose there is."""

    items = fields.List(fields.Nested(ConsentView))
