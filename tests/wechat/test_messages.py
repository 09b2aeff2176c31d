"""From a tap in the pop-up to the message on the phone, over real HTTP, with the templates of the sandbox's account."""

import pytest
from flask_sqlalchemy import SQLAlchemy

from blueprints import worker
from service.core.transaction import transactional
from service.identity import wechat_sign_in
from service.messaging import delivery, outbox, phones, subscriptions, templates
from service.messaging.enums import OutboxState, Purpose
from service.messaging.models import OutboxRow
from service.wechat.personas import sandbox_openid
from tests import make
from tests.wechat.conftest import Served

PERSONA = "worker-0001"


@transactional
def notify(person_id: int, key: str) -> None:
    outbox.notice(person_id, key, "标题", "内容", "/bookings")


@pytest.fixture
def person(database: SQLAlchemy, sandbox: Served, monkeypatch: pytest.MonkeyPatch) -> int:
    """The persona as a person of the product, whose worker calls this sandbox."""
    worker.register_handlers()
    client = sandbox.client()
    monkeypatch.setattr(phones.client, "current", lambda: client)
    monkeypatch.setattr(phones, "release", lambda _about, now: now)
    person_id = make.person().id
    wechat_sign_in.link(person_id, sandbox_openid(PERSONA))
    return person_id


def deliver() -> None:
    while delivery.deliver_due():
        pass


@pytest.mark.parametrize(
    ("purpose", "key", "said"),
    [
        (Purpose.BOOKING, "booking:1", ("报名结果", "您的报名有新进展")),
        (Purpose.PROGRESS, "certificate:1", ("业务", "您的技能证书有新进展")),
        (Purpose.ANNOUNCEMENT, "announcement:1", ("温馨提示", "您有一条新的工会通知")),
    ],
)
def test_an_accepted_template_rings_the_phone_once(
    sandbox: Served, person: int, *, purpose: Purpose, key: str, said: tuple[str, str]
) -> None:
    template_id = templates.current().by_purpose[purpose].template_id
    sandbox.post("/wx/subscribe", persona=PERSONA, template_ids=[template_id], answer="accept")
    subscriptions.report(make.actor(person), [template_id])
    notify(person, key)
    deliver()
    received = list(sandbox.box.mailbox.received)
    assert [each.template_id for each in received] == [template_id]
    assert said in received[0].fields.items()
    assert received[0].page == "pages/index/index?to=%2Fbookings"


def test_a_claim_that_wechat_does_not_know_of_ends_in_the_inbox(
    database: SQLAlchemy, sandbox: Served, person: int
) -> None:
    template = templates.current().by_purpose[Purpose.BOOKING]
    for _ in range(3):
        subscriptions.report(make.actor(person), [template.template_id])
    notify(person, "booking:1")
    deliver()
    assert list(sandbox.box.mailbox.received) == []
    found = subscriptions.subscriptions(make.actor(person)).credits
    assert {each.left for each in found} == {0}
    states = database.session.scalars(database.select(OutboxRow.state).where(OutboxRow.kind == phones.KIND)).all()
    assert states == [OutboxState.DONE]
