"""The sandbox's wire, codes and tokens are as WeChat's."""

import dataclasses
import http.client
import json
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from blueprints.sandbox.app import SandboxRefused, create_sandbox
from blueprints.sandbox.tokens import FORCED_A_DAY
from config.settings import Settings
from service.overview.demo import invention
from service.wechat.personas import sandbox_openid, sandbox_phone, sandbox_unionid
from tests.wechat.conftest import SECRET, Served
from tests.wechat.servers import published

RID = r"rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"
APPID = "wxsandbox00000000"
POSTS = (
    "/cgi-bin/stable_token",
    "/wxa/business/getuserphonenumber",
    "/cgi-bin/message/subscribe/send",
    "/wxa/msg_sec_check",
    "/wxa/media_check_async",
    "/wxa/getwxacodeunlimit",
)
WITH_TOKEN = POSTS[1:]


def exchange(sandbox: Served, code: str = "", **given: str) -> requests.Response:
    """Ask jscode2session as our client does, or otherwise."""
    query = {"appid": APPID, "secret": SECRET, "js_code": code, "grant_type": "authorization_code"}
    return requests.get(f"{sandbox.url}/sns/jscode2session", params=query | given, timeout=5)


def post(sandbox: Served, path: str, body: Any = None, *, token: str | None = None, **more: Any) -> requests.Response:
    """A raw UTF-8 JSON post with a token."""
    query = {"access_token": token if token is not None else good_token(sandbox)}
    content = body if isinstance(body, bytes) else json.dumps(body or {}, ensure_ascii=False).encode()
    return requests.post(sandbox.url + path, params=query, data=content, timeout=5, **more)


def good_token(sandbox: Served) -> str:
    """The stable token in force."""
    return sandbox.box.tokens.stable(is_forced=False)[0]


def stable(sandbox: Served, **given: Any) -> dict[str, Any]:
    """Ask for the stable token."""
    body = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET, "force_refresh": False} | given
    answer: dict[str, Any] = requests.post(f"{sandbox.url}/cgi-bin/stable_token", json=body, timeout=5).json()
    return answer


def plain(sandbox: Served, **given: str) -> dict[str, Any]:
    """Ask for the older token."""
    query = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET} | given
    answer: dict[str, Any] = requests.get(f"{sandbox.url}/cgi-bin/token", params=query, timeout=5).json()
    return answer


def works(sandbox: Served, token: str) -> int:
    """The errcode a call with this token gets."""
    query = {"access_token": token}
    answer = requests.get(f"{sandbox.url}/wxaapi/newtmpl/gettemplate", params=query, timeout=5).json()
    code: int = answer["errcode"]
    return code


# 1, 2, 3: the wire


def test_errors_are_http_200_with_a_rid_that_begins_with_the_time(sandbox: Served) -> None:
    answer = exchange(sandbox, "x")
    assert answer.status_code == 200
    message = answer.json()["errmsg"]
    assert re.fullmatch(f"invalid code, {RID}", message)
    assert abs(int(message.split("rid: ")[1][:8], 16) - time.time()) < 60


def test_sns_parts_the_rid_by_a_comma_and_the_others_by_a_space(sandbox: Served) -> None:
    assert re.fullmatch(f"invalid appid, {RID}", exchange(sandbox, appid="wxother").json()["errmsg"])
    assert re.fullmatch(f"invalid appid {RID}", plain(sandbox, appid="wxother")["errmsg"])
    pattern = r"(\w+ \w+),? rid: .*"
    for name, said in (("token.bad_appid", plain(sandbox, appid="wxother")), ("jscode2session.used", used(sandbox))):
        assert re.fullmatch(pattern, said["errmsg"].replace("code been used", "code used"))
        assert said["errcode"] == published(name)["errcode"]


def used(sandbox: Served) -> dict[str, Any]:
    """What a code used twice is answered."""
    code = sandbox.tap()
    exchange(sandbox, code)
    answer: dict[str, Any] = exchange(sandbox, code).json()
    return answer


