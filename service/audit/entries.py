"""Writing audit entries."""

from typing import Any

from service.audit.models import AuditEntry
from service.core import clock
from service.core.access import Actor
from service.core.db import db


def record(actor: Actor, action: str, subject_kind: str, subject_id: object, **details: Any) -> None:
    """Write a deed into the trail, in the caller's transaction. Details hold no personal data."""
    db.session.add(
        AuditEntry(
            at=clock.now(),
            actor_id=actor.person_id,
            action=action,
            subject_kind=subject_kind,
            subject_id=str(subject_id),
            details=details,
        )
    )
