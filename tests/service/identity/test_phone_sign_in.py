"""Who proved a phone signs in by a code sent to it; whose number it is is never told."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy

from service.core import clock
from service.core.access import Actor, Role
from service.identity import own_phone, phone_codes, phone_sign_in, sign_ins, sms, tokens
from service.identity.enums import Channel
from service.identity.errors import PhoneCodeWrong, PhoneWrong, TooManyTries
from service.identity.models import Person, SignIn
from service.messaging import delivery
from tests import make

PHONE = "13900004321"


@pytest.fixture(autouse=True)
def _empty_sandbox(database: SQLAlchemy) -> Iterator[None]:
    sms._texts().unlink(missing_ok=True)
    yield
    sms._texts().unlink(missing_ok=True)


def sent() -> str:
    """The newest code that a phone was sent, once the outbox has been delivered."""
    while delivery.deliver_due():
        pass
    return str(sms.sandbox_texts()[0]["code"])


def holder(phone: str = PHONE) -> Person:
    """Somebody who has proved to hold the phone."""
    person = make.person()
    phone_codes.send(Actor(person.id), phone)
    return own_phone.prove_by_code(Actor(person.id), phone, sent())


def test_the_holder_signs_in_and_is_a_worker_there(database: SQLAlchemy) -> None:
    person = holder()
    phone_sign_in.send("+86 139-0000-4321")
    given = phone_sign_in.sign_in(PHONE, sent(), "Chromium")
    assert given.person.id == person.id
    claims = tokens.verify(given.tokens.access_token)
    row = database.session.get_one(SignIn, claims.sign_in_id)
    assert (row.channel, row.device) == (Channel.PHONE, "Chromium")
    actor = sign_ins.actor_of(person.id, claims.sign_in_id)
    assert actor is not None
    assert not actor.holds(*(role for role in Role if role not in (Role.WORKER, Role.MEMBER)))


def test_a_code_opens_once_and_a_wrong_one_never(database: SQLAlchemy) -> None:
    holder()
    phone_sign_in.send(PHONE)
    code = sent()
    with pytest.raises(PhoneCodeWrong):
        phone_sign_in.sign_in(PHONE, "000000" if code != "000000" else "000001")
    phone_sign_in.sign_in(PHONE, code)
    with pytest.raises(PhoneCodeWrong):
        phone_sign_in.sign_in(PHONE, code)


def test_a_number_nobody_has_proved_is_answered_the_same_and_gets_no_text(database: SQLAlchemy) -> None:
    registered = make.person()
    with time_machine.travel(clock.now(), tick=False):
        answer = phone_sign_in.send(str(registered.phone))
        assert answer.expires_at == clock.now() + timedelta(minutes=5)
    while delivery.deliver_due():
        pass
    assert sms.sandbox_texts() == []
    with pytest.raises(PhoneCodeWrong):
        phone_sign_in.sign_in(str(registered.phone), "123456")
    with pytest.raises(PhoneWrong):
        phone_sign_in.send("12345")


def test_of_two_who_proved_a_number_the_later_one_holds_it(database: SQLAlchemy) -> None:
    with time_machine.travel(clock.now(), tick=False) as moved:
        earlier = holder()
        moved.shift(timedelta(hours=2))
        later = holder()
        phone_sign_in.send(PHONE)
        assert phone_sign_in.sign_in(PHONE, sent()).person.id == later.id != earlier.id


def test_a_code_for_proving_a_phone_signs_nobody_else_in(database: SQLAlchemy) -> None:
    holder()
    stranger = Actor(make.person().id)
    phone_codes.send(stranger, PHONE)
    with pytest.raises(PhoneCodeWrong):
        phone_sign_in.sign_in(PHONE, sent())


def test_texts_and_tries_are_counted_also_for_a_number_nobody_holds(database: SQLAlchemy) -> None:
    for _ in range(5):
        phone_sign_in.send("13900009876")
    with pytest.raises(TooManyTries):
        phone_sign_in.send("13900009876")
    for _ in range(10):
        with pytest.raises(PhoneCodeWrong):
            phone_sign_in.sign_in("13900009876", "000000")
    with pytest.raises(TooManyTries):
        phone_sign_in.sign_in("13900009876", "000000")
