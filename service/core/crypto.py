"""Personal data at rest: sealed fields, and blind indexes to look them up by.

A sealed value is `cipher|key id|nonce|ciphertext`, AES-256-GCM or SM4-GCM by the setting FIELD_CIPHER, bound to table,
column and row: moved to another row or column it no longer opens (PIPL art. 51; docs/rules.md `privacy.at_rest`).
"""

import unicodedata
from dataclasses import dataclass
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac

from service.core import ciphers, configuration

HASHES = {"sha256": hashes.SHA256, "sm3": hashes.SM3}
"""The names of the setting INDEX_HASH; both give 64 hex digits."""
log = structlog.get_logger("crypto")


class SealBroken(Exception):
    """A sealed value does not open: wrong row, changed bytes or a missing key. Never shown to a person."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What stands in front of a sealed value: the cipher's number and the key's id."""

    cipher: int
    key_id: str

    @property
    def header(self) -> bytes:
        """The first bytes of every value sealed so."""
        name = self.key_id.encode()
        return bytes([self.cipher, len(name)]) + name


def current_seal() -> Seal:
    """How new values are sealed: by the settings FIELD_CIPHER and FIELD_KEY_ID."""
    settings = configuration.current()
    return Seal(ciphers.BY_NAME[settings.field_cipher], settings.field_key_id)


def seal_of(sealed: bytes) -> Seal:
    """How a value was sealed. Raises SealBroken for what is no sealed value."""
    try:
        return Seal(sealed[0], sealed[2 : 2 + sealed[1]].decode())
    except (IndexError, UnicodeDecodeError) as error:
        raise SealBroken("not a sealed value") from error


def seal(value: str, *, field: str, row: UUID) -> bytes:
    """The value sealed for this field (`people.id_number`) of this row."""
    return seal_bytes(value.encode(), field=field, row=row)


def unseal(sealed: bytes, *, field: str, row: UUID) -> str:
    """The value. Raises SealBroken."""
    return unseal_bytes(sealed, field=field, row=row).decode()


def seal_bytes(value: bytes, *, field: str, row: UUID) -> bytes:
    """Bytes (a file's content) sealed for this field of this row."""
    by = current_seal()
    key = configuration.current().field_keys[by.key_id]
    nonce = ciphers.fresh_nonce()
    return by.header + nonce + ciphers.SUITES[by.cipher].encrypt(key, nonce, value, _binding(field, row))


def unseal_bytes(sealed: bytes, *, field: str, row: UUID) -> bytes:
    """The bytes. Raises SealBroken, and says so in the log: it was tampered with, or its key is lost."""
    try:
        by = seal_of(sealed)
        start = len(by.header)
        key = configuration.current().field_keys[by.key_id]
        nonce, rest = sealed[start : start + ciphers.NONCE], sealed[start + ciphers.NONCE :]
        return ciphers.SUITES[by.cipher].decrypt(key, nonce, rest, _binding(field, row))
    except (SealBroken, KeyError, ValueError, InvalidTag) as error:
        log.error("seal_broken", field=field, row=row.hex, reason=type(error).__name__)  # noqa: TRY400  no trace of what
        raise SealBroken(field) from error


def blind_index(value: str, *, field: str) -> str:
    """A keyed digest of the normalised value, equal for equal values: for look-up and uniqueness. 64 hex digits.

    HMAC over SHA-256, or over SM3, by the setting INDEX_HASH.
    """
    normal = unicodedata.normalize("NFKC", value).strip().upper()
    settings = configuration.current()
    digest = hmac.HMAC(settings.index_key, HASHES[settings.index_hash]())
    digest.update(f"{field}|{normal}".encode())
    return digest.finalize().hex()


def check_value(key: bytes) -> str:
    """What tells one key from another without telling the key: 16 hex digits, for backups' manifests."""
    digest = hmac.HMAC(key, hashes.SHA256())
    digest.update(b"gongyun key check value")
    return digest.finalize().hex()[:16]


def _binding(field: str, row: UUID) -> bytes:
    return f"{field}|{row.hex}".encode()
