"""The made-up people of the WeChat sandbox: what sandbox and demo data must agree on."""

import base64
import hashlib


def sandbox_openid(persona: str) -> str:
    """The openid of a persona (`worker-0001`) in the sandbox: 28 characters beginning with `o`, always the same."""
    digest = hashlib.sha256(f"sandbox|{persona}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]
