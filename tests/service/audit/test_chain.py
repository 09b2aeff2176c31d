"""The trail's chain: sealed in order, broken rows named, old segments gone under a signature."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from service.audit import entries, expiring, sealing, verifying
from service.audit.models import AuditCheckpoint, AuditEntry, AuditPrivate, AuditSeal, AuditSubject
from service.audit.sealing import Head
from service.core import clock, configuration
from service.core.access import SYSTEM, Actor
from service.core.db import db
from service.core.transaction import transactional
from tests import make, tampering

DAY = timedelta(days=1)


@transactional
def deed(number: int, actor: Actor = SYSTEM, **more: Any) -> None:
    entries.record(actor, "test.deed", "thing", number, **more)


def deeds(count: int) -> None:
    for number in range(count):
        deed(number, weight=number / 3, said="岩·温")


def faults() -> list[tuple[str, str]]:
    return [(finding.row, finding.fault) for finding in verifying.verify().findings]


@pytest.fixture
def chain(database: SQLAlchemy) -> list[int]:
    """Five entries, sealed; their ids."""
    deeds(5)
    assert sealing.seal_all() == 5
    return list(db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))


@pytest.fixture
def keys(app: Flask) -> Iterator[None]:
    """Whatever is done to the keys is undone."""
    before = configuration.current()
    yield
    configuration.use(before)


def test_every_entry_is_sealed_in_order_and_nothing_twice(chain: list[int]) -> None:
    links = db.session.scalars(select(AuditSeal).order_by(AuditSeal.sequence)).all()
    assert [(each.sequence, each.entry_id) for each in links] == list(enumerate(chain, start=1))
    assert sealing.seal_all() == 0
    deed(6)
    assert sealing.seal_all() == 1
    assert faults() == []
    assert verifying.verify().links == 6
    assert verifying.entries_in_all() == 6


def test_an_empty_trail_is_whole(database: SQLAlchemy) -> None:
    verdict = verifying.verify()
    assert (verdict.findings, verdict.links, verdict.head) == ([], 0, Head(0, "0" * 64))
    assert sealing.mark() == Head(0, "0" * 64)


def test_more_entries_than_a_piece_are_sealed_by_and_by(database: SQLAlchemy) -> None:
    deeds(5)
    assert [sealing.seal_some(2) for _ in range(4)] == [2, 2, 1, 0]
    assert faults() == []


def test_an_entry_whose_transaction_ends_late_is_sealed_a_pass_later(chain: list[int], database: SQLAlchemy) -> None:
    """Its id is lower than those sealed before it."""
    tampering.run("DELETE FROM audit_seals WHERE sequence = 5")
    tampering.run("UPDATE audit_seals SET entry_id = :id WHERE sequence = 4", id=chain[4])
    late = chain[3]
    assert [row.id for row in sealing._unsealed(clock.now(), 10)] == [late]
    with time_machine.travel(clock.now() + 2 * sealing.SETTLED):
        assert sealing._unsealed(clock.now(), 10) == []


@pytest.mark.parametrize(
    ("statement", "row", "fault"),
    [
        ("UPDATE audit_entries SET subject_id = '99' WHERE id = :third", "audit_entries {third}", "changed"),
        ("UPDATE audit_entries SET details = '{}' WHERE id = :third", "audit_entries {third}", "changed"),
        ("UPDATE audit_entries SET actor_id = :person WHERE id = :third", "audit_entries {third}", "changed"),
        ("DELETE FROM audit_entries WHERE id = :third", "audit_entries {third}", "gone"),
        ("DELETE FROM audit_seals WHERE sequence = 3", "audit_seals 3", "gone, with those before 4"),
        (
            "UPDATE audit_seals SET entry_hash = '0' WHERE sequence = 3",
            "audit_seals 3",
            "does not follow from the link before it",
        ),
    ],
)
def test_what_was_changed_by_plain_sql_is_named(chain: list[int], statement: str, row: str, fault: str) -> None:
    person = make.person().id
    values = {"third": chain[2], "person": person}
    tampering.run(statement, **{name: value for name, value in values.items() if f":{name}" in statement})
    assert (row.format(**values), fault) in faults()


def test_a_trail_rewritten_from_some_link_on_contradicts_what_was_signed(chain: list[int]) -> None:
    """The strongest attack: change an entry and make every later link anew. Without a mark nothing would show."""
    signed = sealing.mark()
    tampering.run("UPDATE audit_entries SET subject_id = '99' WHERE id = :id", id=chain[2])
    tampering.run("DELETE FROM audit_seals WHERE sequence >= 3")
    sealing.seal_all()
    assert faults() == [("audit_seals 5", "is not the one that was signed")]
    tampering.run("DELETE FROM audit_checkpoints")
    assert faults() == []  # the negative control
    assert [finding.row for finding in verifying.verify(signed).findings] == ["audit_seals 5"]


def test_a_tail_cut_off_is_missed(chain: list[int]) -> None:
    signed = sealing.mark()
    tampering.run("DELETE FROM audit_entries WHERE id = :id", id=chain[4])
    tampering.run("DELETE FROM audit_seals WHERE sequence = 5")
    assert faults() == [("audit_seals 5", "was signed once and is gone")]
    assert signed == Head(5, signed.hash)


def test_a_row_slipped_in_without_a_link_is_found(chain: list[int]) -> None:
    with time_machine.travel(clock.now() - 3 * sealing.SETTLED):
        deed(9)
    assert [fault for _, fault in faults()] == ["stands in no link of the chain"]


def test_a_checkpoint_forged_or_of_a_lost_key_is_named(chain: list[int], keys: None) -> None:
    sealing.mark()
    (made,) = db.session.scalars(select(AuditCheckpoint.id))
    row = f"audit_checkpoints {made}"
    with_other_keys = replace(configuration.current(), audit_keys={"other": b"x" * 32})
    configuration.use(with_other_keys)
    assert [each for each, _ in faults()] == [row]
    deed(6)
    sealing.seal_all()
    sealing.mark()
    assert [each for each, _ in faults()] == [row]
    tampering.run("UPDATE audit_checkpoints SET is_expiry = true")
    assert row in [each for each, _ in faults()]


def test_the_head_is_signed_once_and_told(chain: list[int]) -> None:
    assert sealing.mark() == sealing.mark() == sealing.head()
    assert db.session.scalar(select(func.count(AuditCheckpoint.id))) == 1
    assert faults() == []


@pytest.mark.parametrize("table", ["audit_entries", "audit_seals", "audit_checkpoints"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_trail(chain: list[int], table: str, statement: str) -> None:
    sealing.mark()
    column = {"audit_entries": "action = 'x'", "audit_seals": "salt = 'x'", "audit_checkpoints": "hash = 'x'"}[table]
    with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
        db.session.execute(text(statement.format(table, column)))
    with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
        db.session.execute(delete(AuditEntry).where(AuditEntry.id == chain[0]))


def test_an_old_segment_goes_under_a_signature_and_the_rest_still_verifies(database: SQLAlchemy) -> None:
    person = make.person().id
    with time_machine.travel(clock.now() - 400 * DAY):
        for number in range(3):
            deed(number, about=[person], private={"why": "查档"})
        sealing.seal_all()
        sealing.mark()
    deeds(2)
    sealing.seal_all()
    whole = sealing.head()
    assert expiring.expire(clock.now() - 365 * DAY) == 3
    assert faults() == []
    verdict = verifying.verify(whole)
    assert (verdict.findings, verdict.links, verdict.head) == ([], 2, whole)
    for model in (AuditPrivate, AuditSubject):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    assert expiring.expire(clock.now() - 365 * DAY) == 0
    with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
        db.session.execute(text("DELETE FROM audit_entries"))
    deed(5)
    sealing.seal_all()
    assert verifying.verify().head.sequence == 6


def test_a_trail_may_expire_as_a_whole_and_goes_on_from_there(database: SQLAlchemy) -> None:
    with time_machine.travel(clock.now() - 400 * DAY):
        deeds(2)
        sealing.seal_all()
    gone = sealing.head()
    assert expiring.expire(clock.now() - DAY) == 2
    assert sealing.head() == gone
    assert (faults(), verifying.verify().links) == ([], 0)
    deed(3)
    sealing.seal_all()
    assert sealing.head().sequence == 3
    assert faults() == []


def test_nothing_expires_before_its_time_and_nothing_unsealed(database: SQLAlchemy) -> None:
    assert expiring.expire(clock.now()) == 0
    with time_machine.travel(clock.now() - 400 * DAY):
        deeds(2)
    assert expiring.expire(clock.now()) == 0
    sealing.seal_all()
    assert expiring.expire(clock.now() - 500 * DAY) == 0


def test_what_is_personal_stands_apart_sealed_and_may_be_erased(database: SQLAlchemy) -> None:
    deed(1, private={"why": "本人来电要求核对"}, state="open")
    sealing.seal_all()
    (entry,) = db.session.scalars(select(AuditEntry))
    (private,) = db.session.scalars(select(AuditPrivate))
    assert entry.details == {"state": "open"}
    assert "来电".encode() not in private.content_sealed
    assert faults() == []
    db.session.execute(update(AuditPrivate).values(content_sealed=b"\x01\x01x"))
    assert faults() == [(f"audit_private {entry.id}", "changed")]
    entry_hash = entries.private_hash('{"salt": "0", "why": "x"}')
    assert entry_hash != entry.private_hash
    db.session.execute(delete(AuditPrivate))
    assert faults() == []


def test_private_words_of_another_entry_do_not_pass(database: SQLAlchemy) -> None:
    for number in range(2):
        deed(number, private={"why": f"原因{number}"})
    sealing.seal_all()
    first, second = db.session.scalars(select(AuditPrivate).order_by(AuditPrivate.entry_id))
    db.session.execute(delete(AuditPrivate).where(AuditPrivate.entry_id == second.entry_id))
    moved = {"uid": first.uid, "content_sealed": first.content_sealed, "entry_id": second.entry_id}
    db.session.execute(delete(AuditPrivate).where(AuditPrivate.entry_id == first.entry_id))
    db.session.add(AuditPrivate(**moved))
    db.session.commit()
    assert faults() == [(f"audit_private {moved['entry_id']}", "changed")]


def test_the_command_names_the_broken_row_and_exits_2(chain: list[int], app: Flask) -> None:
    runner = app.test_cli_runner()
    done = runner.invoke(args=["audit", "verify"])
    assert (done.exit_code, "5 links" in done.output) == (0, True)
    head = sealing.head()
    assert runner.invoke(args=["audit", "verify", "--head", f"{head.sequence}:{head.hash}"]).exit_code == 0
    assert runner.invoke(args=["audit", "verify", "--head", f"{head.sequence}:{'0' * 64}"]).exit_code == 2
    assert runner.invoke(args=["audit", "verify", "--head", "x"]).exit_code == 2
    tampering.run("UPDATE audit_entries SET action = 'x' WHERE id = :id", id=chain[1])
    done = runner.invoke(args=["audit", "verify"])
    assert (done.exit_code, f"audit_entries {chain[1]}: changed" in done.output) == (2, True)
