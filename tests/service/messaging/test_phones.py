"""A phone rings once for a notice, where its owner said yes; and never twice, whatever becomes of the answer."""

from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.messaging import addresses, delivery, phones, subscriptions, sweeping, topics
from service.messaging.addresses import AddressBook
from service.messaging.delivery import LeaseLost
from service.messaging.enums import OutboxState, Purpose
from service.messaging.models import InboxMessage, OutboxRow
from service.wechat.errors import (
    ArgumentBad,
    TemplateBad,
    TokenRefused,
    UserRefused,
    WeChatBusy,
    WeChatDayLimit,
    WeChatMisconfigured,
    WeChatUnavailable,
    WeChatUnclear,
)
from tests.service.messaging.conftest import NIGHT, NOON, WeChat, accept, deliver, left, notify, template


def message_row(database: SQLAlchemy) -> OutboxRow:
    database.session.expire_all()
    return database.session.scalars(select(OutboxRow).where(OutboxRow.kind == phones.KIND)).one()


def test_a_notice_rings_the_phone_of_who_said_yes(person: int, wechat: WeChat) -> None:
    accept(person)
    notify(person)
    deliver()
    assert [(each.openid, each.template_id) for each in wechat.sent] == [
        (addresses.openid_of(person), template().template_id)
    ]
    assert wechat.sent[0].data == {"thing1": "工会报名", "thing2": "您的报名有新进展"}
    assert wechat.sent[0].page == "pages/index/index?to=%2Fbookings"
    assert left(person) == 0


def test_one_yes_is_one_message_and_every_notice_is_in_the_inbox(
    database: SQLAlchemy, person: int, wechat: WeChat
) -> None:
    accept(person)
    for number in range(3):
        notify(person, f"booking:{number}:1")
    deliver()
    assert len(wechat.sent) == 1
    assert len(database.session.scalars(select(InboxMessage.id)).all()) == 3


def test_without_a_yes_nothing_goes_out(database: SQLAlchemy, person: int, wechat: WeChat) -> None:
    accept(person, Purpose.ANNOUNCEMENT)
    notify(person)
    deliver()
    assert wechat.sent == []
    assert database.session.scalars(select(OutboxRow).where(OutboxRow.kind == phones.KIND)).all() == []


def test_a_notice_delivered_twice_rings_once(database: SQLAlchemy, person: int, wechat: WeChat) -> None:
    accept(person, times=2)
    notify(person)
    deliver()
    delivery.handlers["notice"].perform([job(database, "notice:")])
    deliver()
    assert len(wechat.sent) == 1


def job(database: SQLAlchemy, key: str) -> delivery.Job:
    row = database.session.scalars(select(OutboxRow).where(OutboxRow.key.startswith(key))).one()
    return delivery.Job(row.id, row.kind, row.key, row.payload, 0, row.created_at, person_lease())


def person_lease() -> object:
    return delivery.new_id()


def test_what_stays_in_the_app_rings_no_phone(person: int, wechat: WeChat) -> None:
    accept(person)
    notify(person, "import:1")
    notify(person, "unheard_of:1")
    deliver()
    assert wechat.sent == []


def test_a_message_names_nothing_of_the_notice(person: int, wechat: WeChat) -> None:
    accept(person)
    notify(person)
    deliver()
    assert "茶艺师" not in repr((wechat.sent[0].data, wechat.sent[0].page))


@pytest.mark.parametrize("error", [WeChatUnclear(), ValueError("no idea")])
def test_a_message_that_may_have_gone_out_is_never_repeated(
    database: SQLAlchemy, person: int, wechat: WeChat, noon: time_machine.Traveller, error: Exception
) -> None:
    accept(person, times=2)
    notify(person)
    wechat.says = error
    deliver()
    row = message_row(database)
    assert (row.state, row.last_error, row.lease_id) == (OutboxState.UNCLEAR, "Unclear", None)
    wechat.says = None
    noon.shift(timedelta(hours=3))
    sweeping.sweep()
    deliver()
    assert wechat.sent == []
    assert left(person) == 1
    assert sweeping.backlog().unclear == 1


def test_a_worker_that_dies_while_sending_leaves_it_unclear(
    database: SQLAlchemy, person: int, wechat: WeChat, noon: time_machine.Traveller
) -> None:
    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    accept(person, times=2)
    notify(person)
    wechat.hook = die
    with pytest.raises(Killed):
        deliver()
    assert message_row(database).state is OutboxState.UNCLEAR
    wechat.hook = None
    noon.shift(timedelta(minutes=5))
    sweeping.sweep()
    deliver()
    row = message_row(database)
    assert (row.state, row.last_error, row.lease_id) == (OutboxState.UNCLEAR, "WorkerLost", None)
    assert row.finished_at is not None
    assert wechat.sent == []


@pytest.mark.parametrize("error", [WeChatBusy(), WeChatUnavailable(), TokenRefused(), WeChatMisconfigured()])
def test_a_definite_refusal_that_may_pass_is_tried_again(
    database: SQLAlchemy, person: int, wechat: WeChat, noon: time_machine.Traveller, error: Exception
) -> None:
    accept(person)
    notify(person)
    wechat.says = error
    deliver()
    row = message_row(database)
    assert (row.state, row.attempts, row.last_error) == (OutboxState.DUE, 1, type(error).__name__)
    assert left(person) == 1
    wechat.says = None
    noon.shift(timedelta(seconds=11))
    deliver()
    assert len(wechat.sent) == 1
    assert left(person) == 0


