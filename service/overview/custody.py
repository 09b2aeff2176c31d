"""Backups with what proves them: the keys they need, and where the audit trail stood.

A backup is void without its keys; one brought back is opened and its trail followed before it is called good.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from service.audit import sealing, verifying
from service.audit.sealing import Head
from service.core import backup, resealing, sealed
from service.core.crypto import SealBroken
from service.core.errors import Unavailable

HEAD = "audit_head"


class BackupFailed(Unavailable):
    """Disk or database gave way, or are not what a backup needs; `details.why` says how, in the system's words."""

    code = "backup.failed"
    message = "备份或恢复没有完成"
    next_step = "请按提示排除故障后重新执行"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and what is wrong with it: columns that do not open, broken rows of the trail."""

    manifest: dict[str, Any]
    faults: list[str]


def write(folder: Path) -> dict[str, Any]:
    """Write a backup; the manifest, which says where the trail stood. Raises NotEmpty, BackupFailed."""
    with _told():
        sealing.seal_all()
        head = sealing.head()
        return backup.write(folder, **{HEAD: {"sequence": head.sequence, "hash": head.hash}})


def restore(folder: Path) -> Restored:
    """Bring a backup back, open a value of each sealed column and follow the trail.

    Raises BackupBroken, KeysWrong, NotEmpty: then nothing was written. Raises BackupFailed where disk or database do.
    """
    with _told():
        manifest = backup.restore(folder)
    # What was written between the last link and the backup's instant.
    sealing.seal_all()
    faults = [f"{each.name}: does not open" for each in sealed.columns() if not _opens(each)]
    known = manifest.get(HEAD)
    verdict = verifying.verify(Head(known["sequence"], known["hash"]) if known else None)
    faults += [f"{finding.row}: {finding.fault}" for finding in verdict.findings]
    return Restored(manifest, faults)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, DBAPIError, sqlite3.Error, psycopg.Error) as error:
        said = str(error.orig if isinstance(error, DBAPIError) else error).strip() or type(error).__name__
        raise BackupFailed(details={"why": said.splitlines()[0]}) from error


def _opens(column: sealed.SealedColumn) -> bool:
    try:
        resealing.open_one(column)
    except SealBroken:
        return False
    return True
