"""Uploaded files at rest: sealed with AES-256-GCM under the data directory, bound to their shelf and id."""

import contextlib
import os
from pathlib import Path
from uuid import UUID

from service.core import configuration, crypto


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


def _path(shelf: str, file_id: UUID) -> Path:
    return configuration.current().data_dir / shelf / f"{file_id}.sealed"
