"""Message push: what is believed, and how a push is kept once and told to those who listen. On both engines."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from structlog.testing import capture_logs

from blueprints.sandbox.app import create_sandbox
from blueprints.sandbox.push_sender import PushOptions, PushSender
from blueprints.sandbox.state import NAME
from service.core import clock, configuration
from service.core.db import db
from service.messaging import delivery, wechat_push
from service.messaging.models import OutboxRow
from service.wechat import content, events, push
from service.wechat.content import Scene
from service.wechat.errors import PushRefused
from service.wechat.events import MediaChecked, MessageSent, Subscription
from service.wechat.models import WeChatPush
from service.wechat.personas import sandbox_openid
from service.wechat.push import PushKeys
from service.wechat.sandbox_templates import BOOKING_RESULT, START_REMINDER
from tests.wechat.conftest import Served
from tests.wechat.servers import served, vectors

OPENID = sandbox_openid("worker-0001")
POPUP = {
    "CreateTime": 1_700_000_000,
    "MsgType": "event",
    "Event": events.POPUP,
    "List": {"TemplateId": "t1", "SubscribeStatusString": "accept", "PopupScene": "0"},
}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What listeners were told."""
    told: list[Any] = []
    kinds = (events.POPUP, events.CHANGE, events.SENT, events.MEDIA_CHECK)
    monkeypatch.setattr(events, "listeners", {kind: [told.append] for kind in kinds})
    return told


def sender(mode: str = "safe", form: str = "json", **options: Any) -> PushSender:
    """A pushing side that shares the product's keys."""
    settings = configuration.current()
    return PushSender(
        PushOptions(url="http://127.0.0.1:9/", mode=mode, format=form, **options),
        token=settings.wechat_push_token,
        aes_key=settings.wechat_push_aes_key,
        appid=settings.wechat_appid,
    )


def plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product without an AES key."""
    before = configuration.current
    monkeypatch.setattr(configuration, "current", lambda: Without(before()))


class Without:
    """A configuration without the AES key."""

    def __init__(self, whole: Any) -> None:
        self._whole = whole
        self.wechat_push_aes_key = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)


def send(client: FlaskClient, pushing: PushSender, fields: dict[str, Any]) -> Any:
    """Post a push."""
    query, body = pushing.request_for(OPENID, {"FromUserName": OPENID, **fields})
    return client.post("/wechat/push", query_string=query, data=body)


def kept() -> int:
    """How many pushes stand in the outbox."""
    db.session.close()
    return db.session.scalar(select(func.count(OutboxRow.id)).where(OutboxRow.kind == wechat_push.KIND)) or 0


def deliver() -> None:
    """Let the worker work."""
    while delivery.deliver_due():
        pass


# reading and believing, without a database


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"what",
        b"[]",
        b"7",
        b"\xff",
        b"<xml>text</xml>",
        b"<xml><a></xml>",
        b"[" * 60_000,
        b'{"a":"' + b"x" * push.MOST_BYTES + b'"}',
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><c>&b;</c></xml>',
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><c>&f;</c></xml>',
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd"><xml><c>1</c></xml>',
    ],
)
def test_bodies_that_make_no_sense_or_mean_harm_are_refused(body: bytes) -> None:
    with pytest.raises(PushRefused):
        push.read(body)


@given(st.binary(max_size=200) | ANY.map(lambda each: json.dumps(each).encode()))
def test_nothing_but_a_refusal_comes_of_a_strange_body(body: bytes) -> None:
    try:
        fields = push.read(body)
    except PushRefused:
        return
    assert isinstance(push.dedupe_key(fields), str)
    events.read(fields)


@given(ANY, ANY, st.sampled_from(sorted(events.READERS)))
def test_an_event_with_strange_fields_is_left_out(strange: Any, other: Any, kind: str) -> None:
    for fields in ({"List": strange}, {"List": [strange, other]}, {"trace_id": strange, "detail": other}):
        events.read({"Event": kind, "CreateTime": 7, "FromUserName": other, **fields})


@given(st.text(max_size=200))
def test_what_is_sealed_opens_again(message: str) -> None:
    key = "a" * 43
    assert push.decrypt(key, "wxa", push.encrypt(key, "wxa", message)) == message


@pytest.mark.parametrize("sealed", ["", "?", "Zm9v", "A" * 64, "A" * 88])
def test_what_does_not_open_is_refused(sealed: str) -> None:
    with pytest.raises(PushRefused):
        push.decrypt("a" * 43, "wxa", sealed)


def test_a_reply_is_what_wechat_opens() -> None:
    pushing = PushSender(PushOptions(url="http://x"), token="tok", aes_key="a" * 43, appid="wxa")
    keys, now = PushKeys("tok", "a" * 43, "wxa"), datetime.fromtimestamp(1_714_112_445, UTC)
    reply = push.reply(keys, '{"demo_resp":"good luck"}', "415670741", now)
    assert pushing._is_in_order(json.dumps(reply).encode())
    assert not pushing._is_in_order(json.dumps(reply | {"Nonce": "1"}).encode())
    assert not pushing._is_in_order(b"<html>")
    official = {each["id"]: each for each in vectors()["vectors"]}
    vector = official["push.reply.encrypt"]["inputs"]
    keys = PushKeys("AAAAA", vector["encoding_aes_key"], vector["appid"])
    then = datetime.fromtimestamp(1_713_424_427, UTC)
    made = push.reply(keys, vector["msg"], "415670741", then, vector["random"].encode())
    assert (made["Encrypt"], made["MsgSignature"]) == (
        official["push.reply.encrypt"]["expect"], official["push.reply.msg_signature"]["expect"],
    )  # fmt: skip


def test_one_message_has_one_key_and_two_have_two() -> None:
    assert push.dedupe_key({"MsgId": 64, "a": 1}) == push.dedupe_key({"MsgId": "64", "a": 2}) == "msg:64"
    base = {"FromUserName": "o", "CreateTime": 7, "Event": events.SENT, "List": {"MsgID": "1"}}
    key = push.dedupe_key(base)
    assert key == push.dedupe_key({**base, "CreateTime": "7", "ToUserName": "x"})
    for other in (
        {"FromUserName": "p"},
        {"CreateTime": 8},
        {"Event": "x"},
        {"List": {"MsgID": "2"}},
        {"trace_id": "t"},
    ):
        assert push.dedupe_key(base | other) != key
    assert len(key) < 100


def test_events_become_plain_values() -> None:
    by_id = {each["id"]: each for each in vectors()["events"]}

    def read(name: str) -> list[Any]:
        body = by_id[name]["body"]
        return events.read(push.read(body.encode() if isinstance(body, str) else json.dumps(body).encode()))

    popup = read("popup.json.object")
    assert popup == read("popup.json.array")
    assert (popup[0].openid, popup[0].is_accepted) == ("otFpruAK8D-E6EfStSYonYSBZ8_4", True)
    assert all(isinstance(each, Subscription) for each in read("popup.xml"))
    assert read("popup.xml")[0].template_id == popup[0].template_id
    assert [each.is_accepted for each in read("change.json.array")] == [False]
    sent = read("sent.json.object")[0]
    assert isinstance(sent, MessageSent)
    assert (sent.message_id, sent.is_delivered, sent.error_code) == ("1864323726461255680", True, 0)
    checked = read("media_check.json")[0]
    assert isinstance(checked, MediaChecked)
    assert (checked.trace_id, checked.label) == ("60f96f1d-3845297a-1976a3ae", 100)
    failed = by_id["media_check.json"]["body"] | {"errcode": "-1008"}
    assert events.read(failed)[0].suggestion is None  # type: ignore[union-attr]
    for nothing in ({}, {"Event": "other", "CreateTime": 1}, {"Event": events.SENT, "CreateTime": "soon"}):
        assert events.read(nothing) == []


def test_a_listener_is_registered_once_and_an_unread_event_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "listeners", {})
    told: list[Any] = []
    listener = told.append
    for _ in range(2):
        events.register(events.POPUP, listener)
    assert events.deliver({**POPUP, "FromUserName": "o"}) == len(told) == 1
    assert events.deliver({**POPUP, "FromUserName": "o", "Event": events.SENT}) == 0
    with capture_logs() as lines:
        assert events.deliver({**POPUP, "List": []}) == 0
    assert [line["event"] for line in lines] == ["wechat_event_unread"]


# the door


def test_the_console_s_question_is_answered_with_its_echo(client: FlaskClient) -> None:
    query = sender()._signed() | {"echostr": "4375120948345356249"}
    answer = client.get("/wechat/push", query_string=query)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"4375120948345356249", "text/plain")
    assert client.get("/wechat/push", query_string=query | {"nonce": "1"}).status_code == 403
    assert client.get("/wechat/push").status_code == 403


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("mode", ["safe", "compat", "plain"])
@pytest.mark.parametrize("numbers_as_text", [False, True])
def test_a_push_is_kept_and_told_later_in_every_mode_and_form(
    client: FlaskClient,
    heard: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    *,
    mode: str,
    form: str,
    numbers_as_text: bool,
) -> None:
    pushing = sender(mode, form, numbers_as_text=numbers_as_text)
    if mode == "plain":
        plainly(monkeypatch)
    answer = send(client, pushing, POPUP)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"success", "text/plain")
    assert (kept(), heard) == (1, [])
    deliver()
    assert heard == [Subscription(OPENID, "t1", is_accepted=True, at=datetime.fromtimestamp(1_700_000_000, UTC))]


def test_several_templates_of_one_pop_up_are_told_one_by_one(client: FlaskClient, heard: list[Any]) -> None:
    rows = [{"TemplateId": f"t{n}", "SubscribeStatusString": said} for n, said in enumerate(("accept", "reject"))]
    for form in ("json", "xml"):
        send(client, sender(form=form), {**POPUP, "CreateTime": 7 if form == "json" else 8, "List": rows})
    deliver()
    assert [(each.template_id, each.is_accepted) for each in heard] == [("t0", True), ("t1", False)] * 2


def test_with_a_key_a_plain_push_is_not_believed(client: FlaskClient) -> None:
    """Its signature covers no body: whoever saw one could send another."""
    answer = send(client, sender("plain"), POPUP)
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (403, "wechat.push_refused")
    assert kept() == 0


@pytest.mark.parametrize("mode", ["safe", "compat"])
def test_a_wrong_signature_is_refused(client: FlaskClient, mode: str) -> None:
    assert send(client, sender(mode, wrong_signatures=1), POPUP).status_code == 403
    query, body = sender(mode).request_for(OPENID, POPUP)
    for changed in ({"nonce": "1"}, {"timestamp": str(int(query["timestamp"]) + 1)}, {"msg_signature": "签"}):
        assert client.post("/wechat/push", query_string=query | changed, data=body).status_code == 403
    without = {name: value for name, value in query.items() if name != "msg_signature"}
    assert client.post("/wechat/push", query_string=without, data=body).status_code == 403
    assert (
        client.post("/wechat/push", query_string=query, data=body.replace(b'Encrypt": "', b'Encrypt": "A')).status_code
        == 403
    )
    assert kept() == 0
    assert client.post("/wechat/push", query_string=query, data=body).status_code == 200


def test_a_plain_push_with_a_wrong_signature_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    pushing = sender("plain", wrong_signatures=1)
    plainly(monkeypatch)
    assert send(client, pushing, POPUP).status_code == 403
    assert send(client, pushing, POPUP).status_code == 200


def test_a_push_for_another_app_is_refused(client: FlaskClient) -> None:
    pushing = sender()
    pushing._appid = "wxother"
    assert send(client, pushing, POPUP).status_code == 403


@pytest.mark.parametrize(("minutes", "status"), [(-6, 403), (6, 403), (-4, 200), (4, 200)])
def test_a_push_is_of_these_minutes(client: FlaskClient, minutes: int, status: int) -> None:
    query, body = sender().request_for(OPENID, {"FromUserName": OPENID, **POPUP})
    with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False):
        assert client.post("/wechat/push", query_string=query, data=body).status_code == status


def test_the_same_push_again_is_success_and_kept_once(client: FlaskClient, heard: list[Any]) -> None:
    query, body = sender().request_for(OPENID, {"FromUserName": OPENID, **POPUP})
    for _ in range(3):
        answer = client.post("/wechat/push", query_string=query, data=body)
        assert (answer.status_code, answer.data) == (200, b"success")
    assert send(client, sender(), POPUP).status_code == 200
    assert kept() == 1
    deliver()
    assert len(heard) == 1
    assert send(client, sender(), POPUP).status_code == 200
    deliver()
    assert len(heard) == 1


def test_a_nonce_with_another_body_is_a_replay(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    pushing = sender("plain")
    plainly(monkeypatch)
    query, body = pushing.request_for(OPENID, {"FromUserName": OPENID, **POPUP})
    assert client.post("/wechat/push", query_string=query, data=body).status_code == 200
    other = body.replace(b'"t1"', b'"t2"')
    assert client.post("/wechat/push", query_string=query, data=other).status_code == 403
    assert kept() == 1


def test_nonces_are_forgotten_once_they_are_too_old_to_come_again(client: FlaskClient) -> None:
    send(client, sender(), POPUP)
    wechat_push.forget()
    assert db.session.scalar(select(func.count()).select_from(WeChatPush)) == 1
    with time_machine.travel(clock.now() + wechat_push.KEPT + timedelta(seconds=1)):
        wechat_push.forget()
    db.session.close()
    assert db.session.scalar(select(func.count()).select_from(WeChatPush)) == 0


def test_what_nobody_here_can_read_is_not_kept(client: FlaskClient) -> None:
    for fields in (
        {"CreateTime": 7, "MsgType": "event", "Event": "debug_demo", "debug_str": "hello world"},
        {"CreateTime": 7, "MsgType": "text", "MsgId": 64, "Content": "我的手机号是13800000001"},
    ):
        with capture_logs() as lines:
            assert send(client, sender(), fields).data == b"success"
        assert "13800000001" not in str(lines)
    assert kept() == 0


def test_what_is_kept_is_sealed(client: FlaskClient) -> None:
    send(client, sender(), POPUP)
    db.session.close()
    row = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == wechat_push.KIND)).one()
    assert OPENID not in json.dumps(row.payload) + row.key


def test_without_a_token_push_is_off(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_push, "_keys", wechat_push._keys)
    whole = configuration.current()
    off = Without(whole)
    off.wechat_push_token = ""  # type: ignore[attr-defined]
    monkeypatch.setattr(configuration, "current", lambda: off)
    assert client.get("/wechat/push").status_code == 404
    assert client.post("/wechat/push").status_code == 404


def test_a_listener_that_fails_leaves_the_push_due(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_event: object) -> None:
        raise RuntimeError("not now")

    monkeypatch.setattr(events, "listeners", {events.POPUP: [fail]})
    send(client, sender(), POPUP)
    deliver()
    db.session.close()
    assert db.session.scalars(select(OutboxRow.attempts)).one() == 1


# the sandbox pushing into the product, over real HTTP


@pytest.fixture
def pushing(app: Flask, committed_database: SQLAlchemy) -> Iterator[Served]:
    """A sandbox that pushes to a product on a port of its own."""
    with ExitStack() as stack:
        product = stack.enter_context(served(app))
        sandbox_app = create_sandbox(app.config["GONGYUN"])
        box = sandbox_app.extensions[NAME]
        box.push.options.url = f"{product}/wechat/push"
        box.media_delay_s = 0
        yield Served(stack.enter_context(served(sandbox_app)), box)


def pushed(sandbox: Served, count: int) -> list[dict[str, Any]]:
    """What the sandbox says of its pushes, once all are done."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        said = sandbox.get("/push")
        if not said["pending"] and len(said["deliveries"]) >= count:
            found: list[dict[str, Any]] = said["deliveries"]
            return found
        time.sleep(0.05)
    raise AssertionError(said)


