"""Codes of an authenticator (TOTP) beside the password (docs/rules.md `identity.totp`).

No code is taken twice: the newest step that was used is kept, and only later ones open. Recovery codes open once each.
"""

import hashlib
import hmac
import io
import secrets
from dataclasses import dataclass

import pyotp
import segno
from sqlalchemy import delete, select, update

from service.audit import entries
from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.identity import attempts
from service.identity.enums import AttemptKind
from service.identity.errors import AccountUnknown, TotpEnrolled, TotpLocked, TotpNotEnrolled, TotpWrong
from service.identity.models import Account
from service.identity.totp_models import Authenticator, RecoveryCode

ISSUER = "工云"
SEALED = "authenticators.secret"
STEP_S = 30
DRIFT = 1
"""Steps of 30 seconds that a phone's clock may be off, either way."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator is set up with: the secret in base32, the same as an address, and as a QR picture (SVG)."""

    secret: str
    uri: str
    picture: str


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """Codes shown once, to be kept on paper."""

    recovery_codes: list[str]


@dataclass(frozen=True, slots=True)
class TotpStanding:
    """Whether an authenticator is in force, and how many recovery codes are left."""

    is_enrolled: bool
    recovery_codes_left: int


@transactional
def enrol(actor: Actor) -> Enrolment:
    """A new secret for the actor's account, in force once `confirm` has seen a code of it.

    Raises AccountUnknown, TotpEnrolled.
    """
    account = _account(actor)
    row = _locked(account.id)
    if row is not None and row.confirmed_at is not None:
        raise TotpEnrolled
    if row is not None:
        db.session.delete(row)
        db.session.flush()
    secret, row_id = pyotp.random_base32(), new_id()
    sealed = crypto.seal(secret, field=SEALED, row=row_id)
    db.session.add(Authenticator(id=row_id, account_id=account.id, secret_sealed=sealed, enrolled_at=clock.now()))
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=ISSUER)
    return Enrolment(secret, uri, _picture(uri))


@transactional
def confirm(actor: Actor, code: str) -> RecoveryCodes:
    """Put the authenticator in force. Raises AccountUnknown, TotpNotEnrolled, TotpEnrolled, TotpWrong."""
    account = _account(actor)
    row = _locked(account.id)
    if row is None:
        raise TotpNotEnrolled
    if row.confirmed_at is not None:
        raise TotpEnrolled
    step = _step_of(row, code)
    if step is None:
        raise TotpWrong
    row.last_step, row.confirmed_at = step, clock.now()
    entries.record(actor, "identity.totp_enrolled", "person", account.person_id)
    return _new_codes(account.id)


def remove(actor: Actor, code: str) -> None:
    """Take the actor's own authenticator away, with a code of it; a wrong one counts as a try at the staff door does.

    Raises AccountUnknown, TotpNotEnrolled, TotpWrong, TotpLocked.
    """
    account = _account(actor)
    if not is_in_force(account.id):
        raise TotpNotEnrolled
    locked_until = attempts.take(AttemptKind.TOTP, attempts.subject_of(account.login))
    if locked_until is not None:
        raise TotpLocked(details={"locked_until": clock.local(locked_until).isoformat(timespec="seconds")})
    if not use(account.id, code):
        raise TotpWrong
    _remove(actor, account)


@transactional
def use(account_id: int, given: str) -> bool:
    """Whether this code of the authenticator, or this recovery code, opens; it never does again."""
    row = _locked(account_id)
    if row is None or row.confirmed_at is None:
        return False
    step = _step_of(row, given)
    if step is not None:
        row.last_step = step
        return True
    spent = (
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.digest == _digest(account_id, given),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    return db.session.scalar(spent) is not None


def reset(actor: Actor, account: Account) -> None:
    """Take somebody else's authenticator away, in the caller's transaction."""
    forget(account.id)
    entries.record(actor, "identity.totp_reset", "person", account.person_id)


def forget(account_id: int) -> None:
    """Take authenticator and recovery codes away, in the caller's transaction."""
    db.session.execute(delete(Authenticator).where(Authenticator.account_id == account_id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def is_in_force(account_id: int) -> bool:
    """Whether the account asks for a code."""
    query = select(Authenticator.confirmed_at).where(Authenticator.account_id == account_id)
    return db.session.scalar(query) is not None


def standing(actor: Actor) -> TotpStanding:
    """Where the actor's own account stands. Raises AccountUnknown."""
    account = _account(actor)
    left = select(RecoveryCode.id).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return TotpStanding(is_in_force(account.id), len(db.session.scalars(left).all()))


@transactional
def _remove(actor: Actor, account: Account) -> None:
    forget(account.id)
    attempts.forget(AttemptKind.TOTP, attempts.subject_of(account.login))
    entries.record(actor, "identity.totp_removed", "person", account.person_id)


def _account(actor: Actor) -> Account:
    found = db.session.scalar(select(Account).where(Account.person_id == actor.worker_id))
    if found is None:
        raise AccountUnknown
    return found


def _locked(account_id: int) -> Authenticator | None:
    query = select(Authenticator).where(Authenticator.account_id == account_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def _step_of(row: Authenticator, given: str) -> int | None:
    """The step whose code this is, if it is near now and later than every one used."""
    code = given.replace(" ", "")
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    authenticator = pyotp.TOTP(crypto.unseal(row.secret_sealed, field=SEALED, row=row.id))
    now = int(clock.now().timestamp()) // STEP_S
    for step in range(now - DRIFT, now + DRIFT + 1):
        is_later = row.last_step is None or step > row.last_step
        if is_later and hmac.compare_digest(authenticator.generate_otp(step), code):
            return step
    return None


def _new_codes(account_id: int) -> RecoveryCodes:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [secrets.token_hex(RECOVERY_BYTES) for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(account_id=account_id, digest=_digest(account_id, code)) for code in codes)
    return RecoveryCodes(["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes])


def _digest(account_id: int, given: str) -> str:
    bare = "".join(given.split()).replace("-", "").lower()
    return hashlib.sha256(f"{account_id}|{bare}".encode()).hexdigest()


def _picture(uri: str) -> str:
    written = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(written, kind="svg", scale=6, xmldecl=False)
    return written.getvalue().decode()
