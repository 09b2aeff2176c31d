"""Signing in and out, and one's own record."""

from typing import Any

from flask import request
from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.identity import (
    BindIdentity,
    ChangeProfile,
    MeView,
    OwnPersonView,
    RefreshTokens,
    SignedInView,
    SignInStaff,
    SignInWithWeChat,
    StaffSignedInView,
    TokensView,
)
from service.identity import accounts, binding, profiles, sign_ins, wechat_sign_in
from service.identity.accounts import SignedIn
from service.identity.errors import (
    AccountDisabled,
    AccountLocked,
    AlreadyVerified,
    BindingRefused,
    BoundElsewhere,
    IdNumberWrong,
    NotVerified,
    NoWeChat,
    OccupationUnknown,
    PhoneWrong,
    RefreshRefused,
    TooManyTries,
    TotpLocked,
    TotpMissing,
    TotpWrong,
    WrongPassword,
)
from service.identity.models import Person
from service.identity.request_errors import KeptByUnion
from service.identity.sign_ins import Tokens
from service.overview import me
from service.overview.me import Me
from service.wechat.errors import (
    LoginBlocked,
    LoginCodeInvalid,
    WeChatBusy,
    WeChatMisconfigured,
    WeChatUnavailable,
)

auth_bp = Blueprint("auth", __name__, url_prefix="/auth", description="登录")
bp = Blueprint("identity", __name__, url_prefix="/me", description="我的")


@auth_bp.post("/wechat")
@refuses(LoginCodeInvalid, LoginBlocked, WeChatBusy, WeChatUnavailable, WeChatMisconfigured)
@auth_bp.arguments(SignInWithWeChat)
@auth_bp.response(200, SignedInView)
def sign_in_with_wechat(order: dict[str, Any]) -> SignedIn:
    """Sign in with the code of wx.login; somebody unknown comes in unverified and may look around."""
    return wechat_sign_in.sign_in(order["code"], request.user_agent.string)


@auth_bp.post("/staff")
@auth_bp.arguments(SignInStaff)
@auth_bp.response(200, StaffSignedInView)
@refuses(WrongPassword, AccountLocked, AccountDisabled, TotpMissing, TotpWrong, TotpLocked)
def sign_in_staff(order: dict[str, Any]) -> SignedIn:
    """Sign in with account and password, and a code of the authenticator where the account has one.

    Ten wrong passwords in a row, or five wrong codes, lock the account for 15 minutes.
    """
    return accounts.sign_in(order["account"], order["password"], order["totp"], request.user_agent.string)


@auth_bp.post("/refresh")
@refuses(RefreshRefused)
@auth_bp.arguments(RefreshTokens)
@auth_bp.response(200, TokensView)
def refresh_tokens(order: dict[str, Any]) -> Tokens:
    """New tokens for the refresh token; the one sent is worth nothing after ten seconds."""
    return sign_ins.refresh(order["refresh_token"])


@auth_bp.post("/logout")
@auth_bp.response(204)
def sign_out() -> None:
    """End this sign-in with everything that belongs to it."""
    sign_ins.sign_out(current_actor())


@bp.get("")
@bp.response(200, MeView)
def show_me() -> Me:
    """Who is asking: person (own numbers in clear), roles with their scopes, membership."""
    return me.me(current_actor())


@bp.put("/profile")
@refuses(NotVerified, OccupationUnknown, KeptByUnion)
@bp.arguments(ChangeProfile)
@bp.response(200, OwnPersonView)
@keyed(OwnPersonView)
def change_profile(order: dict[str, Any]) -> Person:
    """Change what a person may say about herself; industry and worker category are the union's."""
    return profiles.change_profile(current_actor(), **order)


@bp.post("/binding")
@refuses(IdNumberWrong, PhoneWrong, AlreadyVerified, TooManyTries, NoWeChat, BindingRefused, BoundElsewhere)
@bp.arguments(BindIdentity)
@bp.response(200, SignedInView)
def bind_identity(order: dict[str, Any]) -> SignedIn:
    """Become the person of the union's roster; a sign-in like those under /auth, so it takes no Idempotency-Key."""
    return binding.bind(current_actor(), **order)
