"""Accounts of staff and trainers: signing in with a password, opening and disabling them."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from service.audit import entries
from service.core import clock
from service.core.access import SYSTEM, Actor, Duty
from service.core.db import db
from service.core.errors import ServiceError
from service.core.transaction import transactional
from service.identity import attempts, passwords, people, sign_ins, totp
from service.identity.enums import AttemptKind, Channel
from service.identity.errors import (
    AccountDisabled,
    AccountLocked,
    AccountUnknown,
    LoginTaken,
    PasswordWeak,
    TotpLocked,
    TotpMissing,
    TotpWrong,
    WrongPassword,
)
from service.identity.models import Account, Person, SignIn


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in just opened: what the device keeps, who it is, and what has to be done before any door opens."""

    tokens: sign_ins.Tokens
    person: Person
    must_change: bool = False
    must_enrol: bool = False


def sign_in(login: str, password: str, totp_code: str | None = None, device: str | None = None) -> SignedIn:
    """A sign-in by the staff door. The try is counted before the password is looked at, and outside its transaction.

    Raises AccountLocked after ten wrong ones in a row, WrongPassword, AccountDisabled, HashingBusy, and where the
    account has an authenticator TotpMissing, TotpWrong, and TotpLocked after five wrong ones. An unknown login is
    counted, locked and answered like a known one, after as much time.
    """
    locked_until, account = _knock(login)
    if locked_until is not None:
        raise _denied(account, AccountLocked(details=_until(locked_until)))
    if not passwords.is_right(password, account.password_hash if account else None) or account is None:
        raise _denied(account, WrongPassword())
    if account.is_disabled:
        raise _denied(account, AccountDisabled())
    if totp.is_in_force(account.id):
        _ask_for_code(account, _subject(login), totp_code)
    return _admit(account, _subject(login), device)


def change_password(actor: Actor, current: str, new: str) -> None:
    """Change the actor's own password; the other sign-ins by the staff door end.

    A wrong present one counts as a try. Raises AccountUnknown, AccountLocked, WrongPassword, PasswordWeak, HashingBusy.
    """
    login = by_person(actor.worker_id).login
    locked_until, account = _knock(login)
    if locked_until is not None or account is None:
        raise _denied(account, AccountLocked(details=_until(locked_until)))
    if not passwords.is_right(current, account.password_hash):
        raise _denied(account, WrongPassword())
    if new == current:
        raise PasswordWeak("新密码不能与现在的相同", details={"password": ["不能与现在的相同"]})
    _change_hash(actor, login, passwords.hashed(passwords.checked(new, login)))


def open_account(
    actor: Actor, person_id: int, login: str, password: str, *, must_change: bool = False, node_id: int | None = None
) -> Account:
    """A new account for a person. `must_change`: the password is changed before anything else is done.

    Raises PersonUnknown, LoginTaken, PasswordWeak, HashingBusy.
    """
    fit = passwords.checked(password, normal_login(login))
    return keep(
        actor,
        Account(
            person_id=person_id,
            login=normal_login(login),
            password_hash=passwords.hashed(fit),
            must_change=must_change,
            node_id=node_id,
        ),
    )


def set_password(actor: Actor, login: str, password: str, *, must_change: bool = False) -> None:
    """Give an account another password; its sign-ins end, its lock is lifted.

    Raises AccountUnknown, PasswordWeak, HashingBusy.
    """
    fit = passwords.checked(password, normal_login(login))
    _set_hash(actor, login, passwords.hashed(fit), must_change)


@transactional
def disable(actor: Actor, login: str) -> None:
    """Switch an account off and end its sign-ins. Raises AccountUnknown."""
    account = by_login(login)
    account.is_disabled = True
    _end_sign_ins(account)
    entries.record(actor, "identity.account_disabled", "person", account.person_id)


@transactional
def enable(actor: Actor, login: str) -> None:
    """Switch an account on again. Raises AccountUnknown."""
    account = by_login(login)
    account.is_disabled = False
    entries.record(actor, "identity.account_enabled", "person", account.person_id)


def by_login(login: str) -> Account:
    """The account. Raises AccountUnknown."""
    found = _find(login)
    if found is None:
        raise AccountUnknown
    return found


