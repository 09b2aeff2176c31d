"""Doors that stayed shut: written into the audit trail, a minute at most once for a person and a door.

Somebody knocking a hundred times a second is no reason to write a hundred rows a second.
"""

import time
from threading import Lock

from service.audit import entries
from service.core.access import Actor
from service.core.errors import ServiceError
from service.core.transaction import transactional

QUIET_S = 60.0
MOST = 10_000
_told: dict[tuple[int | None, str], float] = {}
_lock = Lock()


def tell(actor: Actor, door: str, refusal: ServiceError) -> None:
    """Write down that the door stayed shut for the actor, unless that was said within the minute."""
    if _is_news((actor.person_id, door), time.monotonic()):
        _record(actor, door, refusal.code)


def forget() -> None:
    """Tell everything anew."""
    with _lock:
        _told.clear()


def _is_news(what: tuple[int | None, str], now: float) -> bool:
    with _lock:
        if now - _told.get(what, float("-inf")) < QUIET_S:
            return False
        if len(_told) >= MOST:
            _told.clear()
        _told[what] = now
    return True


@transactional
def _record(actor: Actor, door: str, code: str) -> None:
    entries.record(actor, "auth.door_denied", "door", door[:40], code=code)