def test_the_sandbox_verifies_the_address_and_its_pushes_arrive(pushing: Served, heard: list[Any]) -> None:
    assert pushing.post("/push/verify") == {"is_verified": True}
    ids = [BOOKING_RESULT.template_id, START_REMINDER.template_id]
    pushing.post("/wx/subscribe", persona="worker-0001", template_ids=ids, answer="accept")
    pushing.post("/wx/settings", persona="worker-0001", template_id=ids[0])
    assert all(each["is_taken"] and each["statuses"] == [200] for each in pushed(pushing, 2))
    deliver()
    assert sorted((each.template_id, each.is_accepted) for each in heard) == sorted(
        [(ids[0], True), (ids[1], True), (ids[0], False)]
    )


def test_media_checks_come_back_by_push(pushing: Served, heard: list[Any]) -> None:
    pushing.tap()
    trace_id = content.check_media(pushing.client(), OPENID, f"{pushing.url}/sandbox/page.css", Scene.COMMENT)
    pushed(pushing, 1)
    deliver()
    assert [(each.trace_id, each.label) for each in heard] == [(trace_id, 100)]


def test_duplicates_and_shuffled_pushes_are_told_once_each(pushing: Served, heard: list[Any]) -> None:
    pushing.post("/push/options", duplicates=2, is_shuffled=True)
    for persona in ("worker-0001", "worker-0002", "worker-0003"):
        pushing.post("/wx/subscribe", persona=persona, template_ids=[BOOKING_RESULT.template_id])
    assert pushing.post("/push/release") == {"sent": 9}
    assert len(pushed(pushing, 9)) == 9
    deliver()
    assert sorted(each.openid for each in heard) == sorted(sandbox_openid(f"worker-000{n}") for n in (1, 2, 3))


