"""Subscribe messages: what fields may hold, what a credit is, what comes back."""

import json
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from blueprints.sandbox import message_rules
from service.wechat import subscribe
from service.wechat.errors import ArgumentBad, TemplateBad, UserRefused, WeChatUnclear
from service.wechat.personas import sandbox_openid
from service.wechat.sandbox_templates import BOOKING_RESULT, PROGRESS, REVIEW, START_REMINDER
from service.wechat.subscribe import SubscribeMessage
from service.wechat.subscribe_fields import RULES, problem, wrong_fields
from tests.wechat.conftest import Served
from tests.wechat.test_sandbox import post

OPENID = sandbox_openid("worker-0001")
SEND = "/cgi-bin/message/subscribe/send"
RESULT = {"thing1": "茶艺师周末班", "thing2": "报名成功"}


def message(**changed: Any) -> SubscribeMessage:
    """A result message, changed."""
    chosen = {"openid": OPENID, "template_id": BOOKING_RESULT.template_id, "data": RESULT, **changed}
    return SubscribeMessage(**chosen)


def accept(sandbox: Served, template_id: str = BOOKING_RESULT.template_id, answer: str = "accept") -> Any:
    """A tap in the pop-up."""
    return sandbox.post("/wx/subscribe", persona="worker-0001", template_ids=[template_id], answer=answer)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("thing1", "一" * 20, None),
        ("thing1", "𠮷" * 11, "too_long"),
        ("thing1", "第一行\n第二行", "unprintable"),
        ("thing1", "a\u200bb", "unprintable"),
        ("thing1", "   ", "empty"),
        ("thing1", "", "empty"),
        ("thing1", None, "empty"),
        ("thing1", 7, "empty"),
        ("thing", "x", "unknown_type"),
        ("stuff1", "x", "unknown_type"),
        ("THING1", "x", "unknown_type"),
        ("number1", "3.14", None),
        ("number1", "1" * 32, None),
        ("number1", "1" * 33, "too_long"),
        ("number1", "１", "wrong_form"),
        ("number1", "-1", "wrong_form"),
        ("letter1", "ABCdef", None),
        ("letter1", "a1", "wrong_form"),
        ("symbol1", "!?#", None),
        ("symbol1", "!!!!!!", "too_long"),
        ("symbol1", "a", "wrong_form"),
        ("character_string1", "A-2026/11#7", None),
        ("character_string1", "x" * 33, "wrong_form"),
        ("time1", "23:59:59", None),
        ("time1", "24:00", "wrong_form"),
        ("time1", "2019年10月1日 15:01", None),
        ("time1", "09:00~11:00", None),
        ("time1", "2026-11-22 09:00~2026-11-22 11:00", None),
        ("time1", "1:00~2:00~3:00", "wrong_form"),
        ("time1", "明天", "wrong_form"),
        ("date1", "2026年11月", None),
        ("date1", "11月22日 19:30", None),
        ("date1", "2026.11.22", None),
        ("date1", "2026-11/22", "wrong_form"),
        ("date1", "2026年13月1日", "wrong_form"),
        ("date1", "2026-11-22~2026-11-23", None),
        ("date1", "２０２６年１月", "wrong_form"),
        ("amount1", "¥1234567890.50元", None),
        ("amount1", "100", "wrong_form"),
        ("amount1", "￥12345678901", "wrong_form"),
        ("phone_number1", "+86-0766-66888866", None),
        ("phone_number1", "+86-0766-668888667", "wrong_form"),
        ("car_number1", "云J12345", None),
        ("car_number1", "云JJ1234567", "wrong_form"),
        ("name1", "岩温", None),
        ("name1", "一" * 11, "too_long"),
        ("name1", "Ai Wen", None),
        ("name1", "x" * 21, "too_long"),
        ("name1", "张3", "wrong_form"),
        ("phrase1", "已通过", None),
        ("phrase1", "已通过审核了", "too_long"),
        ("enum1", "线上", "wrong_form"),
    ],
)
def test_each_type_has_its_rule(key: str, value: object, said: str | None) -> None:
    assert problem(key, value) == said


