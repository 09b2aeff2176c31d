"""Writing audit entries: plain rows in the transaction of the deed. `sealing.py` chains them afterwards."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from service.audit.models import AuditEntry, AuditPrivate, AuditSubject
from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id

PRIVATE = "audit_private.content"


def record(
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: object,
    /,
    *,
    about: Iterable[int] = (),
    private: Mapping[str, str] | None = None,
    **details: Any,
) -> None:
    """Write a deed into the trail, in the caller's transaction.

    `details` hold no personal data, only ids, states, numbers and names of fields; what is personal goes into
    `private`. `about` are the people whose data was read or changed.
    """
    entry = AuditEntry(
        at=clock.now(),
        actor_id=actor.person_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        details=details,
    )
    content = json.dumps({"salt": secrets.token_hex(16), **private}, ensure_ascii=False) if private else None
    if content is not None:
        entry.private_hash = private_hash(content)
    db.session.add(entry)
    people = sorted(set(about))
    if people or content is not None:
        db.session.flush()
        db.session.add_all(AuditSubject(entry_id=entry.id, person_id=person_id) for person_id in people)
    if content is not None:
        uid = new_id()
        db.session.add(
            AuditPrivate(entry_id=entry.id, uid=uid, content_sealed=crypto.seal(content, field=PRIVATE, row=uid))
        )


def private_hash(content: str) -> str:
    """What an entry keeps of what is personal: its text carries a salt, so that nobody can guess it once erased."""
    return hashlib.sha256(content.encode()).hexdigest()
