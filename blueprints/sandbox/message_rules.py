"""What WeChat takes in the fields of a subscribe message, written apart from the client's own rules."""

import re
from collections.abc import Collection, Mapping
from typing import Any

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
DAY = r"(\d{4}年)?\d{1,2}月(\d{1,2}日)?|\d{4}年|(\d{4}[-/.])?\d{1,2}([-/.]\d{1,2})?"
HOURS = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
AT = rf"({DAY}) ?{HOURS}|{HOURS}"
ON = rf"({DAY})( ?{HOURS})?"
FORMS: Mapping[str, str] = {
    "thing": r".{1,20}",
    "number": r"(?=.{1,33}$)\d+(\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "time": rf"({AT})( ?~ ?({AT}))?",
    "date": rf"({ON})( ?~ ?({ON}))?",
    "amount": r"[^\w\s]?\d{1,10}(\.\d+)?元?",
    "phone_number": r"[\d+\-*#() .]{1,17}",
    "car_number": rf"[A-Za-z0-9{HAN}][A-Za-z0-9]{{0,6}}[A-Za-z0-9{HAN}]?",
    "phrase": rf"[{HAN}]{{1,5}}",
}
NAME = rf"[^\d\s{HAN}][^\d{HAN}]{{0,19}}|(?=.*[{HAN}])[^\d]{{1,10}}"
PATTERNS = {kind: re.compile(form) for kind, form in {**FORMS, "name": NAME}.items()}
KEY = re.compile(r"([a-z_]+?)\d+")


def complaint(wanted: Collection[str], data: object, enums: Mapping[str, Collection[str]]) -> str | None:
    """WeChat's errmsg of a 47003, None where the data will do. Fields that the template lacks are not looked at."""
    if not isinstance(data, dict):
        return "argument invalid! data is invalid"
    for key in wanted:
        given = data.get(key)
        value = given.get("value") if isinstance(given, dict) else None
        if value is None or value == "":
            return f"argument invalid! data.{key}.value is empty"
        if not is_right(key, value, enums.get(key, ())):
            return f"argument invalid! data.{key}.value invalid"
    return None


def is_right(key: str, value: Any, listed: Collection[str] = ()) -> bool:
    """Whether WeChat takes the value for this key."""
    match = KEY.fullmatch(key)
    if not match or not isinstance(value, str) or re.search(r"[\x00-\x1f\x7f\u2028\u2029]", value):
        return False
    if match[1] == "enum":
        return value in listed
    pattern = PATTERNS.get(match[1])
    return bool(pattern and value.strip() and pattern.fullmatch(value))
