"""Orders and views of attendance as workers meet it: check-ins, one's own training."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.fields import Choice, Order, Text, View, page_view
from service.training.enums import LessonMode, MarkState

CODE = r"[0-9A-Za-z_.\-]+\Z"
DIGITS = r"[0-9]{6}\Z"
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
