"""The client over real HTTP: the sandbox, and servers that behave badly."""

import json
import logging
import threading
import time
import traceback
from contextlib import ExitStack

import pybreaker
import pytest
import requests
from structlog.testing import capture_logs

from service.core import configuration
from service.core.errors import ServiceError
from service.core.writing import inside_command
from service.wechat import client, login, subscribe
from service.wechat.access_token import HeldToken
from service.wechat.bulkhead import Bulkhead, BulkheadFull
from service.wechat.calls import Call, Kind
from service.wechat.client import WeChatClient
from service.wechat.errors import (
    LoginCodeInvalid,
    TokenRefused,
    WeChatBusy,
    WeChatMisconfigured,
    WeChatUnavailable,
    WeChatUnclear,
)
from service.wechat.personas import sandbox_openid
from service.wechat.subscribe import SubscribeMessage
from tests.wechat.conftest import SECRET, Served
from tests.wechat.servers import Peer, RawServer, cuts, hangs, in_turn, published, raw_server, says, trickles

GOOD = published("jscode2session.ok")
MESSAGE = SubscribeMessage(openid="oA", template_id="t", data={"thing1": "班次"})
PAGE = b"<html>502</html>"


class Tokens:
    """A new token each time."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.dropped: list[str] = []

    def token(self) -> HeldToken:
        """The next."""
        self.given.append(f"60_token{len(self.given)}")
        return HeldToken(self.given[-1], len(self.given))

    def refused(self, held: HeldToken) -> None:
        """Note it."""
        self.dropped.append(held.value)


def client_at(url: str) -> WeChatClient:
    """A client of its own."""
    return WeChatClient(appid="wxsandbox00000000", secret=SECRET, base_url=url, tokens=Tokens())


def against(stack: ExitStack, behave: Peer) -> tuple[WeChatClient, RawServer]:
    """A client and the server it calls."""
    server = stack.enter_context(raw_server(behave))
    return client_at(server.url), server


def repeatable() -> Call:
    """A call that may be asked again."""
    return Call(name="gettemplate", kind=Kind.MESSAGE, path="/x", needs_token=False, is_repeatable=True)


def test_a_code_is_exchanged_once(sandbox: Served) -> None:
    wechat, code = sandbox.client(), sandbox.tap()
    session = login.exchange_code(wechat, code)
    assert session.openid == sandbox_openid("worker-0001")
    assert session.session_key == sandbox.box.people.session_key("worker-0001")
    with pytest.raises(LoginCodeInvalid):
        login.exchange_code(wechat, code)


def test_a_wrong_appid_or_secret_is_the_operator_s_to_mend(sandbox: Served) -> None:
    with capture_logs() as lines, pytest.raises(WeChatMisconfigured):
        login.exchange_code(sandbox.client(secret="other"), "x")
    assert [(line["log_level"], line["errcode"], line["refusal"]) for line in lines] == [
        ("error", 40125, "wechat.misconfigured")
    ]
    assert lines[0]["rid"]
    with pytest.raises(WeChatMisconfigured):
        login.exchange_code(sandbox.client(appid="wxother"), "x")


def test_the_published_answer_is_read_over_the_wire(stack: ExitStack) -> None:
    wechat, server = against(stack, says(GOOD))
    session = login.exchange_code(wechat, "c0de")
    assert (session.openid, session.unionid) == (GOOD["openid"], GOOD["unionid"])
    assert server.requests[0].startswith("GET /sns/jscode2session?appid=wxsandbox00000000&secret=")
    assert "js_code=c0de&grant_type=authorization_code" in server.requests[0]


@pytest.mark.parametrize("answer", [{}, {"openid": ""}, {"openid": 7}, {"openid": "o" * 65}, {"errcode": 0}])
def test_without_an_openid_there_is_no_sign_in(stack: ExitStack, answer: object) -> None:
    wechat, _ = against(stack, says(answer))
    with pytest.raises(WeChatUnavailable):
        login.exchange_code(wechat, "c0de")


@pytest.mark.parametrize(
    "behave",
    [
        cuts,
        says(PAGE, status="502 Bad Gateway", content_type="text/html"),
        says(b"", status="412 Precondition Failed"),
        says({"errcode": -1, "errmsg": "system error"}),
        says(b"x" * (client.MOST_BYTES + 100_000)),
        says({"openid": "oA"}, status="302 Found", more="Location: http://127.0.0.1:9/\r\n"),
    ],
)
def test_a_code_is_never_shown_twice_whatever_happens(stack: ExitStack, behave: Peer) -> None:
    wechat, server = against(stack, behave)
    with pytest.raises(WeChatUnavailable):
        login.exchange_code(wechat, "c0de")
    assert len(server.requests) == 1


@pytest.mark.parametrize("behave", [cuts, says(PAGE, status="502 Bad Gateway"), says({"errcode": -1})])
def test_what_does_no_harm_is_asked_three_times(stack: ExitStack, behave: Peer) -> None:
    wechat, server = against(stack, behave)
    with pytest.raises(WeChatUnavailable):
        wechat.ask(repeatable())
    assert len(server.requests) == client.TRIES


def test_a_second_try_may_succeed(stack: ExitStack) -> None:
    wechat, _ = against(stack, in_turn(cuts, says({"errcode": 0, "data": []})))
    assert wechat.ask(repeatable())["data"] == []


@pytest.mark.parametrize("errcode", [45009, 40013, 43101, 99999])
def test_a_definite_no_is_not_asked_again(stack: ExitStack, errcode: int) -> None:
    wechat, server = against(stack, says({"errcode": errcode}))
    with pytest.raises(ServiceError):
        wechat.ask(repeatable())
    assert len(server.requests) == 1


@pytest.mark.parametrize("behave", [cuts, says(PAGE, status="502 Bad Gateway"), says(b"?")])
def test_a_message_without_an_answer_is_unclear_and_not_repeated(stack: ExitStack, behave: Peer) -> None:
    wechat, server = against(stack, behave)
    with pytest.raises(WeChatUnclear):
        subscribe.send(wechat, MESSAGE)
    assert len(server.requests) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no-such-host.invalid"])
def test_a_message_that_never_left_is_known_not_to_be_sent(url: str) -> None:
    with pytest.raises(WeChatUnavailable) as refused:
        subscribe.send(client_at(url), MESSAGE)
    assert type(refused.value) is WeChatUnavailable


def test_busy_with_an_answer_is_known_not_to_be_sent(stack: ExitStack) -> None:
    wechat, _ = against(stack, says({"errcode": -1, "errmsg": "system error"}))
    with pytest.raises(WeChatUnavailable) as refused:
        subscribe.send(wechat, MESSAGE)
    assert type(refused.value) is WeChatUnavailable


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_refused_token_is_fetched_anew_once(stack: ExitStack, errcode: int) -> None:
    wechat, server = against(stack, in_turn(says({"errcode": errcode}), says({"errcode": 0, "msgid": 7})))
    assert subscribe.send(wechat, MESSAGE) == "7"
    assert isinstance(wechat.tokens, Tokens)
    assert wechat.tokens.dropped == ["60_token0"]
    assert ["access_token=60_token0" in server.requests[0], "access_token=60_token1" in server.requests[1]] == [
        True
    ] * 2


def test_a_token_refused_twice_is_told(stack: ExitStack) -> None:
    wechat, server = against(stack, says({"errcode": 40001}))
    with pytest.raises(TokenRefused):
        subscribe.send(wechat, MESSAGE)
    assert len(server.requests) == 2


def test_bodies_are_raw_utf_8_with_a_length_and_the_token_stands_in_the_query(stack: ExitStack) -> None:
    wechat, server = against(stack, says({"errcode": 0}))
    subscribe.send(wechat, MESSAGE)
    head, body = server.requests[0], json.loads(server.bodies[0])
    assert head.startswith("POST /cgi-bin/message/subscribe/send?access_token=60_token0 ")
    assert f"content-length: {len(server.bodies[0])}" in head.lower()
    assert "content-type: application/json" in head.lower()
    assert "班次".encode() in server.bodies[0]
    assert b"\\u" not in server.bodies[0]
    assert body == {
        "touser": "oA", "template_id": "t", "miniprogram_state": "formal", "lang": "zh_CN",
        "data": {"thing1": {"value": "班次"}},
    }  # fmt: skip


@pytest.mark.parametrize("behave", [hangs(0.8), trickles])
def test_nobody_waits_longer_than_the_time_outs(
    stack: ExitStack, behave: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "READ_S", 0.4)
    monkeypatch.setattr(client, "WHOLE_S", 0.4)
    wechat, _ = against(stack, behave)
    # Who waited longer would get the answer that the peer gives in the end.
    with pytest.raises(WeChatUnavailable):
        login.exchange_code(wechat, "c0de")


def test_repeating_ends_when_it_has_taken_too_long(stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "READ_S", 0.2)
    monkeypatch.setattr(client, "GIVE_UP_S", 0.1)
    wechat, server = against(stack, hangs(0.6))
    with pytest.raises(WeChatUnavailable):
        wechat.ask(repeatable())
    assert len(server.requests) == 1


def test_after_five_failures_nobody_is_asked_until_it_heals(stack: ExitStack) -> None:
    wechat, server = against(stack, says(b"", status="502 Bad Gateway"))
    for _ in range(8):
        with pytest.raises(WeChatUnavailable):
            login.exchange_code(wechat, "c0de")
    assert len(server.requests) == client.FAILURES_TO_OPEN
    server.behave = says(GOOD)
    breaker = wechat._lanes[Kind.LOGIN].breaker
    breaker.half_open()
    assert login.exchange_code(wechat, "c0de").openid
    assert breaker.current_state == pybreaker.STATE_CLOSED


def test_the_failure_that_opens_the_breaker_is_unclear_and_the_next_is_not(stack: ExitStack) -> None:
    wechat, server = against(stack, cuts)
    for _ in range(client.FAILURES_TO_OPEN):
        with pytest.raises(WeChatUnclear):
            subscribe.send(wechat, MESSAGE)
    with pytest.raises(WeChatUnavailable) as refused:
        subscribe.send(wechat, MESSAGE)
    assert type(refused.value) is WeChatUnavailable
    assert len(server.requests) == client.FAILURES_TO_OPEN


def test_one_kind_s_breaker_leaves_the_others_alone(stack: ExitStack) -> None:
    wechat, server = against(stack, cuts)
    for _ in range(client.FAILURES_TO_OPEN + 1):
        with pytest.raises(WeChatUnavailable):
            subscribe.send(wechat, MESSAGE)
    server.behave = says(GOOD)
    assert login.exchange_code(wechat, "c0de").openid


def test_wrong_codes_do_not_open_the_breaker(stack: ExitStack) -> None:
    wechat, server = against(stack, says({"errcode": 40029, "errmsg": "invalid code, rid: 1-2-3"}))
    for _ in range(8):
        with pytest.raises(LoginCodeInvalid):
            login.exchange_code(wechat, "c0de")
    assert len(server.requests) == 8


def at_once(wechat: WeChatClient, count: int) -> list[object]:
    """What so many threads asking at once were answered."""
    answers: list[object] = []

    def ask() -> None:
        try:
            answers.append(login.exchange_code(wechat, "c0de"))
        except ServiceError as error:
            answers.append(type(error))

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_calls_go_side_by_side_through_the_breaker(stack: ExitStack) -> None:
    """A breaker that keeps its lock during the call would let one sign in after the other."""
    answer = says(GOOD)

    def slowly(connection: object) -> None:
        time.sleep(0.3)
        answer(connection)  # type: ignore[arg-type]

    wechat, _ = against(stack, slowly)
    started = time.monotonic()
    answers = at_once(wechat, client.AT_ONCE)
    assert not any(isinstance(given, type) for given in answers)
    assert time.monotonic() - started < 0.3 * client.AT_ONCE / 2


def test_more_than_the_bulkhead_holds_are_turned_away_at_once(stack: ExitStack) -> None:
    wechat, _ = against(stack, hangs(1.0))
    started = time.monotonic()
    answers = at_once(wechat, client.AT_ONCE + client.WAITING + 4)
    assert answers.count(WeChatBusy) >= 4
    assert set(answers) <= {WeChatBusy, WeChatUnavailable}
    assert time.monotonic() - started < 4


def test_all_kinds_together_hold_no_more_than_their_share() -> None:
    wechat = client_at("http://127.0.0.1:9")
    with ExitStack() as inside:
        for _ in range(client.ALL_AT_ONCE):
            inside.enter_context(wechat._all.entered())
        with pytest.raises(WeChatBusy):
            login.exchange_code(wechat, "c0de")
    with pytest.raises(WeChatUnavailable):
        login.exchange_code(wechat, "c0de")


def test_a_bulkhead_turns_away_who_waits_too_long_and_lets_in_again() -> None:
    bulkhead = Bulkhead(1, 1, 0.05)
    with bulkhead.entered(), pytest.raises(BulkheadFull), bulkhead.entered():
        pass
    with bulkhead.entered():
        pass


def test_nothing_is_sent_inside_a_transaction() -> None:
    inside = inside_command.set(True)
    try:
        with pytest.raises(RuntimeError, match="transaction"):
            login.exchange_code(client_at("http://127.0.0.1:9"), "c0de")
    finally:
        inside_command.reset(inside)


def test_neither_secret_nor_code_nor_token_reaches_a_log_or_a_traceback(
    stack: ExitStack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    code = "0b3SecretCode"
    for behave in (cuts, says({"errcode": 40163, "errmsg": "code been used, rid: 1"}), says(GOOD)):
        wechat, _ = against(stack, behave)
        for ask in (lambda w: login.exchange_code(w, code), lambda w: subscribe.send(w, MESSAGE)):
            with capture_logs() as lines:
                try:
                    told.append(repr(ask(wechat)))
                except ServiceError as error:
                    told.append("".join(traceback.format_exception(error)))
            told.append(str(lines))
    everything = caplog.text + "".join(told)
    assert told
    for secret in (SECRET, code, "60_token0", GOOD["session_key"], GOOD["openid"], "班次", "oA'"):
        assert secret not in everything
    assert "60_token" not in repr(HeldToken("60_token0"))


def test_the_secret_would_be_found_in_what_requests_raises() -> None:
    """The control of the test before: requests itself does tell."""
    with pytest.raises(requests.ConnectionError, match=SECRET):
        requests.get("http://127.0.0.1:9/sns/jscode2session", params={"secret": SECRET}, timeout=1)


def test_a_process_has_one_client_of_each_app(monkeypatch: pytest.MonkeyPatch) -> None:
    class Settings:
        wechat_appid, wechat_secret, wechat_api_base = "wxa", "s", "http://127.0.0.1:9"
        wechat_service_appid, wechat_service_secret = "wxb", "t"

    monkeypatch.setattr(configuration, "current", Settings)
    assert client.current() is client.current()
    assert (client.current().appid, client.service_account().appid) == ("wxa", "wxb")
    monkeypatch.setattr(Settings, "wechat_service_appid", "")
    with pytest.raises(WeChatMisconfigured):
        client.service_account()
