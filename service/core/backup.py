"""Backups while the product runs, and their way back into an empty database.

A backup is a folder: the database's contents as of one instant, the sealed files of the data directory, and a manifest
with the row counts, the files' digests and the ids of the keys needed to open what is sealed. Keys are never in it.
SQLite is copied through its backup interface, PostgreSQL by COPY of every table in one snapshot.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, inspect, select, text

from service.core import clock, configuration, crypto
from service.core.db import Base, db
from service.core.errors import Conflict, Invalid

MANIFEST, SQLITE_FILE, SHELVES = "manifest.json", "database.sqlite3", "files"
SEALED = "*/*.sealed"
VERSIONS = "alembic_version"


class BackupBroken(Invalid):
    """The folder is not a whole backup, or its keys are not at hand."""

    code = "backup.broken"
    message = "备份不完整，或缺少解密所需的密钥"


class KeysWrong(BackupBroken):
    """A key the backup needs is missing, or another key bears its id: without its keys a backup is void."""

    code = "backup.keys_wrong"
    message = "备份所用的密钥与现有密钥不符"


class NotEmpty(Conflict):
    """A backup is written into an empty folder, and restored into an empty database."""

    code = "backup.target_not_empty"
    message = "目标不是空的"


def write(folder: Path, **anchors: Any) -> dict[str, Any]:
    """Write a backup into the folder, made if missing; the manifest, with `anchors` in it. Raises NotEmpty."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise NotEmpty
    with db.engine.connect() as connection:
        engine = connection.dialect.name
        write_tables = _write_sqlite if engine == "sqlite" else _write_postgresql
        tables, revision = write_tables(connection, folder)
    _copy_shelves(configuration.current().data_dir, folder / SHELVES)
    manifest = {
        "made_at": clock.now().isoformat(),
        "engine": engine,
        "revision": revision,
        "tables": tables,
        "key_ids": sorted(configuration.current().field_keys),
        "key_checks": key_checks(),
        "files": {str(path.relative_to(folder)): _digest(path) for path in _files(folder)},
        **anchors,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


def restore(folder: Path) -> dict[str, Any]:
    """Bring the backup back into this database, which has the backup's revision and no rows; the manifest.

    Raises BackupBroken, KeysWrong, NotEmpty. Nothing is written unless digests, keys, revision and row counts agree.
    """
    manifest = _checked(folder)
    with db.engine.connect() as connection:
        if manifest["engine"] != connection.dialect.name:
            raise BackupBroken(details={"engine": manifest["engine"]})
        if any(_counts(connection).values()):
            raise NotEmpty
    if manifest["engine"] == "sqlite":
        _read_sqlite(folder)
    else:
        _read_postgresql(folder, manifest)
    _copy_shelves(folder / SHELVES, configuration.current().data_dir)
    return manifest


def _write_sqlite(connection: Connection, folder: Path) -> tuple[dict[str, int], str]:
    with closing(sqlite3.connect(folder / SQLITE_FILE)) as copy:
        _driver(connection).backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        tables = {table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in _names()}  # noqa: S608  # nosec B608
        revision: str = copy.execute(f"SELECT version_num FROM {VERSIONS}").fetchone()[0]  # noqa: S608  # nosec B608
    return tables, revision


def _read_sqlite(folder: Path) -> None:
    db.engine.dispose()
    with closing(sqlite3.connect(folder / SQLITE_FILE)) as copy, closing(db.engine.raw_connection()) as target:
        _healthy(copy)
        driver: Any = target.driver_connection
        copy.backup(driver)
        driver.execute("PRAGMA journal_mode=WAL")


def _healthy(copy: sqlite3.Connection) -> None:
    is_whole = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    if not is_whole or copy.execute("PRAGMA foreign_key_check").fetchone():
        raise BackupBroken(details={"file": SQLITE_FILE})


def _write_postgresql(connection: Connection, folder: Path) -> tuple[dict[str, int], str]:
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    cursor = _driver(connection).cursor()
    for table in _tables():
        into = f"COPY {_columns(table)} TO STDOUT"
        with (folder / f"{table.name}.copy").open("wb") as file, cursor.copy(into) as copy:
            for block in copy:
                file.write(block)
    return _counts(connection), _revision(connection)


def _read_postgresql(folder: Path, manifest: dict[str, Any]) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        if _revision(connection) != manifest["revision"]:
            raise BackupBroken(details={"revision": manifest["revision"]})
        cursor = _driver(connection).cursor()
        for table in _tables():
            out_of = f"COPY {_columns(table)} FROM STDIN"
            with (folder / f"{table.name}.copy").open("rb") as file, cursor.copy(out_of) as copy:
                while block := file.read(1 << 16):
                    copy.write(block)
            _set_sequence(connection, table)
        if _counts(connection) != manifest["tables"]:
            raise BackupBroken(details={"tables": "counts differ"})


def _set_sequence(connection: Connection, table: Table) -> None:
    column = table.autoincrement_column
    if column is not None:
        name = connection.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar()
        top = connection.execute(select(func.max(column))).scalar()
        if name and top:
            connection.execute(select(func.setval(name, top)))


def _checked(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        whole = {name: _digest(folder / name) for name in manifest["files"]} == manifest["files"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupBroken from error
    if not whole:
        raise BackupBroken(details={"whole": False})
    missing = set(manifest["key_ids"]) - set(configuration.current().field_keys)
    mine = key_checks()
    wrong = {name for name, check in manifest.get("key_checks", {}).items() if mine.get(name, check) != check}
    if missing or wrong:
        raise KeysWrong(details={"missing_keys": sorted(missing), "wrong_keys": sorted(wrong)})
    return manifest


def key_checks() -> dict[str, str]:
    """What tells the keys in force from others without telling them: `field:ID`, `audit:ID`, `index`."""
    settings = configuration.current()
    named = {f"field:{name}": key for name, key in settings.field_keys.items()}
    named |= {f"audit:{name}": key for name, key in settings.audit_keys.items()}
    named[f"index:{settings.index_hash}"] = settings.index_key
    return {name: crypto.check_value(key) for name, key in sorted(named.items())}


def _tables() -> list[Table]:
    return list(Base.metadata.sorted_tables)


def _names() -> list[str]:
    return [table.name for table in _tables()]


def _counts(connection: Connection) -> dict[str, int]:
    there = set(inspect(connection).get_table_names())
    counted = [table for table in _tables() if table.name in there]
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar() or 0 for table in counted}


def _revision(connection: Connection) -> str:
    return str(connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar_one())  # noqa: S608  # nosec B608


def _columns(table: Table) -> str:
    return f'"{table.name}" ({", ".join(f"{chr(34)}{column.name}{chr(34)}" for column in table.columns)})'


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _copy_shelves(source: Path, target: Path) -> None:
    for path in sorted(source.glob(SEALED)):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(path, place)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
