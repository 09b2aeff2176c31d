"""Faults to order, over real HTTP: what the sandbox does, and what the client makes of it."""

import time
from pathlib import Path

import pytest
import requests

from service.core.errors import ServiceError
from service.wechat import client, errors, login, subscribe
from service.wechat.personas import sandbox_openid
from service.wechat.sandbox_templates import BOOKING_RESULT
from service.wechat.subscribe import SubscribeMessage
from tests.wechat.conftest import OwnToken, Served
from tests.wechat.servers import sandbox_process
from tests.wechat.test_client import client_at

LOGIN, SEND = "/sns/jscode2session", "/cgi-bin/message/subscribe/send"
MESSAGE = SubscribeMessage(
    openid=sandbox_openid("worker-0001"),
    template_id=BOOKING_RESULT.template_id,
    data={"thing1": "茶艺师班", "thing2": "报名成功"},
)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "READ_S", 0.4)
    monkeypatch.setattr(client, "WHOLE_S", 0.6)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("-1", errors.WeChatUnavailable),
        ("45009", errors.WeChatDayLimit),
        ("45011", errors.WeChatBusy),
        ("40164", errors.WeChatMisconfigured),
        ("timeout", errors.WeChatUnavailable),
        ("late", errors.WeChatUnavailable),
        ("cut", errors.WeChatUnavailable),
        ("502", errors.WeChatUnavailable),
        ("slow", errors.WeChatUnavailable),
    ],
)
def test_each_fault_is_what_it_should_be_to_a_sign_in(sandbox: Served, kind: str, error: type[ServiceError]) -> None:
    sandbox.post("/faults", path=LOGIN, kind=kind, times=1, seconds=1)
    code, wechat = sandbox.tap(), sandbox.client()
    with pytest.raises(error) as refused:
        login.exchange_code(wechat, code)
    assert type(refused.value) is error
    assert sandbox.get("/calls") == {LOGIN: 1}
    if kind not in ("slow", "late"):
        assert login.exchange_code(wechat, code).openid


@pytest.mark.parametrize(
    ("kind", "error", "received"),
    [
        ("-1", errors.WeChatUnavailable, 0),
        ("45009", errors.WeChatDayLimit, 0),
        ("45011", errors.WeChatBusy, 0),
        ("timeout", errors.WeChatUnclear, 0),
        ("late", errors.WeChatUnclear, 1),
        ("cut", errors.WeChatUnclear, 0),
        ("502", errors.WeChatUnclear, 0),
        ("slow", errors.WeChatUnclear, 1),
    ],
)
def test_a_message_is_definite_or_unclear_and_sent_at_most_once(
    sandbox: Served, kind: str, error: type[ServiceError], received: int
) -> None:
    sandbox.post("/wx/subscribe", persona="worker-0001", template_ids=[BOOKING_RESULT.template_id], answer="accept")
    sandbox.post("/faults", path=SEND, kind=kind, times=1, seconds=1)
    with pytest.raises(error) as refused:
        subscribe.send(sandbox.client(), MESSAGE)
    assert type(refused.value) is error
    assert len(sandbox.get("/messages")["messages"]) == received
    assert sandbox.get("/calls")[SEND] == 1


def test_a_token_refused_though_it_lives_is_tried_once_more(sandbox: Served) -> None:
    sandbox.post("/wx/subscribe", persona="worker-0001", template_ids=[BOOKING_RESULT.template_id], answer="accept")
    sandbox.post("/faults", path=SEND, kind="40001", times=1)
    tokens = OwnToken(sandbox.box)
    assert subscribe.send(sandbox.client(tokens=tokens), MESSAGE)
    assert tokens.refusals == 1
    sandbox.post("/faults", path=SEND, kind="40001")
    with pytest.raises(errors.TokenRefused):
        subscribe.send(sandbox.client(tokens=tokens), MESSAGE)
    assert sandbox.get("/calls")[SEND] == 4


def test_a_fault_counts_down_stands_or_is_everywhere_until_it_is_taken_away(sandbox: Served) -> None:
    sandbox.post("/faults", path="*", kind="45011")
    assert sandbox.post("/faults", path=LOGIN, kind="-1", times=2)["faults"] == [
        {"path": "*", "kind": "45011", "times": None, "seconds": 10.0},
        {"path": LOGIN, "kind": "-1", "times": 2, "seconds": 10.0},
    ]
    asked = [requests.get(sandbox.url + LOGIN, timeout=5).json()["errcode"] for _ in range(4)]
    assert asked == [-1, -1, 45011, 45011]
    sandbox.post("/faults", path="*", kind="none")
    assert requests.get(sandbox.url + LOGIN, timeout=5).json()["errcode"] == 40013
    sandbox.post("/faults", path=LOGIN, kind="502")
    assert "502" in requests.get(sandbox.url + LOGIN, timeout=5).text
    assert sandbox.post("/faults/clear") == {"faults": []}
    assert requests.get(sandbox.url + LOGIN, timeout=5).json()["errcode"] == 40013


def test_the_taps_and_the_page_are_never_faulty(sandbox: Served) -> None:
    sandbox.post("/faults", path="*", kind="cut")
    assert sandbox.tap()
    assert requests.get(f"{sandbox.url}/sandbox/", timeout=5).status_code == 200


def test_a_slow_body_is_whole_for_who_waits(sandbox: Served) -> None:
    sandbox.post("/faults", path=LOGIN, kind="slow", times=1)
    started = time.monotonic()
    answer = requests.get(f"{sandbox.url}{LOGIN}", timeout=5, stream=True)
    assert next(answer.iter_content(1)) == b"{"
    assert time.monotonic() - started > 0.15
    answer.close()


def test_the_real_process_cuts_hangs_and_asks_for_a_length_too(tmp_path: Path) -> None:
    """Under gunicorn, as `make run` starts it."""
    with sandbox_process(tmp_path) as url:
        for kind in ("cut", "timeout", "502"):
            fault = {"path": LOGIN, "kind": kind, "seconds": 1, "times": 1}
            requests.post(f"{url}/sandbox/faults", json=fault, timeout=5).raise_for_status()
            with pytest.raises(errors.WeChatUnavailable):
                login.exchange_code(client_at(url), "x")
        with pytest.raises(errors.WeChatMisconfigured):
            login.exchange_code(client_at(url), "x")
        chunked = requests.post(f"{url}{SEND}", data=iter([b"{}"]), timeout=5)
        assert (chunked.status_code, chunked.content) == (412, b"")
