"""Subscribe messages (订阅消息): one credit, one message on the person's phone, never sent twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.wechat.answers import number
from service.wechat.calls import Call, Kind
from service.wechat.client import WeChatClient
from service.wechat.errors import ArgumentBad, WeChatUnclear
from service.wechat.subscribe_fields import wrong_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscribeMessage:
    """What to send to whom. `data` is {key: text} by the template's keys; `page` opens on a tap, without a leading `/`.

    `state` is the mini-program's version that opens: `formal`, `trial` or `developer`.
    """

    openid: str = field(repr=False)
    template_id: str
    data: Mapping[str, str] = field(repr=False)
    page: str | None = None
    state: str = "formal"
    lang: str = "zh_CN"


@dataclass(frozen=True, slots=True)
class Template:
    """A template of our account: `keys` in their order, with the values an `enum` may have."""

    template_id: str
    title: str
    content: str
    is_long_term: bool
    enums: Mapping[str, tuple[str, ...]]


def send(wechat: WeChatClient, message: SubscribeMessage) -> str | None:
    """Send it; WeChat's id of the message, which comes again in its `subscribe_msg_sent_event`.

    Raises UserRefused (no credit: daily life), ArgumentBad with the fields in `details`, TemplateBad, WeChatBusy,
    WeChatDayLimit, TokenRefused, WeChatUnavailable, WeChatMisconfigured: then nothing was sent. Raises WeChatUnclear
    where it may have been sent: it must not be repeated.
    """
    wrong = wrong_fields(message.data)
    if wrong or not message.data:
        raise ArgumentBad(details={key: [said] for key, said in wrong.items()})
    body = {
        "touser": message.openid,
        "template_id": message.template_id,
        "miniprogram_state": message.state,
        "lang": message.lang,
        "data": {key: {"value": value} for key, value in message.data.items()},
    }
    call = Call(
        name="subscribe_send",
        kind=Kind.MESSAGE,
        path="/cgi-bin/message/subscribe/send",
        body=body | ({"page": message.page} if message.page else {}),
        unclear=WeChatUnclear,
    )
    msgid = number(wechat.ask(call).get("msgid"))
    return None if msgid is None else str(msgid)


def templates(wechat: WeChatClient) -> list[Template]:
    """The templates of our account: their ids and keys differ from account to account.

    Raises WeChatBusy, WeChatUnavailable, WeChatMisconfigured.
    """
    call = Call(name="gettemplate", kind=Kind.MESSAGE, path="/wxaapi/newtmpl/gettemplate", is_repeatable=True)
    rows = wechat.ask(call).get("data")
    return [_template(row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _template(row: Mapping[str, Any]) -> Template:
    enums = {
        str(each.get("keywordCode")): tuple(str(value) for value in each.get("enumValueList") or ())
        for each in row.get("keywordEnumValueList") or ()
    }
    is_long_term = number(row.get("type")) == 3
    return Template(str(row.get("priTmplId")), str(row.get("title")), str(row.get("content")), is_long_term, enums)
