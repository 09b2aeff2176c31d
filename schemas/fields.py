"""The house's fields: bounded, with messages in short Chinese. What has no bounds is a fault waiting."""

import re
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

MOST = 2**53 - 1
"""The largest integer JavaScript holds exactly; ids never pass it."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
"""As RFC 3339 has them; Python's own reader takes week dates too, and on 3.11 a NUL at the end."""


class Order(Schema):
    """What comes in. An unknown field is refused by name."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "没有这个字段", "type": "须为一个对象"}


class View(Schema):
    """What goes out."""


def _no_nul(value: str) -> None:
    if "\x00" in value:
        raise ValidationError("含有不能识别的字符")


class Text(fields.String):
    """A string of `least` to `most` characters, outer space stripped, no NUL."""

    default_error_messages = {"required": "必填", "null": "不能为空", "invalid": "须为文字"}

    def __init__(
        self, most: int = 200, least: int = 1, pattern: str | None = None, wanted: str = "格式不对", **kwargs: Any
    ) -> None:
        bounds: list[Any] = [validate.Length(least, most, error=f"须为{least}至{most}个字"), _no_nul]
        if pattern:
            bounds.append(validate.Regexp(pattern, error=wanted))
        super().__init__(validate=bounds, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return text.strip() if isinstance(text, str) else text


class Number(fields.Integer):
    """A whole number within bounds, given as a JSON number (or digits in a query)."""

    default_error_messages = {"required": "必填", "null": "不能为空", "invalid": "须为整数", "too_large": "数字太大"}

    def __init__(self, least: int = 0, most: int = MOST, **kwargs: Any) -> None:
        bounds = validate.Range(least, most, error=f"须在{least}到{most}之间")
        super().__init__(strict=True, validate=bounds, **kwargs)


class QueryNumber(Number):
    """A whole number in a query string, where everything is text."""

    def __init__(self, least: int = 0, most: int = MOST, **kwargs: Any) -> None:
        super().__init__(least, most, **kwargs)
        self.strict = False


class Flag(fields.Boolean):
    """True or false, as JSON writes them: "yes" or 1 is not a decision."""

    default_error_messages = {"required": "必填", "null": "不能为空", "invalid": "须为 true 或 false"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class QueryFlag(fields.Boolean):
    """True or false in a query string."""

    default_error_messages = {"required": "必填", "null": "不能为空", "invalid": "须为 true 或 false"}


def _require_form(field: fields.Field[Any], form: re.Pattern[str], value: Any) -> None:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise field.make_error("invalid", input=value)


class Instant(fields.AwareDateTime):
    """An instant with its offset; without one it is refused, for nobody knows which clock was meant."""

    default_error_messages = {
        "required": "必填",
        "null": "不能为空",
        "invalid": "须为带时区的时间，如 2026-11-22T19:30:00+08:00",
        "invalid_awareness": "时间须带时区，如 2026-11-22T19:30:00+08:00",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        _require_form(self, INSTANT, value)
        instant: datetime = super()._deserialize(value, attr, data, **kwargs)
        try:
            utc = instant.astimezone(UTC)
        except OverflowError as error:
            raise self.make_error("invalid", input=value, obj_type="datetime") from error
        if not 2000 <= utc.year <= 2100:
            raise ValidationError("年份须在2000到2100之间")
        return utc


class QueryInstant(Instant):
    """An instant in a query string, where an unescaped plus sign of the offset arrives as a space."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        text = value.replace(" ", "+") if isinstance(value, str) else value
        return super()._deserialize(text, attr, data, **kwargs)


class Day(fields.Date):
    """A calendar day in Pu'er."""

    default_error_messages = {"required": "必填", "null": "不能为空", "invalid": "须为日期，如 2026-11-22"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        _require_form(self, DAY, value)
        day: date = super()._deserialize(value, attr, data, **kwargs)
        if not 1900 <= day.year <= 2100:
            raise ValidationError("年份须在1900到2100之间")
        return day


class Choice(fields.Enum[Enum]):
    """One of a closed list, by value."""

    default_error_messages = {"required": "必填", "null": "不能为空", "unknown": "须为其中之一：{choices}"}

    def __init__(self, enum: type[Enum], **kwargs: Any) -> None:
        super().__init__(enum, by_value=True, **kwargs)


class Paging(Order):
    """The paging parameters of every list."""

    page = QueryNumber(1, 100_000, load_default=1, metadata={"description": "from 1"})
    per_page = QueryNumber(1, 100, load_default=20, metadata={"description": "at most 100"})


def page_view(item: type[Schema]) -> type[Schema]:
    """The view of a page of these items: `items`, `page`, `per_page`, `total`."""
    name = item.__name__.removesuffix("Line").removesuffix("View") + "Page"
    return type(
        name,
        (View,),
        {
            "items": fields.List(fields.Nested(item)),
            "page": fields.Integer(),
            "per_page": fields.Integer(),
            "total": fields.Integer(),
        },
    )
