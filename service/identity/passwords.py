"""Passwords of staff: argon2id, 19 MiB, two passes, one lane (docs/rules.md `identity.password_hash`)."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.core.errors import Unavailable

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
AT_ONCE = 2
PATIENCE_S = 3.0
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$pKSM5RzY9lsADylkM+3g1w$HoPXlie5GMvhRdBBBcOqxiDOmShLWjH1CERyslS/kWU"
"""The hash of a random password nobody knows: an unknown account costs as much time as a known one."""

_lanes = BoundedSemaphore(AT_ONCE)


class HashingBusy(Unavailable):
    """Too many passwords are being checked at this moment."""

    code = "auth.busy"
    message = "登录的人太多，请稍后再试"


def hashed(password: str) -> str:
    """The hash to keep. Raises HashingBusy."""
    _enter()
    try:
        return HASHER.hash(password)
    finally:
        _lanes.release()


def is_right(password: str, kept: str | None) -> bool:
    """Whether the password made this hash; False, after as much time, where there is none. Raises HashingBusy."""
    _enter()
    try:
        return HASHER.verify(kept or NOBODY, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _lanes.release()


def _enter() -> None:
    """Each hash takes 19 MiB and a core: at most two at once in a process, the others wait a little."""
    if not _lanes.acquire(timeout=PATIENCE_S):
        raise HashingBusy
