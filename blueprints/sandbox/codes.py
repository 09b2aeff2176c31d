"""Codes of one-time use, as WeChat keeps them: five minutes, once. In memory: the sandbox is one process."""

import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from threading import Lock
from typing import Any

LIFE_S = 300
KEPT_S = 3_600
LETTERS = string.ascii_letters + string.digits


class CodeState(Enum):
    """What becomes of a code that is shown."""

    GOOD = "good"
    USED = "used"
    INVALID = "invalid"


@dataclass(slots=True)
class _Code:
    persona: str
    minted_at: float
    about: Mapping[str, Any] = field(default_factory=dict)
    is_used: bool = False


def login_code() -> str:
    """As wx.login gives them: 32 letters and digits."""
    return "".join(secrets.choice(LETTERS) for _ in range(32))


def phone_code() -> str:
    """As the phone button gives them: 64 hex digits."""
    return secrets.token_hex(32)


class Codes:
    """The codes of one kind given out, each in a namespace of its own."""

    def __init__(self, now: Callable[[], float], make: Callable[[], str] = login_code) -> None:
        self._now = now
        self._make = make
        self._lock = Lock()
        self._codes: dict[str, _Code] = {}

    def mint(self, persona: str, **about: Any) -> str:
        """A new code, as if this persona had tapped."""
        code = self._make()
        with self._lock:
            self._forget_old()
            self._codes[code] = _Code(persona, self._now(), about)
        return code

    def use(self, code: str) -> tuple[CodeState, str, Mapping[str, Any]]:
        """What the code is worth, whose it is and what it was minted with; a good one is used by asking."""
        with self._lock:
            known = self._codes.get(code)
            if known is None:
                return CodeState.INVALID, "", {}
            if known.is_used:
                return CodeState.USED, known.persona, known.about
            if self._now() - known.minted_at > LIFE_S:
                return CodeState.INVALID, known.persona, known.about
            known.is_used = True
            return CodeState.GOOD, known.persona, known.about

    def _forget_old(self) -> None:
        """Dicts keep their order: the oldest stand first."""
        horizon = self._now() - KEPT_S
        while self._codes:
            oldest = next(iter(self._codes))
            if self._codes[oldest].minted_at >= horizon:
                return
            del self._codes[oldest]
