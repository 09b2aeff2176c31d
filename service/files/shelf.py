"""Files at rest: sealed under the data directory, bound to their shelf and id."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from service.core import configuration, crypto
from service.core.crypto import Seal

SUFFIX = ".sealed"


def keep(shelf: str, file_id: UUID, content: bytes) -> None:
    """Seal the content and put it on the shelf, whole or not at all. It is on the disk when this returns."""
    path = _path(shelf, file_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(crypto.seal_bytes(content, field=f"files.{shelf}", row=file_id))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def fetch(shelf: str, file_id: UUID) -> bytes:
    """The content. Raises FileNotFoundError, SealBroken."""
    return crypto.unseal_bytes(_path(shelf, file_id).read_bytes(), field=f"files.{shelf}", row=file_id)


def discard(shelf: str, file_id: UUID) -> None:
    """Take the file off the shelf; nothing happens where it is gone."""
    with contextlib.suppress(FileNotFoundError):
        _path(shelf, file_id).unlink()


def kept() -> Iterator[tuple[str, UUID]]:
    """Every file there is: its shelf and id."""
    for path in sorted(configuration.current().data_dir.glob(f"*/*{SUFFIX}")):
        yield path.parent.name, UUID(path.name.removesuffix(SUFFIX))


def seal_on(shelf: str, file_id: UUID) -> Seal:
    """How the file is sealed. Raises FileNotFoundError, SealBroken."""
    with _path(shelf, file_id).open("rb") as file:
        return crypto.seal_of(file.read(2 + 255))


def reseal(shelf: str, file_id: UUID) -> bool:
    """Seal the file by the key in force; whether it was not yet. A file that has gone meanwhile stays gone.

    Raises SealBroken.
    """
    try:
        if seal_on(shelf, file_id) == crypto.current_seal():
            return False
        content = fetch(shelf, file_id)
    except FileNotFoundError:
        return False
    keep(shelf, file_id, content)
    return True


def _path(shelf: str, file_id: UUID) -> Path:
    return configuration.current().data_dir / shelf / f"{file_id}{SUFFIX}"
