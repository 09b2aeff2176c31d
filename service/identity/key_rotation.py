"""Replacing the keys of sealed data while everything runs (docs/rules.md `privacy.key_rotation`).

The new key is known to every process first, then named as the one that seals, then everything sealed before is sealed
anew: a chain of outbox rows a column, each doing one piece and leaving the next, so that a stop anywhere costs nothing.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from service.audit import entries
from service.core import configuration, crypto, resealing, sealed
from service.core.access import SYSTEM
from service.core.ciphers import BY_NAME
from service.core.crypto import Seal, SealBroken
from service.core.errors import Conflict
from service.core.ids import new_id
from service.core.transaction import transactional
from service.files import shelf
from service.messaging import outbox

COLUMN, FILES = "keys.reseal_column", "keys.reseal_files"
log = structlog.get_logger("keys")


class KeysMissing(Conflict):
    """Something is sealed with a key that is not at hand: it could not be sealed anew."""

    code = "keys.missing"
    message = "有数据所用的密钥不在手边"


@dataclass(frozen=True, slots=True)
class Use:
    """How many values are sealed how, by where they are (`people.phone_sealed`, `files`)."""

    by_seal: dict[Seal, Counter[str]] = field(default_factory=dict)
    wrong_indexes: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """The ids of keys that are needed and not in FIELD_KEYS."""
        return sorted({seal.key_id for seal in self.by_seal} - set(configuration.current().field_keys))

    @property
    def unused(self) -> list[str]:
        """The ids of keys that nothing in database and files needs any more; backups may."""
        used = {seal.key_id for seal in self.by_seal} | {configuration.current().field_key_id}
        return sorted(set(configuration.current().field_keys) - used)

    @property
    def old(self) -> list[Seal]:
        """The seals that a rotation would replace."""
        return sorted(set(self.by_seal) - {crypto.current_seal()}, key=lambda each: (each.key_id, each.cipher))


@transactional
def start() -> int:
    """Begin sealing everything anew by the key in force; how many columns. Files come last. Raises KeysMissing."""
    if missing := use().missing:
        raise KeysMissing(details={"missing_keys": missing})
    run, columns = new_id().hex, sealed.columns()
    for each in columns:
        _leave(run, each.name, None, 0)
    outbox.put(FILES, f"{FILES}:{run}", run=run)
    settings = configuration.current()
    entries.record(SYSTEM, "keys.rotation_started", "key", settings.field_key_id, cipher=settings.field_cipher)
    return len(columns)


@transactional
def reseal_column(payload: Mapping[str, Any]) -> None:
    """One piece of a column; the next one is left in the outbox. The outbox's handler."""
    column = sealed.by_name(payload["column"])
    place = resealing.reseal_some(column, payload["after"])
    if place is None:
        log.info("column_resealed", column=column.name, pieces=payload["piece"])
    else:
        _leave(payload["run"], column.name, place, payload["piece"] + 1)


def reseal_files(_job: object) -> None:
    """All files; each is replaced whole or not at all. The outbox's outward handler."""
    for name, file_id in shelf.kept():
        try:
            shelf.reseal(name, file_id)
        except SealBroken:
            log.warning("not_resealed", column=f"files.{name}", row=file_id.hex)


def reindex() -> int:
    """Make every blind index anew with the key and hash in force; how many pieces of 500 rows.

    Everything else must be stopped: meanwhile some people are found by the old key only, and would be entered twice.
    """
    pieces = 0
    for each in sealed.columns():
        place = resealing.reindex_some(each, None)
        while place is not None:
            pieces += 1
            place = resealing.reindex_some(each, place)
    return pieces


def use() -> Use:
    """Which keys and ciphers are in use, and whether the blind indexes fit the key in force."""
    found: dict[Seal, Counter[str]] = {}
    wrong = []
    for each in sealed.columns():
        for seal, number in resealing.seals_in_use(each).items():
            found.setdefault(seal, Counter())[each.name] += number
        if not _index_is_right(each):
            wrong.append(each.name)
    for name, file_id in shelf.kept():
        found.setdefault(shelf.seal_on(name, file_id), Counter())[f"files.{name}"] += 1
    return Use(found, wrong)


def cipher_name(seal: Seal) -> str:
    """`aes-256-gcm`"""
    return next((name for name, cipher in BY_NAME.items() if cipher == seal.cipher), f"unknown {seal.cipher}")


def _index_is_right(column: sealed.SealedColumn) -> bool:
    try:
        return resealing.index_is_right(column)
    except SealBroken:
        return True  # the key is missing: told as such


def _leave(run: str, column: str, after: list[Any] | None, piece: int) -> None:
    outbox.put(COLUMN, f"{COLUMN}:{run}:{column}:{piece}", run=run, column=column, after=after, piece=piece)
