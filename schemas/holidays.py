"""Orders and views of the holiday table."""

from marshmallow import fields, validate

from schemas.fields import Day, Flag, Order, Text, View


class SpecialDayOrder(Order):
    """A day off, or a weekend day that is worked instead."""

    day = Day(required=True, metadata={"example": "2027-02-06"})
    is_worked = Flag(required=True)
    name = Text(30, required=True, metadata={"example": "春节"})


class EnterHolidays(Order):
    """A year's notice: every day off and every weekend day that is worked, the law's own days among them."""

    notice = Text(100, required=True, metadata={"example": "国务院办公厅关于2027年部分节假日安排的通知"})
    days = fields.List(
        fields.Nested(SpecialDayOrder), required=True, validate=validate.Length(1, 120, error="须为1至120天")
    )


class SpecialDayView(View):
    """A day that is not what its weekday says."""

    day = fields.Date()
    is_worked = fields.Boolean()
    name = fields.String(metadata={"example": "春节"})


class YearView(View):
    """A year; without a notice only what the law fixes is known."""

    year = fields.Integer()
    notice = fields.String(allow_none=True)
    days = fields.List(fields.Nested(SpecialDayView))


class HolidaysView(View):
    """Years in order, and those whose notice is missing although it is time."""

    years = fields.List(fields.Nested(YearView))
    missing_years = fields.List(fields.Integer())
