"""Passwords of staff: argon2id, 19 MiB, two passes, one lane (docs/rules.md `identity.password_hash`)."""

import secrets
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.core.errors import Unavailable
from service.identity.errors import PasswordWeak

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
AT_ONCE = 2
PATIENCE_S = 3.0
SHORTEST = 12
LEAST_DIFFERENT = 5
COMMON = frozenset(
    {
        "123456789012", "1234567890123", "012345678901", "111222333444", "112233445566", "123123123123",
        "123456123456", "123456abcdef", "1234qwerasdf", "1q2w3e4r5t6y", "1qaz2wsx3edc", "5201314520131",
        "abc123456789", "abcd12345678", "abcdef123456", "abcdefghijkl", "admin1234567", "admin12345678",
        "administrator", "adminadmin12", "asdfghjkl123", "changeme1234", "iloveyou1234", "letmein12345",
        "password1234", "password12345", "passwordpassword", "qazwsxedcrfv", "qq1234567890", "qwer12345678",
        "qwertyuiop12", "qwertyuiop123", "qwertyuiopasdf", "root12345678", "test12345678", "welcome12345",
        "woaini123456", "woaini1314520", "woaizhongguo", "zaq12wsxcde3", "zhonggong123", "zxcvbnm12345",
    }
)  # fmt: skip
"""Passwords everybody tries first, of those that are long enough (docs/rules.md `identity.password`)."""
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$pKSM5RzY9lsADylkM+3g1w$HoPXlie5GMvhRdBBBcOqxiDOmShLWjH1CERyslS/kWU"
"""The hash of a random password nobody knows: an unknown account costs as much time as a known one."""

_lanes = BoundedSemaphore(AT_ONCE)


class HashingBusy(Unavailable):
    """Too many passwords are being checked at this moment."""

    code = "auth.busy"
    message = "登录的人太多，请稍后再试"


def checked(password: str, login: str) -> str:
    """The password, if it is fit to be one of this login's. Raises PasswordWeak (docs/rules.md `identity.password`)."""
    plain = unicodedata.normalize("NFKC", password).strip().lower()
    is_weak = len(password) < SHORTEST or len(set(plain)) < LEAST_DIFFERENT or plain in COMMON
    # The login alone, or the login with too little beside it, is what is tried after the common ones.
    if is_weak or len(plain.replace(login, "")) < SHORTEST // 2:
        raise PasswordWeak(details={"password": [PasswordWeak.message]})
    return password


def made_up() -> str:
    """A password for somebody who will change it at once: four groups of hexadecimal digits, 64 bits."""
    digits = secrets.token_hex(8)
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


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
