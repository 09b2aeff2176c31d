"""Signing in on a page inside WeChat (H5): the page that sends people back at once, and the calls of its code."""

import re
import secrets
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from blueprints.sandbox.codes import CodeState
from blueprints.sandbox.state import box
from blueprints.sandbox.wire import NOT_LATEST, Refused, answer, check_app, done
from service.wechat.personas import sandbox_service_openid, sandbox_unionid

ORDER = ["appid", "redirect_uri", "response_type", "scope", "state"]
SCOPES = ("snsapi_base", "snsapi_userinfo")
STATE = re.compile(r"[a-zA-Z0-9]{0,128}")
LIFE_S = 7_200


def authorize() -> AnyResponse:
    """The page that asks: here everybody says yes. Sends back with code and state, or says what is wrong."""
    wechat = box()
    pairs = parse_qsl(request.query_string.decode(), keep_blank_values=True)
    given = dict(pairs)
    target = urlsplit(given.get("redirect_uri", ""))
    if [name for name, _ in pairs] != ORDER:
        return _wrong("10004", "参数顺序或内容不对")
    if given["appid"] != wechat.service_appid:
        return _wrong("10013", "没有这个公众号")
    if target.hostname not in wechat.page_domains:
        return _wrong("10003", "redirect_uri域名与后台配置不一致")
    if given["response_type"] != "code" or given["scope"] not in SCOPES or not STATE.fullmatch(given["state"]):
        return _wrong("10005", "该公众号没有这些scope的权限")
    code = wechat.page_codes.mint(wechat.page_persona, scope=given["scope"])
    joined = "&" if target.query else "?"
    back = urlencode({"code": code, "state": given["state"]})
    return redirect(f"{given['redirect_uri'].partition('#')[0]}{joined}{back}")


def access_token() -> Response:
    """Exchange the code. No errcode on success; this token has nothing to do with the app's."""
    wechat = box()
    check_app(request.args, appid=wechat.service_appid, secret=wechat.service_secret)
    if not request.args.get("code"):
        raise Refused(41008, "missing code")
    state, persona, about = wechat.page_codes.use(request.args["code"])
    if state is CodeState.USED:
        raise Refused(40163, "code been used")
    if state is CodeState.INVALID:
        raise Refused(40029, "invalid code")
    return _given(persona, about["scope"])


def refresh_token() -> Response:
    """Another token for the refresh token."""
    persona = box().page_tokens.get(request.args.get("refresh_token", ""))
    if persona is None:
        raise Refused(40030, "invalid refresh_token")
    return _given(persona, SCOPES[0])


def userinfo() -> Response:
    """Who it is; the name is grey, as WeChat answers it."""
    persona = _persona()
    body = {
        "openid": sandbox_service_openid(persona),
        "nickname": "微信用户",
        "sex": 0,
        "headimgurl": "",
        "privilege": [],
    }
    if box().switches["gives_unionid"]:
        body["unionid"] = sandbox_unionid(persona)
    return answer(body)


def check() -> Response:
    """Whether the token is good."""
    _persona()
    return done()


def _persona() -> str:
    persona = box().page_tokens.get(request.args.get("access_token", ""))
    if persona is None:
        raise Refused(40001, NOT_LATEST.replace("invalid or ", ""))
    if request.args.get("openid") != sandbox_service_openid(persona):
        raise Refused(40003, "invalid openid")
    return persona


def _given(persona: str, scope: str) -> Response:
    wechat = box()
    token, refresh = secrets.token_urlsafe(80), secrets.token_urlsafe(80)
    wechat.page_tokens |= {token: persona, refresh: persona}
    body = {
        "access_token": token,
        "expires_in": LIFE_S,
        "refresh_token": refresh,
        "openid": sandbox_service_openid(persona),
        "scope": scope,
    }
    if wechat.switches["gives_unionid"]:
        body["unionid"] = sandbox_unionid(persona)
    if wechat.switches["is_snapshot"]:
        body["is_snapshotuser"] = 1
    return answer(body)


def _wrong(code: str, said: str) -> Response:
    return Response(
        f"<!doctype html><meta charset=utf-8><title>{code}</title><p>{code} {said}</p>", mimetype="text/html"
    )
