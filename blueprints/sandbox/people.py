"""The sandbox's people: who is behind an openid, when they were here last, and the session_key in force."""

import base64
import secrets
from collections.abc import Callable, Iterable
from threading import Lock

from service.wechat.personas import sandbox_openid

VISIT_S = 7_200
DEMO = [f"worker-{number:04d}" for number in range(1, 201)]


class People:
    """Everybody known: the demo's workers, and whoever has tapped something."""

    def __init__(self, now: Callable[[], float], known: Iterable[str] = DEMO) -> None:
        self._now = now
        self._lock = Lock()
        self._by_openid = {sandbox_openid(persona): persona for persona in known}
        self._keys: dict[str, str] = {}
        self._visited_at: dict[str, float] = {}

    def meet(self, persona: str) -> None:
        """The persona is in the mini-program now."""
        with self._lock:
            self._by_openid[sandbox_openid(persona)] = persona
            self._visited_at[persona] = self._now()

    def of(self, openid: object) -> str | None:
        """Whose openid it is; None for nobody's."""
        return self._by_openid.get(openid) if isinstance(openid, str) else None

    def is_here(self, persona: str) -> bool:
        """Whether the persona was here within two hours."""
        return self._now() - self._visited_at.get(persona, float("-inf")) <= VISIT_S

    def new_session_key(self, persona: str) -> str:
        """Another session_key at each login, in the worst case: what the last one sealed opens no more."""
        key = self._keys[persona] = base64.b64encode(secrets.token_bytes(16)).decode()
        return key

    def session_key(self, persona: str) -> str:
        """The one in force, made where there was none."""
        return self._keys.get(persona) or self.new_session_key(persona)
