"""The outbox: what is put in with a deed is done afterwards, at least once, and harmless when repeated."""

import itertools
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.core import clock
from service.core.transaction import transactional
from service.messaging import delivery, outbox, sweeping
from service.messaging.delivery import Job
from service.messaging.enums import OutboxState
from service.messaging.models import InboxMessage, OutboxRow
from tests import make

KIND = "test"


@pytest.fixture(autouse=True)
def done(app: Flask) -> Iterator[list[Mapping[str, Any]]]:
    """What the handler of kind `test` was given; it fails for `{"fails": True}`."""
    given: list[Mapping[str, Any]] = []
    before = dict(delivery.handlers)

    def handle(payload: Mapping[str, Any]) -> None:
        given.append(payload)
        if payload.get("fails"):
            raise ValueError("poisoned")

    delivery.register(KIND, handle)
    yield given
    delivery.handlers.clear()
    delivery.handlers.update(before)


@transactional
def put(key: str, kind: str = KIND, **payload: Any) -> None:
    outbox.put(kind, key, **payload)


def row(database: SQLAlchemy, key: str) -> OutboxRow:
    database.session.expire_all()
    return database.session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()


def test_a_row_is_performed_once_and_done(database: SQLAlchemy, done: list[Any]) -> None:
    put("a", x=1)
    assert delivery.deliver_due() == 1
    assert delivery.deliver_due() == 0
    assert done == [{"x": 1}]
    made = row(database, "a")
    assert (made.state, made.lease_id, made.leased_until) == (OutboxState.DONE, None, None)
    assert made.finished_at is not None


def test_what_is_rolled_back_leaves_nothing_to_do(database: SQLAlchemy, done: list[Any]) -> None:
    @transactional
    def deed() -> None:
        outbox.put(KIND, "a")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        deed()
    assert delivery.deliver_due() == 0
    assert done == []


def test_a_row_due_later_waits(database: SQLAlchemy, done: list[Any]) -> None:
    put("a")
    row(database, "a").due_at = clock.now() + timedelta(hours=1)
    database.session.commit()
    assert delivery.deliver_due() == 0
    assert done == []


def test_a_kind_nobody_has_registered_waits(database: SQLAlchemy) -> None:
    put("a", kind="unheard_of")
    assert delivery.deliver_due() == 0
    assert row(database, "a").state is OutboxState.DUE


def test_a_poisoned_row_does_not_stop_the_others(database: SQLAlchemy, done: list[Any]) -> None:
    put("a", fails=True)
    put("b", x=2)
    assert delivery.deliver_due() == 1
    assert done == [{"fails": True}, {"x": 2}]
    poisoned = row(database, "a")
    assert (poisoned.state, poisoned.attempts, poisoned.last_error) == (OutboxState.DUE, 1, "ValueError")
    assert timedelta(seconds=8) < poisoned.due_at - clock.now() <= timedelta(seconds=10)


def test_a_poisoned_row_is_dead_after_eight_tries(database: SQLAlchemy, done: list[Any]) -> None:
    put("a", fails=True)
    for _ in range(12):
        poisoned = row(database, "a")
        poisoned.due_at = clock.now()
        database.session.commit()
        assert delivery.deliver_due() == 0
    assert len(done) == 8
    dead = row(database, "a")
    assert (dead.state, dead.attempts, dead.lease_id) == (OutboxState.DEAD, 8, None)


def test_rows_that_failed_before_are_leased_one_by_one(database: SQLAlchemy, done: list[Any]) -> None:
    for key in "abc":
        put(key, fails=True)
    delivery.deliver_due()
    for key in "abc":
        mended = row(database, key)
        mended.due_at, mended.payload = clock.now(), {}
        database.session.commit()
    assert [delivery.deliver_due(limit=1) for _ in range(4)] == [1, 1, 1, 0]


def test_the_waits_grow_from_ten_seconds_to_an_hour() -> None:
    waits = [delivery.wait_after(attempt).total_seconds() for attempt in range(1, 8)]
    assert waits[0] == 10
    assert waits[-1] == pytest.approx(3600)
    assert waits == sorted(waits)
    assert all(2 < later / sooner < 3 for sooner, later in itertools.pairwise(waits))


def test_the_handler_and_the_mark_are_one_transaction(database: SQLAlchemy) -> None:
    @transactional
    def deed(payload: Mapping[str, Any]) -> None:
        outbox.put(KIND, "made by the handler")
        raise ValueError

    delivery.register("deed", deed)
    put("a", kind="deed")
    assert delivery.deliver_due() == 0
    assert database.session.scalars(select(OutboxRow.key)).all() == ["a"]


def test_an_outward_handler_runs_in_no_transaction(database: SQLAlchemy) -> None:
    seen: list[tuple[str, bool]] = []

    def call_out(job: Job) -> None:
        seen.append((job.key, delivery.db.session().in_transaction()))

    delivery.register_outward("outward", call_out)
    put("a", kind="outward")
    assert delivery.deliver_due() == 1
    assert seen == [("a", False)]
    assert row(database, "a").state is OutboxState.DONE


