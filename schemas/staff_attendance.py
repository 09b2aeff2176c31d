"""Orders and views of attendance as trainers and staff meet it: codes, rosters, marks, sheets."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.attendance import CODE, DIGITS, EXAMPLE_CODE
from schemas.fields import Choice, Flag, Instant, Number, Order, Text, View
from service.training.enums import LessonMode, MarkSource, MarkState

MOST_ITEMS = 500


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


class MarkItems(fields.List[dict[str, Any]]):
    """Records read one by one: one that cannot be read is refused by itself, and holds up no other."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        return [_read(each) for each in value]


def _read(given: Any) -> dict[str, Any]:
    """The record's fields; or `malformed`, {field: [message, ...]}, with what tells which record it is."""
    try:
        read: dict[str, Any] = MarkItem().load(given)
    except ValidationError as error:
        sound = error.valid_data if isinstance(error.valid_data, dict) else {}
        return {name: sound.get(name) for name in ("client_id", "worker_id")} | {"malformed": error.messages}
    return read


class RecordMarks(Order):
    """The trainer's records of a lesson, in any order; safe to repeat. A malformed one is refused by itself."""

    marks = MarkItems(
        fields.Nested(MarkItem),
        required=True,
        validate=validate.Length(1, MOST_ITEMS, error=f"须为1至{MOST_ITEMS}条"),
        error_messages={"required": "必填", "null": "不能为空", "invalid": "须为列表"},
    )


class ItemView(View):
    """What became of one record; `state` is the one in force. `code` says why it was refused or did not prevail."""

    client_id = fields.String(allow_none=True, metadata={"description": "null where it could not be read"})
    worker_id = fields.Integer(allow_none=True, metadata={"description": "null where it could not be read"})
    result = fields.String(validate=validate.OneOf(["applied", "unchanged", "refused"]))
    state = fields.String(allow_none=True)
    code = fields.String()
    detail = fields.String()
    details = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "of a malformed record: messages by field", "example": {"at": ["必填"]}},
    )
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


class SealSheet(Order):
    """Whether to seal although people without a mark could still come."""

    confirm = Flag(load_default=False, metadata={"description": "seal before the absent limit with people unmarked"})


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
