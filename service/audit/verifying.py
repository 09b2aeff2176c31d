"""Whether the trail is what it was: every link, every entry, every checkpoint; what is broken is named."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from service.audit.chain import GENESIS, entry_hash, link, signature
from service.audit.entries import PRIVATE, private_hash
from service.audit.models import AuditCheckpoint, AuditEntry, AuditPrivate, AuditSeal
from service.audit.sealing import SETTLED, Head, expiry, unsealed_since
from service.core import clock, configuration, crypto
from service.core.crypto import SealBroken
from service.core.db import db

PIECE = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken row: `audit_entries 17`, and what is wrong with it."""

    row: str
    fault: str


@dataclass(slots=True)
class Verdict:
    """What was found, how many links were looked at, and where the chain ends."""

    findings: list[Finding] = field(default_factory=list)
    links: int = 0
    head: Head = field(default_factory=lambda: Head(0, GENESIS))

    def broken(self, row: str, fault: str) -> None:
        """Note a broken row."""
        self.findings.append(Finding(row, fault))


def verify(known: Head | None = None) -> Verdict:
    """Check the whole trail; with `known`, a head written down elsewhere (a log, a manifest), that it holds it.

    Reads everything: for a nightly run and after a restore.
    """
    verdict = Verdict()
    marks = _checkpoints(verdict)
    start = expiry()
    at = Head(start.sequence, start.hash) if start else Head(0, GENESIS)
    marks = {sequence: hash_ for sequence, hash_ in marks.items() if sequence > at.sequence}
    if known is not None and known.sequence > at.sequence:
        marks[known.sequence] = known.hash
    for row in _links(at.sequence):
        at = _follow(verdict, at, row, marks)
        verdict.links += 1
    verdict.head = at
    for sequence in sorted(marks):
        verdict.broken(f"audit_seals {sequence}", "was signed once and is gone")
    for entry_id in unsealed_since(clock.now() - SETTLED):
        verdict.broken(f"audit_entries {entry_id}", "stands in no link of the chain")
    return verdict


def _follow(verdict: Verdict, at: Head, row: Any, marks: dict[int, str]) -> Head:
    """One link after the one before; the head it leads to."""
    seal = f"audit_seals {row.sequence}"
    if row.sequence != at.sequence + 1:
        verdict.broken(f"audit_seals {at.sequence + 1}", f"gone, with those before {row.sequence}")
    elif link(at.hash, row.sequence, row.entry_id, row.entry_hash) != row.hash:
        verdict.broken(seal, "does not follow from the link before it")
    if marks.pop(row.sequence, row.hash) != row.hash:
        verdict.broken(seal, "is not the one that was signed")
    if row.id is None:
        verdict.broken(f"audit_entries {row.entry_id}", "gone")
    elif entry_hash(row.salt, row) != row.entry_hash:
        verdict.broken(f"audit_entries {row.entry_id}", "changed")
    elif row.content_sealed is not None and not _is_own(row):
        verdict.broken(f"audit_private {row.entry_id}", "changed")
    return Head(row.sequence, row.hash)


def _is_own(row: Any) -> bool:
    try:
        content = crypto.unseal(row.content_sealed, field=PRIVATE, row=row.uid)
    except SealBroken:
        return False
    is_own: bool = private_hash(content) == row.private_hash
    return is_own


def _links(after: int) -> Iterator[Any]:
    seals, entries = AuditSeal.__table__.columns, AuditEntry.__table__.columns
    query = (
        select(*seals, *entries, AuditPrivate.uid, AuditPrivate.content_sealed)
        .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .outerjoin(AuditPrivate, AuditPrivate.entry_id == AuditSeal.entry_id)
        .order_by(AuditSeal.sequence)
        .limit(PIECE)
    )
    while rows := db.session.execute(query.where(AuditSeal.sequence > after)).all():
        yield from rows
        after = rows[-1].sequence


def _checkpoints(verdict: Verdict) -> dict[int, str]:
    """The signed hashes by sequence; those whose signature is not ours are named."""
    keys = configuration.current().audit_keys
    marks = {}
    for each in db.session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.id)):
        row = f"audit_checkpoints {each.id}"
        if each.key_id not in keys:
            verdict.broken(row, f"signed with the key {each.key_id}, which is not in AUDIT_KEYS")
        elif not hmac.compare_digest(
            each.signature, signature(keys[each.key_id], each.sequence, each.hash, each.is_expiry, each.made_at)
        ):
            verdict.broken(row, "its signature is not ours")
        else:
            marks[each.sequence] = each.hash
    return marks


def entries_in_all() -> int:
    """How many entries there are."""
    return db.session.scalar(select(func.count(AuditEntry.id))) or 0
