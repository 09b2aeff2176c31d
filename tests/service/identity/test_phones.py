"""Phones are proved: a code of five minutes, used once, dead after five wrong ones; or WeChat's word."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
import requests
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core import clock, configuration
from service.core.access import Actor
from service.identity import binding, own_phone, people, phone_codes, real_name, sms, wechat_sign_in
from service.identity.errors import BindingRefused, PhoneCodeWrong, PhoneNotProved, PhoneWrong, TooManyTries
from service.identity.phone_models import PhoneCode
from service.messaging import delivery
from service.messaging.models import InboxMessage, OutboxRow
from service.wechat.phone import PhoneNumber
from tests import make

PHONE = "13900001234"


@pytest.fixture(autouse=True)
def _empty_sandbox(database: SQLAlchemy) -> Iterator[None]:
    sms._texts().unlink(missing_ok=True)
    yield
    sms._texts().unlink(missing_ok=True)


@pytest.fixture
def traveller(database: SQLAlchemy) -> Iterator[time_machine.Traveller]:
    """The clock stands still until it is moved."""
    with time_machine.travel(clock.now(), tick=False) as moved:
        yield moved


@pytest.fixture
def actor(database: SQLAlchemy) -> Actor:
    """A verified worker."""
    return Actor(make.person().id)


def settle(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    """Other settings for this test."""
    monkeypatch.setattr(configuration, "_current", replace(configuration.current(), **changed))


def sent() -> str:
    """The newest code that a phone was sent, once the outbox has been delivered."""
    while delivery.deliver_due():
        pass
    return str(sms.sandbox_texts()[0]["code"])


def wrong(code: str) -> str:
    """Another code."""
    return "000000" if code != "000000" else "000001"


def test_a_code_proves_the_phone_it_was_sent_to(actor: Actor, database: SQLAlchemy) -> None:
    phone_codes.send(actor, "+86 139-0000-1234")
    code = sent()
    assert re.fullmatch(r"\d{6}", code)
    assert sms.sandbox_texts()[0]["phone"] == PHONE
    person = own_phone.prove_by_code(actor, PHONE, f" {code} ")
    assert (person.phone, person.phone_proved_at is not None) == (PHONE, True)
    with pytest.raises(PhoneCodeWrong):
        own_phone.prove_by_code(actor, PHONE, code)
    sent_notice = database.session.scalar(select(OutboxRow.payload).where(OutboxRow.kind == "notice"))
    assert sent_notice is None or PHONE not in str(sent_notice)


def test_a_change_is_told_in_the_inbox_and_audited_without_the_number(actor: Actor, database: SQLAlchemy) -> None:
    phone_codes.send(actor, PHONE)
    own_phone.prove_by_code(actor, PHONE, sent())
    while delivery.deliver_due():
        pass
    message = database.session.scalars(select(InboxMessage).where(InboxMessage.person_id == actor.person_id)).one()
    assert message.title == "手机号已更换"
    trail = [(each.action, str(each.details)) for each in database.session.scalars(select(AuditEntry))]
    assert any(action == "identity.phone_proved" for action, _ in trail)
    assert PHONE not in str(trail) + message.body


def test_the_same_phone_again_is_no_change(actor: Actor, database: SQLAlchemy) -> None:
    mine = str(people.person(actor.worker_id).phone)
    phone_codes.send(actor, mine)
    own_phone.prove_by_code(actor, mine, sent())
    while delivery.deliver_due():
        pass
    assert database.session.scalar(select(InboxMessage.id)) is None


def test_a_code_is_good_for_five_minutes(actor: Actor, traveller: time_machine.Traveller) -> None:
    assert phone_codes.send(actor, PHONE).expires_at == clock.now() + phone_codes.LIFE
    code = sent()
    traveller.shift(300)
    with pytest.raises(PhoneCodeWrong):
        own_phone.prove_by_code(actor, PHONE, code)


def test_only_the_newest_code_counts(actor: Actor) -> None:
    phone_codes.send(actor, PHONE)
    first = sent()
    phone_codes.send(actor, PHONE)
    second = sent()
    if first != second:
        with pytest.raises(PhoneCodeWrong):
            own_phone.prove_by_code(actor, PHONE, first)
    assert own_phone.prove_by_code(actor, PHONE, second).phone == PHONE


def test_five_wrong_ones_kill_a_code(actor: Actor) -> None:
    phone_codes.send(actor, PHONE)
    code = sent()
    for _ in range(5):
        with pytest.raises(PhoneCodeWrong):
            own_phone.prove_by_code(actor, PHONE, wrong(code))
    with pytest.raises(PhoneCodeWrong):
        own_phone.prove_by_code(actor, PHONE, code)


def test_ten_tries_an_hour_whatever_the_code(actor: Actor, traveller: time_machine.Traveller) -> None:
    for _ in range(10):
        with pytest.raises(PhoneCodeWrong):
            own_phone.prove_by_code(actor, PHONE, "123456")
    with pytest.raises(TooManyTries) as refused:
        own_phone.prove_by_code(actor, PHONE, "123456")
    assert refused.value.details == {"retry_after_s": 3601}


def test_a_code_is_for_who_asked_and_for_that_phone(actor: Actor, database: SQLAlchemy) -> None:
    phone_codes.send(actor, PHONE)
    code = sent()
    for who, phone in ((Actor(make.person().id), PHONE), (actor, "13900001235")):
        with pytest.raises(PhoneCodeWrong):
            own_phone.prove_by_code(who, phone, code)
    assert own_phone.prove_by_code(actor, PHONE, code)


def test_five_codes_an_hour_to_a_number_and_for_a_person(actor: Actor, database: SQLAlchemy) -> None:
    for number in range(5):
        phone_codes.send(actor, f"1390000000{number}")
    with pytest.raises(TooManyTries):
        phone_codes.send(actor, PHONE)
    for _ in range(5):
        phone_codes.send(Actor(make.person().id), PHONE)
    with pytest.raises(TooManyTries):
        phone_codes.send(Actor(make.person().id), PHONE)
    with pytest.raises(PhoneWrong):
        phone_codes.send(actor, "12345")


def test_neither_number_nor_code_stays_once_it_was_sent(actor: Actor, database: SQLAlchemy) -> None:
    phone_codes.send(actor, PHONE)
    row = database.session.scalars(select(PhoneCode)).one()
    assert row.phone_sealed is not None
    assert PHONE not in str(database.session.scalars(select(OutboxRow.payload)).all())
    sent()
    row = database.session.scalars(select(PhoneCode)).one()
    assert row.phone_sealed is row.code_sealed is None
    phone_codes.deliver(a_job(row))
    assert len(sms.sandbox_texts()) == 1, "sent again would be a second message"


def a_job(row: PhoneCode) -> Any:
    """The outbox row of a code."""
    return type("Job", (), {"payload": {"code_id": str(row.id)}})()


def test_an_expired_code_is_not_sent_any_more(actor: Actor, traveller: time_machine.Traveller) -> None:
    phone_codes.send(actor, PHONE)
    traveller.shift(301)
    while delivery.deliver_due():
        pass
    assert sms.sandbox_texts() == []
    traveller.shift(86_400)
    assert phone_codes.sweep(clock.now()) == 1


def test_without_a_provider_it_is_said_so(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch, sms_provider="")
    with pytest.raises(sms.SmsUnavailable):
        phone_codes.send(actor, PHONE)


def test_the_gateway_is_asked_with_a_signature_and_never_followed_elsewhere(
    database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch, sms_provider="gateway", sms_gateway_url="https://sms.example/send", sms_gateway_secret="s" * 32)
    asked: list[tuple[str, dict[str, Any]]] = []
    answer = requests.Response()

    def post(url: str, **given: Any) -> requests.Response:
        asked.append((url, given))
        return answer

    monkeypatch.setattr(sms.requests, "post", post)
    answer.status_code = 200
    sms.current().send(PHONE, "482913", 5)
    url, given = asked[0]
    assert (url, given["allow_redirects"], given["timeout"]) == ("https://sms.example/send", False, sms.TIMEOUT_S)
    assert orjson.loads(given["data"])["code"] == "482913"
    expected = sms.hmac.new(b"s" * 32, given["data"], "sha256").hexdigest()
    assert given["headers"]["X-Signature"] == expected
    for status in (302, 500):
        answer.status_code = status
        with pytest.raises(sms.SmsUnavailable):
            sms.current().send(PHONE, "482913", 5)

    def away(*_given: Any, **_named: Any) -> None:
        raise requests.ConnectionError("https://sms.example/send?secret")

    monkeypatch.setattr(sms.requests, "post", away)
    with pytest.raises(sms.SmsUnavailable) as refused:
        sms.current().send(PHONE, "482913", 5)
    assert refused.value.__cause__ is None


def test_wechats_word_is_taken_for_mainland_numbers(
    actor: Actor, database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    wechat_sign_in.link(actor.worker_id, "oMine")
    answers = {"right": PhoneNumber(PHONE, "86"), "abroad": PhoneNumber("13900001234", "852")}

    def phone_number(_client: Any, code: str, openid: str | None) -> PhoneNumber:
        asked.append((code, openid))
        return answers[code]

    monkeypatch.setattr(own_phone, "phone_number", phone_number)
    assert own_phone.prove_by_wechat(actor, "right").phone == PHONE
    with pytest.raises(PhoneWrong):
        own_phone.prove_by_wechat(actor, "abroad")
    assert asked == [("right", "oMine"), ("abroad", "oMine")]


def stranger(openid: str = "oStranger") -> Actor:
    """Somebody who has come by WeChat."""
    person = people.newcomer()
    wechat_sign_in.db.session.commit()
    wechat_sign_in.link(person.id, openid)
    return Actor(person.id)


def test_where_it_is_asked_for_the_phone_is_proved_before_the_roster_is_asked(
    database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch, binding_phone_proof=True)
    person, actor = make.person(), stranger()
    form = {"name": person.name, "id_number": str(person.id_number), "phone": str(person.phone)}
    with pytest.raises(PhoneNotProved):
        binding.bind(actor, **form)
    phone_codes.send(actor, form["phone"])
    own_phone.prove_by_code(actor, form["phone"], sent())
    bound = binding.bind(actor, **form).person
    assert bound.id == person.id
    assert bound.phone_proved_at is not None
    assert people.person(actor.worker_id).phone is people.person(actor.worker_id).phone_proved_at is None


def test_a_provider_may_confirm_where_the_roster_has_another_phone_or_nobody(
    database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make.person()
    form = {"name": person.name, "id_number": str(person.id_number), "phone": PHONE}
    assert isinstance(real_name.current(), real_name.Nobody)
    with pytest.raises(BindingRefused):
        binding.bind(stranger("o1"), **form)
    settle(monkeypatch, real_name_provider="sandbox")
    with pytest.raises(BindingRefused):
        binding.bind(stranger("o2"), **form | {"phone": "13900001230"})
    with pytest.raises(BindingRefused):
        binding.bind(stranger("o3"), **form | {"name": "别人"})
    bound = binding.bind(stranger("o4"), **form).person
    assert (bound.id, bound.phone) == (person.id, PHONE)
    new = stranger("o5")
    entered = binding.bind(new, name="新来的", id_number=make.id_number(17_500), phone=PHONE).person
    assert (entered.id, entered.name, entered.is_verified) == (new.worker_id, "新来的", True)
    assert people.by_id_number(make.id_number(17_500)) == entered
