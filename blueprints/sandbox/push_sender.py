"""WeChat's pushing side: plain, compatible or safe, JSON or XML, five seconds, three attempts with the same body."""

import json
import random
import secrets
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from blueprints.sandbox.crypto import NotReadable, open_push, seal_push, sorted_sha1
from blueprints.sandbox.push_body import xml_of

TIMEOUT_S, ATTEMPTS, KEPT = 5.0, 3, 200
ORIGINAL_ID = "gh_0123456789ab"
MODES, FORMATS = ("plain", "compat", "safe"), ("json", "xml")


@dataclass(slots=True)
class PushOptions:
    """How to push. `duplicates` are sent besides each push; so many of the next have a wrong signature; shuffled ones
    wait until they are let go, in any order."""

    url: str
    mode: str = "safe"
    format: str = "json"
    timeout_s: float = TIMEOUT_S
    duplicates: int = 0
    wrong_signatures: int = 0
    is_shuffled: bool = False
    numbers_as_text: bool = False


@dataclass(slots=True)
class Delivery:
    """One push and what became of it: the status of each attempt (0 for none), and whether the answer was in order."""

    event: str
    statuses: list[int]
    is_taken: bool = False
    reply: str = ""


class PushSender:
    """Sends from threads of its own, so that what pushes is not held up."""

    def __init__(self, options: PushOptions, *, token: str, aes_key: str, appid: str) -> None:
        self.options = options
        self.deliveries: deque[Delivery] = deque(maxlen=KEPT)
        self.pending = 0
        self._token, self._aes_key, self._appid = token, aes_key, appid
        self._held: list[tuple[str, dict[str, Any]]] = []
        self._lock = threading.Lock()

    def push(self, openid: str, event: str, delay_s: float = 0.0, **fields: Any) -> None:
        """An event of this person's, later; together with its duplicates."""
        whole = {
            "ToUserName": ORIGINAL_ID,
            "FromUserName": openid,
            "CreateTime": int(time.time()),
            "MsgType": "event",
            "Event": event,
            **fields,
        }
        for _ in range(1 + self.options.duplicates):
            with self._lock:
                self.pending += 1
                if self.options.is_shuffled:
                    self._held.append((openid, whole))
                    continue
            self._start(openid, whole, delay_s)

    def let_go(self) -> int:
        """Send what was held back, in any order; how many."""
        with self._lock:
            held, self._held = self._held, []
        random.shuffle(held)
        for openid, fields in held:
            self._start(openid, fields, 0.0)
        return len(held)

    def verify(self) -> bool:
        """Ask the address whether it is ours, as the console does when it is saved."""
        echo = str(secrets.randbelow(10**19))
        query = {**self._signed(), "echostr": echo}
        try:
            answer = requests.get(self.options.url, params=query, timeout=self.options.timeout_s)
        except requests.RequestException:
            return False
        return answer.status_code == 200 and answer.content == echo.encode()

    def _start(self, openid: str, fields: Mapping[str, Any], delay_s: float) -> None:
        threading.Thread(target=self._deliver, args=(openid, dict(fields), delay_s), daemon=True).start()

    def _deliver(self, openid: str, fields: dict[str, Any], delay_s: float) -> None:
        try:
            time.sleep(delay_s)
            query, body = self.request_for(openid, fields)
            delivery = Delivery(str(fields["Event"]), [])
            self.deliveries.appendleft(delivery)
            for _ in range(ATTEMPTS):
                if self._attempt(delivery, query, body):
                    break
        finally:
            with self._lock:
                self.pending -= 1

    def _attempt(self, delivery: Delivery, query: Mapping[str, str], body: bytes) -> bool:
        kind = "text/xml" if body.startswith(b"<") else "application/json"
        try:
            with requests.Session() as session:
                # What it pushes to lies beside it, never behind a proxy that the environment names.
                session.trust_env = False
                answer = session.post(
                    self.options.url,
                    params=query,
                    data=body,
                    headers={"Content-Type": kind, "User-Agent": "Mozilla/4.0"},
                    timeout=self.options.timeout_s,
                    allow_redirects=False,
                )
        except requests.RequestException:
            delivery.statuses.append(0)
            return False
        delivery.statuses.append(answer.status_code)
        delivery.is_taken = answer.status_code == 200 and self._is_in_order(answer.content)
        delivery.reply = answer.content[:200].decode(errors="replace")
        return delivery.is_taken

    def request_for(self, openid: str, fields: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        """Query and body of a push as the options want it."""
        if self.options.numbers_as_text:
            fields = {name: str(value) if isinstance(value, int) else value for name, value in fields.items()}
        write = xml_of if self.options.format == "xml" else _json_of
        query = {**self._signed(), "openid": openid}
        if self.options.mode == "plain":
            return query, write(fields)
        sealed = seal_push(self._aes_key, self._appid, write(fields).decode())
        token = self._token
        with self._lock:
            if self.options.wrong_signatures > 0:
                self.options.wrong_signatures -= 1
                token = f"not-{token}"
        query["encrypt_type"] = "aes"
        query["msg_signature"] = sorted_sha1(token, query["timestamp"], query["nonce"], sealed)
        shown = fields if self.options.mode == "compat" else {"ToUserName": ORIGINAL_ID}
        return query, write({**shown, "Encrypt": sealed})

    def _signed(self) -> dict[str, str]:
        timestamp, nonce, token = str(int(time.time())), str(secrets.randbelow(10**10)), self._token
        if self.options.mode == "plain":
            with self._lock:
                if self.options.wrong_signatures > 0:
                    self.options.wrong_signatures -= 1
                    token = f"not-{token}"
        return {"signature": sorted_sha1(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}

    def _is_in_order(self, content: bytes) -> bool:
        """`success`, nothing, or a reply that is encrypted and signed as it should be."""
        if content in (b"", b"success"):
            return True
        try:
            reply = json.loads(content)
            parts = (str(reply["TimeStamp"]), reply["Nonce"], reply["Encrypt"])
            return reply["MsgSignature"] == sorted_sha1(self._token, *parts) and (
                open_push(self._aes_key, reply["Encrypt"])[1] == self._appid
            )
        except (ValueError, KeyError, TypeError, NotReadable):
            return False


def _json_of(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()
