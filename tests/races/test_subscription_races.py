"""One yes, many messages at once: one of them takes it."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import literal
from sqlalchemy.exc import IntegrityError

from service.core.transaction import transactional
from service.messaging import subscriptions
from service.messaging.enums import Purpose
from service.messaging.subscriptions import NoCredit
from tests import make
from tests.service.messaging.conftest import accept, left, template

THREADS = 8


def at_once(app: Flask, spend: Callable[[], None]) -> list[BaseException | None]:
    """What became of each of eight threads that spend at the same moment."""
    barrier, outcomes = threading.Barrier(THREADS), []

    def run() -> None:
        barrier.wait()
        with app.app_context():
            try:
                spend()
            except (NoCredit, IntegrityError) as error:
                outcomes.append(error)
            else:
                outcomes.append(None)

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize("is_guarded", [True, False])
def test_one_yes_is_spent_once(
    app: Flask, committed_database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """Without the guard the table's own check still stops what would be overspent, as a fault of ours."""
    person = make.person().id
    accept(person)
    if not is_guarded:
        monkeypatch.setattr(subscriptions, "is_left", lambda: literal(1) == 1)

    @transactional
    def spend() -> None:
        subscriptions.spend(person, template(Purpose.BOOKING))

    outcomes = at_once(app, spend)
    assert outcomes.count(None) == 1
    assert {type(each) for each in outcomes if each} == {NoCredit if is_guarded else IntegrityError}
    committed_database.session.close()
    assert left(person) == 0
