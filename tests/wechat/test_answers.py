"""Reading what WeChat answers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import ServiceError
from service.wechat import errors
from service.wechat.answers import Fault, number, read_image, read_object
from tests.wechat.servers import published, vectors

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def raw(body: Any) -> bytes:
    """The body as WeChat writes it: raw UTF-8."""
    return json.dumps(body, ensure_ascii=False).encode()


@pytest.mark.parametrize("answer", vectors()["answers"], ids=lambda answer: answer["id"])
def test_every_published_answer_is_read_as_what_it_is(answer: dict[str, Any]) -> None:
    body = answer["json"]
    read = read_object(200, raw(body))
    if body.get("errcode", 0) == 0:
        assert read == body
    else:
        assert isinstance(read, Fault)
        assert read.errcode == body["errcode"]
        assert read.rid is None or read.rid in body["errmsg"]
        assert not read.is_unclear


def test_a_success_needs_no_errcode_and_may_have_it_as_text() -> None:
    assert "errcode" not in published("jscode2session.ok")
    assert read_object(200, raw({"errcode": "0", "openid": "oA"})) == {"errcode": "0", "openid": "oA"}


def test_the_rid_is_kept_for_the_log() -> None:
    assert read_object(200, raw(published("jscode2session.used"))) == Fault(40163, "66454a60-46a8a44b-5f4417e6")


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (40001, errors.TokenRefused),
        (40014, errors.TokenRefused),
        (42001, errors.TokenRefused),
        (40029, errors.LoginCodeInvalid),
        (40163, errors.LoginCodeInvalid),
        (41008, errors.LoginCodeInvalid),
        (40226, errors.LoginBlocked),
        (43101, errors.UserRefused),
        (40037, errors.TemplateBad),
        (41030, errors.TemplateBad),
        (47003, errors.ArgumentBad),
        (40003, errors.ArgumentBad),
        (61010, errors.ContentVisitExpired),
        (45009, errors.WeChatDayLimit),
        (45011, errors.WeChatBusy),
        (44991, errors.WeChatBusy),
        (43108, errors.WeChatBusy),
        (40013, errors.WeChatMisconfigured),
        (40125, errors.WeChatMisconfigured),
        (40164, errors.WeChatMisconfigured),
        (40243, errors.WeChatMisconfigured),
        (41001, errors.WeChatMisconfigured),
        (50004, errors.WeChatMisconfigured),
        (50007, errors.WeChatMisconfigured),
        (89503, errors.WeChatMisconfigured),
        (-1, errors.WeChatUnavailable),
        (99999, errors.WeChatUnavailable),
        ("40029", errors.LoginCodeInvalid),
        ("what", errors.WeChatUnavailable),
        (None, errors.WeChatUnavailable),
    ],
)
def test_errors_are_known_by_code_alone(errcode: object, error: type[ServiceError]) -> None:
    for errmsg in ("ok", "invalid code, rid: 1", "", None):
        fault = read_object(200, raw({"errcode": errcode, "errmsg": errmsg, "openid": "oA"}))
        assert isinstance(fault, Fault)
        assert fault.error({}) is error


def test_a_call_may_mean_something_of_its_own_by_a_code() -> None:
    assert Fault(40013).error({40013: errors.PhoneCodeInvalid}) is errors.PhoneCodeInvalid
    assert Fault(40013).error({40029: errors.PhoneCodeInvalid}) is errors.WeChatMisconfigured


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
        (200, b'{"errcode": "what"}'),
    ],
)
def test_what_makes_no_sense_is_unclear(status: int, content: bytes) -> None:
    for read in (read_object, read_image):
        assert read(status, content) == Fault(is_unclear=True)


def test_a_code_from_wechat_is_clear_also_when_it_is_busy() -> None:
    assert read_object(200, raw({"errcode": -1, "errmsg": "system error"})) == Fault(-1)


def test_a_picture_is_told_from_an_error_by_its_first_byte() -> None:
    assert read_image(200, b"\xff\xd8\xff\xe0 ...") == {"image": b"\xff\xd8\xff\xe0 ..."}
    assert read_image(200, raw(published("wxacode.bad_env"))) == Fault(40097)
    assert read_image(200, raw({"errcode": 0})) == Fault(is_unclear=True)
    assert read_image(500, b"\xff\xd8") == Fault(is_unclear=True)


@given(st.integers(100, 599), st.binary(max_size=200) | JSON.map(raw))
def test_nothing_makes_the_reader_fail(status: int, content: bytes) -> None:
    assert isinstance(read_object(status, content), Fault | dict)
    assert isinstance(read_image(status, content), Fault | dict)


def test_a_byte_order_mark_and_chinese_are_read() -> None:
    assert read_object(200, b"\xef\xbb\xbf" + raw({"openid": "oA", "errmsg": "成功"})) == {
        "openid": "oA",
        "errmsg": "成功",
    }


def test_numbers_come_as_text_too() -> None:
    assert [number(each) for each in (7, "7", "-1", None, "x", 1.5)] == [7, 7, -1, None, None, None]
