"""Signing in on a page inside WeChat (H5): away to WeChat, and back with a code.

The browser keeps the state in a cookie that scripts cannot read, so that nobody can send another one's code through it.
"""

from typing import Any

from flask import current_app, request
from flask_smorest import Blueprint
from werkzeug.http import dump_cookie

from blueprints.refusals import refuses
from schemas.identity import LeavingView, SignedInView, SignInOnPage
from service.identity import page_sign_in
from service.identity.accounts import SignedIn
from service.identity.page_sign_in import Leaving
from service.wechat.errors import LoginCodeInvalid, SnapshotUser, WeChatBusy, WeChatMisconfigured, WeChatUnavailable

PREFIX = "/auth/wechat/page"
COOKIE, MINUTES = "gongyun_wechat_state", 10
HOME = "/m/"
bp = Blueprint("page_sign_in", __name__, url_prefix=PREFIX, description="微信网页登录")


@bp.post("")
@bp.response(201, LeavingView)
@refuses(WeChatMisconfigured)
def begin_page_sign_in() -> tuple[Leaving, dict[str, str]]:
    """Where to send the visitor; WeChat sends her back to `/m/` with `code` and `state` in the query."""
    leaving = page_sign_in.begin(_home())
    return leaving, {"Set-Cookie": _cookie(leaving.state, MINUTES * 60)}


@bp.post("/code")
@refuses(LoginCodeInvalid, SnapshotUser, WeChatBusy, WeChatUnavailable, WeChatMisconfigured)
@bp.arguments(SignInOnPage)
@bp.response(200, SignedInView)
def sign_in_on_page(order: dict[str, Any]) -> tuple[SignedIn, dict[str, str]]:
    """Sign in with what WeChat sent the visitor back with, in the browser that was sent."""
    kept, device = request.cookies.get(COOKIE), request.user_agent.string
    signed_in = page_sign_in.sign_in(order["code"], kept=kept, returned=order["state"], device=device)
    return signed_in, {"Set-Cookie": _cookie("", 0)}


def _home() -> str:
    public: str = current_app.config["GONGYUN"].public_url
    return (public or request.host_url).rstrip("/") + HOME


def _cookie(state: str, seconds: int) -> str:
    return dump_cookie(
        COOKIE, state, max_age=seconds, path=f"/api/v1{PREFIX}", secure=request.is_secure, httponly=True,
        samesite="Lax",
    )  # fmt: skip