def by_person(person_id: int) -> Account:
    """The person's account. Raises AccountUnknown."""
    found = db.session.scalar(select(Account).where(Account.person_id == person_id))
    if found is None:
        raise AccountUnknown
    return found


def normal_login(login: str) -> str:
    """A login as it is stored and compared: half-width, lower case, no outer space."""
    return unicodedata.normalize("NFKC", login).strip().lower()


@transactional
def keep(actor: Actor, account: Account) -> Account:
    """Enter an account whose password was checked and hashed already. Raises PersonUnknown, LoginTaken."""
    people.lock([account.person_id])
    taken = select(Account.id).where(or_(Account.login == account.login, Account.person_id == account.person_id))
    if db.session.scalar(taken) is not None:
        raise LoginTaken
    db.session.add(account)
    db.session.flush()
    entries.record(actor, "identity.account_opened", "person", account.person_id)
    return account


@transactional
def _set_hash(actor: Actor, login: str, password_hash: str, must_change: bool) -> None:
    account = by_login(login)
    account.password_hash, account.must_change = password_hash, must_change
    attempts.forget(AttemptKind.PASSWORD, _subject(login))
    attempts.forget(AttemptKind.TOTP, _subject(login))
    _end_sign_ins(account)
    entries.record(actor, "identity.password_set", "person", account.person_id)


@transactional
def _change_hash(actor: Actor, login: str, password_hash: str) -> None:
    account = by_login(login)
    account.password_hash, account.must_change = password_hash, False
    attempts.forget(AttemptKind.PASSWORD, _subject(login))
    sign_ins.revoke_where(_staff_sign_ins(account) & (SignIn.id != actor.sign_in_id))
    entries.record(actor, "identity.password_changed", "person", account.person_id)


def _ask_for_code(account: Account, subject: str, given: str | None) -> None:
    """Raise unless the code opens. The password was right, so its tries are forgotten; the code's are counted."""
    if not given:
        _forget_tries(subject)
        raise TotpMissing
    locked_until = attempts.take(AttemptKind.TOTP, subject)
    if locked_until is not None:
        raise _denied(account, TotpLocked(details=_until(locked_until)))
    if not totp.use(account.id, given):
        raise _denied(account, TotpWrong())


@transactional
def _knock(login: str) -> tuple[datetime | None, Account | None]:
    """The try counted, and the account; no transaction is left open while the password is hashed."""
    return attempts.count(AttemptKind.PASSWORD, _subject(login)), _find(login)


@transactional
def _forget_tries(subject: str) -> None:
    attempts.forget(AttemptKind.PASSWORD, subject)


@transactional
def _admit(account: Account, subject: str, device: str | None) -> SignedIn:
    attempts.forget(AttemptKind.PASSWORD, subject)
    attempts.forget(AttemptKind.TOTP, subject)
    given = sign_ins.sign_in(account.person_id, Channel.STAFF, device)
    standing = sign_ins.Standing(Channel.STAFF, True, account.must_change, totp.is_in_force(account.id))
    duty = sign_ins.duty_of(standing)
    return SignedIn(given, people.person(account.person_id), duty is Duty.CHANGE_PASSWORD, duty is Duty.ENROL_TOTP)


@transactional
def _denied(account: Account | None, refusal: ServiceError) -> ServiceError:
    """The refusal, written down: whose account, if anybody's, and why."""
    subject = account.person_id if account else "unknown"
    entries.record(SYSTEM, "auth.denied", "person", subject, channel=Channel.STAFF.value, code=refusal.code)
    return refusal


def _find(login: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.login == normal_login(login)))


def _end_sign_ins(account: Account) -> None:
    sign_ins.revoke_where(_staff_sign_ins(account))


def _staff_sign_ins(account: Account) -> ColumnElement[bool]:
    return (SignIn.person_id == account.person_id) & (SignIn.channel == Channel.STAFF)


def _until(instant: datetime | None) -> dict[str, str]:
    return {"locked_until": clock.local(instant).isoformat(timespec="seconds")} if instant else {}


def _subject(login: str) -> str:
    return attempts.subject_of(normal_login(login))