@pytest.mark.parametrize("path", POSTS)
def test_a_post_without_a_length_is_412_and_empty(sandbox: Served, path: str) -> None:
    connection = http.client.HTTPConnection(str(urlsplit(sandbox.url).netloc), timeout=5)
    connection.request("POST", path, body=iter([b"{}"]), headers={"Transfer-Encoding": "chunked"}, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (412, b"")
    connection.close()


def test_content_types_are_wechat_s_and_name_no_charset(sandbox: Served) -> None:
    assert exchange(sandbox, sandbox.tap()).headers["Content-Type"] == "text/plain"
    assert exchange(sandbox, "x").headers["Content-Type"] == "text/plain"
    error = post(sandbox, "/wxa/getwxacodeunlimit", {"scene": ""})
    assert error.headers["Content-Type"] == "application/json; encoding=utf-8"
    picture = post(sandbox, "/wxa/getwxacodeunlimit", {"scene": "a", "page": "pages/a"})
    assert picture.headers["Content-Type"] == "image/jpeg"


def test_sign_in_and_tokens_succeed_without_an_errcode_and_the_rest_with_zero(sandbox: Served) -> None:
    assert set(exchange(sandbox, sandbox.tap()).json()) == {"session_key", "openid"}
    assert set(plain(sandbox)) == set(stable(sandbox)) == set(published("token.ok"))
    phone = post(sandbox, "/wxa/business/getuserphonenumber", {"code": sandbox.post("/wx/phone", persona="a")["code"]})
    assert set(phone.json()) == set(published("phone.ok"))
    assert phone.json()["errcode"] == 0


# 4: tokens


def test_the_older_token_is_new_each_time_and_the_last_works_five_minutes_more(sandbox: Served) -> None:
    first, second = plain(sandbox)["access_token"], plain(sandbox)["access_token"]
    assert first != second
    assert (works(sandbox, first), works(sandbox, second)) == (0, 0)
    sandbox.post("/clock", seconds=301)
    assert (works(sandbox, first), works(sandbox, second)) == (42001, 0)
    sandbox.post("/clock", seconds=7_200)
    assert works(sandbox, second) == 42001
    assert works(sandbox, "60_never") == 40001


def test_the_stable_token_stays_while_its_seconds_fall_and_changes_five_minutes_early(sandbox: Served) -> None:
    first = stable(sandbox)
    sandbox.post("/clock", seconds=6_000)
    later = stable(sandbox)
    assert later["access_token"] == first["access_token"]
    assert 1_190 <= later["expires_in"] <= 1_200 < first["expires_in"] <= 7_200
    sandbox.post("/clock", seconds=910)
    renewed = stable(sandbox)
    assert renewed["access_token"] != first["access_token"]
    assert (works(sandbox, first["access_token"]), works(sandbox, renewed["access_token"])) == (0, 0)
    sandbox.post("/clock", seconds=300)
    assert works(sandbox, first["access_token"]) == 42001


def test_the_two_sorts_of_token_do_not_know_of_each_other(sandbox: Served) -> None:
    kept, older = stable(sandbox)["access_token"], plain(sandbox)["access_token"]
    assert stable(sandbox, force_refresh=True)["access_token"] != kept
    assert (works(sandbox, kept), works(sandbox, older)) == (40001, 0)


def test_force_works_thirty_seconds_apart_and_twenty_times_a_day(sandbox: Served) -> None:
    first = stable(sandbox, force_refresh=True)["access_token"]
    assert stable(sandbox, force_refresh=True)["access_token"] == first
    for _ in range(FORCED_A_DAY - 1):
        sandbox.post("/clock", seconds=30)
        assert "access_token" in stable(sandbox, force_refresh=True)
    sandbox.post("/clock", seconds=30)
    assert stable(sandbox, force_refresh=True)["errcode"] == 45009
    assert "access_token" in stable(sandbox)
    sandbox.post("/clock", seconds=86_400)
    assert "access_token" in stable(sandbox, force_refresh=True)


@pytest.mark.parametrize(
    ("given", "errcode"),
    [({"appid": "wxother"}, 40013), ({"secret": "other"}, 40125), ({"grant_type": "other"}, 40002)],
)
def test_a_token_is_given_to_whom_it_belongs(sandbox: Served, given: Mapping[str, str], errcode: int) -> None:
    assert stable(sandbox, **given)["errcode"] == errcode
    assert plain(sandbox, **given)["errcode"] == errcode
    assert plain(sandbox, grant_type="other", appid="wxother")["errcode"] == 40013


# 5: login codes


def test_a_code_has_32_characters_and_each_tap_gives_another(sandbox: Served) -> None:
    codes = {sandbox.tap() for _ in range(20)}
    assert len(codes) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9]{32}", code) for code in codes)


