"""Each call to WeChat is counted once, by operation and outcome; nothing of the request goes with it."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from service.wechat import client, login, subscribe, watching
from service.wechat.bulkhead import Bulkhead
from service.wechat.calls import Kind
from service.wechat.errors import LoginCodeInvalid, UserRefused, WeChatBusy, WeChatUnavailable, WeChatUnclear
from tests.wechat.conftest import Served
from tests.wechat.servers import cuts, raw_server, says
from tests.wechat.test_client import MESSAGE, client_at
from tests.wechat.test_subscribe import message

Counted = list[tuple[str, str]]


@pytest.fixture
def counted() -> Iterator[Counted]:
    """(operation, outcome) of each call, in order."""
    found: Counted = []

    def note(operation: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        found.append((operation, outcome))

    watching.register(note)
    watching.register(note)
    yield found
    watching.watchers.remove(note)


def test_a_success_and_a_refusal_are_counted_once_each(sandbox: Served, counted: Counted) -> None:
    wechat, code = sandbox.client(), sandbox.tap()
    login.exchange_code(wechat, code)
    with pytest.raises(LoginCodeInvalid):
        login.exchange_code(wechat, code)
    with pytest.raises(UserRefused):
        subscribe.send(wechat, message())
    assert counted == [
        ("jscode2session", "ok"),
        ("jscode2session", "auth.wechat_code_invalid"),
        ("subscribe_send", "wechat.user_refused"),
    ]


def test_a_refused_token_that_is_fetched_anew_is_a_success(sandbox: Served, counted: Counted) -> None:
    sandbox.post("/faults", path="/wxaapi/newtmpl/gettemplate", kind="40001", times=1)
    assert subscribe.templates(sandbox.client())
    assert counted == [("gettemplate", "ok")]


def test_no_answer_is_told_from_what_was_never_sent(stack: ExitStack, counted: Counted) -> None:
    wechat = client_at(stack.enter_context(raw_server(cuts)).url)
    for _ in range(client.FAILURES_TO_OPEN):
        with pytest.raises(WeChatUnclear):
            subscribe.send(wechat, MESSAGE)
    with pytest.raises(WeChatUnavailable):
        subscribe.send(wechat, MESSAGE)
    unclear = ("subscribe_send", "wechat.unclear")
    assert counted == [*[unclear] * client.FAILURES_TO_OPEN, ("subscribe_send", watching.BREAKER_OPEN)]


def test_a_full_bulkhead_is_told_from_a_busy_wechat(stack: ExitStack, counted: Counted) -> None:
    busy = says({"errcode": 45011, "errmsg": "api minute-quota reach limit"})
    wechat = client_at(stack.enter_context(raw_server(busy)).url)
    with pytest.raises(WeChatBusy):
        login.exchange_code(wechat, "x")
    wechat._lanes[Kind.LOGIN].bulkhead = full = Bulkhead(1, 0, 0.0)
    with full.entered(), pytest.raises(WeChatBusy):
        login.exchange_code(wechat, "x")
    assert counted == [("jscode2session", "wechat.busy"), ("jscode2session", watching.BULKHEAD_FULL)]


def test_a_fault_of_ours_is_no_success(counted: Counted) -> None:
    with pytest.raises(KeyError), watching.watched("gettemplate"):
        raise KeyError
    assert counted == [("gettemplate", watching.FAILED)]
