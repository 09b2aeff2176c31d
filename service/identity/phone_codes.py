"""Codes sent to a phone, to prove whose it is (docs/rules.md `identity.phone_code`).

The code is written down with the request and sent by the worker process; it is sealed until then, and afterwards only
its digest is kept. A wrong try is counted outside the command it is for, and on the code itself.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.identity import attempts, sms
from service.identity import phone as phones
from service.identity.enums import AttemptKind
from service.identity.errors import PhoneCodeWrong, TooManyTries
from service.identity.phone_models import PhoneCode
from service.messaging import outbox
from service.messaging.delivery import Job

SEND = "phone_code.send"
LIFE = timedelta(minutes=5)
TRIES = 5
DIGITS = 6
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CodeSent:
    """Until when the code is good."""

    expires_at: datetime


def send(actor: Actor, phone: str) -> CodeSent:
    """Send a code to this phone, for the actor alone. Five an hour to a number, and for a person.

    Raises PhoneWrong, SmsUnavailable, TooManyTries.
    """
    mobile = phones.checked(phone)
    sms.current()
    _count(AttemptKind.TEXT_MESSAGE, f"person:{actor.worker_id}")
    count_text(mobile)
    return keep(actor.worker_id, mobile)


def take(actor: Actor, phone: str, code: str) -> str:
    """The normalised number, which the actor has proved to hold. Works once.

    Raises PhoneWrong, PhoneCodeWrong, TooManyTries.
    """
    mobile = phones.checked(phone)
    whose = f"person:{actor.worker_id}"
    count_try(whose)
    if not spend(actor.worker_id, mobile, code, whose):
        raise PhoneCodeWrong
    return mobile


def count_text(mobile: str) -> None:
    """One more text to this number. Raises TooManyTries."""
    _count(AttemptKind.TEXT_MESSAGE, index(mobile))


def count_try(whose: str) -> None:
    """One more code typed under this name. Raises TooManyTries."""
    _count(AttemptKind.PHONE_CODE, whose)


@transactional
def keep(person_id: int, mobile: str) -> CodeSent:
    """Have a code sent to the number, good for this person alone; those before it are worth nothing."""
    now, code_id = clock.now(), new_id()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    db.session.execute(
        update(PhoneCode)
        .where(PhoneCode.person_id == person_id, PhoneCode.used_at.is_(None))
        .values(tries_left=0, phone_sealed=None, code_sealed=None)
    )
    db.session.add(
        PhoneCode(
            id=code_id,
            person_id=person_id,
            phone_index=index(mobile),
            phone_sealed=crypto.seal(mobile, field="phone_codes.phone", row=code_id),
            code_sealed=crypto.seal(code, field="phone_codes.code", row=code_id),
            code_digest=_digest(code_id, code),
            tries_left=TRIES,
            created_at=now,
            expires_at=now + LIFE,
        )
    )
    outbox.put(SEND, f"{SEND}:{code_id.hex}", code_id=str(code_id))
    return CodeSent(now + LIFE)


@transactional
def spend(person_id: int, mobile: str, code: str, whose: str) -> bool:
    """Whether it is the newest code's; a wrong one costs that code a try. Committed either way.

    `whose` names the tries that are forgotten after a right one.
    """
    row = db.session.scalar(
        select(PhoneCode)
        .where(PhoneCode.person_id == person_id, PhoneCode.phone_index == index(mobile))
        .where(PhoneCode.used_at.is_(None), PhoneCode.tries_left > 0, PhoneCode.expires_at > clock.now())
        .order_by(PhoneCode.created_at.desc())
        .limit(1)
        .with_for_update()
    )
    if row is None:
        return False
    if not hmac.compare_digest(row.code_digest, _digest(row.id, code.strip())):
        row.tries_left -= 1
        return False
    row.used_at, row.phone_sealed, row.code_sealed = clock.now(), None, None
    attempts.forget(AttemptKind.PHONE_CODE, whose)
    return True


def index(mobile: str) -> str:
    """What a number is looked up by among codes and counted tries."""
    return crypto.blind_index(mobile, field="phone_codes.phone")


def deliver(job: Job) -> None:
    """Send what was written down, if it is still of use. The outbox's handler for SEND; sent again if unsure."""
    waiting = _waiting(UUID(job.payload["code_id"]))
    if waiting is not None:
        sms.current().send(*waiting, minutes=int(LIFE.total_seconds()) // 60)
        _forget(UUID(job.payload["code_id"]))


@transactional
def sweep(now: datetime) -> int:
    """Delete codes of yesterday; how many. For a tick."""
    gone = db.session.execute(delete(PhoneCode).where(PhoneCode.created_at < now - KEPT).returning(PhoneCode.id))
    return len(gone.all())


def _waiting(code_id: UUID) -> tuple[str, str] | None:
    row = db.session.get(PhoneCode, code_id)
    if row is None or row.phone_sealed is None or row.code_sealed is None or row.expires_at <= clock.now():
        return None
    phone = crypto.unseal(row.phone_sealed, field="phone_codes.phone", row=row.id)
    return phone, crypto.unseal(row.code_sealed, field="phone_codes.code", row=row.id)


@transactional
def _forget(code_id: UUID) -> None:
    """Forget number and code once they have gone out."""
    db.session.execute(update(PhoneCode).where(PhoneCode.id == code_id).values(phone_sealed=None, code_sealed=None))


def _count(kind: AttemptKind, subject: str) -> None:
    until = attempts.take(kind, subject)
    if until is not None:
        raise TooManyTries(details={"retry_after_s": int((until - clock.now()).total_seconds()) + 1})


def _digest(code_id: UUID, code: str) -> str:
    return crypto.blind_index(code, field=f"phone_codes.{code_id.hex}")
