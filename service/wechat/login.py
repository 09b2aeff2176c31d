"""Login: who is behind a code of wx.login. Its code works once, so nothing here is ever asked twice."""

from dataclasses import dataclass, field

from service.wechat.answers import text
from service.wechat.calls import Call, Kind
from service.wechat.client import WeChatClient
from service.wechat.errors import WeChatUnavailable

LONGEST_ID = 64
LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class LoginSession:
    """Who tapped: the account's id in our mini-program, and across ours where there is one.

    `session_key` opens what the mini-program sealed for us (encrypted_data.py) in the same request. It is never stored,
    logged or sent.
    """

    openid: str = field(repr=False)
    unionid: str | None = field(default=None, repr=False)
    session_key: str = field(default="", repr=False)


def exchange_code(wechat: WeChatClient, code: str) -> LoginSession:
    """Who is behind the code.

    Raises LoginCodeInvalid, LoginBlocked, WeChatBusy, WeChatUnavailable, WeChatMisconfigured.
    """
    query = {"appid": wechat.appid, "secret": wechat.secret, "js_code": code, "grant_type": "authorization_code"}
    call = Call(name="jscode2session", kind=Kind.LOGIN, path="/sns/jscode2session", query=query, needs_token=False)
    answer = wechat.ask(call)
    openid = text(answer, "openid", LONGEST_ID)
    if openid is None:
        raise WeChatUnavailable
    return LoginSession(openid, text(answer, "unionid", LONGEST_ID), text(answer, "session_key", LONGEST_KEY) or "")
