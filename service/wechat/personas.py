"""The made-up people of the WeChat sandbox: what sandbox and demo data must agree on."""

import base64
import hashlib
import re

NUMBERED = re.compile(r"worker-(\d{1,8})")


def sandbox_openid(persona: str) -> str:
    """The openid of a persona (`worker-0001`) in the sandbox: 28 characters beginning with `o`, always the same."""
    return _id_of("sandbox", persona)


def sandbox_service_openid(persona: str) -> str:
    """The same person's openid with the sandbox's service account, which is another."""
    return _id_of("sandbox-service", persona)


def sandbox_unionid(persona: str) -> str:
    """What joins the two, where the sandbox gives it."""
    return _id_of("sandbox-union", persona)


def sandbox_phone(persona: str) -> str:
    """The persona's made-up mobile number: for `worker-0001` the one the demo data has."""
    match = NUMBERED.fullmatch(persona)
    number = int(match[1]) if match else int(hashlib.sha256(persona.encode()).hexdigest(), 16) % 10**8
    return f"199{number:08d}"


def _id_of(account: str, persona: str) -> str:
    digest = hashlib.sha256(f"{account}|{persona}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]
