"""Bodies of pushes in XML, as WeChat nests them."""

from collections.abc import Mapping
from typing import Any

WRAPPERS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}


def xml_of(fields: Mapping[str, Any]) -> bytes:
    """`<xml>` with the fields; a `List` stands inside its event's own element."""
    whole = dict(fields)
    wrapper = WRAPPERS.get(str(whole.get("Event")))
    if wrapper and "List" in whole:
        whole[wrapper] = {"List": whole.pop("List")}
    return f"<xml>{_children(whole)}</xml>".encode()


def _children(fields: Mapping[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_children(value)}</{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    escaped = str(value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{escaped}]]></{name}>"
