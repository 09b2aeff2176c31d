"""Reading personal data as staff is a deed: who, whose, which fields, and why where it was said; never the values.

Rule: docs/rules.md `privacy.reads_audited`. What a person is told of as "somebody looked at my data" is `SEEN`.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from service.audit import entries
from service.audit.models import AuditEntry
from service.core import clock, reference
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional

READ, EXPORTED, CASES_EXPORTED = "personal_data.read", "attendance.export", "legal_aid.exported"
CASES_SEARCHED = "legal_aid.searched"
EXPORTS = (EXPORTED, CASES_EXPORTED)
SEEN = (READ, CASES_SEARCHED, *EXPORTS)
LONGEST_REQUEST = timedelta(minutes=2)


def tell(
    actor: Actor,
    subject_kind: str,
    subject_id: object,
    /,
    *,
    people: Iterable[int],
    fields: Iterable[str],
    why: str = "",
) -> None:
    """Write down that personal data was looked at, in a command of its own, after a question and before its answer.

    Every look is one; only what one request looks at twice is told once.
    """
    about, named = _others(actor, people), sorted(fields)
    if about and not _is_told(actor, subject_kind, str(subject_id), named):
        transactional(write_down)(actor, subject_kind, subject_id, people=about, fields=named, why=why)


def write_down(
    actor: Actor,
    subject_kind: str,
    subject_id: object,
    /,
    *,
    people: Iterable[int],
    fields: Iterable[str],
    why: str = "",
) -> None:
    """The same in the caller's transaction. A person looking at herself is nobody's business."""
    about = _others(actor, people)
    if about:
        private = {"why": why} if why else None
        request_id = reference.request_id.get()
        said = {"request": request_id} if request_id else {}
        entries.record(
            actor, READ, subject_kind, subject_id, about=about, private=private, fields=sorted(fields), people=about,
            **said,
        )  # fmt: skip


def _others(actor: Actor, people: Iterable[int]) -> list[int]:
    return sorted(set(people) - {actor.person_id})


def _is_told(actor: Actor, subject_kind: str, subject_id: str, fields: list[str]) -> bool:
    request_id = reference.request_id.get()
    if not request_id:
        return False
    query = (
        select(AuditEntry.details)
        .where(
            AuditEntry.actor_id == actor.person_id,
            AuditEntry.at > clock.now() - LONGEST_REQUEST,
            AuditEntry.action == READ,
            AuditEntry.subject_kind == subject_kind,
            AuditEntry.subject_id == subject_id,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    last = db.session.scalar(query)
    return last is not None and last.get("request") == request_id and last.get("fields") == fields
