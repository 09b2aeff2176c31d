"""Two workers seal at once: one chain, no fork, nothing left out, nothing twice."""

import contextlib
import threading
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from service.audit import entries, sealing, verifying
from service.audit.models import AuditEntry, AuditSeal
from service.core.access import SYSTEM
from service.core.db import db
from service.core.transaction import transactional

THREADS, DEEDS = 4, 40


@transactional
def deed(number: int) -> None:
    entries.record(SYSTEM, "test.deed", "thing", number)


def at_once(app: Flask, work: Any) -> list[BaseException]:
    """Run the work in threads that start together; what they died of."""
    start, died = threading.Barrier(THREADS), []

    def run(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                work(number)
            except BaseException as error:  # noqa: BLE001
                died.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return died


def test_workers_that_seal_at_once_make_one_chain(committed_database: SQLAlchemy, app: Flask) -> None:
    def write_and_seal(number: int) -> None:
        for step in range(DEEDS // THREADS):
            deed(number * 100 + step)
            # Where another worker was first, the next tick goes on.
            with contextlib.suppress(IntegrityError):
                sealing.seal_some(3)

    assert at_once(app, write_and_seal) == []
    sealing.seal_all()
    sequences = db.session.scalars(select(AuditSeal.sequence).order_by(AuditSeal.sequence)).all()
    assert list(sequences) == list(range(1, DEEDS + 1))
    assert db.session.scalar(select(func.count(AuditSeal.entry_id.distinct()))) == DEEDS
    assert verifying.verify().findings == []


def test_of_workers_that_saw_the_same_head_all_but_one_are_turned_back(
    committed_database: SQLAlchemy, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: they do meet, and each would add the same places. The primary key is what refuses."""
    for number in range(DEEDS):
        deed(number)
    meeting = threading.Barrier(THREADS, timeout=2)
    real = sealing._unsealed

    def together(*asked: Any) -> Any:
        found = real(*asked)
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait()
        return found

    monkeypatch.setattr(sealing, "_unsealed", together)
    died = at_once(app, lambda _number: sealing.seal_some(DEEDS))
    monkeypatch.undo()
    # On SQLite they cannot meet: a command has the database to itself.
    expected = THREADS - 1 if db.engine.dialect.name == "postgresql" else 0
    assert [type(each) for each in died] == [IntegrityError] * expected
    assert db.session.scalar(select(func.count(AuditSeal.sequence))) == DEEDS
    assert db.session.scalar(select(func.count(AuditEntry.id))) == DEEDS
    assert verifying.verify().findings == []
