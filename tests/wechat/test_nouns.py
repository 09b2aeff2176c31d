"""Phones, content, codes, sealed data and sign-in on pages: the client against the sandbox."""

import dataclasses
import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import typst

from service.core import configuration
from service.wechat import content, encrypted_data, login, open_login, phone
from service.wechat.codes import unlimited_code
from service.wechat.content import Medium, Scene, Suggestion, verdict_of
from service.wechat.errors import (
    ArgumentBad,
    ContentVisitExpired,
    EncryptedDataStale,
    LoginCodeInvalid,
    PhoneCodeInvalid,
    SnapshotUser,
    TemplateBad,
    WeChatMisconfigured,
    WeChatUnavailable,
)
from service.wechat.personas import sandbox_openid, sandbox_phone, sandbox_service_openid, sandbox_unionid
from tests.wechat.conftest import Served
from tests.wechat.servers import published, raw_server, says, vectors
from tests.wechat.test_client import client_at
from tests.wechat.test_sandbox import post

OPENID = sandbox_openid("worker-0001")
CALLBACK = "http://127.0.0.1:8000/m/back?to=home"


# the phone


def test_the_phone_button_s_code_gives_the_number_once(sandbox: Served) -> None:
    wechat, code = sandbox.client(), sandbox.post("/wx/phone", persona="worker-0001")["code"]
    found = phone.phone_number(wechat, code, OPENID)
    assert (found.number, found.country) == (sandbox_phone("worker-0001"), "86")
    assert found.number not in repr(found)
    with pytest.raises(PhoneCodeInvalid):
        phone.phone_number(wechat, code)


def test_the_country_may_be_a_number_and_another_s_code_is_refused(sandbox: Served) -> None:
    sandbox.post("/switches", country_code_as_number=True)
    wechat = sandbox.client()
    for openid, is_right in ((OPENID, True), (sandbox_openid("worker-0002"), False)):
        code = sandbox.post("/wx/phone", persona="worker-0001")["code"]
        if is_right:
            assert phone.phone_number(wechat, code, openid).country == "86"
        else:
            with pytest.raises(PhoneCodeInvalid):
                phone.phone_number(wechat, code, openid)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"watermark": {"appid": "wxother"}}, PhoneCodeInvalid),
        ({"watermark": None}, PhoneCodeInvalid),
        ({"purePhoneNumber": "x"}, WeChatUnavailable),
        ({"countryCode": "cn"}, WeChatUnavailable),
    ],
)
def test_a_number_that_makes_no_sense_is_none(changed: dict[str, Any], error: type[Exception]) -> None:
    info = {**published("phone.ok.old")["phone_info"], "watermark": {"appid": "wxsandbox00000000"}}
    with raw_server(says({"errcode": 0, "phone_info": info})) as server:
        assert phone.phone_number(client_at(server.url), "c").number == "13123456789"
        server.behave = says({"errcode": 0, "phone_info": info | changed})
        with pytest.raises(error):
            phone.phone_number(client_at(server.url), "c")
        server.behave = says({"errcode": 0})
        with pytest.raises(WeChatUnavailable):
            phone.phone_number(client_at(server.url), "c")


def test_sealed_data_opens_with_the_key_of_this_sign_in_and_not_with_the_last(sandbox: Served) -> None:
    wechat, now = sandbox.client(), datetime.now(UTC)
    before = login.exchange_code(wechat, sandbox.tap()).session_key
    session_key = login.exchange_code(wechat, sandbox.tap()).session_key
    sealed = sandbox.post("/wx/sealed", persona="worker-0001")
    data, iv = sealed["encryptedData"], sealed["iv"]
    opened = encrypted_data.open_data(session_key, iv, data, appid=wechat.appid, now=now)
    assert opened["purePhoneNumber"] == sandbox_phone("worker-0001")
    assert encrypted_data.is_signed(sealed["rawData"], session_key, sealed["signature"])
    assert not encrypted_data.is_signed(sealed["rawData"], before, sealed["signature"])
    for key, vector, text in ((before, iv, data), ("", iv, data), (session_key, "?", data), (session_key, iv, "Zm9v")):
        with pytest.raises(EncryptedDataStale):
            encrypted_data.open_data(key, vector, text, appid=wechat.appid, now=now)
    for moment in (now + timedelta(minutes=11), now - timedelta(minutes=11)):
        with pytest.raises(EncryptedDataStale):
            encrypted_data.open_data(session_key, iv, data, appid=wechat.appid, now=moment)


# content