def test_openid_is_28_characters_and_stays_the_persona_s_while_the_session_key_changes(sandbox: Served) -> None:
    first, second = (exchange(sandbox, sandbox.tap()).json() for _ in range(2))
    assert first["openid"] == second["openid"] == sandbox_openid("worker-0001")
    assert first["session_key"] != second["session_key"]
    assert len(first["session_key"]) == len(published("jscode2session.ok")["session_key"]) == 24
    assert re.fullmatch(r"o[A-Za-z0-9_-]{27}", sandbox_openid("worker-0001"))
    assert sandbox_openid("worker-0002") != sandbox_openid("worker-0001")


def test_a_unionid_comes_where_the_sandbox_is_told_so(sandbox: Served) -> None:
    sandbox.post("/switches", gives_unionid=True)
    assert exchange(sandbox, sandbox.tap()).json()["unionid"] == sandbox_unionid("worker-0001")


def test_a_code_works_once(sandbox: Served) -> None:
    said = used(sandbox)
    assert said["errcode"] == published("jscode2session.used")["errcode"]
    assert re.fullmatch(f"code been used, {RID}", said["errmsg"])
    assert re.fullmatch(f"code been used, {RID}", published("jscode2session.used")["errmsg"])


@pytest.mark.parametrize(("seconds", "errcode"), [(290, None), (301, 40029)])
def test_a_code_lives_five_minutes(sandbox: Served, seconds: int, errcode: int | None) -> None:
    code = sandbox.tap()
    sandbox.post("/clock", seconds=seconds)
    assert exchange(sandbox, code).json().get("errcode") == errcode


def test_old_codes_are_forgotten(sandbox: Served) -> None:
    code = sandbox.tap()
    exchange(sandbox, code)
    sandbox.post("/clock", seconds=3_700)
    sandbox.tap()
    assert exchange(sandbox, code).json()["errcode"] == 40029


@pytest.mark.parametrize(
    ("given", "errcode", "errmsg"),
    [
        ({"appid": "wxother", "secret": "other"}, 40013, "invalid appid"),
        ({"secret": "other"}, 40125, "invalid appsecret"),
        ({"js_code": ""}, 41008, "missing code"),
        ({"js_code": "never-minted"}, 40029, "invalid code"),
    ],
)
def test_errors_come_in_the_order_wechat_checks(
    sandbox: Served, given: dict[str, str], errcode: int, errmsg: str
) -> None:
    said = exchange(sandbox, sandbox.tap(), **given).json()
    assert said["errcode"] == errcode
    assert said["errmsg"].startswith(f"{errmsg}, rid: ")


# 6: the phone


def test_a_phone_code_is_another_kind_works_once_and_five_minutes(sandbox: Served) -> None:
    code = sandbox.post("/wx/phone", persona="worker-0007")["code"]
    assert re.fullmatch(r"[0-9a-f]{64}", code)
    assert exchange(sandbox, code).json()["errcode"] == 40029
    path = "/wxa/business/getuserphonenumber"
    info = post(sandbox, path, {"code": code}).json()["phone_info"]
    assert info["purePhoneNumber"] == sandbox_phone("worker-0007") == invention.phone(7)
    assert (info["countryCode"], info["watermark"]["appid"]) == ("86", APPID)
    assert post(sandbox, path, {"code": code}).json()["errcode"] == 40029
    assert post(sandbox, path, {"code": sandbox.tap()}).json()["errcode"] == 40029
    assert post(sandbox, path, {}).json()["errcode"] == 47001
    late = sandbox.post("/wx/phone", persona="worker-0007")["code"]
    sandbox.post("/clock", seconds=301)
    said = post(sandbox, path, {"code": late}).json()
    assert said["errcode"] == published("phone.bad_code")["errcode"]
    assert re.fullmatch(rf"invalid code hint: \[[\w-]+\] {RID}", said["errmsg"])
    assert re.fullmatch(rf"invalid code hint: \[[\w-]+\] {RID}", published("phone.bad_code")["errmsg"])


def test_the_phone_s_openid_is_checked_and_the_country_may_be_a_number(sandbox: Served) -> None:
    path, code = "/wxa/business/getuserphonenumber", sandbox.post("/wx/phone", persona="a", phone="13100000000")["code"]
    other = sandbox.post("/wx/phone", persona="a")["code"]
    assert post(sandbox, path, {"code": other, "openid": sandbox_openid("b")}).json()["errcode"] == 40003
    sandbox.post("/switches", country_code_as_number=True)
    info = post(sandbox, path, {"code": code, "openid": sandbox_openid("a")}).json()["phone_info"]
    assert (info["countryCode"], info["phoneNumber"]) == (86, "13100000000")


