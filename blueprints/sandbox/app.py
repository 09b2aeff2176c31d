"""The sandbox's app: what api.weixin.qq.com and open.weixin.qq.com answer, and a finger to tap with.

It is tried by the published vectors as well as by the product's client, which knows nothing of it but its address.
"""

import os
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, jsonify, request

from blueprints.sandbox import admin, faults, messages, page, page_login, pictures, security, sign_in, wire
from blueprints.sandbox.state import NAME, Sandbox, box
from config.settings import Settings, load_or_exit

GETTING, POSTING = ["GET"], ["POST"]
View = Callable[[], Any]
WECHAT: dict[str, View] = {
    "/sns/jscode2session": sign_in.jscode2session,
    "/cgi-bin/token": sign_in.token,
    "/sns/oauth2/access_token": page_login.access_token,
    "/sns/oauth2/refresh_token": page_login.refresh_token,
    "/sns/userinfo": page_login.userinfo,
    "/sns/auth": page_login.check,
    "/wxaapi/newtmpl/gettemplate": messages.gettemplate,
    "/connect/oauth2/authorize": page_login.authorize,
}
WECHAT_POSTS: dict[str, View] = {
    "/cgi-bin/stable_token": sign_in.stable_token,
    "/wxa/business/getuserphonenumber": sign_in.getuserphonenumber,
    "/cgi-bin/message/subscribe/send": messages.subscribe_send,
    "/wxa/msg_sec_check": security.msg_sec_check,
    "/wxa/media_check_async": security.media_check_async,
    "/wxa/getwxacodeunlimit": pictures.getwxacodeunlimit,
}
"""GET is routed too, to be answered 43002."""
TAPS: dict[str, View] = {
    "/sandbox/wx/login": admin.tap_login,
    "/sandbox/wx/phone": admin.tap_phone,
    "/sandbox/wx/sealed": admin.tap_sealed,
    "/sandbox/wx/subscribe": admin.tap_subscribe,
    "/sandbox/wx/settings": admin.tap_settings,
    "/sandbox/wx/page": admin.visit_page,
    "/sandbox/clock": admin.advance_clock,
    "/sandbox/faults": admin.set_fault,
    "/sandbox/faults/clear": admin.clear_faults,
    "/sandbox/switches": admin.set_switches,
    "/sandbox/push/options": admin.set_push,
    "/sandbox/push/send": admin.send_push,
    "/sandbox/push/release": admin.let_pushes_go,
    "/sandbox/push/verify": admin.verify_push,
}
SHOWN: dict[str, View] = {
    "/sandbox/": page.show_page,
    "/sandbox/page.css": page.show_style,
    "/sandbox/push": admin.list_pushes,
    "/sandbox/messages": admin.list_messages,
    "/sandbox/calls": admin.list_calls,
    "/sandbox/healthz": admin.show_health,
}


class SandboxRefused(Exception):
    """There is no sandbox in production."""


def create_sandbox(settings: Settings) -> Flask:
    """The sandbox for the settings' appid and secret. Raises SandboxRefused in production."""
    if settings.is_production:
        raise SandboxRefused("the WeChat sandbox does not run in production")
    app = Flask("gongyun-wechat-sandbox", static_folder=None)
    app.extensions[NAME] = Sandbox(settings)
    for rules, methods in ((WECHAT, GETTING), (WECHAT_POSTS, GETTING + POSTING), (TAPS, POSTING), (SHOWN, GETTING)):
        for rule, view in rules.items():
            app.add_url_rule(rule, rule, view, methods=methods)
    app.before_request(_meet)
    app.after_request(_leave)
    app.register_error_handler(wire.Refused, wire.refusal)
    app.register_error_handler(admin.Wrong, _wrong)
    return app


def from_environment() -> Flask:
    """The sandbox as its own process starts it: `gunicorn "blueprints.sandbox.app:from_environment()"`."""
    return create_sandbox(load_or_exit(os.environ))


def _meet() -> Response | None:
    """What a request meets before its endpoint: the sandbox's own doors are shut to other sites' pages, WeChat's want a
    length (412 otherwise), and have the faults ordered for them."""
    if request.path.startswith("/sandbox/"):
        is_foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
        return Response(status=403) if is_foreign and request.method == "POST" else None
    box().calls[request.path] += 1
    if request.method == "POST" and request.content_length is None:
        return Response(status=412)
    fault = g.fault = box().faults.take(request.path)
    if fault is None:
        return None
    if fault.kind in faults.CODES:
        raise wire.Refused(int(fault.kind), faults.CODES[fault.kind])
    return faults.instead(fault)


def _leave(response: Response) -> Response:
    fault = g.get("fault")
    return faults.afterwards(fault, response) if fault else response


def _wrong(error: admin.Wrong) -> tuple[Response, int]:
    return jsonify(error=str(error)), 422
