"""Content security: texts at once, media after a look at the address given, by push."""

import secrets
import threading
import time
from typing import Any

import requests
from flask import Response

from blueprints.sandbox.push_sender import PushSender
from blueprints.sandbox.state import Sandbox, box
from blueprints.sandbox.wire import Refused, done, posted

RISKY = ("特3456书yuuo莞6543李zxcz蒜7782法fgnv级", "完2347全dfji试3726测asad感3847知qwez到")
"""WeChat's own texts for trying it."""
DOUBTFUL = "待复核示例"
LONGEST, SCENES, MEDIA = 2500, (1, 2, 3, 4), (1, 2)
DOWNLOAD_S, LARGEST = 5.0, 10 * 1024 * 1024
NOT_DOWNLOADED = -1008


def msg_sec_check() -> Response:
    """Judge a text by somebody who was here within two hours."""
    wechat, given = box(), posted()
    _person(wechat, given)
    content = given.get("content")
    if given.get("version") != 2 or not isinstance(content, str) or not 0 < len(content) <= LONGEST:
        raise Refused(47001, "data format error")
    suggest, label = _judged(content)
    rows: list[dict[str, Any]] = [
        {"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90},
        {"strategy": "keyword", "errcode": -1},
    ]
    if suggest == "risky":
        rows.append(
            {"strategy": "keyword", "errcode": 0, "suggest": suggest, "label": label, "level": 90, "keyword": "示例"}
        )
    return done(result={"suggest": suggest, "label": label}, detail=rows, trace_id=_trace_id(wechat))


def media_check_async() -> Response:
    """Promise to look; the verdict is pushed after the sandbox's delay."""
    wechat, given = box(), posted()
    _person(wechat, given)
    if given.get("media_type") not in MEDIA:
        raise Refused(40004, "invalid media type")
    trace_id = _trace_id(wechat)
    looking = threading.Thread(
        target=_look,
        args=(wechat.push, wechat, str(given.get("media_url")), str(given["openid"]), trace_id),
        daemon=True,
    )
    looking.start()
    return done(trace_id=trace_id)


def _look(push: PushSender, wechat: Sandbox, url: str, openid: str, trace_id: str) -> None:
    time.sleep(wechat.media_delay_s)
    content = _downloaded(url)
    event: dict[str, Any] = {"appid": wechat.appid, "trace_id": trace_id, "version": 2, "detail": []}
    if content is None:
        event |= {"errcode": NOT_DOWNLOADED, "errmsg": "download file failed"}
    else:
        is_risky = b"risky" in content[:4096]
        suggest, label = ("risky", 20002) if is_risky else ("pass", 100)
        told = str(label) if wechat.switches["label_as_text"] else label
        row = {"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": told, "prob": 90}
        event |= {"errcode": 0, "errmsg": "ok", "result": {"suggest": suggest, "label": told}, "detail": [row]}
    push.push(openid, "wxa_media_check", **event)


def _downloaded(url: str) -> bytes | None:
    try:
        answer = requests.get(url, timeout=DOWNLOAD_S)
    except (requests.RequestException, ValueError):
        return None
    return answer.content if answer.status_code == 200 and len(answer.content) <= LARGEST else None


def _person(wechat: Sandbox, given: dict[str, Any]) -> None:
    persona = wechat.people.of(given.get("openid"))
    if persona is None:
        raise Refused(40003, "invalid openid")
    if given.get("scene") not in SCENES:
        raise Refused(40129, "invalid scene")
    if not wechat.people.is_here(persona):
        raise Refused(61010, "code is expired")


def _judged(content: str) -> tuple[str, int]:
    if any(text in content for text in RISKY):
        return "risky", 20006
    return ("review", 21000) if DOUBTFUL in content else ("pass", 100)


def _trace_id(wechat: Sandbox) -> str:
    return f"{int(wechat.clock.now()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
