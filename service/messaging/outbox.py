"""Putting things into the outbox. Delivery is in `delivery.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from service.core import clock
from service.core.db import db
from service.core.upsert import insert_new
from service.messaging.enums import OutboxState
from service.messaging.models import OutboxRow

NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Errand:
    """A row to be: `due_at` is when it may be done first."""

    kind: str
    key: str
    payload: dict[str, Any]
    due_at: datetime


def put(kind: str, key: str, **payload: Any) -> None:
    """Leave work for the worker process, in the caller's transaction. The same key twice is an IntegrityError."""
    at = clock.now()
    db.session.add(OutboxRow(kind=kind, key=key, payload=payload, created_at=at, due_at=at))


def put_new(errands: Sequence[Errand]) -> None:
    """Leave work, each once by its key: what stands there already is left alone. In the caller's transaction."""
    now = clock.now()
    rows = [
        {"kind": each.kind, "key": each.key, "payload": each.payload, "state": OutboxState.DUE, "attempts": 0,
         "created_at": now, "due_at": each.due_at}
        for each in errands
    ]  # fmt: skip
    if rows:
        db.session.execute(insert_new(OutboxRow, "key"), rows)


def notice(
    person_id: int, key: str, title: str, body: str, link: str | None = None, *, topic: str | None = None
) -> None:
    """Leave a notice for a person: it will stand in the inbox once, however often it is delivered.

    `topic` (service/messaging/topics.py) is the first word of the key unless told.
    """
    about = {"topic": topic} if topic else {}
    put(NOTICE, f"notice:{key}:{person_id}", person_id=person_id, title=title, body=body, link=link, **about)


def withdraw(kind: str, key_start: str) -> int:
    """Take back rows of a kind that nobody has at hand, by how their keys begin; how many. The caller's transaction."""
    gone = db.session.scalars(
        delete(OutboxRow)
        .where(
            OutboxRow.kind == kind, OutboxRow.state == OutboxState.DUE, OutboxRow.lease_id.is_(None),
            OutboxRow.key.startswith(key_start, autoescape=True),
        )
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return len(gone.all())