@pytest.mark.parametrize(
    ("text", "suggestion", "label"),
    [
        ("今天的茶艺课很好", Suggestion.PASS, 100),
        ("待复核示例", Suggestion.REVIEW, 21000),
        ("特3456书yuuo莞6543李zxcz蒜7782法fgnv级", Suggestion.RISKY, 20006),
        ("完2347全dfji试3726测asad感3847知qwez到", Suggestion.RISKY, 20006),
    ],
)
def test_texts_are_judged(sandbox: Served, text: str, suggestion: Suggestion, label: int) -> None:
    sandbox.tap()
    verdict = content.check_text(sandbox.client(), OPENID, text, Scene.COMMENT, title="标题")
    assert (verdict.suggestion, verdict.label) == (suggestion, label)
    assert verdict.trace_id


def test_a_text_is_judged_only_while_its_author_is_there(sandbox: Served) -> None:
    wechat = sandbox.client()
    with pytest.raises(ContentVisitExpired):
        content.check_text(wechat, OPENID, "好", Scene.COMMENT)
    sandbox.tap()
    assert content.check_text(wechat, OPENID, "好", Scene.COMMENT).suggestion is Suggestion.PASS
    sandbox.post("/clock", seconds=7_201)
    with pytest.raises(ContentVisitExpired):
        content.check_text(wechat, OPENID, "好", Scene.COMMENT)
    with pytest.raises(ArgumentBad):
        content.check_text(wechat, "oNobody", "好", Scene.COMMENT)


@pytest.mark.parametrize("text", ["", "x" * 2501])
def test_a_text_has_1_to_2500_characters(sandbox: Served, text: str) -> None:
    with pytest.raises(ArgumentBad):
        content.check_text(sandbox.client(), OPENID, text, Scene.FORUM)
    assert sandbox.get("/calls") == {}


@pytest.mark.parametrize(
    ("path", "changed", "errcode"),
    [
        ("/wxa/msg_sec_check", {"scene": 5}, 40129),
        ("/wxa/msg_sec_check", {"version": 1}, 47001),
        ("/wxa/media_check_async", {"scene": 0}, 40129),
        ("/wxa/media_check_async", {"media_type": 3}, 40004),
        ("/wxa/media_check_async", {"openid": "oNobody"}, 40003),
    ],
)
def test_checks_refuse_what_wechat_refuses(sandbox: Served, path: str, changed: dict[str, Any], errcode: int) -> None:
    sandbox.tap()
    body = {
        "version": 2,
        "scene": 1,
        "openid": OPENID,
        "content": "好",
        "media_url": "http://127.0.0.1:9/x",
        "media_type": 2,
    }
    assert post(sandbox, path, body | changed).json()["errcode"] == errcode


def test_a_verdict_is_the_result_or_the_worst_row_that_counts() -> None:
    risky = published("msg_sec_check.risky")
    verdict = verdict_of(risky)
    assert verdict is not None
    assert (verdict.suggestion, verdict.label, verdict.trace_id) == (Suggestion.RISKY, 20001, risky["trace_id"])
    rows = {"detail": [
        {"errcode": 0, "suggest": "pass", "label": "100"},
        {"errcode": 0, "suggest": "review", "label": 21000},
        {"errcode": -1, "suggest": "risky", "label": 20001},
    ]}  # fmt: skip
    worst = verdict_of(rows)
    assert worst is not None
    assert (worst.suggestion, worst.label) == (Suggestion.REVIEW, 21000)
    for nothing in ({}, {"detail": 7}, {"result": {"suggest": "what", "label": 1}}, {"result": {"suggest": "pass"}}):
        assert verdict_of(nothing) is None


@pytest.mark.parametrize("answer", [{"errcode": 0}, {"errcode": 0, "result": {"suggest": "?"}, "trace_id": 7}])
def test_no_verdict_is_no_pass(answer: dict[str, Any]) -> None:
    with raw_server(says(answer)) as server:
        with pytest.raises(WeChatUnavailable):
            content.check_text(client_at(server.url), OPENID, "好", Scene.COMMENT)
        with pytest.raises(WeChatUnavailable):
            content.check_media(client_at(server.url), OPENID, "https://x/y", Scene.COMMENT)


