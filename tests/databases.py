"""Databases with the product's tables: made by the real migrations, rolled back or emptied after a test."""

from collections.abc import Iterator
from contextlib import contextmanager

import flask_migrate
from flask import Flask
from sqlalchemy import Connection, Engine, exists, select, text
from sqlalchemy.orm import Session

from service.core import health
from service.core.db import Base, db
from tests.engines import ROOT, SQLITE

MIGRATIONS = ROOT / "migrations"


def build_schema(app: Flask) -> None:
    """Bring the app's database to the newest revision."""
    with app.app_context():
        if any((MIGRATIONS / "versions").glob("[0-9]*.py")):
            flask_migrate.upgrade(directory=str(MIGRATIONS))
        else:
            db.create_all()
        db.engine.dispose()


@contextmanager
def rolled_back(app: Flask) -> Iterator[Connection]:
    """Everything the app does in here happens on one connection, in a transaction that is rolled back.

    Flask-SQLAlchemy's session ignores `bind=`, so the app's engine itself is exchanged for the connection;
    each session's own transaction becomes a savepoint in the outer one.
    """
    engines: dict[str | None, Engine | Connection] = db._app_engines[app]  # type: ignore[assignment]
    engine = engines[None]
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    assert isinstance(engine, Engine)
    answers = health.database_answers
    with engine.connect() as connection:
        outer = connection.begin()
        engines[None] = connection
        # A probe asks from a thread of its own, which may not use this test's one connection.
        health.database_answers = lambda within_seconds=1.0: True
        try:
            yield connection
        finally:
            health.database_answers = answers
            db.session.remove()
            engines[None] = engine
            outer.rollback()


def empty(app: Flask) -> None:
    """Delete every row of every table, past foreign keys and append-only triggers; migrations' own rows too."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        with db.engine.connect() as connection:
            if connection.dialect.name == SQLITE:
                _empty_sqlite(connection)
            else:
                _empty_postgresql(connection)


def _filled_tables(connection: Connection) -> list[str]:
    names = list(Base.metadata.tables)
    if not names:
        return []
    questions = [exists(select(1).select_from(Base.metadata.tables[name])).label(name) for name in names]
    answers: list[str] = []
    # SQLite takes at most 2,000 result columns; there are far fewer tables.
    for name, is_filled in connection.execute(select(*questions)).mappings().one().items():
        if is_filled:
            answers.append(str(name))
    return answers


def _empty_sqlite(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    # Inside a transaction, which SQLAlchemy would open, the pragma is ignored.
    raw.execute("PRAGMA foreign_keys=OFF")
    triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in triggers:
        connection.execute(text(f'DROP TRIGGER "{name}"'))
    for table in _filled_tables(connection):
        connection.execute(text(f'DELETE FROM "{table}"'))
    for _, statement in triggers:
        connection.exec_driver_sql(statement)
    connection.commit()
    raw.execute("PRAGMA foreign_keys=ON")


def _empty_postgresql(connection: Connection) -> None:
    # Triggers, and foreign keys with them, do not fire in a replica's session. Needs a superuser.
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for table in _filled_tables(connection):
        connection.execute(text(f'DELETE FROM "{table}"'))
    connection.commit()


def finish_open_work(session: Session) -> None:
    """What the test has written stands, and what it asks for next is read anew, as after a command.

    A savepoint left open by a read would take a later request's writes with it when it is rolled back.
    """
    session.commit()
    session.close()
