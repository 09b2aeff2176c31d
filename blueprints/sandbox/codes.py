"""Codes of wx.login, as WeChat keeps them: five minutes, once. In memory: the sandbox is one process."""

import base64
import secrets
import string
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from threading import Lock

LIFE_S = 300
KEPT_S = 3_600
LENGTH = 32
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
    is_used: bool = False


class Codes:
    """The codes given out. `clock` gives seconds; `advance` moves it, so that age is tested without waiting."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ahead_s = 0.0
        self._lock = Lock()
        self._codes: dict[str, _Code] = {}

    def mint(self, persona: str) -> str:
        """A new code, as if this persona had tapped login."""
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        with self._lock:
            self._forget_old()
            self._codes[code] = _Code(persona, self._now())
        return code

    def use(self, code: str) -> tuple[CodeState, str]:
        """What the code is worth, and whose it is; a good one is used by asking."""
        with self._lock:
            known = self._codes.get(code)
            if known is None:
                return CodeState.INVALID, ""
            if known.is_used:
                return CodeState.USED, known.persona
            if self._now() - known.minted_at > LIFE_S:
                return CodeState.INVALID, known.persona
            known.is_used = True
            return CodeState.GOOD, known.persona

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead_s += seconds

    def _now(self) -> float:
        return self._clock() + self._ahead_s

    def _forget_old(self) -> None:
        """Dicts keep their order: the oldest stand first."""
        horizon = self._now() - KEPT_S
        while self._codes:
            oldest = next(iter(self._codes))
            if self._codes[oldest].minted_at >= horizon:
                return
            del self._codes[oldest]


def session_key() -> str:
    """A new session_key: 16 random bytes in base64. WeChat gives another at each login, in the worst case."""
    return base64.b64encode(secrets.token_bytes(16)).decode()
