"""Who sends codes to phones (docs/rules.md `identity.phone_code`).

A provider is chosen by setting: a gateway of the installation's own, or outside production the sandbox, which writes
what it was given into a file that `GET /sandbox/texts` shows. Without one nothing is sent, and it is said so.
"""

import hashlib
import hmac
import os
from pathlib import Path
from typing import Any, Protocol

import orjson
import requests

from service.core import clock, configuration
from service.core.errors import Unavailable

SANDBOX, GATEWAY = "sandbox", "gateway"
TIMEOUT_S = (1.0, 3.0)
SHOWN = 50


class SmsUnavailable(Unavailable):
    """No provider is set, or it did not take the code."""

    code = "identity.sms_unavailable"
    message = "暂时发不了短信验证码"
    next_step = "可以改用微信手机号，或稍后再试"


class Provider(Protocol):
    """Something that sends a code to a phone."""

    def send(self, phone: str, code: str, minutes: int) -> None:
        """Send the code, which is good for so many minutes. Raises SmsUnavailable."""


class Sandbox:
    """Writes codes down instead of sending them."""

    def send(self, phone: str, code: str, minutes: int) -> None:
        """See Provider."""
        line = orjson.dumps({"at": clock.now(), "phone": phone, "code": code, "minutes": minutes}) + b"\n"
        path = _texts()
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)


class Gateway:
    """Posts `{"phone","code","minutes","at"}` to the installation's gateway.

    `X-Signature` is the HMAC-SHA256 of the body under the shared secret, in hexadecimal. Anything but a 2xx is a
    refusal; redirects are not followed.
    """

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.secret = secret.encode()

    def send(self, phone: str, code: str, minutes: int) -> None:
        """See Provider."""
        body = orjson.dumps({"phone": phone, "code": code, "minutes": minutes, "at": int(clock.now().timestamp())})
        headers = {
            "Content-Type": "application/json",
            "X-Signature": hmac.new(self.secret, body, hashlib.sha256).hexdigest(),
        }
        try:
            answer = requests.post(self.url, data=body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
        except requests.RequestException:
            # Bare: what requests raises carries the address, and perhaps the body.
            raise SmsUnavailable from None
        if not 200 <= answer.status_code < 300:
            raise SmsUnavailable


def current() -> Provider:
    """The provider of the configuration in force. Raises SmsUnavailable where there is none."""
    settings = configuration.current()
    if settings.sms_provider == SANDBOX:
        return Sandbox()
    if settings.sms_provider == GATEWAY:
        return Gateway(settings.sms_gateway_url, settings.sms_gateway_secret)
    raise SmsUnavailable


def sandbox_texts() -> list[dict[str, Any]]:
    """What the sandbox was given lately, newest first."""
    try:
        lines = _texts().read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [orjson.loads(line) for line in reversed(lines[-SHOWN:])]


def _texts() -> Path:
    return configuration.current().data_dir / "sandbox-texts.jsonl"
