"""A person with a WeChat account, templates, and a WeChat that answers as told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy

from blueprints import worker
from service.core.transaction import transactional
from service.identity import wechat_sign_in
from service.messaging import delivery, outbox, phones, subscriptions
from service.messaging.enums import Purpose
from service.messaging.templates import Template, current
from service.wechat.subscribe import SubscribeMessage
from tests import make

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
"""12:00 and 23:00 in Pu'er."""


@dataclass
class WeChat:
    """What went out, and what WeChat says to it: an error to raise, or None."""

    sent: list[SubscribeMessage] = field(default_factory=list)
    says: Exception | None = None
    hook: Callable[[], None] | None = None

    def send(self, _client: object, message: SubscribeMessage) -> str | None:
        """As `subscribe.send`."""
        if self.hook is not None:
            self.hook()
        if self.says is not None:
            raise self.says
        self.sent.append(message)
        return "1"


@pytest.fixture
def wechat(monkeypatch: pytest.MonkeyPatch) -> WeChat:
    """WeChat, friendly unless told otherwise."""
    answers = WeChat()
    monkeypatch.setattr(phones.subscribe, "send", answers.send)
    return answers


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """It is noon in Pu'er, and stays so until moved."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person(database: SQLAlchemy, noon: time_machine.Traveller) -> int:
    """The id of a person with a WeChat account."""
    worker.register_handlers()
    person_id = make.person().id
    wechat_sign_in.link(person_id, f"o{person_id:027d}")
    return person_id


def template(purpose: Purpose = Purpose.BOOKING) -> Template:
    """The template in force for a purpose."""
    return current().by_purpose[purpose]


def accept(person_id: int, purpose: Purpose = Purpose.BOOKING, times: int = 1) -> None:
    """The person says yes so many times, and the client reports it."""
    for _ in range(times):
        subscriptions.report(make.actor(person_id), [template(purpose).template_id])


def left(person_id: int, purpose: Purpose = Purpose.BOOKING) -> int:
    """How many yeses are left."""
    found = subscriptions.subscriptions(make.actor(person_id)).credits
    return next(each.left for each in found if each.template_id == template(purpose).template_id)


@transactional
def notify(person_id: int, key: str = "booking:1:1", topic: str | None = None) -> None:
    """A notice on its way."""
    outbox.notice(person_id, key, "报名成功", "您已报上“茶艺师班”。", "/bookings", topic=topic)


def deliver() -> None:
    """Deliver until nothing is due."""
    while delivery.deliver_due():
        pass
