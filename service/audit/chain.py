"""How entries are chained, and what a checkpoint signs: pure."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


def entry_hash(salt: str, entry: Any) -> str:
    """The salted digest of an entry (a row with the columns of `AuditEntry`). 64 hex digits."""
    content = {
        "id": entry.id,
        "at": _instant(entry.at),
        "actor_id": entry.actor_id,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "details": entry.details,
        "private_hash": entry.private_hash,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{salt}|{text}".encode()).hexdigest()


def link(previous: str, sequence: int, entry_id: int, digest: str) -> str:
    """The hash of a link: over the one before, its place, and its entry's digest."""
    return hashlib.sha256(f"{previous}|{sequence}|{entry_id}|{digest}".encode()).hexdigest()


def signature(key: bytes, sequence: int, hash_: str, is_expiry: bool, made_at: datetime) -> str:
    """HMAC-SHA256 of a checkpoint. 64 hex digits."""
    text = f"gongyun audit checkpoint|{sequence}|{hash_}|{'expiry' if is_expiry else 'mark'}|{_instant(made_at)}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
