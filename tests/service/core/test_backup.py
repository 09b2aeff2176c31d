"""A backup made while the product runs comes back whole into an empty database, or not at all."""

import contextvars
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from blueprints.app import create_app
from config import settings
from service.audit import entries
from service.audit.models import AuditEntry
from service.core import backup, clock, configuration
from service.core.access import Actor
from service.core.backup import BackupBroken, NotEmpty
from service.core.db import db
from service.core.transaction import transactional
from service.files import shelf
from service.identity.models import Person
from service.organisations.models import UnionNode
from service.unions.models import Membership
from tests import databases, make
from tests.engines import environment


@pytest.fixture
def filled(committed_database: SQLAlchemy) -> list[int]:
    """A database with three people, their memberships and an audit entry; the people's ids."""
    city = make.node()
    people = make.people(3, member_of=city)
    entries.record(Actor(person_id=people[0]), "test", "thing", 1)
    db.session.commit()
    db.session.remove()
    return people


@pytest.fixture
def elsewhere(new_database: Callable[[str], str], engine_name: str, tmp_path: Path, data_dir: Path) -> Iterator[Flask]:
    """An app on another database of the same revision, empty, with the same keys and another data directory."""
    before = configuration.current()
    keys = json.loads((data_dir / "local-secrets.json").read_text())
    app = create_app(settings.load(environment(new_database(engine_name), tmp_path / "elsewhere", **keys)))
    databases.build_schema(app)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    configuration.use(before)


@transactional
def join() -> None:
    """One more member, person and membership together."""
    node_id = db.session.scalars(select(UnionNode.id)).first()
    person = Person(name="新会员", created_at=clock.now())
    db.session.add(person)
    db.session.flush()
    db.session.add(Membership(person_id=person.id, node_id=node_id, joined_on=date(2026, 1, 1)))


def restore(elsewhere: Flask, folder: Path) -> dict[str, Any]:
    with elsewhere.app_context():
        return backup.restore(folder)


def test_what_was_written_comes_back(filled: list[int], elsewhere: Flask, tmp_path: Path) -> None:
    manifest = backup.write(tmp_path / "backup")
    assert manifest["tables"]["people"] == 3
    assert manifest["tables"]["audit_entries"] == 1
    assert restore(elsewhere, tmp_path / "backup") == manifest
    with elsewhere.app_context():
        people = db.session.scalars(select(Person).order_by(Person.id)).all()
        assert [person.id for person in people] == filled
        assert people[0].phone is not None
        assert people[0].id_number is not None
        assert backup.write(tmp_path / "again")["tables"] == manifest["tables"]


def test_new_rows_get_new_numbers_after_a_restore(filled: list[int], elsewhere: Flask, tmp_path: Path) -> None:
    backup.write(tmp_path / "backup")
    restore(elsewhere, tmp_path / "backup")
    with elsewhere.app_context():
        assert make.person().id > max(filled)


def test_journals_are_still_protected_after_a_restore(filled: list[int], elsewhere: Flask, tmp_path: Path) -> None:
    backup.write(tmp_path / "backup")
    restore(elsewhere, tmp_path / "backup")
    with elsewhere.app_context(), pytest.raises(DBAPIError, match="only grows"):
        db.session.execute(text("DELETE FROM audit_entries"))
    with elsewhere.app_context():
        assert len(db.session.scalars(select(AuditEntry.id)).all()) == 1


def test_sealed_files_come_along(
    filled: list[int], elsewhere: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = configuration.current()
    configuration.use(replace(there, data_dir=tmp_path / "here"))
    file_id = uuid4()
    shelf.keep("imports", file_id, b"rows")
    backup.write(tmp_path / "backup")
    configuration.use(there)
    restore(elsewhere, tmp_path / "backup")
    assert there.data_dir == tmp_path / "elsewhere"
    assert shelf.fetch("imports", file_id) == b"rows"


def test_a_backup_holds_no_keys_and_no_clear_personal_data(filled: list[int], tmp_path: Path) -> None:
    person = db.session.get(Person, filled[0])
    assert person is not None
    secrets = [str(person.phone).encode(), str(person.id_number).encode()]
    secrets += list(configuration.current().field_keys.values())
    backup.write(tmp_path / "backup")
    for file in (tmp_path / "backup").rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not [secret for secret in secrets if secret in content], file


def test_a_backup_wants_an_empty_folder(filled: list[int], tmp_path: Path) -> None:
    backup.write(tmp_path / "backup")
    with pytest.raises(NotEmpty):
        backup.write(tmp_path / "backup")


def test_a_database_with_rows_is_not_overwritten(filled: list[int], tmp_path: Path) -> None:
    backup.write(tmp_path / "backup")
    with pytest.raises(NotEmpty):
        backup.restore(tmp_path / "backup")


def test_a_changed_file_is_noticed(filled: list[int], tmp_path: Path) -> None:
    backup.write(tmp_path / "backup")
    largest = max((tmp_path / "backup").iterdir(), key=lambda file: file.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-1] + b"!")
    with pytest.raises(BackupBroken):
        backup.restore(tmp_path / "backup")


