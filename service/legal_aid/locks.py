"""The case lock: one of the office writes on a case at a time, by compare and set, and it runs out by itself.

Two people never work the same case unknowingly: whoever comes second is told until when (docs/rules.md
`legal_aid.lock`).
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, update

from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.legal_aid import scopes
from service.legal_aid.access import Right
from service.legal_aid.errors import CaseLocked
from service.legal_aid.models import AidCase

LASTS = timedelta(minutes=15)


@transactional
def take(*, actor: Actor, case_id: UUID) -> AidCase:
    """Take the lock, or keep it longer. Raises CaseUnknown, CaseSealed, CaseLocked."""
    case = scopes.to_read(actor, case_id, Right.READ)
    now = clock.now()
    free = or_(AidCase.locked_by.is_(None), AidCase.locked_by == actor.person_id, AidCase.locked_until < now)
    setting = (
        update(AidCase)
        .where(AidCase.id == case.id, free)
        .values(locked_by=actor.worker_id, locked_until=now + LASTS)
        .returning(AidCase.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(setting) is None:
        raise CaseLocked(details=scopes.holder(scopes.locked(case.id)))
    db.session.refresh(case)
    return case


@transactional
def release(*, actor: Actor, case_id: UUID) -> AidCase:
    """Give the lock back; nothing happens where another has it. Raises CaseUnknown, CaseSealed."""
    case = scopes.to_read(actor, case_id, Right.READ)
    own = (AidCase.id == case.id) & (AidCase.locked_by == actor.person_id)
    setting = update(AidCase).where(own).values(locked_by=None, locked_until=None)
    db.session.execute(setting.execution_options(synchronize_session=False))
    db.session.refresh(case)
    return case
