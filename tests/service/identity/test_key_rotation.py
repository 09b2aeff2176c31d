"""Keys are replaced while everything runs: all opens before, during and after, and nothing old is left."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select, update

from service.core import configuration, crypto, idempotency, resealing, sealed
from service.core.crypto import SealBroken
from service.core.db import db
from service.files import shelf
from service.identity import key_rotation, people, sign_ins
from service.identity.enums import Channel
from service.identity.key_rotation import KeysMissing
from service.identity.models import Person
from service.messaging import delivery
from service.messaging.models import OutboxRow
from tests import make

NEW = b"new key, thirty-two bytes long.."


@pytest.fixture(autouse=True)
def settings(app: Flask, tmp_path: Any) -> Iterator[None]:
    """The configuration of the test's own, with a data directory of its own."""
    before = configuration.current()
    configuration.use(replace(before, data_dir=tmp_path))
    yield
    configuration.use(before)


def use(**changed: Any) -> None:
    configuration.use(replace(configuration.current(), **changed))


def add_key(**changed: Any) -> None:
    """A second key, which seals from now on."""
    use(field_keys=configuration.current().field_keys | {"new": NEW}, field_key_id="new", **changed)


def deliver() -> None:
    while delivery.deliver_due():
        pass


@pytest.fixture
def held(database: SQLAlchemy) -> list[tuple[int, str | None, str | None]]:
    """People, a sign-in, a stored answer, a file; the people's numbers."""
    made = [make.person() for _ in range(7)]
    sign_ins.sign_in(made[0].id, Channel.WECHAT)
    for key in ("a", "b"):
        idempotency.once(idempotency.Key(made[0].id, "POST /x", key, "0" * 64), lambda: (200, "{}"))
    shelf.keep("imports", UUID(int=5), b"rows")
    database.session.commit()
    return [(each.id, each.id_number, each.phone) for each in made]


def numbers(held: list[tuple[int, str | None, str | None]]) -> list[tuple[int, str | None, str | None]]:
    db.session.expire_all()
    rows = people.by_ids(each[0] for each in held)
    return [(row.id, row.id_number, row.phone) for row in sorted(rows.values(), key=lambda row: row.id)]


def seals() -> set[tuple[str, str]]:
    return {(seal.key_id, key_rotation.cipher_name(seal)) for seal in key_rotation.use().by_seal}


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
def test_everything_is_sealed_anew_and_the_old_key_may_go(
    held: list[tuple[int, str | None, str | None]], cipher: str
) -> None:
    old = configuration.current().field_key_id
    add_key(field_cipher=cipher)
    assert numbers(held) == held
    assert seals() == {(old, "aes-256-gcm")}
    key_rotation.start()
    while delivery.deliver_due():
        assert numbers(held) == held
    assert seals() == {("new", cipher)}
    assert key_rotation.use().unused == [old]
    assert key_rotation.use().old == []
    use(field_keys={"new": NEW})
    assert numbers(held) == held
    assert shelf.fetch("imports", UUID(int=5)) == b"rows"
    key = idempotency.Key(held[0][0], "POST /x", "b", "0" * 64)
    assert idempotency.once(key, lambda: (500, "again")) == (200, "{}")


def test_a_stop_anywhere_costs_nothing(held: list[tuple[int, str | None, str | None]]) -> None:
    """Piece by piece from where it stood; values sealed by the new key meanwhile are left alone."""
    add_key()
    column = sealed.by_name("people.phone_sealed")
    first = resealing.reseal_some(column, None, 2)
    assert first == [held[1][0]]
    again = resealing.reseal_some(column, None, 2)
    assert again == [held[3][0]]
    assert resealing.reseal_some(column, again, 100) == [held[-1][0]]
    assert resealing.reseal_some(column, None, 100) is None
    assert numbers(held) == held