class Pictures(http.server.BaseHTTPRequestHandler):
    """Serves one picture and one risky one."""

    def do_GET(self) -> None:
        """`/risky` or anything but `/missing`."""
        self.send_response(404 if self.path == "/missing" else 200)
        self.end_headers()
        self.wfile.write(b"\xff\xd8" + self.path.encode())

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def pictures() -> Iterator[str]:
    """Where pictures are."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pictures) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def pushed(sandbox: Served, pictures: str, path: str, **switches: Any) -> dict[str, Any]:
    """The event pushed for a picture."""
    sandbox.post("/switches", media_delay_s=0, **switches)
    sandbox.tap()
    done = threading.Event()
    told: list[Any] = []

    def push(openid: str, event: str, delay_s: float = 0.0, **fields: Any) -> None:
        told.append((openid, event, fields))
        done.set()

    sandbox.box.push.push = push  # type: ignore[method-assign]
    trace_id = content.check_media(sandbox.client(), OPENID, pictures + path, Scene.COMMENT, Medium.IMAGE)
    assert done.wait(5)
    openid, event, fields = told[0]
    assert (openid, event, fields["trace_id"]) == (OPENID, "wxa_media_check", trace_id)
    found: dict[str, Any] = fields
    return found


@pytest.mark.parametrize(
    ("path", "label", "expected"), [("/fine", False, 100), ("/fine", True, "100"), ("/risky", False, 20002)]
)
def test_media_are_fetched_and_the_verdict_pushed(
    sandbox: Served, pictures: str, path: str, label: bool, expected: object
) -> None:
    event = pushed(sandbox, pictures, path, label_as_text=label)
    assert event["result"]["label"] == expected
    assert set(event) >= set(next(each for each in vectors()["events"] if each["id"] == "media_check.json")["body"]) - {
        "ToUserName", "FromUserName", "CreateTime", "MsgType", "Event",
    }  # fmt: skip
    verdict = verdict_of(event)
    assert verdict is not None
    assert verdict.label == int(event["result"]["label"])


def test_media_that_cannot_be_fetched_are_told_so(sandbox: Served, pictures: str) -> None:
    assert pushed(sandbox, pictures, "/missing")["errcode"] == -1008


# codes for posters


def test_a_code_is_a_jpeg_that_can_be_set_on_a_poster(sandbox: Served, tmp_path: Any) -> None:
    picture = unlimited_code(sandbox.client(), "class=7", "pages/class/show", is_checked=False)
    assert picture.startswith(b"\xff\xd8\xff")
    (tmp_path / "code.jpg").write_bytes(picture)
    (tmp_path / "poster.typ").write_text('#image("code.jpg", width: 5cm)')
    assert typst.compile(tmp_path / "poster.typ").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("scene", "page", "width", "field"),
    [
        ("", "pages/a", 430, "scene"),
        ("x" * 33, "pages/a", 430, "scene"),
        ("班次", "pages/a", 430, "scene"),
        ("a%20b", "pages/a", 430, "scene"),
        ("a", "/pages/a", 430, "page"),
        ("a", "pages/a?b=1", 430, "page"),
        ("a", "pages/a", 279, "width"),
        ("a", "pages/a", 1281, "width"),
    ],
)
def test_a_code_s_parts_are_checked_before(sandbox: Served, scene: str, page: str, width: int, field: str) -> None:
    with pytest.raises(ArgumentBad) as refused:
        unlimited_code(sandbox.client(), scene, page, width=width)
    assert list(refused.value.details) == [field]
    assert sandbox.get("/calls") == {}


def test_errors_of_codes_are_json_instead_of_a_picture(sandbox: Served) -> None:
    path, wechat = "/wxa/getwxacodeunlimit", sandbox.client()
    sandbox.post("/switches", checks_pages=True, released_pages=["pages/class/show"])
    with pytest.raises(TemplateBad):
        unlimited_code(wechat, "a", "pages/other")
    assert unlimited_code(wechat, "a", "pages/class/show")
    with pytest.raises(ArgumentBad):
        unlimited_code(wechat, "a", "pages/class/show", env_version="other")
    assert unlimited_code(wechat, "a", "pages/other", is_checked=False)
    for body, errcode in (
        ({"scene": "x" * 33}, 40169),
        ({"scene": "班"}, 40169),
        ({"scene": "scancode_time=1"}, 85096),
        ({"scene": "a", "page": "/pages/a"}, 41030),
        ({"scene": "a", "env_version": "other"}, published("wxacode.bad_env")["errcode"]),
    ):
        assert post(sandbox, path, body).json()["errcode"] == errcode


# pages inside WeChat


@pytest.fixture
def h5(sandbox: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The sandbox, and a configuration that sends people there."""

    @dataclasses.dataclass
    class Settings:
        wechat_open_base: str = sandbox.url
        wechat_service_appid: str = sandbox.box.service_appid

    monkeypatch.setattr(configuration, "current", Settings)
    return sandbox


