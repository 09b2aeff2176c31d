"""The database itself refuses to change what only grows."""

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.core import append_only

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = cast(:table AS regclass) AND NOT tgisinternal",
}


@pytest.fixture
def journal(database: SQLAlchemy) -> SQLAlchemy:
    """A database with a protected table `journal_for_test`, and one row in it."""
    database.session.execute(text("CREATE TABLE journal_for_test (id integer)"))
    for statement in append_only.statements(dialect(database), "journal_for_test"):
        database.session.execute(text(statement))
    database.session.execute(text("INSERT INTO journal_for_test VALUES (1)"))
    database.session.commit()
    return database


def dialect(database: SQLAlchemy) -> str:
    return str(database.session.get_bind().dialect.name)


@pytest.mark.parametrize("table", ["audit_entries", "booking_events"])
def test_both_journals_are_protected(database: SQLAlchemy, table: str) -> None:
    names = set(database.session.scalars(text(TRIGGERS[dialect(database)]), {"table": table}))
    wanted = {"sqlite": {"no_update", "no_delete"}, "postgresql": {"no_change", "no_truncate"}}[dialect(database)]
    assert names >= {f"{table}_{name}" for name in wanted}


@pytest.mark.parametrize("deed", ["UPDATE journal_for_test SET id = 2", "DELETE FROM journal_for_test"])
def test_a_row_is_neither_changed_nor_deleted(journal: SQLAlchemy, deed: str) -> None:
    with pytest.raises(DBAPIError, match="only grows"):
        journal.session.execute(text(deed))


def test_rows_can_be_added(journal: SQLAlchemy) -> None:
    journal.session.execute(text("INSERT INTO journal_for_test VALUES (2)"))
    assert journal.session.scalar(text("SELECT count(*) FROM journal_for_test")) == 2


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_journal_is_not_truncated(journal: SQLAlchemy, engine_name: str) -> None:
    with pytest.raises(DBAPIError, match="only grows"):
        journal.session.execute(text("TRUNCATE journal_for_test"))


def test_a_released_table_can_be_changed(journal: SQLAlchemy) -> None:
    for statement in append_only.release(dialect(journal), "journal_for_test"):
        journal.session.execute(text(statement))
    journal.session.execute(text("DELETE FROM journal_for_test"))
    assert journal.session.scalar(text("SELECT count(*) FROM journal_for_test")) == 0
