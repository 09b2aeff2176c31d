"""Authenticators at the seams: nobody's account, none enrolled, and a race for one code."""

from collections import Counter

import pyotp
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from service.core.access import SYSTEM, Actor
from service.identity import accounts, passwords, totp
from service.identity.errors import AccountUnknown, TotpNotEnrolled
from tests import make
from tests.races.test_identity import at_once


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def clerk() -> tuple[Actor, int]:
    """Somebody with an account, and the account's id."""
    person_id = make.person().id
    return Actor(person_id), accounts.open_account(SYSTEM, person_id, "simao", "kafei-2026-menglian").id


def test_who_has_no_account_has_no_authenticator(database: SQLAlchemy) -> None:
    worker = Actor(make.person().id)
    for ask in (totp.standing, totp.enrol):
        with pytest.raises(AccountUnknown):
            ask(worker)
    with pytest.raises(AccountUnknown):
        accounts.by_person(worker.worker_id)


def test_nothing_opens_before_the_first_code_was_seen(database: SQLAlchemy) -> None:
    actor, account_id = clerk()
    assert not totp.use(account_id, "000000")
    secret = totp.enrol(actor).secret
    assert not totp.use(account_id, pyotp.TOTP(secret).now())
    with pytest.raises(TotpNotEnrolled):
        totp.remove(actor, pyotp.TOTP(secret).now())


def test_one_code_many_times_at_once_opens_once(app: Flask, committed_database: SQLAlchemy) -> None:
    actor, account_id = clerk()
    authenticator = pyotp.TOTP(totp.enrol(actor).secret)
    step = int(totp.clock.now().timestamp()) // 30
    codes = totp.confirm(actor, authenticator.generate_otp(step - 1)).recovery_codes
    committed_database.session.remove()
    for code in (authenticator.generate_otp(step), codes[0]):
        outcomes = at_once(app, [lambda code=code: totp.use(account_id, code)] * 8)
        assert Counter(outcomes) == {True: 1, False: 7}
