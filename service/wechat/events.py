"""Events WeChat pushes, as plain values, and who listens to them.

A listener is called in the worker, inside the transaction that marks the push as done, once for each item. Numbers may
come as strings and the reverse; a `List` is an object where there is one item.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog

from service.wechat.answers import number
from service.wechat.content import Suggestion, verdict_of

POPUP = "subscribe_msg_popup_event"
CHANGE = "subscribe_msg_change_event"
SENT = "subscribe_msg_sent_event"
MEDIA_CHECK = "wxa_media_check"
log = structlog.get_logger("wechat")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A person said `accept` or `reject` to a template: in the pop-up (`POPUP`), or in WeChat's settings (`CHANGE`,
    where only a refusal is told). An accepted one-time template is one credit."""

    openid: str = field(repr=False)
    template_id: str
    is_accepted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageSent:
    """What became of a subscribe message: `message_id` is what `subscribe.send` gave."""

    openid: str = field(repr=False)
    template_id: str
    message_id: str
    is_delivered: bool
    error_code: int
    at: datetime


@dataclass(frozen=True, slots=True)
class MediaChecked:
    """The verdict on media, by the trace id `content.check_media` gave. None where WeChat could not look at it."""

    trace_id: str
    suggestion: Suggestion | None
    label: int | None
    error_code: int
    at: datetime


Event = Subscription | MessageSent | MediaChecked
Listener = Callable[[Any], None]
listeners: dict[str, list[Listener]] = {}


def register(kind: str, listener: Listener) -> None:
    """Call the listener with each Subscription (POPUP, CHANGE), MessageSent (SENT) or MediaChecked (MEDIA_CHECK)."""
    known = listeners.setdefault(kind, [])
    if listener not in known:
        known.append(listener)


def is_known(fields: Mapping[str, Any]) -> bool:
    """Whether it is an event that something can be made of."""
    return fields.get("Event") in READERS


def deliver(fields: Mapping[str, Any]) -> int:
    """Tell the listeners; how many items the event had."""
    kind = str(fields.get("Event"))
    items = read(fields)
    if not items:
        log.warning("wechat_event_unread", kind=kind)
    for item in items:
        for listener in listeners.get(kind, ()):
            listener(item)
    return len(items)


def read(fields: Mapping[str, Any]) -> list[Event]:
    """The items of an event, those that make no sense left out."""
    reader = READERS.get(str(fields.get("Event")))
    seconds = number(fields.get("CreateTime"))
    if reader is None or seconds is None or not 0 <= seconds < 2**33:
        return []
    at = datetime.fromtimestamp(seconds, UTC)
    return [item for item in (reader(fields, row, at) for row in _rows(fields)) if item is not None]


def _rows(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    given = fields.get("List", fields)
    return [row for row in (given if isinstance(given, list) else [given]) if isinstance(row, dict)]


def _subscription(fields: Mapping[str, Any], row: Mapping[str, Any], at: datetime) -> Subscription | None:
    openid, template_id, said = fields.get("FromUserName"), row.get("TemplateId"), row.get("SubscribeStatusString")
    if not isinstance(openid, str) or not isinstance(template_id, str) or said not in ("accept", "reject"):
        return None
    return Subscription(openid, template_id, said == "accept", at)


def _message_sent(fields: Mapping[str, Any], row: Mapping[str, Any], at: datetime) -> MessageSent | None:
    openid, template_id, error_code = fields.get("FromUserName"), row.get("TemplateId"), number(row.get("ErrorCode"))
    message_id = number(row.get("MsgID"))
    if not isinstance(openid, str) or not isinstance(template_id, str) or error_code is None or message_id is None:
        return None
    return MessageSent(openid, template_id, str(message_id), error_code == 0, error_code, at)


def _media_checked(fields: Mapping[str, Any], _row: Mapping[str, Any], at: datetime) -> MediaChecked | None:
    trace_id, error_code = fields.get("trace_id"), number(fields.get("errcode", 0))
    if not isinstance(trace_id, str) or error_code is None:
        return None
    verdict = verdict_of(fields) if error_code == 0 else None
    if verdict is None:
        return MediaChecked(trace_id, None, None, error_code, at)
    return MediaChecked(trace_id, verdict.suggestion, verdict.label, error_code, at)


READERS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any], datetime], Event | None]] = {
    POPUP: _subscription,
    CHANGE: _subscription,
    SENT: _message_sent,
    MEDIA_CHECK: _media_checked,
}
