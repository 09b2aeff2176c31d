"""One's own phone, proved, and signing in by it. Under /auth, so without Idempotency-Key: tries are counted outside any
transaction."""

from typing import Any

from flask import request
from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.refusals import refuses
from schemas.bindings import AskForCode, CodeSentView, ProvePhone, ProvePhoneByWeChat
from schemas.identity import OwnPersonView, SignedInView
from service.identity import own_phone, phone_codes, phone_sign_in
from service.identity.accounts import SignedIn
from service.identity.errors import PhoneCodeWrong, PhoneWrong, TooManyTries
from service.identity.models import Person
from service.identity.phone_codes import CodeSent
from service.identity.sms import SmsUnavailable
from service.wechat.errors import (
    EncryptedDataStale,
    LoginCodeInvalid,
    PhoneCodeInvalid,
    WeChatBusy,
    WeChatMisconfigured,
    WeChatUnavailable,
)

bp = Blueprint("phones", __name__, url_prefix="/auth/phone", description="手机号验证")


@bp.post("/code")
@bp.arguments(AskForCode)
@bp.response(202, CodeSentView)
@refuses(PhoneWrong, SmsUnavailable, TooManyTries)
def send_phone_code(order: dict[str, Any]) -> CodeSent:
    """Send a code to a phone; it is good for five minutes."""
    return phone_codes.send(current_actor(), order["phone"])


@bp.post("")
@bp.arguments(ProvePhone)
@bp.response(200, OwnPersonView)
@refuses(PhoneWrong, PhoneCodeWrong, TooManyTries)
def prove_phone(order: dict[str, Any]) -> Person:
    """Take the phone as one's own, with the code sent to it."""
    return own_phone.prove_by_code(current_actor(), order["phone"], order["code"])


@bp.post("/wechat")
@bp.arguments(ProvePhoneByWeChat)
@bp.response(200, OwnPersonView)
@refuses(PhoneWrong, PhoneCodeInvalid, WeChatBusy, WeChatUnavailable, WeChatMisconfigured)
@refuses(LoginCodeInvalid, EncryptedDataStale)
def prove_phone_by_wechat(order: dict[str, Any]) -> Person:
    """Take the phone WeChat knows as one's own, by the button's code or, from an older WeChat, by its sealed data."""
    return own_phone.prove_by_wechat(current_actor(), **order)


@bp.post("/sign-in/code")
@bp.arguments(AskForCode)
@bp.response(202, CodeSentView)
@refuses(PhoneWrong, SmsUnavailable, TooManyTries)
def send_sign_in_code(order: dict[str, Any]) -> CodeSent:
    """Send a code to sign in with, if the phone was proved by somebody; the answer does not tell."""
    return phone_sign_in.send(order["phone"])


@bp.post("/sign-in")
@bp.arguments(ProvePhone)
@bp.response(200, SignedInView)
@refuses(PhoneWrong, PhoneCodeWrong, TooManyTries)
def sign_in_by_phone(order: dict[str, Any]) -> SignedIn:
    """Sign in with the code sent to a phone that was proved before: where there is no WeChat."""
    return phone_sign_in.sign_in(order["phone"], order["code"], request.user_agent.string)
