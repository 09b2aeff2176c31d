"""The clock that does not jump."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from service.core import clock
from service.core.steady import PATIENCE_SECONDS, Steady

START = datetime(2026, 11, 22, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@given(st.floats(2, 100_000), st.booleans(), st.floats(0, PATIENCE_SECONDS - 1))
def test_a_jump_is_not_followed_and_time_goes_on(jump: float, ahead: bool, later: float) -> None:
    steady = Steady(START, 0)
    wall = jump if ahead else -jump
    assert steady.judge(after(wall), 0) == START
    assert steady.judge(after(wall + later), later) == after(later)


def test_a_clock_that_is_set_right_again_is_believed_at_once() -> None:
    steady = Steady(START, 0)
    steady.judge(after(600), 0)
    assert steady.judge(after(20.5), 20) == after(20.5)


def test_small_corrections_are_followed_however_many() -> None:
    steady = Steady(START, 0)
    for second in range(1, 100):
        assert steady.judge(after(second * 1.5), second) == after(second * 1.5)


def test_a_clock_that_stands_at_its_new_time_is_believed_in_the_end() -> None:
    steady = Steady(START, 0)
    steady.judge(after(600), 0)
    assert steady.judge(after(600 + PATIENCE_SECONDS), PATIENCE_SECONDS) == after(600 + PATIENCE_SECONDS)


def test_a_server_holds_steady_and_a_test_may_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_steady", None)
    with time_machine.travel(after(0)):
        assert abs(clock.now() - after(0)) < timedelta(seconds=5)
    clock.hold_steady()
    began = clock.now()
    with time_machine.travel(began + timedelta(hours=1)):
        assert clock.now() - began < timedelta(minutes=1)


def test_made_up_data_is_made_in_the_past_and_time_goes_on_afterwards() -> None:
    with clock.as_of(after(0)):
        assert clock.now() == after(0)
    assert clock.now() > after(0)
