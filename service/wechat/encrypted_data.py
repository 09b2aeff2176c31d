"""What the mini-program sealed for us with the session_key: the older way to a phone number and to profile data."""

import base64
import hashlib
import hmac
import json
from binascii import Error as NotBase64
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from service.wechat.answers import number
from service.wechat.errors import EncryptedDataStale

BLOCK = 128
KEY_BYTES = 16
OLDEST = timedelta(minutes=10)


def open_data(session_key: str, iv: str, sealed: str, *, appid: str, now: datetime) -> dict[str, Any]:
    """The data, once its watermark shows that it was made for this app within ten minutes of `now`.

    Raises EncryptedDataStale for anything else; a session_key replaced since is the ordinary case.
    """
    try:
        data = json.loads(_decrypt(_bytes(session_key), _bytes(iv), base64.b64decode(sealed, validate=True)))
        watermark = data["watermark"]
        made_at = datetime.fromtimestamp(number(watermark["timestamp"]) or 0, UTC)
        is_ours = watermark["appid"] == appid
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError, OSError):
        raise EncryptedDataStale from None
    if not is_ours or abs(now - made_at) > OLDEST:
        raise EncryptedDataStale
    opened: dict[str, Any] = data
    return opened


def is_signed(raw_data: str, session_key: str, signature: str) -> bool:
    """Whether `signature` is that of the raw data under this session_key: sha1(rawData + session_key)."""
    made = hashlib.sha1((raw_data + session_key).encode(), usedforsecurity=False).hexdigest()
    return hmac.compare_digest(made.encode(), signature.encode())


def _bytes(encoded: str) -> bytes:
    value = base64.b64decode(encoded, validate=True)
    if len(value) != KEY_BYTES:
        raise NotBase64
    return value


def _decrypt(key: bytes, iv: bytes, sealed: bytes) -> bytes:
    """Raises ValueError for a wrong length or padding."""
    opening = Cipher(AES(key), CBC(iv)).decryptor()
    unpad = PKCS7(BLOCK).unpadder()
    return unpad.update(opening.update(sealed) + opening.finalize()) + unpad.finalize()