def _manifest(folder: Path, **changed: Any) -> None:
    manifest = json.loads((folder / backup.MANIFEST).read_text())
    (folder / backup.MANIFEST).write_text(json.dumps({**manifest, **changed}))


@pytest.mark.parametrize(
    "changed", [{"key_ids": ["lost"]}, {"engine": "another"}, {"files": {"missing": ""}}, {"files": None}]
)
def test_what_cannot_be_opened_or_found_is_not_restored(
    filled: list[int], tmp_path: Path, changed: dict[str, Any]
) -> None:
    backup.write(tmp_path / "backup")
    _manifest(tmp_path / "backup", **changed)
    with pytest.raises(BackupBroken):
        backup.restore(tmp_path / "backup")


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("changed", [{"revision": "9999"}, {"tables": {}}])
def test_another_revision_or_count_leaves_the_database_empty(
    filled: list[int], elsewhere: Flask, tmp_path: Path, changed: dict[str, Any], engine_name: str
) -> None:
    backup.write(tmp_path / "backup")
    _manifest(tmp_path / "backup", **changed)
    with pytest.raises(BackupBroken):
        restore(elsewhere, tmp_path / "backup")
    with elsewhere.app_context():
        assert db.session.scalars(select(Person.id)).all() == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_damaged_copy_is_not_restored(
    filled: list[int], elsewhere: Flask, tmp_path: Path, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.write(tmp_path / "backup")
    with closing(sqlite3.connect(tmp_path / "backup" / backup.SQLITE_FILE)) as copy:
        copy.execute("PRAGMA foreign_keys=OFF")
        copy.execute("DELETE FROM union_nodes")
        copy.commit()
    digest = backup._digest(tmp_path / "backup" / backup.SQLITE_FILE)
    _manifest(tmp_path / "backup", files={backup.SQLITE_FILE: digest})
    with pytest.raises(BackupBroken):
        restore(elsewhere, tmp_path / "backup")
    with elsewhere.app_context():
        assert db.session.scalars(select(Person.id)).all() == []


def test_the_commands_tell_what_they_did(filled: list[int], app: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    folder = str(tmp_path / "backup")
    written = app.test_cli_runner().invoke(args=["backup", "--to", folder])
    assert written.exit_code == 0, written.output
    assert "written: " in written.output
    refused = app.test_cli_runner().invoke(args=["backup", "--to", folder])
    assert refused.exit_code == 2
    assert "backup.target_not_empty" in refused.output
    # In a context of its own: click would else keep to the app of the test's.
    command = elsewhere.test_cli_runner().invoke
    restored = contextvars.Context().run(command, args=["restore", "--from", folder])
    assert restored.exit_code == 0, restored.output
    assert restored.output.removeprefix("restored") == written.output.removeprefix("written")


def test_a_backup_made_while_others_write_is_of_one_moment(
    filled: list[int], elsewhere: Flask, app: Flask, tmp_path: Path
) -> None:
    """Each writer adds a person with a phone and a membership in one transaction: never one without the other."""
    stopping = threading.Event()

    def write() -> None:
        with app.app_context():
            while not stopping.is_set():
                join()
            db.session.remove()

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        manifests = [backup.write(tmp_path / f"backup-{number}") for number in range(3)]
    finally:
        stopping.set()
        for writer in writers:
            writer.join()
    assert all(manifest["tables"]["people"] == manifest["tables"]["memberships"] for manifest in manifests)
    assert manifests[-1]["tables"]["people"] > 3
    restore(elsewhere, tmp_path / "backup-2")
