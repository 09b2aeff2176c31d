"""The database: one declarative Base, the column types of the house, and both engines set up properly."""

import contextlib
import enum
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Dialect, Engine, Enum, Integer, MetaData, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from service.core.writing import is_writing

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_TIMEOUT_MS = 30_000
Id = BigInteger().with_variant(Integer, "sqlite")
"""Row ids: 64 bits on PostgreSQL; INTEGER on SQLite, the only type that numbers itself there."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. SQLite keeps no offset, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value.astimezone(UTC) if value else None
        return value.replace(tzinfo=UTC)


def closed_list(members: type[enum.Enum], name: str | None = None) -> Enum:
    """A closed list as a column: stored by value, with a CHECK that keeps the database to it on both engines.

    The check is named after the list; a table with two columns of one list names them apart by `name`.
    """
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=24,
        values_callable=lambda each: [member.value for member in each],
    )


class Base(DeclarativeBase):
    """Every table descends from here. Typed, unlike `db.Model`: docs/adr/0004-own-base.md."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime(), enum.Enum: closed_list(enum.Enum)}


db = SQLAlchemy(
    metadata=Base.metadata,
    disable_autonaming=True,
    session_options={"expire_on_commit": False, "autoflush": True},
)


def engine_options(url: str) -> dict[str, Any]:
    """Pool and time-out settings for the engine the URL names."""
    if url.startswith("sqlite"):
        wait = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
        return {"hide_parameters": True, "connect_args": wait}
    limits = "-c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=15000"
    return {
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 24,
        "pool_timeout": 10,
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": 3, "tcp_user_timeout": 5000, "options": limits},
    }


@event.listens_for(Engine, "do_connect")
def _make_sqlite_file(dialect: Dialect, _record: Any, args: Any, _options: Any) -> None:
    """A new database file is its owner's alone; SQLite gives the files beside it the same mode."""
    path = Path(args[0]) if dialect.name == "sqlite" and args else None
    if path is None or not path.is_absolute() or path.exists():
        return
    # Where that cannot be, SQLite says so itself.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL with synchronous=FULL: an acknowledged place survives a power cut, not only a killed process."""
    if "sqlite3" not in type(connection).__module__:
        return
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    """Writers take the lock at once: a read that turns into a write would fail on a stale snapshot."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing() else "BEGIN")
