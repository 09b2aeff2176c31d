"""How often something that can be guessed may be tried, and whether a person is who the roster says. Pure."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Allowance:
    """`most` tries, then none for `pause`. A window counts them from the first try, otherwise they are in a row."""

    most: int
    pause: timedelta
    is_window: bool


@dataclass(frozen=True, slots=True)
class Tries:
    """How many tries there were, the first and the last of them."""

    count: int
    first_at: datetime
    last_at: datetime


PASSWORDS = Allowance(most=10, pause=timedelta(minutes=15), is_window=False)
"""docs/rules.md `identity.lock`."""
TOTP_CODES = Allowance(most=5, pause=timedelta(minutes=15), is_window=False)
"""docs/rules.md `identity.totp`."""
PHONE_CODES = Allowance(most=10, pause=timedelta(hours=1), is_window=True)
TEXT_MESSAGES = Allowance(most=5, pause=timedelta(hours=1), is_window=True)
"""Codes typed, and codes sent, by person and by number (docs/rules.md `identity.phone_code`)."""
BINDINGS = Allowance(most=5, pause=timedelta(hours=1), is_window=True)
"""docs/rules.md `identity.binding_tries`."""
ATTENDANCE_CODES = Allowance(most=5, pause=timedelta(minutes=1), is_window=True)
"""docs/rules.md `attendance.code`."""


def blocked_until(tries: Tries, allowance: Allowance) -> datetime | None:
    """When the next try is free again, None where it was never blocked."""
    if tries.count < allowance.most:
        return None
    return (tries.first_at if allowance.is_window else tries.last_at) + allowance.pause


def counted(tries: Tries | None, allowance: Allowance, now: datetime) -> Tries:
    """The tries with one more at `now`. The caller has made sure that it is not blocked."""
    if tries is None or _is_over(tries, allowance, now):
        return Tries(1, now, now)
    return Tries(tries.count + 1, tries.first_at, now)


def _is_over(tries: Tries, allowance: Allowance, now: datetime) -> bool:
    if allowance.is_window:
        return now >= tries.first_at + allowance.pause
    return tries.count >= allowance.most


def normal_name(name: str) -> str:
    """A name without spaces, with one kind of middle dot: 岩·温 is written with half a dozen of them."""
    folded = unicodedata.normalize("NFKC", name).upper()
    dotted = "".join("·" if char in "•・‧∙.。●" else char for char in folded)
    return "".join(dotted.split())