# 8: strictness and the shape of requests


@pytest.mark.parametrize("path", WITH_TOKEN)
def test_calls_want_post_a_token_in_the_query_and_json(sandbox: Served, path: str) -> None:
    token = good_token(sandbox)
    asked = requests.get(sandbox.url + path, params={"access_token": token}, timeout=5).json()
    assert asked["errcode"] == 43002
    in_body = requests.post(sandbox.url + path, data=json.dumps({"access_token": token}), timeout=5).json()
    assert in_body["errcode"] == 41001
    assert post(sandbox, path, token="60_other").json()["errcode"] == 40001
    assert post(sandbox, path, b"").json()["errcode"] == 44002
    assert post(sandbox, path, b"a=b&c=d").json()["errcode"] == 47001
    assert post(sandbox, path, b"[]").json()["errcode"] == 47001
    sandbox.post("/clock", seconds=7_201)
    assert post(sandbox, path, token=token).json()["errcode"] == 42001


def test_in_strict_mode_escapes_are_refused_that_people_might_see(sandbox: Served) -> None:
    escaped = json.dumps({"scene": 1, "text": "班"}).encode()
    assert b"\\u" in escaped
    assert post(sandbox, "/wxa/msg_sec_check", escaped).json()["errcode"] == 47001
    assert post(sandbox, "/wxa/msg_sec_check", b'{"text": "\\u0007 \\\\u73ed"}').json()["errcode"] == 40003
    sandbox.post("/switches", is_strict=False)
    assert post(sandbox, "/wxa/msg_sec_check", escaped).json()["errcode"] == 40003


# the sandbox's own doors


@pytest.mark.parametrize(
    "sent", [{}, {"persona": ""}, {"persona": 7}, {"persona": "Ä"}, {"persona": "w" * 41}, [], None]
)
def test_a_persona_needs_a_plain_name(sandbox: Served, sent: object) -> None:
    for tap in ("login", "phone", "subscribe", "sealed", "settings", "page"):
        assert requests.post(f"{sandbox.url}/sandbox/wx/{tap}", json=sent, timeout=5).status_code == 422


@pytest.mark.parametrize("sent", [{}, {"seconds": -1}, {"seconds": "1"}, {"seconds": 10**9}, {"seconds": True}, []])
def test_time_only_goes_on(sandbox: Served, sent: object) -> None:
    assert requests.post(f"{sandbox.url}/sandbox/clock", json=sent, timeout=5).status_code == 422


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/faults", {"kind": "fire"}),
        ("/faults", {"kind": "cut", "times": 0.5}),
        ("/switches", {"is_unknown": True}),
        ("/switches", {"is_strict": 7}),
        ("/push/options", {"mode": "secret"}),
        ("/push/options", {"url": "ftp://x"}),
        ("/push/options", {"colour": 1}),
        ("/wx/subscribe", {"persona": "a", "template_ids": ["none"]}),
        ("/wx/subscribe", {"persona": "a", "template_ids": []}),
        ("/wx/settings", {"persona": "a", "template_id": "none"}),
    ],
)
def test_what_makes_no_sense_is_told(sandbox: Served, path: str, sent: object) -> None:
    answer = requests.post(f"{sandbox.url}/sandbox{path}", json=sent, timeout=5)
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_calls_are_counted_and_the_process_says_that_it_is_alive(sandbox: Served) -> None:
    exchange(sandbox, "x")
    assert sandbox.get("/calls") == {"/sns/jscode2session": 1}
    assert requests.get(f"{sandbox.url}/sandbox/healthz", timeout=5).text == "ok"


def test_other_sites_pages_cannot_press_the_sandbox_s_buttons(sandbox: Served) -> None:
    for site, status in (("cross-site", 403), ("same-origin", 200), ("none", 200)):
        headers = {"Sec-Fetch-Site": site}
        answer = requests.post(f"{sandbox.url}/sandbox/clock", json={"seconds": 1}, headers=headers, timeout=5)
        assert answer.status_code == status


def test_production_refuses_the_sandbox(told: Settings) -> None:
    with pytest.raises(SandboxRefused):
        create_sandbox(dataclasses.replace(told, environment="production"))
