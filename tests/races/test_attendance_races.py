"""Races at a lesson's sheet: real threads and commits, both engines; each guard has a run without it that must fail."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from service.core.db import db
from service.training import attendance_scope, batches, check_in, codes, marks, sheets
from service.training.attendance_models import Completion, Mark, MarkCorrection
from service.training.batches import Item
from service.training.enums import LessonMode, MarkSource, MarkState
from service.training.models import Lesson
from tests import make
from tests.attendance_scene import Scene, minutes, scene

PAUSE_S = 0.02


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(minutes(5), tick=True):
        yield


@pytest.fixture
def held(committed_database) -> Scene:
    return scene(people=12)


def at_once(app: Flask, jobs: list[Callable[[], object]]) -> list[object]:
    """Run each job in a thread of its own, all starting together; what each returned or raised, in order."""
    outcomes: list[object] = [None] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def work(place: int, job: Callable[[], object]) -> None:
        barrier.wait()
        with app.app_context():
            try:
                outcomes[place] = job()
            except Exception as error:  # noqa: BLE001  the outcome of a race may be an error
                outcomes[place] = error

    threads = [threading.Thread(target=work, args=each) for each in enumerate(jobs)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    db.session.close()
    return outcomes


def stale(function: Callable[..., object], engine_name: str) -> Callable[..., object]:
    """The function's answer, used only after others have had time to change what it says: check, then act.

    SQLite's BEGIN IMMEDIATE is a lock of its own, so there the answer is read before it.
    """

    def read_then_wait(*args: object, **kwargs: object) -> object:
        found = function(*args, **kwargs)
        connection = db.session.connection()
        if engine_name == "sqlite":
            connection.exec_driver_sql("COMMIT")
        time.sleep(PAUSE_S * (1 + random.random()))
        if engine_name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        return found

    return read_then_wait


def unlocked(lesson_id: int, people: object) -> Lesson:
    """The lesson as it was, with no lock."""
    return db.session.scalars(select(Lesson).where(Lesson.id == lesson_id)).one()


@contextmanager
def without(monkeypatch: pytest.MonkeyPatch, *guards: tuple[object, str, object]) -> Iterator[None]:
    with monkeypatch.context() as patch:
        for target, name, value in guards:
            patch.setattr(target, name, value)
        yield


def scanning(held: Scene, person_id: int, device: str = "") -> Callable[[], object]:
    code = codes.code_at(held.lesson_id, minutes(5)).code
    evidence = check_in.Evidence(device or None)
    return lambda: check_in.check_in(actor=make.actor(person_id), code=code, evidence=evidence)


def marking(held: Scene, person_id: int, state: MarkState, client_id: str) -> Callable[[], object]:
    item = Item(worker_id=person_id, client_id=client_id, at=minutes(6), state=state)
    return lambda: batches.record(actor=held.trainer, lesson_id=held.lesson_id, items=[item])


def sealing(held: Scene) -> Callable[[], object]:
    return lambda: sheets.seal(actor=held.trainer, lesson_id=held.lesson_id, confirm=True)


def test_two_devices_of_one_person_make_one_mark_and_hear_the_same(app, held):
    person = held.people[0]
    outcomes = at_once(app, [scanning(held, person, f"device {each}") for each in range(8)])
    assert len(set(map(repr, outcomes))) == 1
    assert isinstance(outcomes[0], check_in.CheckedIn)
    assert db.session.scalar(select(func.count()).select_from(Mark)) == 1


def test_without_the_locks_two_devices_collide(app, held, monkeypatch, engine_name):
    guards = (
        (attendance_scope, "lock", unlocked),
        (marks, "marks_of", stale(marks.marks_of, engine_name)),
    )
    with without(monkeypatch, *guards):
        outcomes = at_once(app, [scanning(held, held.people[0]) for _ in range(8)])
    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    assert db.session.scalar(select(func.count()).select_from(Mark)) == 1, "the constraint is the net below"


def written_after_the_seal(held: Scene) -> int:
    """Marks that changed after the sheet was sealed, though not by staff."""
    sealed_at = db.session.get_one(Lesson, held.lesson_id).sealed_at
    assert sealed_at is not None
    late = select(func.count()).where(Mark.lesson_id == held.lesson_id, Mark.recorded_at > sealed_at)
    return db.session.scalar(late) or 0


def test_nothing_is_written_into_a_sheet_once_it_is_sealed(app, held):
    at_once(app, [marking(held, person, MarkState.PRESENT, f"a{person}") for person in held.people])
    changes = [marking(held, person, MarkState.LATE, f"z{person}") for person in held.people]
    outcomes = at_once(app, [*changes[:6], sealing(held), *changes[6:], scanning(held, held.people[0])])
    assert not [each for each in outcomes if isinstance(each, Exception) and not hasattr(each, "code")]
    assert written_after_the_seal(held) == 0
    states = {person: mark.state for person, mark in marks.marks_of(held.lesson_id).items()}
    told = [each for each in outcomes if isinstance(each, batches.Recorded)]
    assert len(told) == len(held.people)
    for recorded in told:
        (answer,) = recorded.items
        changed = answer["result"] == "applied"
        assert states[answer["worker_id"]] == (MarkState.LATE if changed else MarkState.PRESENT)


def test_without_the_lessons_lock_a_sealed_sheet_is_written_into(app, held, monkeypatch, engine_name):
    at_once(app, [marking(held, person, MarkState.PRESENT, f"a{person}") for person in held.people])
    with without(monkeypatch, (attendance_scope, "lock", stale(unlocked, engine_name))):
        for attempt in range(20):
            changes = [marking(held, person, MarkState.LATE, f"b{attempt}-{person}") for person in held.people]
            at_once(app, [sealing(held), *changes])
            if written_after_the_seal(held):
                return
            db.session.execute(text("UPDATE lessons SET sealed_at = NULL, sealed_by = NULL"))
            db.session.commit()
    pytest.fail("the race was never lost without its guard")


def test_scans_and_the_seal_leave_everybody_with_one_mark_that_fits_the_answer(app, held):
    outcomes = at_once(app, [*(scanning(held, person) for person in held.people), sealing(held)])
    found = marks.marks_of(held.lesson_id)
    assert set(found) == set(held.people)
    for person, outcome in zip(held.people, outcomes, strict=False):
        checked_in = isinstance(outcome, check_in.CheckedIn)
        assert checked_in or getattr(outcome, "code", "") == "attendance.sheet_sealed"
        assert found[person].source == (MarkSource.SCAN if checked_in else MarkSource.CLOCK)


def test_the_same_batch_from_two_devices_is_answered_alike_and_corrects_once(app, held):
    at_once(app, [marking(held, person, MarkState.PRESENT, f"a{person}") for person in held.people])
    items = [
        Item(worker_id=person, client_id=f"b{person}", at=minutes(7), state=MarkState.LATE) for person in held.people
    ]
    outcomes = at_once(
        app,
        [lambda: batches.record(actor=held.trainer, lesson_id=held.lesson_id, items=items) for _ in range(6)],
    )
    assert len({repr(outcome) for outcome in outcomes}) == 1
    assert db.session.scalar(select(func.count()).select_from(MarkCorrection)) == len(held.people)


def test_batches_of_the_same_people_in_opposite_order_do_not_deadlock(app, held):
    def batch(people: list[int], name: str) -> Callable[[], object]:
        items = [
            Item(worker_id=each, client_id=f"{name}{each}", at=minutes(6), state=MarkState.LATE) for each in people
        ]
        return lambda: batches.record(actor=held.trainer, lesson_id=held.lesson_id, items=items)

    jobs = [batch(held.people[:: 1 if number % 2 else -1], f"n{number}-") for number in range(8)]
    outcomes = at_once(app, jobs)
    assert all(isinstance(outcome, batches.Recorded) for outcome in outcomes)


@pytest.fixture
def over(committed_database):
    """A class of two lessons that are over, with one person absent from both."""
    held = scene(people=1, lessons=((-300, -180, LessonMode.ON_SITE, 4), (-120, 0, LessonMode.ON_SITE, 4)))
    for lesson_id in held.lesson_ids:
        sheets.seal(actor=held.trainer, lesson_id=lesson_id, confirm=True)
    return held


def correcting(held: Scene, lesson_id: int, state: MarkState) -> Callable[[], object]:
    return lambda: marks.correct(
        actor=held.staff, lesson_id=lesson_id, person_id=held.people[0], state=state, reason="已核对"
    )


def completed_hours(held: Scene) -> int | None:
    return db.session.scalar(select(Completion.hours_attended).where(Completion.class_id == held.class_id))


def test_corrections_of_two_lessons_at_once_both_count_in_the_completion(app, over):
    for state, hours in ((MarkState.PRESENT, 8), (MarkState.ABSENT, 0), (MarkState.MADE_UP, 8)):
        at_once(app, [correcting(over, lesson_id, state) for lesson_id in over.lesson_ids])
        assert completed_hours(over) == hours


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_without_the_persons_lock_a_completion_misses_a_correction(app, over, monkeypatch, engine_name):
    """On SQLite the writers' lock is all locks in one: this control is PostgreSQL's alone."""

    def slow_refresh(*args: object) -> None:
        time.sleep(PAUSE_S)
        REFRESH(*args)

    guards = (
        (attendance_scope, "lock_people", lambda _people: None),
        (marks.completion, "hours_of", stale(marks.completion.hours_of, engine_name)),
        (marks.completion, "refresh", slow_refresh),
    )
    with without(monkeypatch, *guards):
        for state, hours in ((MarkState.PRESENT, 8), (MarkState.ABSENT, 0)) * 10:
            at_once(app, [correcting(over, lesson_id, state) for lesson_id in over.lesson_ids])
            if completed_hours(over) != hours:
                return
    pytest.fail("the race was never lost without its guard")


REFRESH = marks.completion.refresh


def test_many_typed_codes_at_once_are_five_tries(app, held):
    worker = make.actor(held.people[0])
    outcomes = at_once(app, [lambda: check_in.count_typed_try(actor=worker) for _ in range(12)])
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert [getattr(each, "code", each) for each in refused] == ["attendance.too_many_tries"] * 7
