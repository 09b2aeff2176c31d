"""Tables that only grow: the database itself refuses to change or delete a row, whoever asks.

Migrations repeat the same statements: `statements(dialect, table)` to protect, `release(dialect, table)` to undo.
"""

from typing import cast

from sqlalchemy import DDL, Table, event
from sqlalchemy.orm import DeclarativeBase

SQLITE_PROTECT = (
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} only grows'); END",
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} only grows'); END",
)
SQLITE_RELEASE = ("DROP TRIGGER {table}_no_update", "DROP TRIGGER {table}_no_delete")

POSTGRESQL_FUNCTION = """\
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = TG_TABLE_NAME || ' only grows';
END $$"""
POSTGRESQL_PROTECT = (
    POSTGRESQL_FUNCTION,
    "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)
POSTGRESQL_RELEASE = ("DROP TRIGGER {table}_no_change ON {table}", "DROP TRIGGER {table}_no_truncate ON {table}")

PROTECT = {"sqlite": SQLITE_PROTECT, "postgresql": POSTGRESQL_PROTECT}
RELEASE = {"sqlite": SQLITE_RELEASE, "postgresql": POSTGRESQL_RELEASE}


def statements(dialect: str, table: str) -> list[str]:
    """What makes the table append-only on the engine (`sqlite` or `postgresql`)."""
    return [statement.replace("{table}", table) for statement in PROTECT[dialect]]


def release(dialect: str, table: str) -> list[str]:
    """What lets the table be changed again. PostgreSQL keeps the function, which other tables may use."""
    return [statement.replace("{table}", table) for statement in RELEASE[dialect]]


def append_only(model: type[DeclarativeBase]) -> None:
    """Protect the model's table wherever the tables are made without migrations."""
    table = cast(Table, model.__table__)
    for dialect in PROTECT:
        for statement in statements(dialect, table.name):
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
