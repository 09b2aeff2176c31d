"""Accounts: right and wrong passwords, the lock, and how little a stranger learns."""

import statistics
import threading
import time
from collections.abc import Iterator

import pytest
import time_machine
from argon2 import PasswordHasher
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core import clock
from service.core.access import SYSTEM
from service.identity import accounts, attempts, passwords, refresh_tokens
from service.identity.enums import AttemptKind
from service.identity.errors import (
    AccountDisabled,
    AccountLocked,
    AccountUnknown,
    LoginTaken,
    PersonUnknown,
    RefreshRefused,
    WrongPassword,
)
from service.identity.models import Attempt
from service.identity.passwords import HashingBusy
from service.identity.sign_ins import refresh
from tests import make

PASSWORD = "kafei-2026-menglian"


REAL_HASHES = {
    "test_the_hash_is_argon2id_with_19_mib",
    "test_an_unknown_login_costs_as_much_time_as_a_known_one",
}


@pytest.fixture(autouse=True)
def _cheap_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most rules do not need a hash that takes 30 ms."""
    if request.node.originalname not in REAL_HASHES:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(passwords, "HASHER", cheap)
        monkeypatch.setattr(passwords, "NOBODY", cheap.hash("nobody"))


@pytest.fixture
def traveller(database: SQLAlchemy) -> Iterator[time_machine.Traveller]:
    """The clock stands still until it is moved."""
    with time_machine.travel(clock.now(), tick=False) as moved:
        yield moved


@pytest.fixture
def person_id(database: SQLAlchemy) -> int:
    """A person with the account `simao`."""
    person = make.person()
    accounts.open_account(SYSTEM, person.id, " Simao ", PASSWORD)
    return person.id


def wrongly(login: str, times: int) -> None:
    """So many wrong passwords."""
    for _ in range(times):
        with pytest.raises(WrongPassword):
            accounts.sign_in(login, "wrong")


def test_the_right_password_signs_in(person_id: int, database: SQLAlchemy) -> None:
    signed_in = accounts.sign_in("ＳＩＭＡＯ", PASSWORD)
    assert signed_in.person.id == person_id
    assert refresh_tokens.sign_in_id(signed_in.tokens.refresh_token)
    assert list(database.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))) == [
        "identity.account_opened",
        "auth.signed_in",
    ]


def test_the_hash_is_argon2id_with_19_mib(person_id: int) -> None:
    assert accounts.by_login("simao").password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.NOBODY.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in accounts.by_login("simao").password_hash


def test_a_wrong_password_and_an_unknown_login_are_told_alike_and_written_down(
    person_id: int, database: SQLAlchemy
) -> None:
    told = []
    for login in ("simao", "nobody"):
        with pytest.raises(WrongPassword) as refused:
            accounts.sign_in(login, "wrong")
        told.append((refused.value.code, refused.value.message, refused.value.details, refused.value.next_step))
    assert told[0] == told[1]
    denied = select(AuditEntry.subject_id).where(AuditEntry.action == "auth.denied").order_by(AuditEntry.id)
    assert list(database.session.scalars(denied)) == [str(person_id), "unknown"]


def test_a_locked_and_a_disabled_account_s_denials_are_written_down(person_id: int, database: SQLAlchemy) -> None:
    wrongly("simao", 10)
    with pytest.raises(AccountLocked):
        accounts.sign_in("simao", PASSWORD)
    accounts.set_password(SYSTEM, "simao", PASSWORD)
    accounts.disable(SYSTEM, "simao")
    with pytest.raises(AccountDisabled):
        accounts.sign_in("simao", PASSWORD)
    denied = select(AuditEntry.details).where(AuditEntry.action == "auth.denied").order_by(AuditEntry.id)
    codes = [details["code"] for details in database.session.scalars(denied)]
    assert codes == [*["auth.wrong_password"] * 10, "auth.locked", "auth.disabled"]


@pytest.mark.parametrize("login", ["simao", "nobody"])
def test_ten_wrong_in_a_row_lock_for_fifteen_minutes(
    person_id: int, traveller: time_machine.Traveller, login: str
) -> None:
    wrongly(login, 10)
    with pytest.raises(AccountLocked) as locked:
        accounts.sign_in(login, PASSWORD)
    assert locked.value.details["locked_until"].endswith("+08:00")
    traveller.shift(15 * 60 - 1)
    with pytest.raises(AccountLocked):
        accounts.sign_in(login, PASSWORD)
    traveller.shift(1)
    if login == "nobody":
        wrongly(login, 1)
    else:
        assert accounts.sign_in(login, PASSWORD).person.id == person_id


def test_nine_wrong_ones_are_forgotten_by_a_right_one(person_id: int) -> None:
    for _ in range(2):
        wrongly("simao", 9)
        assert accounts.sign_in("simao", PASSWORD)


def test_a_lock_of_one_account_is_not_another_s(person_id: int, database: SQLAlchemy) -> None:
    other = make.person()
    accounts.open_account(SYSTEM, other.id, "lancang", PASSWORD)
    wrongly("simao", 10)
    assert accounts.sign_in("lancang", PASSWORD).person.id == other.id


def test_another_password_ends_sign_ins_and_lifts_the_lock(person_id: int) -> None:
    before = accounts.sign_in("simao", PASSWORD).tokens
    wrongly("simao", 10)
    accounts.set_password(SYSTEM, "simao", "another-2026")
    assert accounts.sign_in("simao", "another-2026")
    wrongly("simao", 1)
    with pytest.raises(RefreshRefused):
        refresh(before.refresh_token)


def test_a_disabled_account_tells_so_to_who_knows_the_password(person_id: int) -> None:
    before = accounts.sign_in("simao", PASSWORD).tokens
    accounts.disable(SYSTEM, "simao")
    with pytest.raises(AccountDisabled):
        accounts.sign_in("simao", PASSWORD)
    wrongly("simao", 1)
    with pytest.raises(RefreshRefused):
        refresh(before.refresh_token)
    accounts.enable(SYSTEM, "simao")
    assert accounts.sign_in("simao", PASSWORD)


def test_a_login_and_a_person_have_one_account(person_id: int, database: SQLAlchemy) -> None:
    for someone, login in ((make.person().id, "SIMAO"), (person_id, "other")):
        with pytest.raises(LoginTaken):
            accounts.open_account(SYSTEM, someone, login, PASSWORD)
    with pytest.raises(PersonUnknown):
        accounts.open_account(SYSTEM, 999_999, "third", PASSWORD)


def test_an_unknown_account_cannot_be_changed(database: SQLAlchemy) -> None:
    for change in (accounts.disable, accounts.enable):
        with pytest.raises(AccountUnknown):
            change(SYSTEM, "nobody")
    with pytest.raises(AccountUnknown):
        accounts.set_password(SYSTEM, "nobody", PASSWORD)


def test_a_broken_hash_opens_to_nobody(person_id: int, database: SQLAlchemy) -> None:
    accounts.by_login("simao").password_hash = "plain"
    database.session.commit()
    wrongly("simao", 1)


def median_ms(login: str, times: int = 3) -> float:
    """How long a wrong sign-in takes."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        with pytest.raises(WrongPassword):
            accounts.sign_in(login, "wrong")
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def test_an_unknown_login_costs_as_much_time_as_a_known_one(person_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by a stop watch alone: the work done is counted, and the clock only says that it is done at all."""
    verified: list[str] = []
    verify = passwords.HASHER.verify

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept)
            return verify(kept, password)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    known, unknown = median_ms("simao"), median_ms("nobody")
    assert len(verified) == 6
    assert {kept.rsplit("$", 2)[0] for kept in verified} == {"$argon2id$v=19$m=19456,t=2,p=1"}
    assert min(known, unknown) > 1


def test_more_than_two_hashes_at_once_wait_and_then_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.05)
    entered, leave = threading.Barrier(3), threading.Event()

    class Slow:
        def hash(self, _password: str) -> str:
            entered.wait(5)
            assert leave.wait(5)
            return "hash"

    monkeypatch.setattr(passwords, "HASHER", Slow())
    threads = [threading.Thread(target=passwords.hashed, args=("x",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    entered.wait(5)
    for ask in (passwords.hashed, lambda given: passwords.is_right(given, None)):
        with pytest.raises(HashingBusy):
            ask("x")
    leave.set()
    for thread in threads:
        thread.join()
    monkeypatch.undo()
    assert passwords.is_right("x", passwords.hashed("x"))


def test_a_try_is_never_counted_inside_a_command(database: SQLAlchemy) -> None:
    """A command that is rolled back would give the try back."""
    token = attempts.is_writing.__globals__["inside_command"].set(True)
    try:
        with pytest.raises(RuntimeError):
            attempts.take(AttemptKind.BINDING, "17")
    finally:
        attempts.is_writing.__globals__["inside_command"].reset(token)


def test_old_tries_are_swept(traveller: time_machine.Traveller, database: SQLAlchemy) -> None:
    attempts.take(AttemptKind.BINDING, "1")
    traveller.shift(86_000)
    attempts.take(AttemptKind.BINDING, "2")
    traveller.shift(500)
    assert attempts.sweep(clock.now()) == 1
    assert list(database.session.scalars(select(Attempt.subject))) == ["2"]


def test_a_row_that_another_process_has_just_made_is_counted_on(
    database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts.take(AttemptKind.BINDING, "17")
    with monkeypatch.context() as patched:
        patched.setattr(database.session, "get", lambda *_given, **_named: None)
        attempts.take(AttemptKind.BINDING, "17")
    assert database.session.get_one(Attempt, (AttemptKind.BINDING, "17")).count == 2
