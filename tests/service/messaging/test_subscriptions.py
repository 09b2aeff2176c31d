"""One tap is one yes, whoever tells of it and however often."""

from datetime import UTC, datetime

import pytest

from service.messaging import addresses, subscriptions
from service.messaging.enums import Moment, Purpose
from service.wechat import events
from service.wechat.events import MessageSent, Subscription
from tests import make
from tests.service.messaging.conftest import accept, left, template

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def pushed(person: int, is_accepted: bool = True, kind: str = events.POPUP) -> None:
    openid = addresses.openid_of(person)
    assert openid is not None
    tell(kind, Subscription(openid, template().template_id, is_accepted, AT))


def tell(kind: str, item: object) -> None:
    for listener in events.listeners[kind]:
        listener(item)


def test_the_client_learns_what_to_ask_for_and_when(person: int) -> None:
    found = subscriptions.subscriptions(make.actor(person))
    asked = {each.moment: each.template_ids for each in found.moments}
    assert asked[Moment.BOOK] == [template(Purpose.BOOKING).template_id]
    assert asked[Moment.REQUEST] == [template(Purpose.PROGRESS).template_id]
    assert asked[Moment.INBOX] == [template(each).template_id for each in (Purpose.BOOKING, Purpose.ANNOUNCEMENT)]
    assert [each.left for each in found.credits] == [0, 0, 0]


def test_a_yes_told_by_both_counts_once(person: int) -> None:
    for _ in range(2):
        accept(person)
        pushed(person)
    assert left(person) == 2


@pytest.mark.parametrize("by", [accept, pushed])
def test_a_yes_told_by_one_counts(person: int, by: object) -> None:
    by(person)  # type: ignore[operator]
    assert left(person) == 1


def test_a_no_in_the_pop_up_takes_nothing_away(person: int) -> None:
    accept(person)
    pushed(person, is_accepted=False)
    assert left(person) == 1


def test_a_no_in_the_settings_takes_all_away(person: int) -> None:
    accept(person, times=2)
    pushed(person, is_accepted=True, kind=events.CHANGE)
    assert left(person) == 2
    pushed(person, is_accepted=False, kind=events.CHANGE)
    assert left(person) == 0
    accept(person)
    assert left(person) == 1


@pytest.mark.parametrize(("code", "stays"), [(0, 1), (43101, 0), (-1, 1)])
def test_what_wechat_held_back_for_want_of_a_yes_takes_all_away(person: int, code: int, stays: int) -> None:
    accept(person)
    openid = addresses.openid_of(person)
    assert openid is not None
    tell(events.SENT, MessageSent(openid, template().template_id, "1", code == 0, code, AT))
    assert left(person) == stays


def test_strangers_and_foreign_templates_change_nothing(person: int) -> None:
    stranger = Subscription("nobody", template().template_id, True, AT)
    for kind in (events.POPUP, events.CHANGE):
        tell(kind, stranger)
    tell(events.CHANGE, Subscription("nobody", template().template_id, False, AT))
    tell(events.SENT, MessageSent("nobody", template().template_id, "1", False, 43101, AT))
    subscriptions.report(make.actor(person), ["not ours"])
    assert left(person) == 0


def test_a_client_that_reports_without_end_is_not_believed(person: int) -> None:
    accept(person, times=subscriptions.MOST + 5)
    assert left(person) == subscriptions.MOST


def test_giving_back_gives_no_more_than_was_taken(person: int) -> None:
    accept(person)
    subscriptions.give_back(person, template())
    assert left(person) == 1
