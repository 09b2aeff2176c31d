"""Tries at something that can be guessed, kept in the database so that they count over all processes and restarts."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from service.core import clock, crypto
from service.core.db import db
from service.core.transaction import transactional
from service.core.writing import is_writing
from service.identity.enums import AttemptKind
from service.identity.models import Attempt
from service.identity.rules import (
    ATTENDANCE_CODES,
    BINDINGS,
    PASSWORDS,
    PHONE_CODES,
    TEXT_MESSAGES,
    TOTP_CODES,
    Allowance,
    Tries,
    blocked_until,
    counted,
)

ALLOWANCES: dict[AttemptKind, Allowance] = {
    AttemptKind.PASSWORD: PASSWORDS,
    AttemptKind.TOTP: TOTP_CODES,
    AttemptKind.BINDING: BINDINGS,
    AttemptKind.PHONE_CODE: PHONE_CODES,
    AttemptKind.TEXT_MESSAGE: TEXT_MESSAGES,
    AttemptKind.ATTENDANCE_CODE: ATTENDANCE_CODES,
}
KEPT = timedelta(days=1)


def take(kind: AttemptKind, subject: str) -> datetime | None:
    """Count a try before it is made, so that many at once are not more. None, or until when it is blocked.

    A command of its own, so that the count stands whatever becomes of the try. Raises RuntimeError inside another,
    whose rolling back would make every try free.
    """
    if is_writing():
        raise RuntimeError("a try must be counted outside the command it is for")
    return count(kind, subject)


@transactional
def count(kind: AttemptKind, subject: str) -> datetime | None:
    """As `take`, in the caller's transaction, which must be committed whatever becomes of the try."""
    allowance, now = ALLOWANCES[kind], clock.now()
    row = _locked(kind, subject, now)
    tries = Tries(row.count, row.first_at, row.last_at) if row.count else None
    until = blocked_until(tries, allowance) if tries else None
    if until is not None and now < until:
        return until
    after = counted(tries, allowance, now)
    row.count, row.first_at, row.last_at = after.count, after.first_at, after.last_at
    return None


def subject_of(login: str) -> str:
    """What the tries at a normalised login are counted under: one that nobody has is counted like any other."""
    return crypto.blind_index(login, field="attempts.login")


def forget(kind: AttemptKind, subject: str) -> None:
    """Start anew after a success, in the caller's transaction."""
    db.session.execute(delete(Attempt).where(Attempt.kind == kind, Attempt.subject == subject))


@transactional
def sweep(now: datetime) -> int:
    """Delete what no longer counts; how many rows. For a daily tick."""
    gone = db.session.execute(delete(Attempt).where(Attempt.last_at < now - KEPT).returning(Attempt.subject))
    return len(gone.all())


def _locked(kind: AttemptKind, subject: str, now: datetime) -> Attempt:
    """The row, locked; made with no tries where there was none."""
    row = db.session.get(Attempt, (kind, subject), with_for_update=True)
    if row is not None:
        return row
    try:
        with db.session.begin_nested():
            row = Attempt(kind=kind, subject=subject, count=0, first_at=now, last_at=now)
            db.session.add(row)
    except IntegrityError:
        # Another process made it in between.
        row = db.session.get_one(Attempt, (kind, subject), with_for_update=True)
    return row