def leased(key: str) -> Job:
    """The row as a worker has it at hand."""
    due = select(OutboxRow.id).where(OutboxRow.key == key)
    return delivery.lease_rows(due, timedelta(seconds=120))[0]


def test_a_leased_row_is_nobody_elses_until_the_lease_runs_out(database: SQLAlchemy, done: list[Any]) -> None:
    put("a")
    leased("a")
    assert delivery.deliver_due() == 0
    assert sweeping.sweep() == 0
    with time_machine.travel(clock.now() + timedelta(seconds=121), tick=False):
        assert delivery.deliver_due() == 0
        assert sweeping.sweep() == 1
        assert delivery.deliver_due() == 1
    assert done == [{}]
    assert row(database, "a").attempts == 1


def test_who_lost_the_lease_changes_nothing(database: SQLAlchemy, done: list[Any]) -> None:
    put("a")
    late = leased("a")
    with time_machine.travel(clock.now() + timedelta(seconds=121), tick=False):
        sweeping.sweep()
        again = leased("a")
    assert delivery._deliver(late) is False
    assert delivery._perform_together(delivery.handlers[KIND], [late]) == 0
    delivery._fail(late, ValueError())
    assert done == []
    assert row(database, "a").lease_id == again.lease_id
    assert delivery._deliver(again) is True


def test_a_row_that_kills_its_worker_eight_times_is_dead(database: SQLAlchemy) -> None:
    put("a")
    for attempt in range(1, 9):
        leased("a")
        with time_machine.travel(clock.now() + timedelta(seconds=121 * attempt), tick=False):
            sweeping.sweep()
    assert (row(database, "a").state, row(database, "a").last_error) == (OutboxState.DEAD, "WorkerLost")


def test_a_notice_stands_in_the_inbox_once_however_often_it_is_delivered(database: SQLAlchemy) -> None:
    person = make.person().id
    for _ in range(2):

        @transactional
        def tell() -> None:
            outbox.notice(person, "booking:1", "报名成功", "您已报上", "/bookings")

        tell()
        assert delivery.deliver_due() == 1
        database.session.delete(row(database, f"notice:booking:1:{person}"))
        database.session.commit()
    messages = database.session.scalars(select(InboxMessage)).all()
    assert [(message.person_id, message.title, message.link) for message in messages] == [
        (person, "报名成功", "/bookings")
    ]


def test_notices_go_many_at_a_time(database: SQLAlchemy) -> None:
    person = make.person().id

    @transactional
    def tell() -> None:
        for number in range(1200):
            outbox.notice(person, f"n{number}", "通知", "内容")

    tell()
    assert [delivery.deliver_due(), delivery.deliver_due(), delivery.deliver_due()] == [500, 500, 200]
    assert len(database.session.scalars(select(InboxMessage.id)).all()) == 1200


def test_one_bad_notice_does_not_hold_up_the_rest(database: SQLAlchemy) -> None:
    person = make.person().id
    for number, whose in enumerate((person, 987654321, person)):
        put(f"n{number}", kind=outbox.NOTICE, person_id=whose, title="通知", body="内容")
    assert delivery.deliver_due() == 2
    assert row(database, "n1").attempts == 1
    assert len(database.session.scalars(select(InboxMessage.id)).all()) == 2


def test_the_backlog_tells_what_waits_and_since_when(database: SQLAlchemy) -> None:
    assert sweeping.backlog() == sweeping.Backlog(0, 0, 0, 0.0)
    put("a")
    put("b")
    put("c", fails=True)
    leased("b")
    row(database, "c").state = OutboxState.DEAD
    database.session.commit()
    with time_machine.travel(clock.now() + timedelta(seconds=90), tick=False):
        standing = sweeping.backlog()
    assert (standing.due, standing.leased, standing.dead) == (1, 1, 1)
    assert 89 < standing.oldest_seconds < 92


@pytest.mark.parametrize("is_late", [True, False])
def test_stuck_rows_are_told_in_the_log(
    database: SQLAlchemy, capsys: pytest.CaptureFixture[str], is_late: bool
) -> None:
    put("a")
    with time_machine.travel(clock.now() + timedelta(minutes=31 if is_late else 29), tick=False):
        sweeping.watch()
    assert ("outbox_stuck" in capsys.readouterr().err) is is_late


def test_done_rows_are_kept_a_week_and_due_ones_for_ever(database: SQLAlchemy) -> None:
    put("done")
    delivery.deliver_due()
    put("due")
    assert sweeping.purge() == 0
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1), tick=False):
        assert sweeping.purge() == 1
    assert database.session.scalars(select(OutboxRow.key)).all() == ["due"]