@pytest.mark.parametrize("error", [ArgumentBad(), TemplateBad()])
def test_what_no_repeating_mends_is_dead_at_once(
    database: SQLAlchemy, person: int, wechat: WeChat, error: Exception
) -> None:
    accept(person)
    notify(person)
    wechat.says = error
    deliver()
    row = message_row(database)
    assert (row.state, row.attempts, row.last_error) == (OutboxState.DEAD, 1, type(error).__name__)
    assert left(person) == 1
    assert sweeping.given_up() == [(phones.KIND, type(error).__name__, 1)]


def test_who_has_no_yes_left_by_wechats_account_gets_no_more(
    database: SQLAlchemy, person: int, wechat: WeChat, capsys: pytest.CaptureFixture[str]
) -> None:
    accept(person, times=3)
    notify(person)
    wechat.says = UserRefused()
    deliver()
    assert message_row(database).state is OutboxState.DONE
    assert left(person) == 0
    assert '"level":"error"' not in capsys.readouterr().err


def test_a_used_up_day_waits_for_the_next(database: SQLAlchemy, person: int, wechat: WeChat) -> None:
    accept(person)
    notify(person)
    wechat.says = WeChatDayLimit()
    deliver()
    row = message_row(database)
    assert (row.state, row.attempts, row.due_at) == (OutboxState.DUE, 0, NOON + timedelta(hours=12))
    assert left(person) == 1


def test_a_long_term_yes_is_not_used_up(person: int, wechat: WeChat) -> None:
    accept(person, Purpose.PROGRESS)
    for number in range(2):
        notify(person, f"certificate:{number}:1")
    wechat.says = WeChatBusy()
    deliver()
    wechat.says = None
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        deliver()
    assert len(wechat.sent) == 2
    assert left(person, Purpose.PROGRESS) == 1


def test_phones_are_silent_at_night_but_for_offers(
    database: SQLAlchemy, person: int, wechat: WeChat, noon: time_machine.Traveller
) -> None:
    noon.move_to(NIGHT, tick=False)
    accept(person, times=2)
    notify(person, "booking:1:1")
    notify(person, "booking:1:2", topics.OFFER)
    deliver()
    assert [each.data["thing2"] for each in wechat.sent] == [topics.topic(topics.OFFER).text]
    assert len(database.session.scalars(select(InboxMessage.id)).all()) == 2
    noon.move_to(NIGHT + timedelta(hours=8), tick=False)
    deliver()
    assert len(wechat.sent) == 2


def test_a_message_left_over_from_the_day_waits_for_the_morning(
    database: SQLAlchemy, person: int, wechat: WeChat, noon: time_machine.Traveller
) -> None:
    accept(person)
    notify(person)
    delivery.deliver_due(kinds=["notice"])
    noon.move_to(NIGHT, tick=False)
    deliver()
    assert wechat.sent == []
    assert (message_row(database).due_at, message_row(database).attempts) == (NIGHT + timedelta(hours=8), 0)


def test_who_is_no_longer_there_is_not_written_to(database: SQLAlchemy, person: int, wechat: WeChat) -> None:
    accept(person)
    notify(person)
    addresses.use(AddressBook(lambda _: None, lambda _: None))
    deliver()
    assert wechat.sent == []
    assert message_row(database).state is OutboxState.DONE


def test_a_yes_spent_elsewhere_meanwhile_is_gone(database: SQLAlchemy, person: int, wechat: WeChat) -> None:
    accept(person)
    notify(person)
    delivery.deliver_due(kinds=["notice"])
    subscriptions.clear(person, template().template_id)
    deliver()
    assert wechat.sent == []
    assert message_row(database).state is OutboxState.DONE


def test_a_field_that_breaks_the_rules_is_not_even_sent(
    database: SQLAlchemy, person: int, wechat: WeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(person)
    notify(person)
    monkeypatch.setattr(phones, "wrong_fields", lambda _data: {"thing1": "too_long"})
    deliver()
    assert wechat.sent == []
    assert (message_row(database).state, left(person)) == (OutboxState.DEAD, 1)


def test_a_fault_before_anything_goes_out_is_an_ordinary_one(
    database: SQLAlchemy, person: int, wechat: WeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ConnectionError

    accept(person)
    notify(person)
    delivery.deliver_due(kinds=["notice"])
    monkeypatch.setattr(phones.addresses, "openid_of", fail)
    delivery.deliver_due(kinds=[phones.KIND])
    row = message_row(database)
    assert (row.state, row.attempts, row.last_error) == (OutboxState.DUE, 1, "ConnectionError")
    assert left(person) == 1


def test_who_lost_the_lease_sends_nothing(database: SQLAlchemy, person: int, wechat: WeChat) -> None:
    accept(person)
    notify(person)
    delivery.deliver_due(kinds=["notice"])
    late = delivery.lease_rows(select(OutboxRow.id).where(OutboxRow.kind == phones.KIND), timedelta(seconds=1))[0]
    with time_machine.travel(NOON + timedelta(seconds=2), tick=False):
        sweeping.sweep()
    with pytest.raises(LeaseLost):
        delivery.handlers[phones.KIND].perform([late])
    assert wechat.sent == []
    assert left(person) == 1