def sent_back(url: str) -> dict[str, str]:
    """The query with which the visitor comes back."""
    answer = requests.get(url.partition("#")[0], allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    target = answer.headers["Location"]
    assert target.startswith(CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}


def of_service(sandbox: Served) -> Any:
    """The service account's client."""
    return sandbox.client(appid=sandbox.box.service_appid, secret=sandbox.box.service_secret)


def test_a_visitor_comes_back_with_a_code_and_her_state(h5: Served) -> None:
    state = open_login.new_state()
    h5.post("/wx/page", persona="worker-0003")
    url = open_login.authorize_url(CALLBACK, state)
    assert url.endswith("#wechat_redirect")
    back = sent_back(url)
    assert back["to"] == "home"
    assert open_login.is_same_state(state, back["state"])
    session = open_login.exchange_code(of_service(h5), back["code"])
    assert session.openid == sandbox_service_openid("worker-0003") != sandbox_openid("worker-0003")
    assert session.unionid is None
    with pytest.raises(LoginCodeInvalid):
        open_login.exchange_code(of_service(h5), back["code"])


def test_only_a_unionid_joins_page_and_mini_program(h5: Served) -> None:
    h5.post("/switches", gives_unionid=True)
    code = sent_back(open_login.authorize_url(CALLBACK, open_login.new_state()))["code"]
    there, here = open_login.exchange_code(of_service(h5), code), login.exchange_code(h5.client(), h5.tap())
    assert there.unionid == here.unionid == sandbox_unionid("worker-0001")
    assert there.openid != here.openid


def test_a_preview_user_is_nobody(h5: Served) -> None:
    h5.post("/switches", is_snapshot=True)
    code = sent_back(open_login.authorize_url(CALLBACK, open_login.new_state()))["code"]
    with pytest.raises(SnapshotUser):
        open_login.exchange_code(of_service(h5), code)


@pytest.mark.parametrize(
    ("kept", "returned", "is_same"),
    [
        ("a" * 32, "a" * 32, True),
        ("a" * 32, "b" * 32, False),
        ("", "", False),
        (None, None, False),
        ("短", "短", False),
    ],
)
def test_states_are_compared(kept: str | None, returned: str | None, is_same: bool) -> None:
    assert open_login.is_same_state(kept, returned) is is_same


def test_without_a_service_account_nobody_is_sent_away(h5: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WeChatMisconfigured):
        open_login.authorize_url(CALLBACK, "state with spaces")
    empty = dataclasses.replace(configuration.current(), wechat_service_appid="")
    monkeypatch.setattr(configuration, "current", lambda: empty)
    with pytest.raises(WeChatMisconfigured):
        open_login.authorize_url(CALLBACK, open_login.new_state())


def test_the_page_checks_the_order_of_parameters_and_the_domain(h5: Served) -> None:
    url = open_login.authorize_url(CALLBACK, open_login.new_state()).partition("#")[0]
    head, _, query = url.partition("?")
    appid, redirect, *rest = query.split("&")
    elsewhere = url.replace("127.0.0.1%3A8000", "evil.example")
    swapped = f"{head}?{'&'.join([redirect, appid, *rest])}"
    for wrong, code in (
        (swapped, "10004"),
        (elsewhere, "10003"),
        (url.replace("snsapi_base", "snsapi_all"), "10005"),
        (url.replace(h5.box.service_appid, "wxother"), "10013"),
    ):
        answer = requests.get(wrong, allow_redirects=False, timeout=5)
        assert (answer.status_code, code in answer.text) == (200, True)


def test_the_page_s_tokens_are_its_own(h5: Served) -> None:
    code = sent_back(open_login.authorize_url(CALLBACK, open_login.new_state()))["code"]
    query = {"appid": h5.box.service_appid, "secret": h5.box.service_secret, "code": code}
    given = requests.get(f"{h5.url}/sns/oauth2/access_token", params=query, timeout=5).json()
    assert set(given) == set(published("oauth2.ok"))
    for path in ("/sns/auth", "/sns/userinfo"):
        who = {"access_token": given["access_token"], "openid": given["openid"]}
        assert requests.get(h5.url + path, params=who, timeout=5).json().get("errcode", 0) == 0
        bad = requests.get(h5.url + path, params=who | {"access_token": "x"}, timeout=5).json()
        assert bad["errcode"] == 40001
        assert "not latest" in bad["errmsg"]
        assert requests.get(h5.url + path, params=who | {"openid": "x"}, timeout=5).json()["errcode"] == 40003
    again = {"appid": h5.box.service_appid, "refresh_token": given["refresh_token"]}
    assert requests.get(f"{h5.url}/sns/oauth2/refresh_token", params=again, timeout=5).json()["access_token"]
    again["refresh_token"] = "x"
    assert requests.get(f"{h5.url}/sns/oauth2/refresh_token", params=again, timeout=5).json()["errcode"] == 40030


def test_an_answer_without_an_openid_is_no_sign_in() -> None:
    with raw_server(says({"access_token": "x"})) as server, pytest.raises(WeChatUnavailable):
        open_login.exchange_code(client_at(server.url), "c0de")
