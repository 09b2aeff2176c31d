"""The sandbox answers as WeChat does."""

import dataclasses
import re
import time

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blueprints.sandbox.app import SandboxRefused, create_sandbox
from config import settings
from config.settings import Settings
from service.wechat.personas import sandbox_openid
from tests.wechat.servers import published


@pytest.fixture
def told(tmp_path: object) -> Settings:
    """Settings of a sandbox."""
    return settings.load({"GONGYUN_ENV": "test", "DATA_DIR": str(tmp_path)})


@pytest.fixture
def sandbox(told: Settings) -> FlaskClient:
    """A sandbox to ask."""
    return create_sandbox(told).test_client()


def exchange(sandbox: FlaskClient, told: Settings, code: str = "", **given: str) -> TestResponse:
    """Ask jscode2session as our client does, or otherwise."""
    query = {
        "appid": told.wechat_appid,
        "secret": told.wechat_secret,
        "js_code": code,
        "grant_type": "authorization_code",
    }
    return sandbox.get("/sns/jscode2session", query_string=query | given)


def tap(sandbox: FlaskClient, persona: str = "worker-0001") -> str:
    """A code of wx.login."""
    answer = sandbox.post("/sandbox/wx/login", json={"persona": persona})
    assert answer.status_code == 200
    assert answer.json is not None
    code: str = answer.json["code"]
    return code


def body(answer: TestResponse) -> dict[str, object]:
    """The JSON in a text/plain answer."""
    found: dict[str, object] = answer.get_json(force=True)
    return found


def test_a_code_has_32_characters_and_each_tap_gives_another(sandbox: FlaskClient) -> None:
    codes = {tap(sandbox) for _ in range(20)}
    assert len(codes) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9]{32}", code) for code in codes)


def test_a_success_is_text_plain_without_errcode_and_charset(sandbox: FlaskClient, told: Settings) -> None:
    answer = exchange(sandbox, told, tap(sandbox))
    assert answer.headers["Content-Type"] == "text/plain"
    assert set(body(answer)) == {"session_key", "openid"}
    assert set(body(answer)) < set(published("ok"))
    assert len(str(body(answer)["session_key"])) == len(published("ok")["session_key"]) == 24


def test_openid_is_28_characters_and_stays_the_persona_s(sandbox: FlaskClient, told: Settings) -> None:
    first, second = (body(exchange(sandbox, told, tap(sandbox))) for _ in range(2))
    assert first["openid"] == second["openid"] == sandbox_openid("worker-0001")
    assert first["session_key"] != second["session_key"]
    assert re.fullmatch(r"o[A-Za-z0-9_-]{27}", sandbox_openid("worker-0001"))
    assert sandbox_openid("worker-0002") != sandbox_openid("worker-0001")


def test_a_code_works_once(sandbox: FlaskClient, told: Settings) -> None:
    code = tap(sandbox)
    exchange(sandbox, told, code)
    answer = exchange(sandbox, told, code)
    assert answer.status_code == 200
    assert body(answer)["errcode"] == published("used")["errcode"]
    pattern = r"code been used, rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"
    assert re.fullmatch(pattern, str(body(answer)["errmsg"]))
    assert re.fullmatch(pattern, published("used")["errmsg"])


def test_a_rid_begins_with_the_time(sandbox: FlaskClient, told: Settings) -> None:
    message = str(body(exchange(sandbox, told, "x"))["errmsg"])
    assert abs(int(message.split("rid: ")[1][:8], 16) - time.time()) < 60


@pytest.mark.parametrize(("seconds", "errcode"), [(290, None), (301, 40029)])
def test_a_code_lives_five_minutes(sandbox: FlaskClient, told: Settings, seconds: int, errcode: int | None) -> None:
    code = tap(sandbox)
    assert sandbox.post("/sandbox/clock", json={"seconds": seconds}).status_code == 200
    assert body(exchange(sandbox, told, code)).get("errcode") == errcode


def test_old_codes_are_forgotten(sandbox: FlaskClient, told: Settings) -> None:
    code = tap(sandbox)
    exchange(sandbox, told, code)
    sandbox.post("/sandbox/clock", json={"seconds": 3_700})
    tap(sandbox)
    assert body(exchange(sandbox, told, code))["errcode"] == 40029


@pytest.mark.parametrize(
    ("given", "errcode", "errmsg"),
    [
        ({"appid": "wxother", "secret": "other"}, 40013, "invalid appid"),
        ({"secret": "other"}, 40125, "invalid appsecret"),
        ({"js_code": ""}, 41008, "missing code"),
        ({"js_code": "never-minted"}, 40029, "invalid code"),
    ],
)
def test_errors_are_200_in_the_order_wechat_checks(
    sandbox: FlaskClient, told: Settings, given: dict[str, str], errcode: int, errmsg: str
) -> None:
    answer = exchange(sandbox, told, tap(sandbox), **given)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain"
    assert body(answer)["errcode"] == errcode
    assert str(body(answer)["errmsg"]).startswith(f"{errmsg}, rid: ")


@pytest.mark.parametrize(
    "sent", [{}, {"persona": ""}, {"persona": 7}, {"persona": "Ä"}, {"persona": "w" * 41}, [], None]
)
def test_a_persona_needs_a_plain_name(sandbox: FlaskClient, sent: object) -> None:
    assert sandbox.post("/sandbox/wx/login", json=sent).status_code == 422


@pytest.mark.parametrize("sent", [{}, {"seconds": -1}, {"seconds": "1"}, {"seconds": 10**9}, []])
def test_time_only_goes_on(sandbox: FlaskClient, sent: object) -> None:
    assert sandbox.post("/sandbox/clock", json=sent).status_code == 422


def test_the_process_says_that_it_is_alive(sandbox: FlaskClient) -> None:
    assert sandbox.get("/sandbox/healthz").status_code == 200


def test_production_refuses_the_sandbox(told: Settings) -> None:
    with pytest.raises(SandboxRefused):
        create_sandbox(dataclasses.replace(told, environment="production"))
