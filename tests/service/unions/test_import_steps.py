"""Imports that are stopped, repeated or run twice at once: no row is lost, none is done twice."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select

from service.core import clock
from service.core.db import db
from service.messaging.delivery import Job
from service.messaging.models import OutboxRow
from service.unions import import_steps, imports
from service.unions.enums import ImportKind, ImportState
from service.unions.import_models import Import, ImportFinding
from service.unions.models import Membership
from tests import workbooks
from tests.service.unions.conftest import FACTORY, Register, settle

Content = Callable[[], bytes]


class Killed(BaseException):
    """What a kill -9 leaves: nothing after it runs."""


def six_rows() -> bytes:
    rows = [workbooks.worker(number, FACTORY) for number in range(5)]
    return workbooks.workers(*rows, workbooks.worker(9, "999"))


def job(kind: str, record: Import) -> Job:
    return Job(1, kind, "k", {"import_id": str(record.id)}, 0, clock.now(), uuid4())


def members() -> int:
    return db.session.scalar(select(func.count()).select_from(Membership)) or 0


def uploaded(register: Register) -> Import:
    return imports.upload(register.staff, kind=ImportKind.WORKERS, node_id=None, file_name="a.xlsx", content=six_rows())


def die_at(monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    """Let the process die inside the transaction of the n-th chunk."""
    move_on, calls = import_steps._move_on, iter(range(1, 100))

    def dying(*args: object, **kwargs: object) -> None:
        if next(calls) == call:
            raise Killed
        move_on(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(import_steps, "_move_on", dying)


def test_a_check_that_was_killed_goes_on_where_it_stood(
    register: Register, short_stretches: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    short_stretches(2)
    monkeypatch.setattr(import_steps, "STRETCH_SECONDS", 60.0)
    record = uploaded(register)
    with monkeypatch.context() as patch:
        die_at(patch, 2)
        with pytest.raises(Killed):
            import_steps.check(job(imports.CHECK, record))
    assert register.again(record).rows_checked == 2
    settle()
    record = register.again(record)
    assert (record.state, record.rows_checked, record.rows_bad, record.rows_new) == (ImportState.READY, 6, 1, 5)
    assert len(register.said(record)) == 1


def test_an_import_that_was_killed_goes_on_where_it_stood(
    register: Register, short_stretches: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    short_stretches(2)
    monkeypatch.setattr(import_steps, "STRETCH_SECONDS", 60.0)
    record = uploaded(register)
    settle()
    imports.accept(register.staff, record.id, skip_bad_rows=True)
    with monkeypatch.context() as patch:
        die_at(patch, 3)
        with pytest.raises(Killed):
            import_steps.apply(job(imports.APPLY, record))
    assert (register.again(record).rows_applied, members()) == (4, 4)
    settle()
    record = register.again(record)
    assert (record.state, record.rows_applied, record.rows_skipped) == (ImportState.APPLIED, 6, 1)
    assert members() == 5


def test_a_step_delivered_twice_does_no_row_twice(register: Register, short_stretches: Callable[[int], None]) -> None:
    short_stretches(2)
    record = uploaded(register)
    again = job(imports.CHECK, record)
    for _ in range(5):
        import_steps.check(again)
        db.session.execute(delete(OutboxRow))
        db.session.commit()
    record = register.again(record)
    assert (record.state, record.rows_checked, record.rows_new) == (ImportState.READY, 6, 5)
    imports.accept(register.staff, record.id, skip_bad_rows=True)
    for _ in range(5):
        import_steps.apply(job(imports.APPLY, record))
        db.session.execute(delete(OutboxRow))
        db.session.commit()
    assert (register.again(record).state, members()) == (ImportState.APPLIED, 5)


def test_who_is_overtaken_takes_back_what_it_found(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker, whose lease was thought lost, has moved on meanwhile."""
    record = uploaded(register)
    move_on = import_steps._move_on

    def late(*args: object, **kwargs: object) -> None:
        db.session.execute(db.update(Import).values(rows_checked=1))
        move_on(*args, **kwargs)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(import_steps, "_move_on", late)
        import_steps.check(job(imports.CHECK, record))
    assert register.again(record).rows_checked == 0
    assert db.session.scalar(select(func.count()).select_from(ImportFinding)) == 0


def test_an_import_discarded_before_its_last_step_stays_discarded(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = uploaded(register)
    last_step = import_steps._next

    def late(*args: object) -> None:
        imports.discard(register.staff, record.id)
        last_step(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(import_steps, "_next", late)
        import_steps.check(job(imports.CHECK, record))
    assert register.again(record).state is ImportState.DISCARDED


def test_an_import_discarded_while_it_is_checked_stays_discarded(register: Register) -> None:
    record = uploaded(register)
    imports.discard(register.staff, record.id)
    settle()
    assert register.again(record).state is ImportState.DISCARDED
    assert register.again(record).rows_checked == 0


def test_an_import_discarded_while_it_is_opened_is_not_refused_afterwards(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = imports.upload(
        register.staff, kind=ImportKind.WORKERS, node_id=None, file_name="a.xlsx", content=workbooks.workers()
    )
    looked_at = import_steps._looked_at

    def slow(found: Import) -> object:
        outcome = looked_at(found)
        imports.discard(register.staff, record.id)
        return outcome

    monkeypatch.setattr(import_steps, "_looked_at", slow)
    import_steps.check(job(imports.CHECK, record))
    assert register.again(record).state is ImportState.DISCARDED
    assert register.said(record) == []


def test_a_job_for_an_import_that_does_not_exist_does_nothing(register: Register) -> None:
    ghost = Job(1, imports.CHECK, "k", {"import_id": str(uuid4())}, 0, clock.now(), uuid4())
    for handler in (import_steps.check, import_steps.apply, import_steps.forget):
        handler(ghost)
