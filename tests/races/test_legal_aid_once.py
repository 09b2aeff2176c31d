"""What there is once of each in legal aid: a handler, a number, a draft of one's own, an objection. Real threads, both
engines, each promise with a run without its guard, which must break it.

Where a guard is a row's lock its control runs on PostgreSQL alone: SQLite lets one writer in at a time by itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select, update

from service.core import clock
from service.core.db import db
from service.core.lifecycle import WrongState
from service.identity import people
from service.legal_aid import applications, assignments, objections, registers, scopes
from service.legal_aid.desk_models import AidAssignment, AidObjection
from service.legal_aid.enums import CaseState, Matter
from service.legal_aid.errors import CaseSealed, ObjectedAlready, Stale
from service.legal_aid.models import AidCase, AidRegister
from tests import make
from tests import make_legal_aid as aid
from tests.races.test_desk_races import at_once
from tests.service.legal_aid.conftest import Office, set_up

ROUNDS, THREADS = 3, 4
ONLY_POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"])


@pytest.fixture
def office(committed_database: SQLAlchemy) -> Office:
    """The office, committed."""
    return set_up()


@contextmanager
def without(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, instead: Any) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, instead)
        yield


def kinds(outcomes: list[Any]) -> list[str]:
    return sorted(type(each).__name__ for each in outcomes)


def unlocked(case_id: UUID) -> AidCase:
    """The case as somebody reads it who does not wait."""
    return db.session.get_one(AidCase, case_id)


def worker(office: Office) -> Any:
    return make.actor(make.person(member_of=office.factory).id)


def assigned_at_once(app: Flask, office: Office) -> tuple[list[str], int]:
    """What two meet who assign the same case as they have read it, and how often it was assigned."""
    case = aid.granted(worker(office), office.intake)
    case_id, version = case.id, case.version
    db.session.remove()
    jobs: list[Callable[[], AidCase]] = [
        lambda to=to: assignments.assign(  # type: ignore[misc]
            actor=office.intake, case_id=case_id, version=version, handler_id=to.worker_id
        )
        for to in (office.handler, office.second_handler)
    ]
    outcomes = at_once(app, jobs, threads=2)
    return kinds(outcomes), db.session.scalar(select(func.count()).where(AidAssignment.case_id == case_id)) or 0


def test_a_case_is_assigned_once(app: Flask, office: Office) -> None:
    for _ in range(ROUNDS):
        outcomes, made = assigned_at_once(app, office)
        assert outcomes in (["AidCase", Stale.__name__], ["AidCase", CaseSealed.__name__])
        assert made == 1


def test_without_the_version_one_would_be_given_it_and_lose_it(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_change = scopes.to_change

    def careless(actor: Any, case_id: UUID, *wanted: Any, version: int | None = None) -> AidCase:
        return to_change(actor, case_id, *wanted)

    with without(monkeypatch, scopes, "to_change", careless):
        assert assigned_at_once(app, office) == (["AidCase", "AidCase"], 2)


@ONLY_POSTGRESQL
def test_without_the_row_lock_two_would_assign_the_same_version(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without(monkeypatch, scopes, "locked", unlocked):
        found = [assigned_at_once(app, office)[0] for _ in range(ROUNDS * 6)]
    assert any(outcomes in (["AidCase", "IntegrityError"], ["AidCase", "AidCase"]) for outcomes in found)


def submit_with_a_failure(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of two that were handed in, where between them one fell over after it had got its number."""
    drafts = [(each, aid.draft(each)) for each in (worker(office) for _ in range(3))]

    def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError("fell over")

    for place, (actor, case) in enumerate(drafts):
        with monkeypatch.context() as patch:
            if place == 1:
                patch.setattr(applications.journal, "tell_worker", fail)
                with pytest.raises(RuntimeError):
                    applications.submit(actor=actor, case_id=case.id, version=case.version)
            else:
                applications.submit(actor=actor, case_id=case.id, version=case.version)
    numbers = select(AidCase.register_sequence).where(AidCase.register_sequence.is_not(None))
    return sorted(number or 0 for number in db.session.scalars(numbers))


def test_a_number_that_was_not_used_is_given_to_the_next(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert submit_with_a_failure(office, monkeypatch) == [1, 2]


@ONLY_POSTGRESQL
def test_a_number_taken_apart_from_its_case_leaves_a_gap(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def apart(case: AidCase) -> str:
        year = clock.today().year
        with db.engine.begin() as connection:
            where = (AidRegister.node_id == case.node_id) & (AidRegister.year == year)
            taken = update(AidRegister).where(where).values(last=AidRegister.last + 1).returning(AidRegister.last)
            sequence = connection.scalar(taken)
        case.register_year, case.register_sequence, case.number = year, sequence, f"x-{year}-{sequence:04d}"
        return case.number

    db.session.add(AidRegister(node_id=office.county.id, year=clock.today().year, last=0))
    db.session.commit()
    with without(monkeypatch, registers, "number", apart):
        assert submit_with_a_failure(office, monkeypatch) == [1, 3]


def begun_at_once(app: Flask, office: Office) -> tuple[list[str], int]:
    """What somebody meets who taps "begin" several times at once, and how many drafts that makes."""
    actor = worker(office)
    db.session.remove()
    jobs = [lambda: applications.begin(actor=actor, matter=Matter.WAGES, answers={})] * THREADS
    outcomes = at_once(app, jobs, threads=THREADS)
    drafts = select(func.count()).where(AidCase.person_id == actor.worker_id, AidCase.state == CaseState.DRAFT)
    return kinds(outcomes), db.session.scalar(drafts) or 0


def test_there_is_one_draft_of_ones_own(app: Flask, office: Office) -> None:
    for _ in range(ROUNDS):
        assert begun_at_once(app, office) == (["AidCase"] * THREADS, 1)


@ONLY_POSTGRESQL
def test_without_the_persons_lock_a_second_tap_would_fail(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without(monkeypatch, people, "lock", lambda _ids: {}):
        found = [begun_at_once(app, office)[0] for _ in range(ROUNDS * 3)]
    assert any("IntegrityError" in outcomes for outcomes in found)


def objected_at_once(app: Flask, office: Office) -> tuple[list[str], int]:
    """What somebody meets who objects several times at once, and how many objections that makes."""
    actor = worker(office)
    case_id = aid.refused(actor, office.intake).id
    db.session.remove()
    jobs = [lambda: objections.file(actor=actor, case_id=case_id, words="我不同意")] * THREADS
    outcomes = at_once(app, jobs, threads=THREADS)
    return kinds(outcomes), db.session.scalar(select(func.count()).where(AidObjection.case_id == case_id)) or 0


def test_a_refusal_is_objected_to_once(app: Flask, office: Office) -> None:
    for _ in range(ROUNDS):
        outcomes, made = objected_at_once(app, office)
        assert outcomes.count("AidCase") == made == 1
        assert set(outcomes) <= {"AidCase", WrongState.__name__, ObjectedAlready.__name__}


@ONLY_POSTGRESQL
def test_without_the_row_lock_a_second_objection_would_fail_at_the_constraint(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without(monkeypatch, scopes, "locked", unlocked):
        found = [objected_at_once(app, office) for _ in range(ROUNDS * 3)]
    assert any("IntegrityError" in outcomes for outcomes, _ in found)
    assert {made for _, made in found} == {1}
