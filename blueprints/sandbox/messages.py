"""Subscribe messages: a credit bought by a tap, spent by a message."""

import itertools
import time

from flask import Response

from blueprints.sandbox.mailbox import Received
from blueprints.sandbox.message_rules import complaint
from blueprints.sandbox.state import box
from blueprints.sandbox.wire import Refused, answer, check_token, done, posted
from service.wechat.sandbox_templates import SandboxTemplate

MSGIDS = itertools.count(time.time_ns())
STATES = ("developer", "trial", "formal")
LANGUAGES = ("zh_CN", "en_US", "zh_HK", "zh_TW")
SENT_DELAY_S = 0.1


def subscribe_send() -> Response:
    """Put a message on a phone, for a credit; the sent event follows."""
    wechat, given = box(), posted()
    persona = wechat.people.of(given.get("touser"))
    if persona is None:
        raise Refused(40003, "invalid openid")
    template = wechat.templates.get(str(given.get("template_id")))
    if template is None:
        raise Refused(40037, "invalid template_id")
    page = str(given.get("page") or "")
    state = given.get("miniprogram_state", "formal")
    if state not in STATES or given.get("lang", "zh_CN") not in LANGUAGES:
        raise Refused(47003, "argument invalid! miniprogram_state or lang invalid")
    if page and wechat.switches["checks_pages"] and state == "formal":
        check_page(page.partition("?")[0])
    wrong = complaint(template.fields, given.get("data"), template.enums)
    if wrong:
        raise Refused(47003, wrong)
    if not wechat.mailbox.spend(given["touser"], template.template_id):
        raise Refused(43101, "user refuse to accept the msg")
    return done(
        msgid=_arrives(
            persona, given["touser"], template, {key: given["data"][key]["value"] for key in template.fields}, page
        )
    )


def _arrives(persona: str, openid: str, template: SandboxTemplate, values: dict[str, str], page: str) -> int:
    wechat, msgid = box(), next(MSGIDS)
    fields = {template.fields[key]: value for key, value in values.items()}
    wechat.mailbox.received.appendleft(
        Received(persona, template.title, template.template_id, fields, page, msgid, wechat.clock.now())
    )
    row = {"TemplateId": template.template_id, "MsgID": str(msgid), "ErrorCode": "0", "ErrorStatus": "success"}
    wechat.push.push(openid, "subscribe_msg_sent_event", SENT_DELAY_S, List=row)
    return msgid


def check_page(page: str) -> None:
    """Refuse a page that is in no released version."""
    if page not in box().released_pages:
        raise Refused(41030, "invalid page")


def gettemplate() -> Response:
    """The account's templates."""
    check_token()
    rows = [
        {
            "priTmplId": template.template_id,
            "title": template.title,
            "content": "".join(f"{label}:{{{{{key}.DATA}}}}\n" for key, label in template.fields.items()),
            "example": "",
            "type": 3 if template.is_long_term else 2,
            "keywordEnumValueList": [
                {"keywordCode": f"{key}.DATA", "enumValueList": list(values)} for key, values in template.enums.items()
            ],
        }
        for template in box().templates.values()
    ]
    return answer({"errcode": 0, "errmsg": "ok", "data": rows})
