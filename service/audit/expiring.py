"""Letting old entries go, while what stays still verifies: a segment that expires ends in a signed checkpoint.

The database lets only those rows go for which such a checkpoint stands (docs/rules.md `audit.expiry`).
"""

from datetime import datetime

from sqlalchemy import delete, func, select

from service.audit.models import AuditEntry, AuditPrivate, AuditSeal, AuditSubject
from service.audit.sealing import Head, checkpoint, expiry
from service.core.db import db
from service.core.transaction import transactional

PIECE = 500


def expire(before: datetime) -> int:
    """Let go the oldest segment of entries written before then; how many entries."""
    _close(before)
    gone = 0
    while dropped := _drop_some():
        gone += dropped
    return gone


@transactional
def _close(before: datetime) -> None:
    """The checkpoint behind the last link all of whose predecessors are that old."""
    sealed = select(func.min(AuditSeal.sequence)).join(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
    young = db.session.scalar(sealed.where(AuditEntry.at >= before))
    last = select(AuditSeal).order_by(AuditSeal.sequence.desc()).limit(1)
    link = db.session.scalar(last.where(AuditSeal.sequence < young) if young is not None else last)
    standing = expiry()
    if link is not None and (standing is None or link.sequence > standing.sequence):
        checkpoint(Head(link.sequence, link.hash), is_expiry=True)


@transactional
def _drop_some() -> int:
    standing = expiry()
    if standing is None:
        return 0
    query = select(AuditSeal.sequence, AuditSeal.entry_id).where(AuditSeal.sequence <= standing.sequence)
    rows = db.session.execute(query.order_by(AuditSeal.sequence).limit(PIECE)).all()
    ids = [row.entry_id for row in rows]
    for column in (AuditSubject.entry_id, AuditPrivate.entry_id, AuditEntry.id):
        db.session.execute(delete(column.class_).where(column.in_(ids)).execution_options(synchronize_session=False))
    gone = AuditSeal.sequence.in_([row.sequence for row in rows])
    db.session.execute(delete(AuditSeal).where(gone).execution_options(synchronize_session=False))
    return len(rows)
