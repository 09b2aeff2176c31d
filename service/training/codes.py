"""The rotating code of a lesson. Nothing is stored: lesson, time step and a keyed digest say it all.

QR content is `lesson.step.mac`, the typed form six digits; both come from a key of the lesson alone, which the
trainer's device may hold where there is no signal (docs/rules.md `attendance.code`).
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from service.core import configuration
from service.training.attendance_errors import CodeExpired, CodeWrong

MAC_BYTES = 10
DIGITS = 6
TOLERANCE = 1
"""A code counts in its own step, the one before and the one after."""
FORM = re.compile(r"([1-9][0-9]{0,15})\.([0-9]{1,12})\.([A-Za-z0-9_-]{14})")


@dataclass(frozen=True, slots=True)
class Code:
    """What the room's screen shows. `expires_at` is when the next one follows; it is accepted one step longer."""

    code: str
    digits: str
    expires_at: datetime
    step_seconds: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a genuine code says: whose lesson, and in which step it was shown."""

    lesson_id: int
    step: int


def step_of(at: datetime) -> int:
    """The number of the time step an instant falls into, counted from 1970."""
    return int(at.timestamp()) // configuration.current().attendance_step_seconds


def lesson_key(lesson_id: int) -> bytes:
    """The lesson's own key (32 bytes). It tells nothing of other lessons' keys, nor of the product's."""
    return _digest(configuration.current().attendance_key, f"lesson|{lesson_id}")


def code_at(lesson_id: int, at: datetime) -> Code:
    """The lesson's code at an instant."""
    step, seconds = step_of(at), configuration.current().attendance_step_seconds
    return Code(
        code=f"{lesson_id}.{step}.{_mac(lesson_id, step)}",
        digits=digits_of(lesson_id, step),
        expires_at=datetime.fromtimestamp((step + 1) * seconds, UTC),
        step_seconds=seconds,
    )


def digits_of(lesson_id: int, step: int) -> str:
    """The six digits of a step: the digest's first 8 bytes modulo a million."""
    number = int.from_bytes(_digest(lesson_key(lesson_id), f"digits|{step}")[:8], "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"


def read(code: str) -> Stamp:
    """What a scanned code says. Raises CodeWrong for one that was not made with the lesson's key."""
    match = FORM.fullmatch(code)
    if match is None:
        raise CodeWrong
    stamp = Stamp(int(match[1]), int(match[2]))
    if not hmac.compare_digest(_mac(stamp.lesson_id, stamp.step), match[3]):
        raise CodeWrong
    return stamp


def find(digits: str, lesson_ids: list[int], at: datetime) -> Stamp | None:
    """Which of these lessons shows the six digits around this instant, newest step first. None where none does."""
    now = step_of(at)
    for step in (now, now - TOLERANCE, now + TOLERANCE):
        for lesson_id in lesson_ids:
            if hmac.compare_digest(digits_of(lesson_id, step), digits):
                return Stamp(lesson_id, step)
    return None


def age(stamp: Stamp, at: datetime) -> int:
    """How many steps old the code is at this instant: -1, 0 or 1. Raises CodeExpired for any other."""
    steps = step_of(at) - stamp.step
    if abs(steps) > TOLERANCE:
        raise CodeExpired(details={"steps": steps})
    return steps


def _mac(lesson_id: int, step: int) -> str:
    digest = _digest(lesson_key(lesson_id), f"scan|{step}")[:MAC_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _digest(key: bytes, message: str) -> bytes:
    return hmac.digest(key, message.encode(), hashlib.sha256)
