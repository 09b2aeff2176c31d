"""What the outbox has given up, as administrators see it: what it was and what went wrong, never whom it was about.

A row that may have gone out already (unclear) is shown, and never sent again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from service.audit import entries
from service.core import clock
from service.core.access import SYSTEM, Actor, Role
from service.core.db import db
from service.core.errors import Forbidden
from service.core.pages import Page, page_of_rows
from service.core.transaction import transactional
from service.messaging.enums import OutboxState
from service.messaging.models import OutboxRow

ROOT_DEPTH = 2
"""Slashes in the root's path: the outbox belongs to the whole tree."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An outbox row without its payload."""

    id: int
    kind: str
    key: str
    state: OutboxState
    attempts: int
    last_error: str | None
    created_at: datetime
    due_at: datetime
    finished_at: datetime | None


@transactional
def resend(actor: Actor, *, ids: Collection[int] = (), kind: str | None = None) -> int:
    """Try dead rows again from the start: those named, or all of a kind; how many. Raises Forbidden.

    Whether they are done twice by it is for their handlers to prevent, as ever; a row that is not dead is left alone.
    """
    _require_whole_tree(actor)
    wanted = OutboxRow.kind == kind if kind else OutboxRow.id.in_(ids)
    sent = db.session.scalars(
        update(OutboxRow)
        .where(OutboxRow.state == OutboxState.DEAD, wanted)
        .values(state=OutboxState.DUE, attempts=0, due_at=clock.now(), finished_at=None, last_error=None)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    entries.record(actor, "outbox.resent", "outbox", kind or "rows", rows=len(sent))
    return len(sent)


def letters(actor: Actor, state: OutboxState, *, kind: str | None, page: int, per_page: int) -> Page[Letter]:
    """The rows in a state, newest first. Raises Forbidden."""
    _require_whole_tree(actor)
    query = (
        select(
            OutboxRow.id, OutboxRow.kind, OutboxRow.key, OutboxRow.state, OutboxRow.attempts, OutboxRow.last_error,
            OutboxRow.created_at, OutboxRow.due_at, OutboxRow.finished_at,
        )
        .where(OutboxRow.state == state)
        .order_by(OutboxRow.id.desc())
    )  # fmt: skip
    if kind:
        query = query.where(OutboxRow.kind == kind)
    found = page_of_rows(query, page=page, per_page=per_page)
    return Page([Letter(*row) for row in found.items], page, per_page, found.total)


def _require_whole_tree(actor: Actor) -> None:
    """Only the command line, and an administrator of the whole tree."""
    if actor != SYSTEM and not any(path.count("/") == ROOT_DEPTH for path in actor.paths(Role.ADMINISTRATOR)):
        raise Forbidden
