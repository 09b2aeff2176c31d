"""Reading what WeChat answers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wechat.answers import Fault, LoginSession, read_login
from service.wechat.errors import LoginBlocked, LoginCodeInvalid, WeChatBusy, WeChatMisconfigured, WeChatUnavailable
from tests.wechat.servers import published

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def raw(body: Any) -> bytes:
    """The body as WeChat writes it: raw UTF-8."""
    return json.dumps(body, ensure_ascii=False).encode()


def test_the_published_success_has_no_errcode_and_is_read() -> None:
    answer = published("ok")
    assert "errcode" not in answer
    assert read_login(200, raw(answer)) == LoginSession(answer["openid"], answer["unionid"])


def test_a_success_with_errcode_zero_is_read_too() -> None:
    assert read_login(200, raw({"errcode": 0, "errmsg": "ok", "openid": "oA"})) == LoginSession("oA")
    assert read_login(200, raw({"errcode": "0", "openid": "oA", "unionid": ""})) == LoginSession("oA")


def test_the_published_used_code_is_told_with_its_rid() -> None:
    fault = read_login(200, raw(published("used")))
    assert fault == Fault(40163, "66454a60-46a8a44b-5f4417e6")
    assert isinstance(fault.error, LoginCodeInvalid)


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (40029, LoginCodeInvalid),
        (40163, LoginCodeInvalid),
        (41008, LoginCodeInvalid),
        (40226, LoginBlocked),
        (45011, WeChatBusy),
        (45009, WeChatBusy),
        (40013, WeChatMisconfigured),
        (40125, WeChatMisconfigured),
        (40164, WeChatMisconfigured),
        (-1, WeChatUnavailable),
        (99999, WeChatUnavailable),
        ("40029", LoginCodeInvalid),
        ("what", WeChatUnavailable),
        (None, WeChatUnavailable),
    ],
)
def test_errors_are_known_by_code_alone(errcode: object, error: type[Exception]) -> None:
    fault = read_login(200, raw({"errcode": errcode, "errmsg": "ok", "openid": "oA"}))
    assert isinstance(fault, Fault)
    assert type(fault.error) is error


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, b'{"openid": "oA"}'),
        (502, b"<html>502</html>"),
        (302, b'{"openid": "oA"}'),
        (412, b""),
        (200, b""),
        (200, b"<html></html>"),
        (200, b"[]"),
        (200, b'"oA"'),
        (200, b"\xff\xfe"),
        (200, b"[" * 50_000),
        (200, b"{}"),
        (200, b'{"openid": ""}'),
        (200, b'{"openid": 7}'),
        (200, raw({"openid": "o" * 65})),
    ],
)
def test_what_makes_no_sense_is_no_sign_in(status: int, content: bytes) -> None:
    fault = read_login(status, content)
    assert isinstance(fault, Fault)
    assert type(fault.error) is WeChatUnavailable


@given(st.integers(100, 599), st.binary(max_size=200) | JSON.map(raw))
def test_nothing_makes_the_reader_fail(status: int, content: bytes) -> None:
    assert isinstance(read_login(status, content), Fault | LoginSession)


def test_a_byte_order_mark_and_chinese_are_read() -> None:
    assert read_login(200, b"\xef\xbb\xbf" + raw({"openid": "oA", "errmsg": "成功"})) == LoginSession("oA")


def test_openid_does_not_show_in_logs() -> None:
    assert "oA" not in repr(LoginSession("oA", "uA"))
