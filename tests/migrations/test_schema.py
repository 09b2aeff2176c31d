"""The migrations make exactly the tables the models describe, on both engines, and can be taken back a step."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, NullPool, create_engine, inspect, text

from blueprints.app import create_app
from config import settings
from service.core.db import Base, db
from tests.databases import MIGRATIONS
from tests.engines import SQLITE, environment

DIRECTORY = str(MIGRATIONS)
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
}


def shape(connection: Connection) -> dict[str, Any]:
    """Everything reflection tells about the tables, in an order that does not depend on how they were made."""
    inspector = inspect(connection)
    tables = [name for name in inspector.get_table_names() if name != "alembic_version"]
    return {name: _shape_of_table(inspector, name) for name in tables}


def _shape_of_table(inspector: Any, name: str) -> dict[str, Any]:
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in inspector.get_columns(name)
        },
        "primary key": inspector.get_pk_constraint(name)["constrained_columns"],
        "checks": {check["name"]: _words(check["sqltext"]) for check in inspector.get_check_constraints(name)},
        "unique": {each["name"]: each["column_names"] for each in inspector.get_unique_constraints(name)},
        "foreign keys": {
            each["name"]: (each["constrained_columns"], each["referred_table"], each["options"])
            for each in inspector.get_foreign_keys(name)
        },
        "indexes": {
            each["name"]: (each["column_names"], bool(each["unique"]), _where(each))
            for each in inspector.get_indexes(name)
        },
    }


def _where(index: dict[str, Any]) -> dict[str, str]:
    options = index.get("dialect_options", {})
    return {key: _words(str(value)) for key, value in options.items() if key.endswith("_where")}


def _words(sql: str) -> str:
    return " ".join(sql.split())


def triggers(connection: Connection) -> list[str]:
    """The names of all triggers."""
    return list(connection.execute(text(TRIGGERS[connection.dialect.name])).scalars())


@pytest.fixture
def empty_app(new_database: Callable[[str], str], engine_name: str, data_dir: Path) -> Iterator[Flask]:
    """An app, in its context, whose database has no table yet."""
    app = create_app(settings.load(environment(new_database(engine_name), data_dir)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def model_shape(new_database: Callable[[str], str], engine_name: str, data_dir: Path) -> dict[str, Any]:
    """The shape of a database made from the models, without migrations."""
    engine = create_engine(new_database(engine_name), poolclass=NullPool)
    with engine.connect() as connection:
        Base.metadata.create_all(connection)
        return shape(connection)


def test_the_newest_revision_is_what_the_models_say(empty_app: Flask, model_shape: dict[str, Any]) -> None:
    flask_migrate.upgrade(directory=DIRECTORY)
    command.check(empty_app.extensions["migrate"].migrate.get_config(DIRECTORY))
    with db.engine.connect() as connection:
        migrated = shape(connection)
    assert migrated == model_shape
    assert any(table["checks"] for table in migrated.values())
    assert any(where for table in migrated.values() for *_, where in table["indexes"].values())


def test_a_step_down_and_up_again_changes_nothing(empty_app: Flask) -> None:
    flask_migrate.upgrade(directory=DIRECTORY)
    before = _shape_and_triggers()
    flask_migrate.downgrade(directory=DIRECTORY, revision="-1")
    assert _shape_and_triggers() != before
    flask_migrate.upgrade(directory=DIRECTORY)
    assert _shape_and_triggers() == before


def _shape_and_triggers() -> tuple[dict[str, Any], list[str]]:
    with db.engine.connect() as connection:
        return shape(connection), triggers(connection)


@pytest.mark.parametrize("engine_name", [SQLITE])
def test_foreign_keys_hold_again_after_a_migration(empty_app: Flask, engine_name: str) -> None:
    flask_migrate.upgrade(directory=DIRECTORY)
    with db.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_revisions_are_numbered_in_one_line() -> None:
    revisions = list(ScriptDirectory(DIRECTORY).walk_revisions())
    numbers = sorted(revision.revision for revision in revisions)
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    assert all(Path(revision.path).name.startswith(f"{revision.revision}_") for revision in revisions)


@pytest.mark.parametrize("engine_name", [SQLITE])
def test_a_missing_check_or_partial_index_would_be_found(empty_app: Flask, engine_name: str) -> None:
    table = "CREATE TABLE a (n INTEGER, CONSTRAINT ck_a_n CHECK (n > 0))"
    index = "CREATE UNIQUE INDEX ix_a_n ON a (n) WHERE n < 9"
    shapes = []
    for statements in (
        [table, index],
        [table],
        ["CREATE TABLE a (n INTEGER)", index],
        [table, index.replace("9", "8")],
        [table.replace("> 0", "> 1"), index],
    ):
        with db.engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
            shapes.append(shape(connection))
            connection.rollback()
    assert all(shapes.count(each) == 1 for each in shapes)
