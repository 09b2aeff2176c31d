"""Personal data at rest: sealed fields, and blind indexes to look them up by.

A sealed value is `version|key id|nonce|ciphertext`, AES-256-GCM, bound to table, column and row: moved to
another row or column it no longer opens (PIPL art. 51; docs/rules.md `privacy.at_rest`).
"""

import hashlib
import hmac
import os
import unicodedata
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.core import configuration

VERSION = 1
NONCE = 12


class SealBroken(Exception):
    """A sealed value does not open: wrong row, changed bytes or a missing key. Never shown to a person."""


def seal(value: str, *, field: str, row: UUID) -> bytes:
    """The value sealed for this field (`people.id_number`) of this row."""
    return seal_bytes(value.encode(), field=field, row=row)


def unseal(sealed: bytes, *, field: str, row: UUID) -> str:
    """The value. Raises SealBroken."""
    return unseal_bytes(sealed, field=field, row=row).decode()


def seal_bytes(value: bytes, *, field: str, row: UUID) -> bytes:
    """Bytes (a file's content) sealed for this field of this row."""
    settings = configuration.current()
    key_id = settings.field_key_id.encode()
    nonce = os.urandom(NONCE)
    sealed = AESGCM(settings.field_keys[settings.field_key_id]).encrypt(nonce, value, _binding(field, row))
    return bytes([VERSION, len(key_id)]) + key_id + nonce + sealed


def unseal_bytes(sealed: bytes, *, field: str, row: UUID) -> bytes:
    """The bytes. Raises SealBroken."""
    length = sealed[1]
    key_id = sealed[2 : 2 + length].decode()
    nonce = sealed[2 + length : 2 + length + NONCE]
    try:
        key = configuration.current().field_keys[key_id]
        return AESGCM(key).decrypt(nonce, sealed[2 + length + NONCE :], _binding(field, row))
    except (KeyError, InvalidTag) as error:
        raise SealBroken(field) from error


def blind_index(value: str, *, field: str) -> str:
    """A keyed digest of the normalised value, equal for equal values: for look-up and uniqueness. 64 hex digits."""
    normal = unicodedata.normalize("NFKC", value).strip().upper()
    message = f"{field}|{normal}".encode()
    return hmac.new(configuration.current().index_key, message, hashlib.sha256).hexdigest()


def _binding(field: str, row: UUID) -> bytes:
    return f"{field}|{row.hex}".encode()
