"""The sandbox's wire: HTTP 200 for errors, errcode and errmsg with a request id, raw UTF-8 JSON without a charset.

`sns` answers are called text/plain and part the request id with a comma (docs/rules.md `wechat.wire`).
"""

import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from blueprints.sandbox.state import box
from blueprints.sandbox.tokens import TokenState

ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[01])[0-9a-fA-F]{4}")
NOT_LATEST = (
    "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, "
    "more details at https://mmbizurl.cn/s/JtxxFh33r"
)


class Refused(Exception):
    """What the sandbox answers with an errcode."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg


def refusal(error: Refused) -> Response:
    """The answer of a Refused: cgi-bin and wxa say `invalid appid rid: ...`, sns `invalid appid, rid: ...`."""
    comma = "," if request.path.startswith("/sns/") else ""
    rid = f"{int(box().clock.now()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return answer({"errcode": error.errcode, "errmsg": f"{error.errmsg}{comma} rid: {rid}"})


def answer(body: Mapping[str, Any]) -> Response:
    """JSON as this part of WeChat calls it."""
    kind = "text/plain" if request.path.startswith("/sns/") else "application/json; encoding=utf-8"
    return Response(json.dumps(body, ensure_ascii=False).encode(), 200, content_type=kind)


def done(**more: Any) -> Response:
    """A success that says so."""
    return answer({"errcode": 0, "errmsg": "ok", **more})


def posted() -> dict[str, Any]:
    """The JSON body of a call that needs a token; its query is looked at first. Raises Refused."""
    if request.method != "POST":
        raise Refused(43002, "require POST method")
    check_token()
    return json_body()


def json_body() -> dict[str, Any]:
    """The JSON body. In strict mode `\\u` escapes are refused, which the real WeChat would show to people."""
    raw = request.get_data()
    if not raw:
        raise Refused(44002, "empty post data")
    try:
        body = json.loads(raw.decode())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(47001, "data format error")
    if box().switches["is_strict"] and ESCAPED.search(raw):
        raise Refused(47001, "data format error: the sandbox is strict and wants raw UTF-8")
    return body


def check_token() -> None:
    """The access_token of the query. Raises Refused."""
    token = request.args.get("access_token")
    if not token:
        raise Refused(41001, "access_token missing")
    state = box().tokens.state(token)
    if state is TokenState.EXPIRED:
        raise Refused(42001, "access_token expired")
    if state is TokenState.UNKNOWN:
        raise Refused(40001, NOT_LATEST)


def check_app(given: Mapping[str, Any], *, appid: str, secret: str) -> None:
    """appid and secret, in WeChat's order. Raises Refused."""
    if given.get("appid") != appid:
        raise Refused(40013, "invalid appid")
    if given.get("secret") != secret:
        raise Refused(40125, "invalid appsecret")
