"""The database file of an installation that keeps its data in one."""

import os
from pathlib import Path

from sqlalchemy import create_engine, text

from service.core import db as databases


def test_a_new_database_file_is_its_owners_alone_and_one_that_stands_is_left(tmp_path: Path) -> None:
    assert databases.engine_options("sqlite://")
    before = os.umask(0o022)
    try:
        file = tmp_path / "data" / "gongyun.db"
        for mode in (0o600, 0o640):
            if file.exists():
                file.chmod(mode)
            engine = create_engine(f"sqlite:///{file}")
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE IF NOT EXISTS things (id INTEGER)"))
                modes = {each.name: each.stat().st_mode & 0o777 for each in file.parent.iterdir()}
            engine.dispose()
            assert set(modes.values()) == {mode}, modes
            assert "gongyun.db-wal" in modes
            assert file.parent.stat().st_mode & 0o777 == 0o700
        with create_engine("sqlite://").connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
    finally:
        os.umask(before)
