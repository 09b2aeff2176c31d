"""Rules of skill certificates. Pure."""

import re
from datetime import date

from service.organisations.occupations import OCCUPATIONS

NEW_NUMBER = re.compile(r"[YS]\d{4}(?P<province>\d{2})\d{6}\d{2}(?P<level>[1-5])\d{6}", re.ASCII)
OLD_NUMBER = re.compile(r"\d{16}", re.ASCII)
HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
FIRST_YEAR = 1950


def normal_number(given: str) -> str:
    """The number as it is stored: half-width, capitals, no spaces. Nothing else is folded: it would not be a number."""
    return "".join(given.translate(HALF_WIDTH).split()).upper()


def problems(
    *, occupation_code: str, level: int, number: str, issued_on: date | None, today: date
) -> dict[str, list[str]]:
    """What cannot be right, by field; empty where all may be.

    The number: docs/rules.md `skills.certificate_number` (22 characters, the 16th is the level; or 16 digits, old).
    """
    found: dict[str, list[str]] = {}
    if occupation_code not in OCCUPATIONS:
        found["occupation_code"] = ["没有这个工种"]
    new = NEW_NUMBER.fullmatch(number)
    if new is None and not OLD_NUMBER.fullmatch(number):
        found["number"] = ["证书编号须为22位（字母开头）或旧证书的16位数字"]
    elif new is not None and int(new["level"]) != level:
        found["level"] = ["与证书编号中的等级不一致"]
    if issued_on is not None and not date(FIRST_YEAR, 1, 1) <= issued_on <= today:
        found["issued_on"] = ["发证日期不在合理范围内"]
    return found
