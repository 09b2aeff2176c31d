"""Several at one case of legal aid: real threads, real commits, both engines, each guard with a run without it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import delete, func, insert, select, true

from service.core import clock
from service.core.db import db
from service.core.ids import new_id
from service.core.lifecycle import WrongState
from service.legal_aid import (
    applications,
    assignments,
    attachments,
    covers,
    desk,
    escalations,
    locks,
    registers,
    scopes,
)
from service.legal_aid.cover_models import AidCover
from service.legal_aid.covers import Absence, CoverLine
from service.legal_aid.desk_models import AidAssignment, AidDecision
from service.legal_aid.enums import EscalationKind
from service.legal_aid.errors import CaseLocked, CoverOverlaps, Stale
from service.legal_aid.file_models import AidPiece
from service.legal_aid.models import AidCase, AidRegister
from service.messaging.models import OutboxRow
from service.organisations import nodes
from tests import make
from tests import make_legal_aid as aid
from tests.races.test_desk_races import at_once
from tests.service.legal_aid.conftest import Office, set_up

ROUNDS = 3


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


def submitted_at_once(app: Flask, office: Office, count: int) -> tuple[list[str], list[int]]:
    """What so many meet who hand in at once, and the numbers given."""
    workers = [make.actor(make.person(member_of=office.factory).id) for _ in range(count)]
    drafts = [aid.draft(worker) for worker in workers]
    db.session.remove()
    jobs = [
        lambda worker=worker, draft=draft: applications.submit(  # type: ignore[misc]
            actor=worker, case_id=draft.id, version=draft.version
        )
        for worker, draft in zip(workers, drafts, strict=True)
    ]
    outcomes = at_once(app, jobs, threads=count)
    numbers = select(AidCase.register_sequence).where(AidCase.register_sequence.is_not(None))
    return kinds(outcomes), sorted(number or 0 for number in db.session.scalars(numbers))


def test_numbers_are_given_once_and_without_a_gap(app: Flask, office: Office) -> None:
    outcomes, numbers = submitted_at_once(app, office, 8)
    assert outcomes == ["AidCase"] * 8
    assert numbers == list(range(1, 9))


def counted_number(case: AidCase) -> str:
    """The next number by looking and adding one."""
    year = clock.today().year
    row = db.session.get(AidRegister, (case.node_id, year))
    if row is None:
        row = AidRegister(node_id=case.node_id, year=year, last=0)
        db.session.add(row)
    row.last += 1
    case.register_year, case.register_sequence = year, row.last
    case.number = f"{nodes.node(case.node_id).code[-12:]}-{year}-{row.last:04d}"
    return case.number


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_looking_and_adding_one_gives_a_number_twice(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without(monkeypatch, registers, "number", counted_number):
        outcomes, _ = submitted_at_once(app, office, 8)
    assert "IntegrityError" in outcomes


def locked_at_once(app: Flask, office: Office) -> list[str]:
    case = aid.submitted(make.actor(make.person(member_of=office.factory).id))
    db.session.remove()
    jobs = [lambda by=by: locks.take(actor=by, case_id=case.id) for by in (office.intake, office.supervisor)]  # type: ignore[misc]
    return kinds(at_once(app, jobs, threads=2))


def test_one_gets_the_lock(app: Flask, office: Office) -> None:
    for _ in range(ROUNDS):
        assert locked_at_once(app, office) == ["AidCase", CaseLocked.__name__]


def test_without_the_comparison_both_would_have_it(app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with without(monkeypatch, locks, "or_", lambda *_: true()):
        assert locked_at_once(app, office) == ["AidCase", "AidCase"]


def decided_at_once(app: Flask, office: Office) -> tuple[list[str], int]:
    case = aid.reviewing(make.actor(make.person(member_of=office.factory).id), office.intake)
    db.session.remove()
    order: dict[str, Any] = {"case_id": case.id, "version": case.version, "articles": aid.ARTICLES, "reason": "理由"}
    jobs: list[Callable[[], AidCase]] = [
        lambda: desk.grant(actor=office.intake, **order),
        lambda: desk.refuse(actor=office.supervisor, **order),
    ]
    outcomes = at_once(app, jobs, threads=2)
    made = db.session.scalar(select(func.count()).where(AidDecision.case_id == case.id)) or 0
    return kinds(outcomes), made


def test_a_case_is_decided_once(app: Flask, office: Office) -> None:
    for _ in range(ROUNDS):
        outcomes, made = decided_at_once(app, office)
        assert outcomes in (["AidCase", Stale.__name__], ["AidCase", WrongState.__name__])
        assert made == 1


def unlocked(case_id: UUID) -> AidCase:
    return db.session.get_one(AidCase, case_id)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_without_the_row_lock_it_would_be_granted_and_refused(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without(monkeypatch, scopes, "locked", unlocked):
        found = [decided_at_once(app, office)[1] for _ in range(ROUNDS * 6)]
    assert 2 in found


def test_a_case_goes_to_one_of_two_handlers(app: Flask, office: Office) -> None:
    case = aid.granted(make.actor(make.person(member_of=office.factory).id), office.intake)
    db.session.remove()
    jobs = [
        lambda by=by, to=to: assignments.assign(  # type: ignore[misc]
            actor=by, case_id=case.id, version=case.version, handler_id=to.worker_id
        )
        for by, to in ((office.intake, office.handler), (office.supervisor, office.second_handler))
    ]
    assert kinds(at_once(app, jobs, threads=2)) in (["AidCase", "CaseSealed"], ["AidCase", "Stale"])
    active = select(func.count()).where(AidAssignment.case_id == case.id, AidAssignment.ended_at.is_(None))
    assert db.session.scalar(active) == 1


def covered_at_once(app: Flask, office: Office) -> list[str]:
    """What the handler and her supervisor meet who enter two covers for the same days at once."""
    db.session.execute(delete(AidCover))
    db.session.commit()
    today = clock.today()
    jobs = [
        lambda by=by, cover=cover: covers.enter(  # type: ignore[misc]
            by, Absence(office.handler.worker_id, cover.worker_id, today, today)
        )
        for by, cover in ((office.handler, office.second_handler), (office.supervisor, office.intake))
    ]
    return kinds(at_once(app, jobs, threads=2))


def test_covers_for_the_same_days_are_entered_once(app: Flask, office: Office) -> None:
    aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    for _ in range(ROUNDS):
        assert covered_at_once(app, office) == [CoverLine.__name__, CoverOverlaps.__name__]


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_without_the_lock_on_people_covers_would_overlap(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    with without(monkeypatch, covers, "lock_people", lambda *_: None):
        found = [covered_at_once(app, office) for _ in range(ROUNDS * 6)]
    assert [CoverLine.__name__] * 2 in found


def escalated_at_once(app: Flask, office: Office) -> tuple[list[str], int]:
    """What two workers' ticks meet at one overdue case, and how often the office was told."""
    case = aid.submitted(make.actor(make.person(member_of=office.factory).id))
    assert case.due_on is not None
    today = case.due_on + timedelta(days=1)
    db.session.remove()
    outcomes = at_once(app, [lambda: escalations._escalate(EscalationKind.DECISION, case.id, today)] * 4, threads=4)
    rows = db.session.scalars(select(OutboxRow)).all()
    link = f"/staff/legal-aid/cases/{case.id}"
    mine = [row for row in rows if row.payload.get("link") == link and "已超期" in row.payload["body"]]
    return sorted(str(each) for each in outcomes), len(mine)


def test_a_step_up_the_tree_is_taken_once(app: Flask, office: Office) -> None:
    for _ in range(ROUNDS):
        assert escalated_at_once(app, office) == (["0", "0", "0", "1"], 2)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_looking_whether_it_was_taken_would_tell_twice(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without(monkeypatch, escalations, "insert_new", lambda model, *_: insert(model).values(id=new_id())):
        outcomes, _ = escalated_at_once(app, office)
    assert outcomes != ["0", "0", "0", "1"]


def test_a_piece_sent_twice_at_once_is_taken_once(app: Flask, office: Office) -> None:
    case = aid.draft(office.worker)
    content = aid.picture(size=(80, 60))
    file = aid.announced(office.worker, case.id, content)
    db.session.remove()

    def send() -> Any:
        return attachments.receive(actor=office.worker, file_id=file.id, start=0, content=content[:200])

    outcomes = at_once(app, [send] * 4, threads=4)
    assert kinds(outcomes) == ["AidFile"] * 4
    assert db.session.scalars(select(AidPiece.size)).all() == [200]
