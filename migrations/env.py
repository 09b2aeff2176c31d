"""How Alembic reaches the database, for `flask db ...`. Run by Alembic, never imported.

Autogenerate does not see CHECK constraints of existing tables, nor triggers: those are written by hand, and
tests/migrations compares the result with the models.
"""

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.schema import SchemaItem

from service.core.db import Base, UtcDateTime, db

ONE_AT_A_TIME = 5308
"""Key of the advisory lock that makes a second node wait for the first one's migration."""


def is_ours(item: SchemaItem, name: str | None, kind: str, is_reflected: bool, ours: SchemaItem | None) -> bool:
    """Leave out what the engine made for itself: the shadow tables of a full-text index."""
    is_shadow = kind == "table" and is_reflected and ours is None and "_fts" in (name or "")
    return not is_shadow


def number(_context: MigrationContext, _revision: object, scripts: list[MigrationScript]) -> None:
    """Give the next revision the next number; write none where nothing changed."""
    script = scripts[0]
    is_generated = getattr(context.config.cmd_opts, "autogenerate", False)
    if is_generated and script.upgrade_ops is not None and script.upgrade_ops.is_empty():
        scripts.clear()
        return
    head = ScriptDirectory.from_config(context.config).get_current_head()
    script.rev_id = f"{int(head or 0) + 1:04d}"


def write_type(kind: str, item: object, _context: object) -> str | bool:
    """The column types of the house as plain SQLAlchemy: a revision must not change with the models' code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def prepare(connection: Connection) -> None:
    """Settings of the connection that a migration needs and a request must not have."""
    if connection.dialect.name == "sqlite":
        # Batch mode makes a table anew and drops the old one, which would take its children's rows along.
        # Past SQLAlchemy, because the pragma is ignored inside a transaction.
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")


def lock(connection: Connection) -> None:
    """Wait for one's turn as long as it takes; for a table's lock only shortly, because all its users queue behind."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        connection.execute(text("SET LOCAL lock_timeout = '3s'"))


def verify(connection: Connection) -> None:
    """Foreign keys again, after looking whether every one still holds."""
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        raw.execute("PRAGMA foreign_keys=ON")
        if broken:
            raise RuntimeError(f"foreign keys broken by the migration: {broken[:10]}")


def options() -> dict[str, object]:
    """What both ways of running have in common."""
    return {
        "target_metadata": Base.metadata,
        "include_object": is_ours,
        "process_revision_directives": number,
        "render_item": write_type,
        "render_as_batch": True,
        "compare_type": True,
        "transactional_ddl": True,
    }


def run_online() -> None:
    """Migrate the app's own database, all of it or nothing."""
    with db.engine.connect() as connection:
        prepare(connection)
        context.configure(connection=connection, **options())
        with context.begin_transaction():
            lock(connection)
            context.run_migrations()
        verify(connection)


def run_offline() -> None:
    """Print the SQL instead (`flask db upgrade --sql`), for a database administrator to read."""
    url = current_app.config["SQLALCHEMY_DATABASE_URI"]
    context.configure(url=url, literal_binds=True, **options())
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
