"""Tables that only grow: the database itself refuses to change or delete a row, whoever asks.

A table may name the rows whose time is over: `unless` is a condition on OLD, in SQL both engines read, under which
deleting is let through. Migrations repeat the same statements: `statements(dialect, table)` to protect,
`release(dialect, table)` to undo.
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

SQLITE_PROTECT_UNLESS = (
    SQLITE_PROTECT[0],
    """\
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT ({unless})
BEGIN SELECT RAISE(ABORT, '{table} only grows'); END""",
)
POSTGRESQL_PROTECT_UNLESS = (
    POSTGRESQL_FUNCTION,
    """\
CREATE OR REPLACE FUNCTION {table}_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {unless} THEN RETURN OLD; END IF;
  RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = TG_TABLE_NAME || ' only grows';
END $$""",
    "CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse_delete()",
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)
POSTGRESQL_RELEASE_UNLESS = (
    *POSTGRESQL_RELEASE,
    "DROP TRIGGER {table}_no_delete ON {table}",
    "DROP FUNCTION {table}_refuse_delete()",
)

PROTECT = {"sqlite": SQLITE_PROTECT, "postgresql": POSTGRESQL_PROTECT}
PROTECT_UNLESS = {"sqlite": SQLITE_PROTECT_UNLESS, "postgresql": POSTGRESQL_PROTECT_UNLESS}
RELEASE = {"sqlite": SQLITE_RELEASE, "postgresql": POSTGRESQL_RELEASE}
RELEASE_UNLESS = {"sqlite": SQLITE_RELEASE, "postgresql": POSTGRESQL_RELEASE_UNLESS}


def statements(dialect: str, table: str, unless: str = "") -> list[str]:
    """What makes the table append-only on the engine (`sqlite` or `postgresql`)."""
    chosen = PROTECT_UNLESS if unless else PROTECT
    return [each.replace("{table}", table).replace("{unless}", unless) for each in chosen[dialect]]


def release(dialect: str, table: str, unless: str = "") -> list[str]:
    """What lets the table be changed again. PostgreSQL keeps the function, which other tables may use."""
    chosen = RELEASE_UNLESS if unless else RELEASE
    return [statement.replace("{table}", table) for statement in chosen[dialect]]


def append_only(model: type[DeclarativeBase], unless: str = "") -> None:
    """Protect the model's table wherever the tables are made without migrations."""
    table = cast(Table, model.__table__)
    for dialect in PROTECT:
        for statement in statements(dialect, table.name, unless):
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
