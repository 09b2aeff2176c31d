"""Putting things into the outbox. Delivery is in `delivery.py`."""

from typing import Any

from service.core import clock
from service.core.db import db
from service.messaging.models import OutboxRow

NOTICE = "notice"


def put(kind: str, key: str, **payload: Any) -> None:
    """Leave work for the worker process, in the caller's transaction. The same key twice is an IntegrityError."""
    at = clock.now()
    db.session.add(OutboxRow(kind=kind, key=key, payload=payload, created_at=at, due_at=at))


def notice(person_id: int, key: str, title: str, body: str, link: str | None = None) -> None:
    """Leave a notice for a person: it will stand in the inbox once, however often it is delivered."""
    put(NOTICE, f"notice:{key}:{person_id}", person_id=person_id, title=title, body=body, link=link)
