"""What people do to a sandbox: taps as in the mini-program, the clock, faults, switches, pushes. JSON, or forms of the
sandbox's page, which are sent back to it."""

import re
from dataclasses import asdict
from typing import Any, cast

from flask import Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from blueprints.sandbox.crypto import joined_sha1, seal_data
from blueprints.sandbox.faults import EVERYWHERE, HANG_S, KINDS, Fault
from blueprints.sandbox.push_sender import FORMATS, MODES
from blueprints.sandbox.state import box
from service.wechat.personas import sandbox_openid, sandbox_phone

PERSONA = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
ANSWERS = ("accept", "reject", "ban", "filter")
MOST_ADVANCE_S = 86_400
MOST_HANG_S = 120
TRUTHS = {"true": True, "false": False, "on": True, "off": False, True: True, False: False}


class Wrong(Exception):
    """What was asked of the sandbox makes no sense: 422, with the reason."""


def tap_login() -> AnyResponse:
    """`{"persona": "worker-0001"}` taps login: `{"code"}`, as wx.login would give it to the mini-program."""
    wechat, persona = box(), _persona()
    return _said(code=wechat.login_codes.mint(persona, session_key=wechat.people.new_session_key(persona)))


def tap_phone() -> AnyResponse:
    """The persona taps the phone button: `{"code"}`, another kind of code. `phone` where it is not the usual number."""
    return _said(code=box().phone_codes.mint(_persona(), phone=_given().get("phone")))


def tap_sealed() -> AnyResponse:
    """The older phone button: encryptedData and iv under the session_key in force, and signed rawData."""
    wechat, persona = box(), _persona()
    key, number = wechat.people.session_key(persona), str(_given().get("phone") or sandbox_phone(persona))
    watermark = {"timestamp": int(wechat.clock.now()), "appid": wechat.appid}
    data = {"phoneNumber": number, "purePhoneNumber": number, "countryCode": "86", "watermark": watermark}
    sealed, iv = seal_data(key, data)
    raw = '{"nickName":"微信用户","gender":0}'
    return _said(encryptedData=sealed, iv=iv, rawData=raw, signature=joined_sha1(raw, key))


def tap_subscribe() -> AnyResponse:
    """The persona answers the pop-up: `{"persona", "template_ids", "answer"}` gives `{template id: answer}`."""
    wechat, persona, said = box(), _persona(), _one_of("answer", ANSWERS, "accept")
    given = _given().get("template_ids", [])
    ids = given if isinstance(given, list) else [given]
    if not ids or len(ids) > 5 or any(each not in wechat.templates for each in ids):
        raise Wrong("template_ids: 1 to 5 of the account's templates")
    openid = sandbox_openid(persona)
    for each in ids:
        if said == "accept":
            wechat.mailbox.accept(openid, each, is_long_term=wechat.templates[each].is_long_term)
    rows = [{"TemplateId": each, "SubscribeStatusString": said, "PopupScene": "0"} for each in ids]
    if said in ("accept", "reject"):
        wechat.push.push(openid, "subscribe_msg_popup_event", List=rows[0] if len(rows) == 1 else rows)
    return _said(**dict.fromkeys(ids, said))


def tap_settings() -> AnyResponse:
    """The persona switches a template off in WeChat's settings: the change event tells refusals only."""
    wechat, persona, template_id = box(), _persona(), _given().get("template_id")
    if template_id not in wechat.templates:
        raise Wrong("template_id: one of the account's templates")
    openid = sandbox_openid(persona)
    wechat.mailbox.cancel(openid, template_id)
    row = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
    wechat.push.push(openid, "subscribe_msg_change_event", List=[row])
    return _said(**{template_id: "reject"})


def visit_page() -> AnyResponse:
    """Who is signed in to WeChat where a page asks (H5)."""
    box().page_persona = _persona()
    return _said(persona=box().page_persona)


def advance_clock() -> AnyResponse:
    """`{"seconds": 301}` lets time pass for codes, tokens and visits."""
    seconds = _number("seconds", 0, MOST_ADVANCE_S)
    box().clock.advance(seconds)
    return _said(advanced=seconds)


