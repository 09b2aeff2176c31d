"""Access tokens as WeChat keeps them: `token` and `stable_token` side by side, neither knowing of the other."""

import secrets
from collections.abc import Callable
from enum import Enum
from threading import Lock

LIFE_S, OVERLAP_S = 7_200, 300
FORCED_APART_S, FORCED_A_DAY, DAY_S = 30, 20, 86_400


class TokenState(Enum):
    """What a token that is shown is worth."""

    GOOD = "good"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class TooManyForced(Exception):
    """Twenty forced refreshes a day."""


class Tokens:
    """The tokens of one app: until when each works."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = Lock()
        self._until: dict[str, float] = {}
        self._plain = ""
        self._stable = ""
        self._forced_at: list[float] = []

    def plain(self) -> tuple[str, int]:
        """A new token at each call, and its seconds; the one before works five minutes more."""
        with self._lock:
            self._shorten(self._plain)
            self._plain = self._new()
            return self._plain, LIFE_S

    def stable(self, *, is_forced: bool) -> tuple[str, int]:
        """The same token while it is good, and the rest of its seconds; another five minutes before its end.

        Forced, the last one is dead at once; sooner than 30 seconds after the last force nothing happens.
        Raises TooManyForced.
        """
        with self._lock:
            if is_forced and self._may_force():
                self._until.pop(self._stable, None)
                self._stable = ""
            left = self._until.get(self._stable, 0.0) - self._now()
            if left <= OVERLAP_S:
                self._stable = self._new()
                left = LIFE_S
            return self._stable, int(left)

    def state(self, token: str) -> TokenState:
        """What it is worth now."""
        until = self._until.get(token)
        if until is None:
            return TokenState.UNKNOWN
        return TokenState.GOOD if self._now() < until else TokenState.EXPIRED

    def _may_force(self) -> bool:
        now = self._now()
        self._forced_at = [at for at in self._forced_at if now - at < DAY_S]
        if self._forced_at and now - self._forced_at[-1] < FORCED_APART_S:
            return False
        if len(self._forced_at) >= FORCED_A_DAY:
            raise TooManyForced
        self._forced_at.append(now)
        return True

    def _new(self) -> str:
        token = f"60_{secrets.token_urlsafe(96)}"
        self._until[token] = self._now() + LIFE_S
        return token

    def _shorten(self, token: str) -> None:
        if token in self._until:
            self._until[token] = min(self._until[token], self._now() + OVERLAP_S)
