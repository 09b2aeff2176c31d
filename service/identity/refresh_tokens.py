"""Refresh tokens: opaque and random. The sign-in they belong to can be read from them, but only by us.

`sign-in id (16 bytes) | random (24) | tag (16)`, base64url. The tag is ours alone: a made-up token ends nobody's
sign-in, while one that was ours and is no longer in force is known for what it is: used twice.
"""

import base64
import hashlib
import hmac
import secrets
from binascii import Error as NotBase64
from uuid import UUID

from service.core import configuration

ID_BYTES = 16
RANDOM_BYTES = 24
TAG_BYTES = 16


def new(sign_in_id: UUID) -> str:
    """A new refresh token of this sign-in."""
    body = sign_in_id.bytes + secrets.token_bytes(RANDOM_BYTES)
    return base64.urlsafe_b64encode(body + _tag(body)).decode().rstrip("=")


def sign_in_id(token: str) -> UUID | None:
    """The sign-in the token belongs to, None where it is not one of ours."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (NotBase64, ValueError):
        return None
    body, tag = raw[:-TAG_BYTES], raw[-TAG_BYTES:]
    if len(body) != ID_BYTES + RANDOM_BYTES or not hmac.compare_digest(tag, _tag(body)):
        return None
    return UUID(bytes=body[:ID_BYTES])


def digest(token: str) -> str:
    """What is kept of it. 64 hex digits; random enough that no key is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _tag(body: bytes) -> bytes:
    key = configuration.current().jwt_secret.encode()
    return hmac.new(key, b"refresh|" + body, hashlib.sha256).digest()[:TAG_BYTES]
