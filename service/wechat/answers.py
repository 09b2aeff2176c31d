"""Reading what WeChat answers: HTTP 200 for errors too, text/plain, an errcode only when it pleases. Pure."""

import json
import re
from dataclasses import dataclass, field

from service.core.errors import ServiceError
from service.wechat.errors import (
    LoginBlocked,
    LoginCodeInvalid,
    WeChatBusy,
    WeChatMisconfigured,
    WeChatUnavailable,
)

OK = 200
LONGEST_OPENID = 64
RID = re.compile(r"rid: ([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})")
ERRORS: dict[int, type[ServiceError]] = {
    40029: LoginCodeInvalid,
    40163: LoginCodeInvalid,
    41008: LoginCodeInvalid,
    40226: LoginBlocked,
    **dict.fromkeys((45009, 45011, 44991, 43108), WeChatBusy),
    **dict.fromkeys((40013, 40125, 40164, 40243, 41002, 41004, 50004, 50007), WeChatMisconfigured),
    **dict.fromkeys((89503, 89506, 89507), WeChatMisconfigured),
}
"""errcode -> refusal; every other code is WeChatUnavailable."""


@dataclass(frozen=True, slots=True)
class LoginSession:
    """Who tapped: the account's id in our mini-program, and across ours where there is one.

    WeChat's session_key is not among it: nothing here needs it, so it is forgotten at once.
    """

    openid: str = field(repr=False)
    unionid: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that is no success: WeChat's code (None where there was no answer to read) and its rid for the log."""

    errcode: int | None = None
    rid: str | None = None

    @property
    def error(self) -> ServiceError:
        """The refusal to raise."""
        return ERRORS.get(self.errcode or 0, WeChatUnavailable)()


def read_login(status: int, content: bytes) -> LoginSession | Fault:
    """The answer of jscode2session, whatever its Content-Type says: UTF-8 JSON, or a fault."""
    body = _object(content) if status == OK else None
    if body is None:
        return Fault()
    errcode = _number(body.get("errcode", 0))
    if errcode != 0:
        rid = RID.search(str(body.get("errmsg", "")))
        return Fault(errcode, rid[1] if rid else None)
    openid, unionid = body.get("openid"), body.get("unionid")
    if not isinstance(openid, str) or not 0 < len(openid) <= LONGEST_OPENID:
        return Fault()
    return LoginSession(openid, unionid if isinstance(unionid, str) and 0 < len(unionid) <= LONGEST_OPENID else None)


def _object(content: bytes) -> dict[str, object] | None:
    try:
        body = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _number(value: object) -> int | None:
    """WeChat sends numbers as strings at times. None for what is no number."""
    try:
        return int(str(value))
    except ValueError:
        return None
