"""The resident ID number (公民身份号码, GB 11643-1999; docs/rules.md `identity.id_number`).

The first six digits name the place of the first registration, not today's county: they never make a number wrong.
"""

import unicodedata
from datetime import date

from stdnum.cn.ric import calc_check_digit

from service.identity.errors import IdNumberWrong

LENGTH = 18
OLD_LENGTH = 15
EARLIEST_YEAR = 1900


def normalised(given: str) -> str:
    """The number as it is stored: half-width, no outer or inner space, upper-case X. Not checked."""
    return "".join(unicodedata.normalize("NFKC", given).split()).upper()


def checked(given: str, today: date) -> str:
    """The normalised number, where it can be one. Raises IdNumberWrong, which says what to look at."""
    number = normalised(given)
    if len(number) == OLD_LENGTH and _is_digits(number):
        raise _wrong("这是15位的旧号码，请填写18位身份证号")
    if len(number) != LENGTH or not _is_digits(number[:-1]) or number[-1] not in "0123456789X":
        raise _wrong("身份证号须为18位")
    if calc_check_digit(number) != number[-1]:
        raise _wrong("身份证号有误，请逐位核对")
    born_on = birth_date(number)
    if born_on is None or born_on.year < EARLIEST_YEAR or born_on > today:
        raise _wrong("身份证号中的出生日期有误")
    return number


def is_right(given: str, today: date) -> bool:
    """Whether `checked` would accept it."""
    try:
        checked(given, today)
    except IdNumberWrong:
        return False
    return True


def birth_date(number: str) -> date | None:
    """The day of birth that an 18-digit number tells, None where there is no such day."""
    digits = number[6:14]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _wrong(message: str) -> IdNumberWrong:
    return IdNumberWrong(message, details={"id_number": [message]})
