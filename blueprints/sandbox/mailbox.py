"""What the sandbox's phones have received, and how many messages each may still get of each template."""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

KEPT = 500


@dataclass(frozen=True, slots=True)
class Received:
    """A subscribe message on a phone. `fields` is {label: text}."""

    persona: str
    title: str
    template_id: str
    fields: Mapping[str, str]
    page: str
    msgid: int
    at: float


class Mailbox:
    """Credits by (openid, template), and the last messages, newest first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._credits: Counter[tuple[str, str]] = Counter()
        self._always: set[tuple[str, str]] = set()
        self.received: deque[Received] = deque(maxlen=KEPT)

    def accept(self, openid: str, template_id: str, *, is_long_term: bool) -> None:
        """One more message of a one-time template; a long-term one from now on."""
        with self._lock:
            if is_long_term:
                self._always.add((openid, template_id))
            else:
                self._credits[openid, template_id] += 1

    def cancel(self, openid: str, template_id: str) -> None:
        """No more of this template."""
        with self._lock:
            self._credits.pop((openid, template_id), None)
            self._always.discard((openid, template_id))

    def credits(self, openid: str, template_id: str) -> int:
        """How many messages may still be sent; -1 for any number."""
        return -1 if (openid, template_id) in self._always else self._credits[openid, template_id]

    def spend(self, openid: str, template_id: str) -> bool:
        """Use one credit; whether there was one."""
        with self._lock:
            if (openid, template_id) in self._always:
                return True
            if self._credits[openid, template_id] <= 0:
                return False
            self._credits[openid, template_id] -= 1
            return True

    def credited(self) -> list[dict[str, Any]]:
        """Every credit there is."""
        left = [(*key, count) for key, count in self._credits.items() if count]
        endless = [(*key, -1) for key in self._always]
        return [
            {"openid": openid, "template_id": template, "credits": count} for openid, template, count in left + endless
        ]
