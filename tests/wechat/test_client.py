"""The client over real HTTP: the sandbox, and servers that behave badly."""

import logging
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack

import pybreaker
import pytest
import requests
from structlog.testing import capture_logs

from blueprints.sandbox.app import create_sandbox
from config import settings
from config.settings import Settings
from service.core.errors import ServiceError
from service.wechat import client
from service.wechat.bulkhead import Bulkhead, BulkheadFull
from service.wechat.client import WeChatClient
from service.wechat.errors import LoginCodeInvalid, WeChatBusy, WeChatMisconfigured, WeChatUnavailable
from service.wechat.personas import sandbox_openid
from tests.wechat.servers import Peer, RawServer, cuts, hangs, published, raw_server, says, served, trickles

SECRET = "c0ffee-and-pu-erh"


@pytest.fixture
def told(tmp_path: object) -> Settings:
    """Settings of a sandbox."""
    return settings.load({"GONGYUN_ENV": "test", "DATA_DIR": str(tmp_path), "WECHAT_SECRET": SECRET})


@pytest.fixture
def sandbox_url(told: Settings) -> Iterator[str]:
    """The sandbox over HTTP."""
    with served(create_sandbox(told)) as url:
        yield url


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is opened in a test and closed after it."""
    with ExitStack() as opened:
        yield opened


def client_at(url: str, *, appid: str = "wxsandbox00000000", secret: str = SECRET) -> WeChatClient:
    """A client of its own."""
    return WeChatClient(appid=appid, secret=secret, base_url=url)


def against(stack: ExitStack, behave: Peer) -> tuple[WeChatClient, RawServer]:
    """A client and the server it calls."""
    server = stack.enter_context(raw_server(behave))
    return client_at(server.url), server


def tap(url: str) -> str:
    """A code of wx.login."""
    code: str = requests.post(f"{url}/sandbox/wx/login", json={"persona": "worker-0001"}, timeout=5).json()["code"]
    return code


def test_a_code_is_exchanged_once(sandbox_url: str) -> None:
    wechat, code = client_at(sandbox_url + "/"), tap(sandbox_url)
    assert wechat.exchange_login_code(code).openid == sandbox_openid("worker-0001")
    with pytest.raises(LoginCodeInvalid):
        wechat.exchange_login_code(code)


def test_a_wrong_appid_or_secret_is_the_operator_s_to_mend(sandbox_url: str) -> None:
    with capture_logs() as lines, pytest.raises(WeChatMisconfigured):
        client_at(sandbox_url, secret="other").exchange_login_code("x")
    assert [(line["log_level"], line["errcode"]) for line in lines] == [("error", 40125)]
    assert lines[0]["rid"]
    with pytest.raises(WeChatMisconfigured):
        client_at(sandbox_url, appid="wxother").exchange_login_code("x")


def test_the_published_answer_is_read_over_the_wire(stack: ExitStack) -> None:
    wechat, server = against(stack, says(published("ok")))
    assert wechat.exchange_login_code("c0de").openid == published("ok")["openid"]
    assert server.requests[0].startswith("GET /sns/jscode2session?appid=wxsandbox00000000&secret=")
    assert "js_code=c0de&grant_type=authorization_code" in server.requests[0]


@pytest.mark.parametrize(
    "behave",
    [
        cuts,
        says(b"<html>502</html>", status="502 Bad Gateway", content_type="text/html"),
        says(b"", status="412 Precondition Failed"),
        says({"errcode": -1, "errmsg": "system error"}),
        says(b"x" * 100_000),
        says({"openid": "oA"}, status="302 Found", more="Location: http://127.0.0.1:9/\r\n"),
    ],
)
def test_trouble_at_wechat_is_503_and_not_tried_again(stack: ExitStack, behave: Peer) -> None:
    wechat, server = against(stack, behave)
    with pytest.raises(WeChatUnavailable):
        wechat.exchange_login_code("c0de")
    assert len(server.requests) == 1


def test_nobody_listening_is_503() -> None:
    with pytest.raises(WeChatUnavailable):
        client_at("http://127.0.0.1:9").exchange_login_code("c0de")


@pytest.mark.parametrize("behave", [hangs(0.8), trickles])
def test_nobody_waits_longer_than_the_time_outs(
    stack: ExitStack, behave: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "READ_S", 0.4)
    monkeypatch.setattr(client, "WHOLE_S", 0.4)
    wechat, _ = against(stack, behave)
    started = time.monotonic()
    with pytest.raises(WeChatUnavailable):
        wechat.exchange_login_code("c0de")
    assert time.monotonic() - started < 0.75


def test_after_five_failures_nobody_is_asked_until_it_heals(stack: ExitStack) -> None:
    wechat, server = against(stack, says(b"", status="502 Bad Gateway"))
    for _ in range(8):
        with pytest.raises(WeChatUnavailable):
            wechat.exchange_login_code("c0de")
    assert len(server.requests) == client.FAILURES_TO_OPEN
    server.behave = says(published("ok"))
    wechat._breaker.half_open()
    assert wechat.exchange_login_code("c0de").openid
    assert wechat._breaker.current_state == pybreaker.STATE_CLOSED


def test_wrong_codes_do_not_open_the_breaker(stack: ExitStack) -> None:
    wechat, server = against(stack, says({"errcode": 40029, "errmsg": "invalid code, rid: 1-2-3"}))
    for _ in range(8):
        with pytest.raises(LoginCodeInvalid):
            wechat.exchange_login_code("c0de")
    assert len(server.requests) == 8


def at_once(wechat: WeChatClient, count: int) -> list[object]:
    """What so many threads asking at once were answered."""
    answers: list[object] = []

    def ask() -> None:
        try:
            answers.append(wechat.exchange_login_code("c0de"))
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
    answer = says(published("ok"))

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


def test_a_bulkhead_turns_away_who_waits_too_long_and_lets_in_again() -> None:
    bulkhead = Bulkhead(1, 1, 0.05)
    with bulkhead.entered(), pytest.raises(BulkheadFull), bulkhead.entered():
        pass
    with bulkhead.entered():
        pass


def test_neither_secret_nor_code_reaches_a_log_or_a_traceback(
    stack: ExitStack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    code = published("used")["errmsg"][-17:]
    for behave in (cuts, says({"errcode": 40163, "errmsg": "code been used, rid: 1"}), says(published("ok"))):
        wechat, _ = against(stack, behave)
        with capture_logs() as lines:
            try:
                wechat.exchange_login_code(code)
            except ServiceError as error:
                told.append("".join(traceback.format_exception(error)))
        told.append(str(lines))
    everything = caplog.text + "".join(told)
    assert told
    for secret in (SECRET, code, str(published("ok")["session_key"]), str(published("ok")["openid"])):
        assert secret not in everything


def test_the_secret_would_be_found_in_what_requests_raises() -> None:
    """The control of the test before: requests itself does tell."""
    with pytest.raises(requests.ConnectionError, match=SECRET):
        requests.get("http://127.0.0.1:9/sns/jscode2session", params={"secret": SECRET}, timeout=1)
