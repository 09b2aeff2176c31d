"""A backup is void without its keys, and one that comes back is opened and its trail followed."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from blueprints.app import create_app
from config import settings
from service.audit import entries
from service.core import backup, configuration
from service.core.access import SYSTEM
from service.core.backup import KeysWrong
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people
from service.overview import custody
from tests import databases, make, tampering
from tests.engines import environment


@transactional
def deed(number: int) -> None:
    entries.record(SYSTEM, "test.deed", "thing", number)


@pytest.fixture
def written(committed_database: SQLAlchemy, tmp_path: Path) -> dict[str, Any]:
    """A backup of one person and three deeds; its manifest and the person's numbers."""
    person = make.person()
    for number in range(3):
        deed(number)
    manifest = custody.write(tmp_path / "backup")
    return {"manifest": manifest, "id": person.id, "phone": person.phone}


@pytest.fixture
def elsewhere(new_database: Callable[[str], str], engine_name: str, tmp_path: Path, data_dir: Path) -> Iterator[Flask]:
    """An app on an empty database with the same keys."""
    before = configuration.current()
    keys = json.loads((data_dir / "local-secrets.json").read_text())
    app = create_app(settings.load(environment(new_database(engine_name), tmp_path / "elsewhere", **keys)))
    databases.build_schema(app)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    configuration.use(before)


def with_keys(**changed: Any) -> None:
    configuration.use(replace(configuration.current(), **changed))


def test_with_its_keys_it_opens_and_the_trail_is_whole(
    written: dict[str, Any], elsewhere: Flask, tmp_path: Path
) -> None:
    with elsewhere.app_context():
        restored = custody.restore(tmp_path / "backup")
        assert restored.faults == []
        assert people.person(written["id"]).phone == written["phone"]
    head = written["manifest"]["audit_head"]
    assert head["sequence"] == 3


@pytest.mark.parametrize("lost", ["missing", "same_id", "index", "audit"])
def test_without_its_keys_it_is_void(written: dict[str, Any], elsewhere: Flask, tmp_path: Path, lost: str) -> None:
    other = bytes(range(32))
    key_id = configuration.current().field_key_id
    if lost == "missing":
        with_keys(field_keys={"other": other}, field_key_id="other")
    elif lost == "same_id":
        with_keys(field_keys={key_id: other})
    elif lost == "index":
        with_keys(index_key=other)
    else:
        with_keys(audit_keys=dict.fromkeys(configuration.current().audit_keys, other))
    with elsewhere.app_context():
        with pytest.raises(KeysWrong):
            custody.restore(tmp_path / "backup")
        assert db.session.execute(text("SELECT count(*) FROM people")).scalar() == 0


def test_a_manifest_that_hides_its_keys_does_not_help(
    written: dict[str, Any], elsewhere: Flask, tmp_path: Path
) -> None:
    """The negative control of the check values: brought back with other keys all the same, nothing opens."""
    manifest = tmp_path / "backup" / backup.MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"key_checks": {}}))
    with_keys(field_keys={configuration.current().field_key_id: bytes(range(32))})
    with elsewhere.app_context():
        faults = custody.restore(tmp_path / "backup").faults
    assert {"people.id_number_sealed: does not open", "people.phone_sealed: does not open"} <= set(faults)


def test_no_key_and_no_clear_number_is_in_it(written: dict[str, Any], tmp_path: Path) -> None:
    inside = configuration.current()
    secrets = [*inside.field_keys.values(), *inside.audit_keys.values(), inside.index_key, written["phone"].encode()]
    for file in (tmp_path / "backup").rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not [secret for secret in secrets if secret in content], file


def test_a_trail_broken_before_the_backup_is_told_after_it(
    committed_database: SQLAlchemy, elsewhere: Flask, tmp_path: Path, app: Flask
) -> None:
    with app.app_context():
        for number in range(3):
            deed(number)
        custody.write(tmp_path / "first")
        tampering.run("UPDATE audit_entries SET action = 'x' WHERE subject_id = '1'")
        custody.write(tmp_path / "second")
        db.session.remove()
    with elsewhere.app_context():
        done = elsewhere.test_cli_runner().invoke(args=["restore", "--from", str(tmp_path / "second")])
    assert done.exit_code == 2
    assert ": changed" in done.output


def test_a_backup_without_an_anchor_is_followed_as_well(
    written: dict[str, Any], elsewhere: Flask, tmp_path: Path
) -> None:
    backup.write(tmp_path / "plain")
    with elsewhere.app_context():
        assert custody.restore(tmp_path / "plain").faults == []


def test_operators_read_one_sentence_and_exit_code_2(
    written: dict[str, Any], elsewhere: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("")

    def told(*command: str) -> str:
        with elsewhere.app_context():
            done = elsewhere.test_cli_runner().invoke(args=list(command))
        assert done.exit_code == 2
        assert done.output.count("\n") == 1, done.output
        return done.output

    assert "backup.broken" in told("restore", "--from", str(tmp_path / "nothing"))
    assert "backup.target_not_empty" in told("backup", "--to", str(tmp_path / "full"))
    assert "file" in told("backup", "--to", str(tmp_path / "file" / "x"))
    with_keys(field_keys={})
    assert "missing keys: " in told("restore", "--from", str(tmp_path / "backup"))

    def away(_folder: Path, **_: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the server is gone\nmore"))

    monkeypatch.setattr("service.core.backup.write", away)
    assert told("backup", "--to", str(tmp_path / "new")).endswith("(why: the server is gone) [backup.failed]\n")