def test_a_push_is_tried_three_times(pushing: Served, monkeypatch: pytest.MonkeyPatch, heard: list[Any]) -> None:
    keep, failures = wechat_push._keep, iter((True, True, False))
    lock = threading.Lock()

    def fail_twice(*args: Any) -> None:
        with lock:
            is_failing = next(failures)
        if is_failing:
            raise RuntimeError("not now")
        keep(*args)

    monkeypatch.setattr(wechat_push, "_keep", fail_twice)
    pushing.post("/wx/subscribe", persona="worker-0001", template_ids=[BOOKING_RESULT.template_id])
    assert [each["statuses"] for each in pushed(pushing, 1)] == [[500, 500, 200]]
    deliver()
    assert len(heard) == 1


def test_a_push_with_a_wrong_signature_is_never_taken(pushing: Served, heard: list[Any]) -> None:
    for form in ("json", "xml"):
        pushing.post("/push/options", format=form, wrong_signatures=1)
        pushing.post("/push/send", persona="worker-0001", event=events.POPUP, List=POPUP["List"])
    assert [each["statuses"] for each in pushed(pushing, 2)] == [[403] * 3] * 2
    pushing.post("/push/options", url="http://127.0.0.1:9/wechat/push")
    pushing.post("/push/send", persona="worker-0001")
    assert pushed(pushing, 3)[0]["statuses"] == [0, 0, 0]
    assert pushing.post("/push/verify") == {"is_verified": False}
    deliver()
    assert heard == []
