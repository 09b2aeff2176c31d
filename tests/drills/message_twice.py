"""WeChat answers after our time-out: the message has gone out, nobody told us, and it is not sent again."""

import time
from collections import Counter
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import select, update

from blueprints import worker
from service.core import clock
from service.core.db import db
from service.core.transaction import transactional
from service.identity import wechat_sign_in
from service.messaging import delivery, outbox, phones, subscriptions, sweeping, templates
from service.messaging.enums import OutboxState, Purpose
from service.messaging.models import OutboxRow
from service.messaging.outcomes import Retry
from service.wechat.client import READ_S
from tests import make
from tests.bench.stage import Stage, stage
from tests.drills import scene
from tests.wechat.servers import served

PEOPLE, EVERY_TENTH = 40, 10


class Phones:
    """A WeChat that puts each message on a phone, and for some persons answers too late."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()
        self.app = Flask("late")
        self.app.add_url_rule("/cgi-bin/stable_token", view_func=self.token, methods=["POST"])
        self.app.add_url_rule("/cgi-bin/message/subscribe/send", view_func=self.send, methods=["POST"])

    def token(self) -> Response:
        """Always the same."""
        return jsonify(access_token="t" * 40, expires_in=7200)

    def send(self) -> Response:
        """Put it on the phone; for every tenth person the answer comes too late."""
        openid = request.get_json()["touser"]
        self.received[openid] += 1
        if int(openid[-6:]) % EVERY_TENTH == 0:
            time.sleep(READ_S + 0.6)
        return jsonify(errcode=0, errmsg="ok", msgid=1)


def run(engine: str) -> dict[str, Any]:
    """Every phone rang once; the unanswered are marked, whatever is delivered and swept afterwards."""
    verdict = scene.Verdict()
    wechat = Phones()
    with served(wechat.app) as url, stage(engine, WECHAT_API_BASE=url, QUIET_HOURS="00:00-00:00") as made:
        with made.app.app_context():
            _tell(make_people(), "first")
            _deliver_for_long()
            states = Counter(db.session.scalars(select(OutboxRow.state).where(OutboxRow.kind == phones.KIND)))
        late = PEOPLE // EVERY_TENTH
        verdict.figures.update(
            messages=PEOPLE, phones=len(wechat.received), most_on_one=max(wechat.received.values()),
            unclear=states[OutboxState.UNCLEAR],
        )  # fmt: skip
        verdict.expect(len(wechat.received) == PEOPLE, f"{len(wechat.received)} phones rang")
        verdict.expect(max(wechat.received.values()) == 1, "a phone rang twice for one notice")
        verdict.expect(states == {OutboxState.DONE: PEOPLE - late, OutboxState.UNCLEAR: late}, f"{states}")
        with scene.control(verdict, "unclear_is_tried_again", lambda: _rings_twice(made, wechat)):
            pass
    return verdict.outcome()


@transactional
def make_people() -> list[int]:
    """People with a WeChat account; every tenth's answers late."""
    ids = []
    for number in range(1, PEOPLE + 1):
        person_id = make.person().id
        wechat_sign_in.link(person_id, f"o{number:027d}")
        ids.append(person_id)
    return ids


def _tell(ids: list[int], name: str) -> None:
    template_id = templates.current().by_purpose[Purpose.BOOKING].template_id
    for person_id in ids:
        for _ in range(2):
            subscriptions.report(make.actor(person_id), [template_id])
        _notice(person_id, name)


@transactional
def _notice(person_id: int, name: str) -> None:
    outbox.notice(person_id, f"booking:{name}", "报名成功", "您已报上", "/bookings")


def _deliver_for_long() -> None:
    """Deliver, wake what rests, sweep, deliver again: as in the hours after."""
    worker.register_handlers()
    for _ in range(4):
        while delivery.deliver_due():
            pass
        sweeping.sweep()
        _wake()


@transactional
def _wake() -> None:
    db.session.execute(update(OutboxRow).where(OutboxRow.state == OutboxState.DUE).values(due_at=clock.now()))


class _Again(Retry):
    """What a time-out would be taken for without the guard."""

    def __init__(self) -> None:
        super().__init__("WeChatUnclear")


def _rings_twice(made: Stage, wechat: Phones) -> bool:
    wechat.received.clear()
    guard, phones.Unclear = phones.Unclear, _Again  # type: ignore[misc]
    try:
        with made.app.app_context():
            late = wechat_sign_in.person_of(f"o{EVERY_TENTH:027d}")
            assert late is not None
            _tell([late], "second")
            _deliver_for_long()
    finally:
        phones.Unclear = guard  # type: ignore[misc]
    return max(wechat.received.values()) > 1
