"""Signing in from a page inside WeChat (H5), through a certified service account: OAuth 2.0 of open.weixin.qq.com.

The openid is the service account's, not the mini-program's: only a unionid, or a binding, joins the two
(docs/rules.md `wechat.page_login`).
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import quote

from service.core import configuration
from service.wechat.answers import number, text
from service.wechat.calls import Call, Kind
from service.wechat.client import WeChatClient
from service.wechat.errors import SnapshotUser, WeChatMisconfigured, WeChatUnavailable

STATE = re.compile(r"[a-zA-Z0-9]{16,128}")
BASE, USER_INFO = "snsapi_base", "snsapi_userinfo"
LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Who came: the account's id with the service account, and across ours where there is one."""

    openid: str = field(repr=False)
    unionid: str | None = field(default=None, repr=False)


def new_state() -> str:
    """A value to be kept in the visitor's own browser and compared when WeChat sends her back."""
    return secrets.token_hex(16)


def is_same_state(kept: str | None, returned: str | None) -> bool:
    """Whether the visitor who comes back is the one who was sent."""
    if not kept or not returned or not STATE.fullmatch(kept):
        return False
    return hmac.compare_digest(kept.encode(), returned.encode())


def authorize_url(redirect_uri: str, state: str, scope: str = BASE) -> str:
    """Where to send the visitor. WeChat checks the order of the parameters. Raises WeChatMisconfigured."""
    settings = configuration.current()
    if not settings.wechat_service_appid or not STATE.fullmatch(state):
        raise WeChatMisconfigured
    return (
        f"{settings.wechat_open_base}/connect/oauth2/authorize?appid={settings.wechat_service_appid}"
        f"&redirect_uri={quote(redirect_uri, safe='')}&response_type=code&scope={scope}&state={state}#wechat_redirect"
    )


def exchange_code(wechat: WeChatClient, code: str) -> OpenSession:
    """Who is behind the code WeChat sent back; `wechat` is the service account's client.

    Raises LoginCodeInvalid, SnapshotUser, WeChatBusy, WeChatUnavailable, WeChatMisconfigured.
    """
    query = {"appid": wechat.appid, "secret": wechat.secret, "code": code, "grant_type": "authorization_code"}
    call = Call(name="oauth2", kind=Kind.PAGE, path="/sns/oauth2/access_token", query=query, needs_token=False)
    answer = wechat.ask(call)
    if number(answer.get("is_snapshotuser")) == 1:
        raise SnapshotUser
    openid = text(answer, "openid", LONGEST_ID)
    if openid is None:
        raise WeChatUnavailable
    return OpenSession(openid, text(answer, "unionid", LONGEST_ID))
