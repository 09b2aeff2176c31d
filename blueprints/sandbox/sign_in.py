"""`sns/jscode2session`, the access tokens and the phone number: calls around signing in."""

from flask import Response, request

from blueprints.sandbox.codes import CodeState
from blueprints.sandbox.state import box
from blueprints.sandbox.tokens import TooManyForced
from blueprints.sandbox.wire import Refused, answer, check_app, done, json_body, posted
from service.wechat.personas import sandbox_openid, sandbox_phone, sandbox_unionid

CREDENTIAL = "client_credential"


def jscode2session() -> Response:
    """Exchange a code of wx.login for the openid. Checked in WeChat's order: appid, secret, code."""
    wechat = box()
    check_app(request.args, appid=wechat.appid, secret=wechat.secret)
    if not request.args.get("js_code"):
        raise Refused(41008, "missing code")
    state, persona, about = wechat.login_codes.use(request.args["js_code"])
    if state is CodeState.USED:
        raise Refused(40163, "code been used")
    if state is CodeState.INVALID:
        raise Refused(40029, "invalid code")
    body = {"session_key": about["session_key"], "openid": sandbox_openid(persona)}
    if wechat.switches["gives_unionid"]:
        body["unionid"] = sandbox_unionid(persona)
    return answer(body)


def token() -> Response:
    """A new access token at each call; appid is looked at before grant_type. No errcode on success."""
    wechat = box()
    check_app(request.args, appid=wechat.appid, secret=wechat.secret)
    if request.args.get("grant_type") != CREDENTIAL:
        raise Refused(40002, "invalid grant_type")
    value, seconds = wechat.tokens.plain()
    return answer({"access_token": value, "expires_in": seconds})


def stable_token() -> Response:
    """The same access token while it is good. No errcode on success."""
    if request.method != "POST":
        raise Refused(43002, "require POST method")
    wechat, given = box(), json_body()
    check_app(given, appid=wechat.appid, secret=wechat.secret)
    if given.get("grant_type") != CREDENTIAL:
        raise Refused(40002, "invalid grant_type")
    try:
        value, seconds = wechat.tokens.stable(is_forced=given.get("force_refresh") is True)
    except TooManyForced:
        raise Refused(45009, "reach max api daily quota limit") from None
    return answer({"access_token": value, "expires_in": seconds})


def getuserphonenumber() -> Response:
    """The number behind a code of the phone button: a namespace of its own, once, five minutes."""
    wechat, given = box(), posted()
    if not isinstance(given.get("code"), str):
        raise Refused(47001, "data format error")
    openid = given.get("openid")
    state, persona, about = wechat.phone_codes.use(given["code"])
    if state is not CodeState.GOOD:
        raise Refused(40029, "invalid code hint: [ghDcTVNre-Rkz3Da]")
    if openid is not None and openid != sandbox_openid(persona):
        raise Refused(40003, "invalid openid")
    number = str(about.get("phone") or sandbox_phone(persona))
    info = {
        "phoneNumber": number,
        "purePhoneNumber": number,
        "countryCode": 86 if wechat.switches["country_code_as_number"] else "86",
        "watermark": {"timestamp": int(wechat.clock.now()), "appid": wechat.appid},
    }
    return done(phone_info=info)