def test_a_value_changed_meanwhile_is_not_overwritten(
    held: list[tuple[int, str | None, str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_key()
    unseal = crypto.unseal_bytes

    def and_somebody_writes(value: bytes, *, field: str, row: UUID) -> bytes:
        changed = crypto.seal("13900000000", field=field, row=row)
        db.session.execute(update(Person).where(Person.uid == row).values(phone_sealed=changed))
        return unseal(value, field=field, row=row)

    monkeypatch.setattr(crypto, "unseal_bytes", and_somebody_writes)
    resealing.reseal_some(sealed.by_name("people.phone_sealed"), None, 1)
    monkeypatch.undo()
    assert numbers(held)[0][2] == "13900000000"


def test_what_does_not_open_is_left_and_told(held: list[tuple[int, str | None, str | None]], database: Any) -> None:
    broken = select(Person.phone_sealed).where(Person.id == held[1][0]).scalar_subquery()
    database.session.execute(update(Person).where(Person.id == held[0][0]).values(phone_sealed=broken))
    database.session.commit()
    old = configuration.current().field_key_id
    add_key()
    key_rotation.start()
    deliver()
    assert seals() == {(old, "aes-256-gcm"), ("new", "aes-256-gcm")}
    with pytest.raises(SealBroken):
        assert people.person(held[0][0]).phone


def test_a_broken_file_does_not_stop_the_others(held: list[tuple[int, str | None, str | None]]) -> None:
    bad = UUID(int=1)
    shelf.keep("imports", bad, b"x")
    path = configuration.current().data_dir / "imports" / f"{bad}.sealed"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    add_key()
    key_rotation.start()
    deliver()
    assert shelf.seal_on("imports", UUID(int=5)).key_id == "new"
    assert shelf.seal_on("imports", bad).key_id != "new"
    assert shelf.reseal("imports", UUID(int=5)) is False
    assert shelf.reseal("imports", uuid4()) is False


def test_nothing_is_begun_without_the_keys_that_are_needed(held: list[tuple[int, str | None, str | None]]) -> None:
    use(field_keys={"new": NEW}, field_key_id="new")
    assert key_rotation.use().missing != []
    with pytest.raises(KeysMissing):
        key_rotation.start()
    kinds = select(func.count(OutboxRow.id)).where(OutboxRow.kind == key_rotation.COLUMN)
    assert db.session.scalar(kinds) == 0


@pytest.mark.parametrize("changed", [{"index_key": b"another key for the blind indexes"}, {"index_hash": "sm3"}])
def test_people_are_found_again_after_reindexing(
    held: list[tuple[int, str | None, str | None]], changed: dict[str, Any]
) -> None:
    assert key_rotation.use().wrong_indexes == []
    use(**changed)
    number = str(held[0][1])
    assert people.by_id_number(number) is None
    assert key_rotation.use().wrong_indexes == ["people.id_number_sealed", "people.phone_sealed"]
    assert key_rotation.reindex() == 2
    db.session.expire_all()
    found = people.by_id_number(number)
    assert found is not None
    assert found.id == held[0][0]
    assert key_rotation.use().wrong_indexes == []


def test_the_commands_tell_what_is_in_use(held: list[tuple[int, str | None, str | None]], app: Flask) -> None:
    runner = app.test_cli_runner()
    done = runner.invoke(args=["keys", "check"])
    assert done.exit_code == 0
    assert "people.phone_sealed 7" in done.output
    assert "files.imports 1" in done.output
    add_key()
    assert "columns and all files" in runner.invoke(args=["keys", "rotate"]).output
    assert "pieces" in runner.invoke(args=["keys", "reindex", "--yes"]).output
    use(field_keys={"new": NEW})
    assert runner.invoke(args=["keys", "check"]).exit_code == 2
    assert "keys.missing" in runner.invoke(args=["keys", "rotate"]).output


def test_an_empty_register_has_right_indexes(database: SQLAlchemy) -> None:
    assert key_rotation.use().wrong_indexes == []
    assert resealing.reindex_some(sealed.by_name("sign_ins.refresh_sealed"), None) is None
