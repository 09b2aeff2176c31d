"""Sealing entries into the chain, in order, by the worker: the deed itself waits for nothing and locks no head.

Two workers cannot fork it: a link's place is its primary key, so of two that add the same place one is turned back.
Entries are sealed by id; one whose transaction ended later than its neighbours' comes a pass later, never left out.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Row, func, insert, select

from service.audit.chain import GENESIS, entry_hash, link, signature
from service.audit.models import AuditCheckpoint, AuditEntry, AuditSeal
from service.core import clock, configuration
from service.core.db import db
from service.core.transaction import transactional

PIECE = 500
SETTLED = timedelta(hours=1)
"""Longer than any transaction can last: an entry with a lower id than those sealed before then is not to come."""
log = structlog.get_logger("audit")


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: (0, zeros) before the first link."""

    sequence: int
    hash: str


def seal_all() -> int:
    """Seal every entry there is; how many. For a tick of a few seconds."""
    done = 0
    # Asked without a command first: on SQLite a command holds up every other writer.
    while _unsealed(clock.now(), 1) and (sealed := seal_some()):
        done += sealed
    return done


@transactional
def seal_some(limit: int = PIECE) -> int:
    """Seal up to so many entries; how many."""
    now, at = clock.now(), head()
    rows = []
    for entry in _unsealed(now, limit):
        salt = secrets.token_hex(16)
        digest = entry_hash(salt, entry)
        at = Head(at.sequence + 1, link(at.hash, at.sequence + 1, entry.id, digest))
        rows.append(
            {"sequence": at.sequence, "entry_id": entry.id, "salt": salt, "entry_hash": digest, "hash": at.hash,
             "sealed_at": now}
        )  # fmt: skip
    if rows:
        db.session.execute(insert(AuditSeal), rows)
    return len(rows)


def head() -> Head:
    """The last link; the last expiry where no link is left."""
    last = db.session.execute(
        select(AuditSeal.sequence, AuditSeal.hash).order_by(AuditSeal.sequence.desc()).limit(1)
    ).one_or_none()
    expired = expiry()
    if last is None or (expired is not None and expired.sequence > last.sequence):
        return Head(expired.sequence, expired.hash) if expired else Head(0, GENESIS)
    return Head(last.sequence, last.hash)


def expiry() -> AuditCheckpoint | None:
    """The last checkpoint behind which everything has gone."""
    query = select(AuditCheckpoint).where(AuditCheckpoint.is_expiry).order_by(AuditCheckpoint.sequence.desc())
    return db.session.scalar(query.limit(1))


@transactional
def mark() -> Head:
    """Sign the head as it is and say it in the log, which lies elsewhere; nothing where nothing was added since."""
    at = head()
    known = select(AuditCheckpoint.id).where(AuditCheckpoint.sequence == at.sequence)
    if at.sequence and db.session.scalar(known.limit(1)) is None:
        checkpoint(at, is_expiry=False)
        log.info("audit_head", sequence=at.sequence, hash=at.hash)
    return at


def checkpoint(at: Head, *, is_expiry: bool) -> None:
    """A signed checkpoint, in the caller's transaction. The first of AUDIT_KEYS signs."""
    key_id, key = next(iter(configuration.current().audit_keys.items()))
    now = clock.now()
    made = AuditCheckpoint(
        sequence=at.sequence, hash=at.hash, is_expiry=is_expiry, made_at=now, key_id=key_id,
        signature=signature(key, at.sequence, at.hash, is_expiry, now),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()


def unsealed_since(before: datetime) -> list[int]:
    """The ids of entries written before then that no link holds."""
    query = (
        select(AuditEntry.id)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.sequence.is_(None), AuditEntry.at < before)
        .order_by(AuditEntry.id)
    )
    return list(db.session.scalars(query))


def _unsealed(now: datetime, limit: int) -> list[Row[tuple[object, ...]]]:
    settled = select(AuditSeal.entry_id).where(AuditSeal.sealed_at < now - SETTLED)
    settled = settled.order_by(AuditSeal.sequence.desc()).limit(1)
    query = (
        select(*AuditEntry.__table__.columns)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.sequence.is_(None), AuditEntry.id > func.coalesce(settled.scalar_subquery(), 0))
        .order_by(AuditEntry.id)
        .limit(limit)
    )
    return list(db.session.execute(query))
