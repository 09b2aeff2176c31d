"""Reading what WeChat answers: HTTP 200 for errors too, text/plain, an errcode only when it pleases. Pure.

Errors are known by code alone; nothing looks at errmsg but the log, for its rid (docs/rules.md `wechat.errors`).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from service.core.errors import ServiceError
from service.wechat.errors import (
    ArgumentBad,
    ContentVisitExpired,
    LoginBlocked,
    LoginCodeInvalid,
    TemplateBad,
    TokenRefused,
    UserRefused,
    WeChatBusy,
    WeChatDayLimit,
    WeChatMisconfigured,
    WeChatUnavailable,
)

OK = 200
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
RID = re.compile(r"rid: ([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})")
BUSY = (-1, None)
"""The system is busy, or there was no answer to read."""
TOKEN_CODES = frozenset({40001, 40014, 42001})
ERRORS: Mapping[int, type[ServiceError]] = MappingProxyType(
    {
        **dict.fromkeys(TOKEN_CODES, TokenRefused),
        **dict.fromkeys((40029, 40163, 41008), LoginCodeInvalid),
        40226: LoginBlocked,
        43101: UserRefused,
        **dict.fromkeys((40037, 41030), TemplateBad),
        **dict.fromkeys((47003, 40003, 40004, 40097, 40129, 40169, 43104, 45168, 85096, 87020), ArgumentBad),
        61010: ContentVisitExpired,
        45009: WeChatDayLimit,
        **dict.fromkeys((45011, 44991, 43108), WeChatBusy),
        **dict.fromkeys((40002, 40013, 40125, 40164, 40243, 41001, 41002, 41004, 43002, 43107), WeChatMisconfigured),
        **dict.fromkeys((44002, 47001, 48001, 50004, 50007, 89503, 89506, 89507), WeChatMisconfigured),
    }
)
"""errcode -> refusal; every other code is WeChatUnavailable. A call may mean something of its own by a code."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that is no success: WeChat's code (None where there was no answer to read) and its rid for the log.

    `is_unclear`: the request went out, and nothing tells whether it was done.
    """

    errcode: int | None = None
    rid: str | None = None
    is_unclear: bool = False

    def error(self, own: Mapping[int, type[ServiceError]]) -> type[ServiceError]:
        """The refusal this is, by the call's own meanings first."""
        code = self.errcode or 0
        return own.get(code) or ERRORS.get(code, WeChatUnavailable)


def read_object(status: int, content: bytes) -> dict[str, Any] | Fault:
    """A success as JSON, whatever its Content-Type says, or a fault."""
    body = _object(content) if status == OK else None
    if body is None:
        return Fault(is_unclear=True)
    errcode = number(body.get("errcode", 0))
    if errcode == 0:
        return body
    rid = RID.search(str(body.get("errmsg", "")))
    return Fault(errcode, rid[1] if rid else None, is_unclear=errcode is None)


def read_image(status: int, content: bytes) -> dict[str, Any] | Fault:
    """A JPEG or PNG as `{"image": bytes}`, told from an error, which is JSON, by its first bytes; or a fault."""
    if status == OK and content.startswith(PICTURES):
        return {"image": content}
    answer = read_object(status, content)
    return answer if isinstance(answer, Fault) else Fault(is_unclear=True)


def number(value: object) -> int | None:
    """WeChat sends numbers as strings at times. None for what is no number."""
    try:
        return int(str(value))
    except ValueError:
        return None


def text(body: Mapping[str, Any], name: str, most: int) -> str | None:
    """A string of 1 to `most` characters, None for anything else."""
    value = body.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= most else None


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
