"""The database itself refuses to change what only grows."""

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.audit import entries
from service.core import append_only
from service.core.access import SYSTEM


@pytest.fixture
def entry(database: SQLAlchemy) -> SQLAlchemy:
    """A database with one audit entry."""
    entries.record(SYSTEM, "test", "thing", 1)
    database.session.commit()
    return database


@pytest.mark.parametrize("table", ["audit_entries", "booking_events"])
def test_both_journals_are_protected(database: SQLAlchemy, table: str) -> None:
    kind = database.session.get_bind().dialect.name
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = cast(:table AS regclass) AND NOT tgisinternal",
    }
    assert len(database.session.scalars(text(names[kind]), {"table": table}).all()) == 2


@pytest.mark.parametrize("deed", ["UPDATE audit_entries SET action = 'other'", "DELETE FROM audit_entries"])
def test_an_entry_is_neither_changed_nor_deleted(entry: SQLAlchemy, deed: str) -> None:
    with pytest.raises(DBAPIError, match="only grows"):
        entry.session.execute(text(deed))


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_journal_is_not_truncated(entry: SQLAlchemy, engine_name: str) -> None:
    with pytest.raises(DBAPIError, match="only grows"):
        entry.session.execute(text("TRUNCATE audit_entries"))


def test_a_released_table_can_be_changed(entry: SQLAlchemy) -> None:
    for statement in append_only.release(entry.session.get_bind().dialect.name, "audit_entries"):
        entry.session.execute(text(statement))
    entry.session.execute(text("DELETE FROM audit_entries"))
    for statement in append_only.statements(entry.session.get_bind().dialect.name, "audit_entries"):
        entry.session.execute(text(statement))
