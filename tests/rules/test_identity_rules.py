"""How often something may be tried, and which spellings of a name are one name."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.identity.rules import BINDINGS, PASSWORDS, Allowance, Tries, blocked_until, counted, normal_name

START = datetime(2026, 11, 22, 8, tzinfo=UTC)


def play(allowance: Allowance, gaps_s: list[int]) -> list[datetime]:
    """The instants of those tries that were let through, when one comes after each gap."""
    tries, now, through = None, START, []
    for gap in gaps_s:
        now += timedelta(seconds=gap)
        until = blocked_until(tries, allowance) if tries else None
        if until is None or now >= until:
            tries = counted(tries, allowance, now)
            through.append(now)
    return through


@given(st.lists(st.integers(0, 1200), max_size=60))
def test_eleven_tries_at_binding_never_fit_into_an_hour(gaps_s: list[int]) -> None:
    """Five to a window of an hour: two windows may touch, three may not."""
    through = play(BINDINGS, gaps_s)
    for first, eleventh in zip(through, through[10:], strict=False):
        assert eleventh - first >= timedelta(hours=1)


@given(st.lists(st.integers(0, 1200), max_size=60))
def test_after_ten_wrong_passwords_none_for_fifteen_minutes(gaps_s: list[int]) -> None:
    through = play(PASSWORDS, gaps_s)
    for tenth in range(9, len(through) - 1, 10):
        assert through[tenth + 1] >= through[tenth] + timedelta(minutes=15)


def test_ten_in_a_row_count_however_long_they_take() -> None:
    day = 86_400
    assert len(play(PASSWORDS, [day] * 9 + [0, 0, 60])) == 10


def test_five_in_an_hour_are_forgotten_after_it() -> None:
    assert len(play(BINDINGS, [0, 600, 600, 600, 600, 600, 600])) == 6


@pytest.mark.parametrize(("count", "is_blocked"), [(1, False), (4, False), (5, True), (6, True)])
def test_the_fifth_try_is_the_last(count: int, is_blocked: bool) -> None:
    tries = Tries(count, START, START + timedelta(minutes=20))
    assert (blocked_until(tries, BINDINGS) == START + timedelta(hours=1)) is is_blocked


@pytest.mark.parametrize("spelling", ["岩·温", "岩•温", "岩・温", " 岩 ‧ 温 ", "岩．温", "岩。温"])
def test_the_many_middle_dots_are_one(spelling: str) -> None:
    assert normal_name(spelling) == normal_name("岩·温")


def test_other_names_stay_other_names() -> None:
    assert normal_name("岩温") != normal_name("岩·温")
    assert normal_name("张三") != normal_name("张 四")
