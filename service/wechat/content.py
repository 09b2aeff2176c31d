"""Content security: what people put up is looked at by WeChat first (docs/rules.md `wechat.content`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from service.wechat.answers import number, text
from service.wechat.calls import Call, Kind
from service.wechat.client import WeChatClient
from service.wechat.errors import ArgumentBad, WeChatUnavailable

LONGEST_TEXT = 2500
LONGEST_TRACE = 64


class Suggestion(StrEnum):
    """What WeChat advises: publish, let a human look, refuse."""

    PASS = "pass"  # noqa: S105  what WeChat calls it
    REVIEW = "review"
    RISKY = "risky"


class Scene(IntEnum):
    """Where the content would appear."""

    PROFILE = 1
    COMMENT = 2
    FORUM = 3
    JOURNAL = 4


class Medium(IntEnum):
    """What a media check looks at."""

    AUDIO = 1
    IMAGE = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of a text or of media. `label` is WeChat's class of the risk, 100 for none."""

    suggestion: Suggestion
    label: int
    trace_id: str | None = None


def check_text(wechat: WeChatClient, openid: str, content: str, scene: Scene, *, title: str = "") -> Verdict:
    """WeChat's advice on a text of up to 2,500 characters by somebody who was in the mini-program within two hours.

    Raises ContentVisitExpired, ArgumentBad, WeChatBusy, WeChatDayLimit, WeChatUnavailable, WeChatMisconfigured.
    """
    if not 0 < len(content) <= LONGEST_TEXT:
        raise ArgumentBad(details={"content": ["too_long" if content else "empty"]})
    body = {"version": 2, "scene": int(scene), "openid": openid, "content": content}
    call = Call(
        name="msg_sec_check",
        kind=Kind.CONTENT,
        path="/wxa/msg_sec_check",
        body=body | ({"title": title} if title else {}),
        is_repeatable=True,
    )
    answer = wechat.ask(call)
    verdict = verdict_of(answer)
    if verdict is None:
        raise WeChatUnavailable
    return verdict


def check_media(wechat: WeChatClient, openid: str, url: str, scene: Scene, medium: Medium = Medium.IMAGE) -> str:
    """Ask for media at a public address to be looked at; the trace id by which the verdict comes as a `MediaChecked`
    event (events.py), within half an hour. Until then it stays unpublished.

    Raises ArgumentBad, WeChatBusy, WeChatDayLimit, WeChatUnavailable, WeChatMisconfigured.
    """
    body = {"media_url": url, "media_type": int(medium), "version": 2, "scene": int(scene), "openid": openid}
    call = Call(name="media_check_async", kind=Kind.CONTENT, path="/wxa/media_check_async", body=body)
    trace_id = text(wechat.ask(call), "trace_id", LONGEST_TRACE)
    if trace_id is None:
        raise WeChatUnavailable
    return trace_id


def verdict_of(answer: Mapping[str, Any]) -> Verdict | None:
    """The verdict in an answer or an event: its result, or where that is missing the worst of its details' rows.

    Rows with an errcode of their own do not count. None where nothing can be made of it.
    """
    rows = [answer.get("result")] if isinstance(answer.get("result"), dict) else _counted(answer.get("detail"))
    found = [each for each in map(_read, rows) if each]
    if not found:
        return None
    order = list(Suggestion)
    suggestion, label = max(found, key=lambda each: order.index(each[0]))
    return Verdict(suggestion, label, text(answer, "trace_id", LONGEST_TRACE))


def _counted(rows: object) -> list[Any]:
    if not isinstance(rows, list):
        return []
    return [row for row in rows if isinstance(row, dict) and number(row.get("errcode", 0)) == 0]


def _read(row: Any) -> tuple[Suggestion, int] | None:
    """Labels come as strings at times."""
    label = number(row.get("label"))
    try:
        suggestion = Suggestion(row.get("suggest"))
    except ValueError:
        return None
    return (suggestion, label) if label is not None else None
