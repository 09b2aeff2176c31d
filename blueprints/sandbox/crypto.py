"""The sandbox's signatures and ciphers, written apart from the client's: both are tried against published vectors."""

import base64
import hashlib
import json
import os
import struct
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PUSH_BLOCK, DATA_BLOCK = 32, 16


class NotReadable(Exception):
    """A ciphertext that does not open."""


def sorted_sha1(*parts: str) -> str:
    """The signature of message push."""
    digest = hashlib.new("sha1", usedforsecurity=False)
    for part in sorted(parts):
        digest.update(part.encode())
    return digest.hexdigest()


def joined_sha1(*parts: str) -> str:
    """The signature of rawData: sha1 of the parts in their order."""
    return hashlib.new("sha1", "".join(parts).encode(), usedforsecurity=False).hexdigest()


def seal_push(aes_key: str, appid: str, message: str, random: bytes | None = None) -> str:
    """A push's Encrypt."""
    key, content = base64.b64decode(f"{aes_key}="), message.encode()
    plain = (random or os.urandom(16)) + struct.pack(">I", len(content)) + content + appid.encode()
    return base64.b64encode(_cbc(key, key[:16]).encryptor().update(_padded(plain, PUSH_BLOCK))).decode()


def open_push(aes_key: str, sealed: str) -> tuple[str, str]:
    """The message and the appid in an Encrypt. Raises NotReadable."""
    key = base64.b64decode(f"{aes_key}=")
    plain = _opened(key, key[:16], sealed, PUSH_BLOCK)
    if len(plain) < 20:
        raise NotReadable
    (length,) = struct.unpack(">I", plain[16:20])
    try:
        return plain[20 : 20 + length].decode(), plain[20 + length :].decode()
    except UnicodeDecodeError as error:
        raise NotReadable from error


def seal_data(session_key: str, data: Mapping[str, Any], iv: bytes | None = None) -> tuple[str, str]:
    """encryptedData and iv, as the mini-program gets them."""
    iv = iv or os.urandom(16)
    plain = _padded(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), DATA_BLOCK)
    sealed = _cbc(base64.b64decode(session_key), iv).encryptor().update(plain)
    return base64.b64encode(sealed).decode(), base64.b64encode(iv).decode()


def open_data(session_key: str, iv: str, sealed: str) -> dict[str, Any]:
    """What encryptedData says. Raises NotReadable."""
    plain = _opened(base64.b64decode(session_key), base64.b64decode(iv), sealed, DATA_BLOCK)
    try:
        data = json.loads(plain)
    except ValueError as error:
        raise NotReadable from error
    if not isinstance(data, dict):
        raise NotReadable
    return data


def _cbc(key: bytes, iv: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(iv))


def _padded(plain: bytes, block: int) -> bytes:
    count = block - len(plain) % block
    return plain + bytes([count]) * count


def _opened(key: bytes, iv: bytes, sealed: str, block: int) -> bytes:
    try:
        cipher = base64.b64decode(sealed, validate=True)
        opening = _cbc(key, iv).decryptor()
        padded = opening.update(cipher) + opening.finalize()
    except ValueError as error:
        raise NotReadable from error
    count = padded[-1] if padded else 0
    if not 1 <= count <= block or padded[-count:] != bytes([count]) * count:
        raise NotReadable
    return padded[:-count]
