"""Copies of everything held about a person, for that person (docs/rules.md `privacy.copy`).

Asked for here, prepared by the worker (`service/overview/copying.py`), kept sealed for some days, then gone.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from service.audit import entries
from service.core import clock, configuration
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.files import shelf
from service.identity.enums import CopyState
from service.identity.request_errors import CopyNotReady, CopyRunning, CopyUnknown
from service.identity.request_models import DataCopy
from service.messaging import outbox

SHELF = "copies"
PREPARE, DISCARD = "my_data.prepare_copy", "my_data.discard_copy"


@transactional
def request(*, actor: Actor) -> DataCopy:
    """Ask for a copy of one's own data; the worker prepares it. Raises CopyRunning."""
    made = DataCopy(id=new_id(), person_id=actor.worker_id, requested_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise CopyRunning from error
    outbox.put(PREPARE, f"{PREPARE}:{made.id.hex}", copy_id=made.id.hex)
    entries.record(actor, "personal_data.copy_requested", "data_copy", made.id)
    return made


@transactional
def finish(copy_id: UUID, size_bytes: int) -> None:
    """The file lies on the shelf: say so, and tell the person. Doing it twice changes nothing."""
    row = db.session.get(DataCopy, copy_id, with_for_update=True)
    if row is None or row.state != CopyState.PREPARING:
        return
    now = clock.now()
    row.state, row.prepared_at, row.size_bytes = CopyState.READY, now, size_bytes
    row.expires_at = now + timedelta(days=configuration.current().copy_keep_days)
    until = clock.spoken(row.expires_at)
    outbox.notice(row.person_id, f"copy:{row.id.hex}", "个人信息副本", f"已准备好，{until}前可下载。", "/me/data")


def mine(*, actor: Actor) -> list[DataCopy]:
    """One's own copies, latest first."""
    query = select(DataCopy).where(DataCopy.person_id == actor.worker_id)
    return list(db.session.scalars(query.order_by(DataCopy.requested_at.desc())))


def prepared(copy_id: UUID) -> DataCopy:
    """The copy, whoever's. Raises CopyUnknown."""
    row = db.session.get(DataCopy, copy_id)
    if row is None:
        raise CopyUnknown
    return row


def content(*, actor: Actor, copy_id: UUID) -> bytes:
    """The file of one's own copy. Raises CopyUnknown for another's or one that is gone, CopyNotReady."""
    row = prepared(copy_id)
    if row.person_id != actor.worker_id or row.state == CopyState.EXPIRED:
        raise CopyUnknown
    if row.expires_at is None:
        raise CopyNotReady
    if row.expires_at <= clock.now():
        raise CopyUnknown
    return shelf.fetch(SHELF, copy_id)


@transactional
def expire(now: datetime) -> int:
    """Copies whose days are over; how many. Their files are discarded after the commit."""
    over = select(DataCopy).where(DataCopy.state == CopyState.READY, DataCopy.expires_at <= now)
    return _discard(list(db.session.scalars(over.order_by(DataCopy.id))))


@transactional
def discard_of(person_id: int) -> int:
    """Every copy of a person who is being erased; how many."""
    query = select(DataCopy).where(DataCopy.person_id == person_id, DataCopy.state != CopyState.EXPIRED)
    return _discard(list(db.session.scalars(query.order_by(DataCopy.id))))


def discard(copy_id: UUID) -> None:
    """Take the file off the shelf."""
    shelf.discard(SHELF, copy_id)


def _discard(rows: list[DataCopy]) -> int:
    for row in rows:
        row.state, row.expires_at = CopyState.EXPIRED, row.expires_at or clock.now()
        outbox.put(DISCARD, f"{DISCARD}:{row.id.hex}", copy_id=row.id.hex)
    return len(rows)
