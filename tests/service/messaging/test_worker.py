"""The worker process delivers, lets the clock act, and goes on after a fault."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from blueprints import worker as workers
from blueprints.worker import PERIODIC, Periodic, Worker
from service.core.transaction import transactional
from service.messaging import delivery, outbox
from service.messaging.models import InboxMessage
from tests import make


@transactional
def tell(person_id: int) -> None:
    outbox.notice(person_id, "x", "通知", "内容")


def run_until(worker: Worker, is_reached: Callable[[], bool]) -> None:
    """Run the worker in a thread until the condition holds."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    reached = threading.Event()
    for _ in range(200):
        if is_reached():
            reached.set()
            break
        threading.Event().wait(0.05)
    worker.stop()
    thread.join(10)
    assert reached.is_set()
    assert not thread.is_alive()


def test_a_notice_reaches_the_inbox_and_jobs_run(app: Flask, committed_database: SQLAlchemy) -> None:
    runs: list[int] = []
    tell(make.person().id)

    def is_delivered() -> bool:
        committed_database.session.close()
        return bool(committed_database.session.scalars(select(InboxMessage.id)).all()) and bool(runs)

    run_until(Worker(app, [Periodic("test", 3600, lambda: runs.append(1))]), is_delivered)
    assert runs == [1]


def test_two_workers_run_a_tick_once(app: Flask, committed_database: SQLAlchemy) -> None:
    runs: list[int] = []
    periodic = [Periodic("test", 3600, lambda: runs.append(1))]
    pair = [Worker(app, periodic) for _ in range(2)]

    def act(worker: Worker) -> None:
        with app.app_context():
            worker.let_clock_act()

    threads = [threading.Thread(target=act, args=(worker,)) for worker in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert runs == [1]


def test_a_fault_is_told_and_work_goes_on(
    app: Flask, committed_database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tries: list[int] = []

    def deliver_due(**_: object) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise ConnectionError
        return 0

    monkeypatch.setattr(delivery, "deliver_due", deliver_due)
    monkeypatch.setattr(workers, "REST_SECONDS", 0.01)
    run_until(Worker(app, []), lambda: len(tries) > 10)
    assert "worker_pass_failed" in capsys.readouterr().err


def test_every_job_of_the_product_runs_on_an_empty_database(app: Flask, committed_database: SQLAlchemy) -> None:
    for each in PERIODIC:
        each.run()
    assert len({each.job for each in PERIODIC}) == len(PERIODIC)


def test_the_command_delivers_what_is_due(app: Flask, committed_database: SQLAlchemy) -> None:
    tell(make.person().id)
    outcome = app.test_cli_runner().invoke(args=["outbox", "deliver"])
    assert (outcome.exit_code, outcome.output) == (0, "1 delivered\n")
