"""Accounts of staff and trainers: signing in with a password, opening and disabling them."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from service.audit import entries
from service.core import clock, crypto
from service.core.access import SYSTEM, Actor
from service.core.db import db
from service.core.transaction import transactional
from service.identity import attempts, passwords, people, sign_ins
from service.identity.enums import AttemptKind, Channel
from service.identity.errors import AccountDisabled, AccountLocked, AccountUnknown, LoginTaken, WrongPassword
from service.identity.models import Account, Person, SignIn


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in just opened: what the device keeps, and who it is."""

    tokens: sign_ins.Tokens
    person: Person


def sign_in(login: str, password: str) -> SignedIn:
    """A sign-in by the staff door. The try is counted before the password is looked at, and outside its transaction.

    Raises AccountLocked after ten wrong ones in a row, WrongPassword, AccountDisabled, HashingBusy. An unknown
    login is counted, locked and answered like a known one, after as much time.
    """
    locked_until, account = _knock(login)
    if locked_until is not None:
        raise AccountLocked(details={"locked_until": clock.local(locked_until).isoformat(timespec="seconds")})
    if not passwords.is_right(password, account.password_hash if account else None) or account is None:
        _deny(account.person_id if account else None)
        raise WrongPassword
    if account.is_disabled:
        raise AccountDisabled
    return _admit(account.person_id, _subject(login))


def open_account(actor: Actor, person_id: int, login: str, password: str) -> Account:
    """A new account for a person. Raises PersonUnknown, LoginTaken, HashingBusy."""
    return _open(actor, person_id, login, passwords.hashed(password))


def set_password(actor: Actor, login: str, password: str) -> None:
    """Give an account another password; its sign-ins end, its lock is lifted. Raises AccountUnknown, HashingBusy."""
    _set_hash(actor, login, passwords.hashed(password))


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


def normal_login(login: str) -> str:
    """A login as it is stored and compared: half-width, lower case, no outer space."""
    return unicodedata.normalize("NFKC", login).strip().lower()


@transactional
def _open(actor: Actor, person_id: int, login: str, password_hash: str) -> Account:
    people.lock([person_id])
    taken = select(Account.id).where(or_(Account.login == normal_login(login), Account.person_id == person_id))
    if db.session.scalar(taken) is not None:
        raise LoginTaken
    account = Account(person_id=person_id, login=normal_login(login), password_hash=password_hash)
    db.session.add(account)
    db.session.flush()
    entries.record(actor, "identity.account_opened", "person", person_id)
    return account


@transactional
def _set_hash(actor: Actor, login: str, password_hash: str) -> None:
    account = by_login(login)
    account.password_hash = password_hash
    attempts.forget(AttemptKind.PASSWORD, _subject(login))
    _end_sign_ins(account)
    entries.record(actor, "identity.password_set", "person", account.person_id)


@transactional
def _knock(login: str) -> tuple[datetime | None, Account | None]:
    """The try counted, and the account; no transaction is left open while the password is hashed."""
    return attempts.count(AttemptKind.PASSWORD, _subject(login)), _find(login)


@transactional
def _admit(person_id: int, subject: str) -> SignedIn:
    attempts.forget(AttemptKind.PASSWORD, subject)
    return SignedIn(sign_ins.sign_in(person_id, Channel.STAFF), people.person(person_id))


@transactional
def _deny(person_id: int | None) -> None:
    entries.record(SYSTEM, "auth.denied", "person", person_id or "unknown", channel=Channel.STAFF.value)


def _find(login: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.login == normal_login(login)))


def _end_sign_ins(account: Account) -> None:
    sign_ins.revoke_where((SignIn.person_id == account.person_id) & (SignIn.channel == Channel.STAFF))


def _subject(login: str) -> str:
    return crypto.blind_index(normal_login(login), field="attempts.login")