def set_fault() -> AnyResponse:
    """`{"path": "/sns/jscode2session", "kind": "timeout", "times": 3, "seconds": 5}`; `kind` `none` takes it away."""
    path, kind = str(_given().get("path") or EVERYWHERE), _one_of("kind", (*KINDS, "none"), None)
    if kind == "none":
        box().faults.clear(path)
    else:
        times = _number("times", 1, 10_000) if _given().get("times") else None
        seconds = _number("seconds", 0, MOST_HANG_S) if _given().get("seconds") else HANG_S
        box().faults.set(path, Fault(kind, times, seconds))
    return _said(faults=box().faults.standing())


def clear_faults() -> AnyResponse:
    """All is well again."""
    box().faults.clear()
    return _said(faults=[])


def set_switches() -> AnyResponse:
    """Any of the switches, `media_delay_s`, `released_pages` and `page_domains`; all of them as they stand now."""
    wechat, given = box(), _given()
    for name, value in given.items():
        if name in wechat.switches and value in TRUTHS:
            wechat.switches[name] = TRUTHS[value]
        elif name == "media_delay_s":
            wechat.media_delay_s = _number(name, 0, MOST_HANG_S)
        elif name in ("released_pages", "page_domains") and isinstance(value, list):
            setattr(wechat, name, set(map(str, value)))
        else:
            raise Wrong(f"{name}: no such switch, or not true or false")
    return _said(**wechat.switches, media_delay_s=wechat.media_delay_s)


def set_push() -> AnyResponse:
    """How to push: any of `url`, `mode`, `format`, `timeout_s`, `duplicates`, `wrong_signatures`, `is_shuffled`,
    `numbers_as_text`."""
    options, given = box().push.options, _given()
    for name, value in given.items():
        if name in ("mode", "format"):
            setattr(options, name, _one_of(name, MODES if name == "mode" else FORMATS, None))
        elif name in ("duplicates", "wrong_signatures", "timeout_s"):
            setattr(options, name, _number(name, 0, 100))
        elif name in ("is_shuffled", "numbers_as_text") and value in TRUTHS:
            setattr(options, name, TRUTHS[value])
        elif name == "url" and str(value).startswith(("http://", "https://")):
            options.url = str(value)
        else:
            raise Wrong(f"{name}: no such option, or not like this")
    return _said(**asdict(options))


def send_push() -> AnyResponse:
    """`{"persona", "event", ...}` pushes any event with the fields given."""
    given = dict(_given())
    openid, event = sandbox_openid(_persona()), str(given.get("event") or "debug_demo")
    box().push.push(openid, event, **{key: each for key, each in given.items() if key not in ("persona", "event")})
    return _said(event=event)


def let_pushes_go() -> AnyResponse:
    """Send what was held back to be shuffled."""
    return _said(sent=box().push.let_go())


def verify_push() -> AnyResponse:
    """Ask the product's address whether it is ours."""
    return _said(is_verified=box().push.verify())


def list_pushes() -> Response:
    """What was pushed, newest first, and how many are under way."""
    sender = box().push
    return jsonify(pending=sender.pending, deliveries=[asdict(each) for each in sender.deliveries])


def list_messages() -> Response:
    """The messages on the phones, of one persona or all, newest first."""
    persona = request.args.get("persona")
    found = [asdict(each) for each in box().mailbox.received if persona in (None, each.persona)]
    return jsonify(messages=[{**each, "msgid": str(each["msgid"])} for each in found], credits=box().mailbox.credited())


def list_calls() -> Response:
    """How often each path was called."""
    return jsonify(dict(box().calls))


def show_health() -> tuple[str, int]:
    """That the process is alive."""
    return "ok", 200


def _given() -> dict[str, Any]:
    if request.form:
        return {name: values if len(values) > 1 else values[0] for name, values in request.form.lists()}
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Wrong("a JSON object is wanted")
    return body


def _said(**body: Any) -> AnyResponse:
    """The answer; somebody who sent a form is shown the page again."""
    return redirect("/sandbox/", 303) if request.form else jsonify(body)


def _persona() -> str:
    persona = _given().get("persona")
    if not isinstance(persona, str) or not PERSONA.fullmatch(persona):
        raise Wrong("persona: 1 to 40 of a-z, 0-9 and -")
    box().people.meet(persona)
    return persona


def _number(name: str, least: int, most: int) -> int:
    value = _given().get(name)
    if request.form and isinstance(value, str) and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Wrong(f"{name}: {least} to {most}")
    return value


def _one_of(name: str, choices: tuple[str, ...], default: str | None) -> str:
    value = _given().get(name, default)
    if value not in choices:
        raise Wrong(f"{name}: one of {', '.join(choices)}")
    return cast(str, value)
