"""Signing in on a page inside WeChat (H5), through the service account (docs/rules.md `wechat.page_login`).

Its openid is another than the mini-program's. Where both bear one unionid they are one account, so the person is the
same; else who comes is nobody until she proves who she is, and a second account of somebody goes to the desk.
"""

from dataclasses import dataclass

from service.identity import wechat_sign_in
from service.identity.accounts import SignedIn
from service.wechat import client, open_login
from service.wechat.errors import LoginCodeInvalid


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where to send the visitor, and what her browser keeps until she is back."""

    address: str
    state: str


def begin(back_to: str) -> Leaving:
    """Send a visitor to WeChat, which sends her back to `back_to`. Raises WeChatMisconfigured."""
    state = open_login.new_state()
    return Leaving(open_login.authorize_url(back_to, state), state)


def sign_in(code: str, *, kept: str | None, returned: str, device: str | None = None) -> SignedIn:
    """A sign-in for who came back with the code; somebody unknown becomes a new, unverified person.

    Raises LoginCodeInvalid, also where the state she brings is not the one her browser kept; SnapshotUser, WeChatBusy,
    WeChatUnavailable, WeChatMisconfigured.
    """
    if not open_login.is_same_state(kept, returned):
        raise LoginCodeInvalid
    wechat = client.service_account()
    session = open_login.exchange_code(wechat, code)
    return wechat_sign_in.admit(wechat.appid, session.openid, session.unionid, device)
