"""What the fields of a subscribe message may hold (docs/rules.md `wechat.subscribe_fields`). Pure.

Where the rule leaves room, the narrower reading: a message kept back can be mended, one refused by WeChat is lost.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping

KEY = re.compile(r"([a-z]+(?:_[a-z]+)?)\d{1,3}")
CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇]")
ASCII_VISIBLE = re.compile(r"[!-~]{1,32}")
YEAR, MONTH, DAY = r"\d{4}", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
CALENDAR = (
    rf"(?:{YEAR}年{MONTH}月{DAY}日|{YEAR}年{MONTH}月|{MONTH}月{DAY}日"
    rf"|{YEAR}([-/.]){MONTH}(?:\1{DAY})?|{MONTH}[-/.]{DAY})"
)
TIME = re.compile(rf"(?:{CALENDAR} ?)?{CLOCK}", re.ASCII)
DATE = re.compile(rf"{CALENDAR}(?: ?{CLOCK})?", re.ASCII)
NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
AMOUNT = re.compile(r"[¥￥$€£₩฿]\d{1,10}(?:\.\d{1,4})?元?", re.ASCII)
LETTERS = re.compile(r"[A-Za-z]{1,32}")
PHONE = re.compile(r"[0-9+\-()*#.]{1,17}")
EDGE, MIDDLE = r"[A-Za-z0-9\u4e00-\u9fff]", r"[A-Za-z0-9]"
CAR = re.compile(rf"{EDGE}(?:{MIDDLE}{{0,6}}{EDGE})?")
MOST_RANGE = 2


def problem(key: str, value: object, listed: Collection[str] = ()) -> str | None:
    """What is wrong with a field (`thing1`) and its value; None where WeChat will take it.

    `unknown_type`, `empty`, `unprintable`, `too_long` or `wrong_form`. `listed` are the values an `enum` may have.
    """
    match = KEY.fullmatch(key)
    rule = RULES.get(match[1]) if match else None
    if match is None or (rule is None and match[1] != "enum"):
        return "unknown_type"
    if not isinstance(value, str) or not value.strip():
        return "empty"
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in value):
        return "unprintable"
    if rule is None:
        return None if value in listed else "wrong_form"
    return rule(value)


def wrong_fields(data: Mapping[str, str], listed: Mapping[str, Collection[str]] | None = None) -> dict[str, str]:
    """`{key: problem}` of every field that WeChat would not take; empty where all is well."""
    found = {key: problem(key, value, (listed or {}).get(key, ())) for key, value in data.items()}
    return {key: said for key, said in found.items() if said}


def _most(most: int, is_right: Callable[[str], bool] = lambda _: True) -> Callable[[str], str | None]:
    def check(value: str) -> str | None:
        if _length(value) > most:
            return "too_long"
        return None if is_right(value) else "wrong_form"

    return check


def _form(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda value: None if pattern.fullmatch(value) else "wrong_form"


def _length(value: str) -> int:
    """As JavaScript counts, so that a rare character is not one too many."""
    return len(value.encode("utf-16-le")) // 2


def _number(value: str) -> str | None:
    if not NUMBER.fullmatch(value):
        return "wrong_form"
    return "too_long" if len(value.replace(".", "")) > 32 else None


def _name(value: str) -> str | None:
    """Ten with Chinese in it, else twenty letters and symbols."""
    if any(char.isdigit() for char in value):
        return "wrong_form"
    return "too_long" if _length(value) > (10 if CHINESE.search(value) else 20) else None


def _span(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    """One, or two joined by the half-width `~`; the full-width one is refused."""

    def check(value: str) -> str | None:
        ends = value.split("~")
        is_right = len(ends) <= MOST_RANGE and all(pattern.fullmatch(end.strip(" ")) for end in ends)
        return None if is_right else "wrong_form"

    return check


def _is_symbols(value: str) -> bool:
    return all(unicodedata.category(char)[0] in "PS" for char in value)


def _is_chinese(value: str) -> bool:
    return all(CHINESE.fullmatch(char) for char in value)


RULES: Mapping[str, Callable[[str], str | None]] = {
    "thing": _most(20),
    "number": _number,
    "letter": _form(LETTERS),
    "symbol": _most(5, _is_symbols),
    "character_string": _form(ASCII_VISIBLE),
    "time": _span(TIME),
    "date": _span(DATE),
    "amount": _form(AMOUNT),
    "phone_number": _form(PHONE),
    "car_number": _form(CAR),
    "name": _name,
    "phrase": _most(5, _is_chinese),
}
"""Type -> rule. `enum` stands apart: its values are the template's."""
