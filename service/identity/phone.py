"""Mobile numbers of mainland China: eleven digits from 13 to 19 (docs/rules.md `identity.phone`)."""

import re
import unicodedata

from service.identity.errors import PhoneWrong

MOBILE = re.compile(r"1[3-9][0-9]{9}")
PREFIX = re.compile(r"(?:\+|00)86")
SEPARATORS = re.compile(r"[\s\-‐‑–—()]+")


def normalised(given: str) -> str:
    """The number as it is stored: half-width, without +86 or 0086, spaces and hyphens. Not checked."""
    bare = SEPARATORS.sub("", unicodedata.normalize("NFKC", given))
    return PREFIX.sub("", bare, count=1) if PREFIX.match(bare) else bare


def checked(given: str) -> str:
    """The normalised number. Raises PhoneWrong."""
    number = normalised(given)
    if not MOBILE.fullmatch(number):
        raise PhoneWrong(details={"phone": [PhoneWrong.message]})
    return number


def is_right(given: str) -> bool:
    """Whether `checked` would accept it."""
    return MOBILE.fullmatch(normalised(given)) is not None
