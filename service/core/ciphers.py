"""The two ciphers personal data may be sealed with: AES-256-GCM, and SM4-GCM where a 密评 asks for it.

Keys are 32 bytes for both; SM4 takes 16, which are derived from the key, so that one never serves two ciphers.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE, TAG = 12, 16
SM4_KEY = 16


class CipherId(IntEnum):
    """The first byte of a sealed value: how it was sealed."""

    AES_256_GCM = 1
    SM4_GCM = 2


@dataclass(frozen=True, slots=True)
class Suite:
    """Encrypting and decrypting with one cipher: (key, nonce, text, bound data); the tag stands at the end."""

    encrypt: Callable[[bytes, bytes, bytes, bytes], bytes]
    decrypt: Callable[[bytes, bytes, bytes, bytes], bytes]


def fresh_nonce() -> bytes:
    """Random bytes never used twice with a key."""
    return os.urandom(NONCE)


def _aes_encrypt(key: bytes, nonce: bytes, text: bytes, bound: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, text, bound)


def _aes_decrypt(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, sealed, bound)


@lru_cache(maxsize=64)
def _sm4_key(key: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=SM4_KEY, salt=None, info=b"gongyun sm4-gcm").derive(key)


def _sm4_encrypt(key: bytes, nonce: bytes, text: bytes, bound: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(text) + encryptor.finalize() + encryptor.tag


def _sm4_decrypt(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    if len(sealed) < TAG:
        raise InvalidTag
    mode = modes.GCM(nonce, sealed[-TAG:])
    decryptor = Cipher(algorithms.SM4(_sm4_key(key)), mode).decryptor()
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(sealed[:-TAG]) + decryptor.finalize()


SUITES: dict[int, Suite] = {
    CipherId.AES_256_GCM: Suite(_aes_encrypt, _aes_decrypt),
    CipherId.SM4_GCM: Suite(_sm4_encrypt, _sm4_decrypt),
}
BY_NAME: dict[str, CipherId] = {"aes-256-gcm": CipherId.AES_256_GCM, "sm4-gcm": CipherId.SM4_GCM}
"""The names of the setting FIELD_CIPHER."""
