"""Reading names from an environment, gathering every problem so that all are told at once."""

import base64
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

LEAST_SECRET_BYTES = 32
WEAK_WORDS = ("change", "secret", "example", "password", "default")


class Reader:
    """Reads an environment; `problems` says what is missing, malformed or weak."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.fallback: Mapping[str, str] = {}
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        """The text, or the default where it is unset or empty."""
        return self.env.get(name) or default

    def flag(self, name: str) -> bool | None:
        """1 or 0; None where it is unset."""
        given = self.env.get(name) or ""
        if given not in ("", "0", "1"):
            self.problems.append(f"{name}: 1 or 0")
        return {"1": True, "0": False}.get(given)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        given = self.env.get(name) or str(default)
        if given.isascii() and given.isdigit() and least <= int(given) <= most:
            return int(given)
        self.problems.append(f"{name}: a whole number from {least} to {most}")
        return default

    def secret(self, name: str) -> str:
        """A secret of at least 32 bytes that is not easy to guess."""
        value = self.env.get(name) or self.fallback.get(name, "")
        if not value:
            self.problems.append(f"{name}: missing")
        elif len(value.encode()) < LEAST_SECRET_BYTES:
            self.problems.append(f"{name}: shorter than {LEAST_SECRET_BYTES} bytes")
        elif any(word in value.lower() for word in WEAK_WORDS) or len(set(value)) < LEAST_SECRET_BYTES // 4:
            self.problems.append(f"{name}: too easy to guess")
        return value

    def keys(self, name: str) -> dict[str, bytes]:
        """`id:base64,id:base64`, the first is used for new values; each key is 32 bytes."""
        given = self.env.get(name) or self.fallback.get(name, "")
        keys: dict[str, bytes] = {}
        for pair in filter(None, given.split(",")):
            key_id, _, encoded = pair.partition(":")
            try:
                keys[key_id] = base64.b64decode(encoded, validate=True)
            except NotBase64:
                keys[key_id] = b""
        if not keys:
            self.problems.append(f"{name}: missing")
        elif any(len(key) != LEAST_SECRET_BYTES or len(set(key)) < 8 for key in keys.values()):
            self.problems.append(f"{name}: each key is id:base64 of {LEAST_SECRET_BYTES} random bytes")
        return keys


def _read_by(read: Callable[[Reader], Any], *, is_secret: bool = False) -> Any:
    return field(repr=not is_secret, metadata={"read": read})


def text(name: str, default: str = "", *, is_secret: bool = False) -> Any:
    """A field read as text."""
    return _read_by(lambda reader: reader.text(name, default), is_secret=is_secret)


def flag(name: str) -> Any:
    """A field read as yes or no, None where it is unset."""
    return _read_by(lambda reader: reader.flag(name))


def number(name: str, default: int, least: int, most: int) -> Any:
    """A field read as a whole number within bounds."""
    return _read_by(lambda reader: reader.number(name, default, least, most))


def secret(name: str) -> Any:
    """A field read as a secret text."""
    return _read_by(lambda reader: reader.secret(name), is_secret=True)


def secret_bytes(name: str) -> Any:
    """A field read as a secret, kept as bytes."""
    return _read_by(lambda reader: reader.secret(name).encode(), is_secret=True)


def keys(name: str) -> Any:
    """A field read as keys by id."""
    return _read_by(lambda reader: reader.keys(name), is_secret=True)
