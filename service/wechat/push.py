"""Message push (消息推送): is it WeChat's, and what does it say? Plain, compatible and safe mode, JSON and XML. Pure.

In safe mode the body is AES-256-CBC, padded to blocks of 32 bytes, and `msg_signature` covers it; the query's
`signature` covers no body, and must not be taken for it (docs/rules.md `wechat.push`).
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from service.wechat.answers import number
from service.wechat.errors import PushRefused

BLOCK = 256
RANDOM_BYTES, LENGTH_BYTES = 16, 4
WINDOW_S = 300
MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class PushKeys:
    """What the console and we share: Token, EncodingAESKey ("" in plain mode) and our appid."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    appid: str


@dataclass(frozen=True, slots=True)
class PushQuery:
    """The query of a push."""

    timestamp: str
    nonce: str
    signature: str = ""
    msg_signature: str = ""


def signature(*parts: str) -> str:
    """sha1 of the parts, sorted and joined: 40 hex digits."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def encrypt(aes_key: str, appid: str, message: str, random: bytes = b"") -> str:
    """A message as WeChat writes it: base64 of random(16), length, message and appid, padded and encrypted."""
    key, content = _key(aes_key), message.encode()
    plain = (random or secrets.token_bytes(RANDOM_BYTES)) + len(content).to_bytes(LENGTH_BYTES, "big")
    pad = PKCS7(BLOCK).padder()
    padded = pad.update(plain + content + appid.encode()) + pad.finalize()
    sealing = Cipher(AES(key), CBC(key[:16])).encryptor()
    return base64.b64encode(sealing.update(padded) + sealing.finalize()).decode()


def decrypt(aes_key: str, appid: str, sealed: str) -> str:
    """The message, where it was meant for this app. Raises PushRefused."""
    try:
        key, unpad = _key(aes_key), PKCS7(BLOCK).unpadder()
        opening = Cipher(AES(key), CBC(key[:16])).decryptor()
        padded = opening.update(base64.b64decode(sealed, validate=True)) + opening.finalize()
        plain = (unpad.update(padded) + unpad.finalize())[RANDOM_BYTES:]
        end = LENGTH_BYTES + int.from_bytes(plain[:LENGTH_BYTES], "big")
        message, receiver = plain[LENGTH_BYTES:end].decode(), plain[end:].decode()
    except ValueError:
        raise PushRefused from None
    if receiver != appid:
        raise PushRefused
    return message


def answer_to_verification(keys: PushKeys, query: PushQuery, echo: str, now: datetime) -> str:
    """The very `echostr` WeChat sent when the address is set in the console. Raises PushRefused."""
    _ask_for(signature(keys.token, query.timestamp, query.nonce), query.signature)
    _ask_for_time(query, now)
    return echo


def opened(keys: PushKeys, query: PushQuery, body: bytes, now: datetime) -> dict[str, Any]:
    """What a push says, once it is WeChat's and of these minutes.

    With an AES key only what is encrypted counts, also where the plain fields stand beside it. Raises PushRefused.
    """
    _ask_for_time(query, now)
    if not keys.aes_key:
        _ask_for(signature(keys.token, query.timestamp, query.nonce), query.signature)
        return read(body)
    sealed = read(body).get("Encrypt")
    if not isinstance(sealed, str):
        raise PushRefused
    _ask_for(signature(keys.token, query.timestamp, query.nonce, sealed), query.msg_signature)
    return read(decrypt(keys.aes_key, keys.appid, sealed).encode())


def reply(keys: PushKeys, message: str, nonce: str, now: datetime, random: bytes = b"") -> dict[str, str | int]:
    """An answer with content, encrypted as WeChat wants it. Most answers are just `success`."""
    timestamp = int(now.timestamp())
    sealed = encrypt(keys.aes_key, keys.appid, message, random)
    signed = signature(keys.token, str(timestamp), nonce, sealed)
    return {"Encrypt": sealed, "MsgSignature": signed, "TimeStamp": timestamp, "Nonce": nonce}


def read(body: bytes) -> dict[str, Any]:
    """The fields of a body, JSON or XML by its first byte. XML with a DTD is refused. Raises PushRefused."""
    try:
        if len(body) > MOST_BYTES:
            raise PushRefused
        fields = (
            _of_element(fromstring(body, forbid_dtd=True))
            if body.lstrip()[:1] == b"<"
            else json.loads(body.decode("utf-8-sig"))
        )
    except (ValueError, ParseError, DefusedXmlException, RecursionError):
        raise PushRefused from None
    if not isinstance(fields, dict):
        raise PushRefused
    return fields


def dedupe_key(fields: Mapping[str, Any]) -> str:
    """The same for every delivery of one message: by its MsgId, or for an event by sender, time and event.

    An event that may come several times within a second (results of checks, sent messages) is told by its content.
    """
    msg_id = number(fields.get("MsgId"))
    if msg_id is not None:
        return f"msg:{msg_id}"
    parts = [fields.get("FromUserName"), fields.get("CreateTime"), fields.get("Event")]
    parts.append(json.dumps(_content(fields), sort_keys=True, ensure_ascii=False, default=str))
    return "event:" + hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def _content(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in ("List", "trace_id") if name in fields}


def _key(aes_key: str) -> bytes:
    return base64.b64decode(aes_key + "=")


def _ask_for(made: str, given: str) -> None:
    if not hmac.compare_digest(made.encode(), given.encode()):
        raise PushRefused


def _ask_for_time(query: PushQuery, now: datetime) -> None:
    sent = number(query.timestamp)
    if sent is None or abs(now.timestamp() - sent) > WINDOW_S:
        raise PushRefused


def _of_element(element: Element) -> Any:
    """Text, or fields; several children of one name become a list. An event's own wrapper is taken off its `List`."""
    children = list(element)
    if not children:
        return element.text or ""
    fields: dict[str, Any] = {}
    for child in children:
        value = _of_element(child)
        if child.tag in fields:
            before = fields[child.tag]
            fields[child.tag] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            fields[child.tag] = value
    for wrapper in ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent"):
        if isinstance(fields.get(wrapper), dict):
            fields |= fields.pop(wrapper)
    return fields