def test_an_enum_takes_what_its_template_lists() -> None:
    assert problem("enum1", "线上", ("线上", "线下")) is None
    assert wrong_fields({"enum3": "线上", "thing1": "x"}, {"enum3": ("线下",)}) == {"enum3": "wrong_form"}


def test_each_type_of_the_rule_is_known() -> None:
    assert set(RULES) | {"enum"} == set(message_rules.PATTERNS) | {"enum"}


VALUES = st.text(alphabet=st.sampled_from("aZ09 :：~～-/.年月日时元￥+()#中文线上!·\n\u200b"), max_size=24) | st.text(
    max_size=40
)


@given(st.sampled_from(sorted(RULES)), VALUES)
def test_what_we_let_through_wechat_takes(kind: str, value: str) -> None:
    """Written twice, apart: the client may be stricter than the sandbox, never looser."""
    if problem(f"{kind}1", value) is None:
        assert message_rules.is_right(f"{kind}1", value)


def test_a_credit_buys_one_message(sandbox: Served) -> None:
    wechat = sandbox.client()
    with pytest.raises(UserRefused):
        subscribe.send(wechat, message())
    assert accept(sandbox) == {BOOKING_RESULT.template_id: "accept"}
    msgid = subscribe.send(wechat, message(page="pages/booking/show?id=1"))
    assert msgid
    assert int(msgid) > 2**53
    with pytest.raises(UserRefused):
        subscribe.send(wechat, message())
    received = sandbox.get("/messages?persona=worker-0001")
    assert received["credits"] == []
    assert [(each["title"], each["fields"], each["page"], each["msgid"]) for each in received["messages"]] == [
        ("报名结果通知", {"报名活动": "茶艺师周末班", "报名结果": "报名成功"}, "pages/booking/show?id=1", msgid)
    ]
    assert sandbox.get("/messages?persona=worker-0002")["messages"] == []


def test_credits_are_the_person_s_and_the_template_s(sandbox: Served) -> None:
    accept(sandbox)
    wechat = sandbox.client()
    with pytest.raises(UserRefused):
        subscribe.send(wechat, message(openid=sandbox_openid("worker-0002")))
    times = {"thing10": "茶艺师班", "time12": "09:00", "time13": "2026年11月22日 11:00", "thing6": "职工之家301"}
    with pytest.raises(UserRefused):
        subscribe.send(wechat, message(template_id=START_REMINDER.template_id, data=times))
    assert sandbox.get("/messages")["credits"] == [
        {"openid": OPENID, "template_id": BOOKING_RESULT.template_id, "credits": 1}
    ]


def test_a_long_term_template_needs_no_more_taps_until_it_is_switched_off(sandbox: Served) -> None:
    accept(sandbox, PROGRESS.template_id)
    wechat = sandbox.client()
    data = {"time1": "09:00", "thing2": "小程序", "thing3": "法律援助", "thing4": "有新进展", "thing5": "请打开查看"}
    for _ in range(3):
        subscribe.send(wechat, message(template_id=PROGRESS.template_id, data=data))
    sandbox.post("/wx/settings", persona="worker-0001", template_id=PROGRESS.template_id)
    with pytest.raises(UserRefused):
        subscribe.send(wechat, message(template_id=PROGRESS.template_id, data=data))


@pytest.mark.parametrize("answer", ["reject", "ban", "filter"])
def test_only_an_accept_is_a_credit(sandbox: Served, answer: str) -> None:
    accept(sandbox, answer=answer)
    with pytest.raises(UserRefused):
        subscribe.send(sandbox.client(), message())


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"openid": "oNobody"}, ArgumentBad),
        ({"template_id": "none"}, TemplateBad),
        ({"data": {"thing1": "只有一项"}}, ArgumentBad),
        ({"state": "other"}, ArgumentBad),
    ],
)
def test_what_wechat_refuses_costs_no_credit(sandbox: Served, changed: dict[str, Any], error: type[Exception]) -> None:
    accept(sandbox)
    with pytest.raises(error):
        subscribe.send(sandbox.client(), message(**changed))
    assert subscribe.send(sandbox.client(), message())


