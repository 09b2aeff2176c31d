"""The sandbox's app: `sns/jscode2session` as api.weixin.qq.com answers it, and a finger that taps login.

Errors are HTTP 200 with `errcode` and `errmsg`, whose tail is a request id beginning with the time in hex; a success has
no errcode; the body is JSON called text/plain without a charset (docs/rules.md `wechat.wire`).
"""

import json
import os
import re
import secrets
import time
from typing import Any

from flask import Flask, Response, current_app, jsonify, request

from blueprints.sandbox.codes import Codes, CodeState, session_key
from config.settings import Settings, load
from service.wechat.personas import sandbox_openid

PERSONA = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
CODES = "sandbox_codes"
MOST_ADVANCE_S = 86_400


class SandboxRefused(Exception):
    """There is no sandbox in production."""


def create_sandbox(settings: Settings) -> Flask:
    """The sandbox for the settings' appid and secret. Raises SandboxRefused in production."""
    if settings.is_production:
        raise SandboxRefused("the WeChat sandbox does not run in production")
    app = Flask("gongyun-wechat-sandbox", static_folder=None)
    app.config.update(WECHAT_APPID=settings.wechat_appid, WECHAT_SECRET=settings.wechat_secret)
    app.extensions[CODES] = Codes()
    app.add_url_rule("/sns/jscode2session", view_func=jscode2session, methods=["GET"])
    app.add_url_rule("/sandbox/wx/login", view_func=tap_login, methods=["POST"])
    app.add_url_rule("/sandbox/clock", view_func=advance_clock, methods=["POST"])
    app.add_url_rule("/sandbox/healthz", view_func=show_health, methods=["GET"])
    return app


def from_environment() -> Flask:
    """The sandbox as its own process starts it: `gunicorn "blueprints.sandbox.app:from_environment()"`."""
    return create_sandbox(load(os.environ))


def jscode2session() -> Response:
    """Exchange a code of wx.login for the openid. Checked in WeChat's order: appid, secret, code."""
    given = request.args
    if given.get("appid") != current_app.config["WECHAT_APPID"]:
        return _error(40013, "invalid appid")
    if given.get("secret") != current_app.config["WECHAT_SECRET"]:
        return _error(40125, "invalid appsecret")
    if not given.get("js_code"):
        return _error(41008, "missing code")
    state, persona = _codes().use(given["js_code"])
    if state is CodeState.USED:
        return _error(40163, "code been used")
    if state is CodeState.INVALID:
        return _error(40029, "invalid code")
    return _plain({"session_key": session_key(), "openid": sandbox_openid(persona)})


def tap_login() -> tuple[Response, int]:
    """`{"persona": "worker-0001"}` taps login: `{"code"}`, as wx.login would give it to the mini-program."""
    body = request.get_json(silent=True)
    persona = body.get("persona") if isinstance(body, dict) else None
    if not isinstance(persona, str) or not PERSONA.fullmatch(persona):
        return jsonify(error="persona: 1 to 40 of a-z, 0-9 and -"), 422
    return jsonify(code=_codes().mint(persona)), 200


def advance_clock() -> tuple[Response, int]:
    """`{"seconds": 301}` lets time pass for the codes."""
    body = request.get_json(silent=True)
    seconds = body.get("seconds") if isinstance(body, dict) else None
    if not isinstance(seconds, int) or not 0 <= seconds <= MOST_ADVANCE_S:
        return jsonify(error=f"seconds: 0 to {MOST_ADVANCE_S}"), 422
    _codes().advance(seconds)
    return jsonify(advanced=seconds), 200


def show_health() -> tuple[str, int]:
    """That the process is alive."""
    return "ok", 200


def _codes() -> Codes:
    codes: Codes = current_app.extensions[CODES]
    return codes


def _error(errcode: int, errmsg: str) -> Response:
    rid = f"{int(time.time()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return _plain({"errcode": errcode, "errmsg": f"{errmsg}, rid: {rid}"})


def _plain(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False).encode(), 200, content_type="text/plain")
