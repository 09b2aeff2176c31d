"""Races in the register: one membership a person, one outcome an import. Real threads, both engines."""

from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from service.core import clock
from service.core.db import db
from service.identity.models import Person
from service.messaging.delivery import Job
from service.organisations.enums import NodeKind
from service.unions import import_steps, imports, memberships
from service.unions.enums import ImportKind, ImportState
from service.unions.import_models import Import
from service.unions.models import Membership, MembershipState
from tests import make, workbooks
from tests.races.test_desk_races import at_once
from tests.service.unions.conftest import FACTORY, Register, planted, settle

THREADS = 6


def joining(person_id: int, node_id: int) -> Callable[[], object]:
    return lambda: memberships.enrol(person_id, node_id)


def race(app: Flask) -> Counter[str]:
    """Six threads enrol each of ten people in six unions at once."""
    city = make.node()
    unions = [make.node(f"工会{n}", kind=NodeKind.GRASSROOTS, parent=city) for n in range(THREADS)]
    people = [make.person() for _ in range(10)]
    jobs = [joining(person.id, union.id) for person in people for union in unions]
    return Counter(type(outcome).__name__ for outcome in at_once(app, jobs, THREADS))


def test_who_joins_many_unions_at_once_is_a_member_of_one(app: Flask, committed_database: object) -> None:
    assert race(app) == {"Membership": 10, "AlreadyMember": 50}
    active = select(func.count()).select_from(Membership).where(Membership.state == MembershipState.ACTIVE)
    assert db.session.scalar(active) == 10


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_without_the_persons_lock_only_the_constraint_is_left(
    app: Flask, committed_database: object, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer, whose lock cannot be left out."""
    monkeypatch.setattr("service.identity.people.lock", lambda ids: {})
    outcomes = race(app)
    assert outcomes["Membership"] == 10
    assert outcomes["IntegrityError"] > 0


def accepted(register: Register) -> Import:
    content = workbooks.workers(*(workbooks.worker(number, FACTORY) for number in range(60)))
    record = imports.upload(register.staff, kind=ImportKind.WORKERS, node_id=None, file_name="a.xlsx", content=content)
    settle()
    imports.accept(register.staff, record.id)
    db.session.close()
    return record


def applied_by_many(app: Flask, record: Import) -> Counter[str]:
    """Workers whose leases were all thought lost do the same stretch at once."""

    def one() -> None:
        import_steps.apply(Job(1, imports.APPLY, "k", {"import_id": str(record.id)}, 0, clock.now(), uuid4()))

    return Counter(type(outcome).__name__ for outcome in at_once(app, [one] * THREADS, THREADS))


def test_an_import_run_by_many_at_once_does_each_row_once(
    app: Flask, committed_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.unions.sheets.CHUNK", 7)
    register = planted()
    record = accepted(register)
    outcomes = applied_by_many(app, record)
    # Who enters a person at the same moment as another is refused by the register and tried again later.
    assert set(outcomes) <= {"NoneType", "IntegrityError"}
    settle()
    done = register.again(record)
    assert (done.state, done.rows_applied, done.rows_skipped) == (ImportState.APPLIED, 60, 0)
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.name.like("示例职工%"))) == 60
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 60


def test_without_the_claim_of_the_position_rows_are_done_by_everybody(
    app: Flask, committed_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With rows that stand already, where nobody runs into the constraints first."""
    monkeypatch.setattr("service.unions.sheets.CHUNK", 7)
    register = planted()
    first = accepted(register)
    settle()
    assert register.again(first).state is ImportState.APPLIED
    again = accepted(register)
    moves: list[int] = []

    def careless(_column: object, _import_id: object, position: int, _values: object) -> None:
        moves.append(position)

    with monkeypatch.context() as patch:
        patch.setattr(import_steps, "_move_on", careless)
        applied_by_many(app, again)
    assert len(moves) > len(set(moves))
    applied_by_many(app, again)
    assert register.again(again).rows_applied == 60