@pytest.mark.parametrize("data", [{"thing1": "x" * 21, "thing2": "好"}, {"phrase1": "ok"}, {}])
def test_a_wrong_field_is_found_before_anything_is_sent(sandbox: Served, data: dict[str, str]) -> None:
    with pytest.raises(ArgumentBad) as refused:
        subscribe.send(sandbox.client(), message(data=data))
    assert refused.value.details == {key: [said] for key, said in wrong_fields(data).items()}
    assert sandbox.get("/calls") == {}


def test_an_extra_field_is_not_looked_at(sandbox: Served) -> None:
    accept(sandbox)
    assert subscribe.send(sandbox.client(), message(data=RESULT | {"thing9": "多的"}))


@pytest.mark.parametrize(
    ("data", "pattern"),
    [
        ({"thing1": {"value": "a"}, "thing2": {"value": ""}}, "argument invalid! data.thing2.value is empty rid: "),
        ({"thing1": {"value": "a"}}, "argument invalid! data.thing2.value is empty rid: "),
        (
            {"thing1": {"value": "a" * 21}, "thing2": {"value": "a"}},
            "argument invalid! data.thing1.value invalid rid: ",
        ),
        ({"thing1": "a", "thing2": {"value": "a"}}, "argument invalid! data.thing1.value is empty rid: "),
        ("text", "argument invalid! data is invalid rid: "),
    ],
)
def test_a_bad_field_is_47003_in_wechat_s_words(sandbox: Served, data: object, pattern: str) -> None:
    body = {"touser": OPENID, "template_id": BOOKING_RESULT.template_id, "data": data}
    said = post(sandbox, SEND, body).json()
    assert said["errcode"] == 47003
    assert said["errmsg"].startswith(pattern)


def test_an_enum_is_checked_by_its_list(sandbox: Served) -> None:
    accept(sandbox, REVIEW.template_id)
    for value, errcode in (("现场", 47003), ("线上", 0)):
        data = {key: {"value": text} for key, text in {"phrase1": "通过", "thing2": "申请", "enum3": value}.items()}
        said = post(sandbox, SEND, {"touser": OPENID, "template_id": REVIEW.template_id, "data": data}).json()
        assert said["errcode"] == errcode


def test_an_unknown_page_is_refused_where_pages_are_checked(sandbox: Served) -> None:
    accept(sandbox)
    sandbox.post("/switches", checks_pages=True, released_pages=["pages/booking/show"])
    with pytest.raises(TemplateBad):
        subscribe.send(sandbox.client(), message(page="pages/other"))
    assert subscribe.send(sandbox.client(), message(page="pages/booking/show?id=1"))


def test_templates_are_read_from_the_account(sandbox: Served) -> None:
    found = {each.title: each for each in subscribe.templates(sandbox.client())}
    assert found["报名结果通知"].template_id == BOOKING_RESULT.template_id
    assert "{{thing1.DATA}}" in found["报名结果通知"].content
    assert (found["业务办理进度提醒"].is_long_term, found["报名结果通知"].is_long_term) == (True, False)
    assert found["审核结果通知"].enums == {"enum3.DATA": ("线上", "线下")}


def test_a_message_whose_answer_is_late_was_sent_once_and_is_unclear(sandbox: Served) -> None:
    accept(sandbox)
    accept(sandbox)
    sandbox.post("/faults", path=SEND, kind="late", times=1, seconds=3)
    with pytest.raises(WeChatUnclear):
        subscribe.send(sandbox.client(), message())
    assert len(sandbox.get("/messages")["messages"]) == 1
    assert sandbox.get("/calls")[SEND] == 1


def test_msgids_are_64_bits_and_travel_as_numbers(sandbox: Served) -> None:
    accept(sandbox)
    data = {key: {"value": text} for key, text in RESULT.items()}
    body = {"touser": OPENID, "template_id": BOOKING_RESULT.template_id, "data": data}
    answer: requests.Response = post(sandbox, SEND, body)
    assert isinstance(json.loads(answer.content)["msgid"], int)
