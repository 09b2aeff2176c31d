"""The clock's jobs run once a tick, and one that fails harms no other."""

from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.core import clock
from service.messaging import sweeping, ticks
from service.messaging.models import Tick


def test_a_job_runs_once_a_tick(database: SQLAlchemy) -> None:
    runs: list[int] = []
    with time_machine.travel("2026-11-22T09:00:01Z", tick=False) as time:
        assert ticks.tick("job", 60, lambda: runs.append(1)) is True
        assert ticks.tick("job", 60, lambda: runs.append(2)) is False
        assert ticks.tick("other", 60, lambda: runs.append(3)) is True
        time.shift(59)
        assert ticks.tick("job", 60, lambda: runs.append(4)) is True
    assert runs == [1, 3, 4]


def test_a_failing_job_is_told_and_not_run_again_in_its_tick(
    database: SQLAlchemy, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise ValueError

    with time_machine.travel("2026-11-22T09:00:01Z", tick=False):
        assert ticks.tick("job", 60, fail) is True
        assert ticks.tick("job", 60, fail) is False
    assert "tick_failed" in capsys.readouterr().err


def test_the_heartbeat_has_an_age_once_a_worker_was_there(database: SQLAlchemy) -> None:
    assert ticks.heartbeat_age() is None
    ticks.tick(ticks.HEARTBEAT, 10, lambda: None)
    with time_machine.travel(clock.now() + timedelta(seconds=30), tick=False):
        age = ticks.heartbeat_age()
    assert age is not None
    assert 29 < age < 31


def test_old_ticks_are_purged(database: SQLAlchemy) -> None:
    ticks.tick("job", 60, lambda: None)
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        ticks.tick("job", 60, lambda: None)
        assert sweeping.purge() == 1
    assert len(database.session.scalars(select(Tick.tick)).all()) == 1
