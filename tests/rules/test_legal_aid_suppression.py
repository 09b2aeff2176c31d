"""Small numbers are left out of a table, and none can be reckoned from what is shown."""

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from service.legal_aid.suppression import hidden, protected

LEAST, TOTAL = 5, "total"
TABLE = st.lists(st.integers(0, 9), min_size=1, max_size=4).map(lambda found: dict(zip("abcde", found, strict=False)))


def possible(shown: dict[str, int | None]) -> Iterator[dict[str, int]]:
    """Every table that would be shown like this one: what somebody who reckons is left with."""
    open_ones = [name for name, count in shown.items() if count is None and name != TOTAL]
    known = sum(count or 0 for name, count in shown.items() if name != TOTAL)
    for numbers in product(range(1, 14), repeat=len(open_ones)):
        if shown[TOTAL] is None or known + sum(numbers) == shown[TOTAL]:
            yield dict(zip(open_ones, numbers, strict=True))


@settings(deadline=None, max_examples=60)
@given(TABLE)
def test_no_number_that_is_left_out_can_be_reckoned(counts: dict[str, int]) -> None:
    shown = protected({"x": counts}, LEAST, TOTAL)["x"]
    for name, count in counts.items():
        if 0 < count < LEAST:
            assert shown[name] is None
        if shown[name] is None:
            found = {table[name] for table in possible(shown)}
            assert min(found) < LEAST <= max(found)
        else:
            assert shown[name] == count


def test_one_small_number_takes_another_with_it() -> None:
    assert hidden({"a": 2, "b": 6, "c": 20}, LEAST) == {"a", "b"}
    assert hidden({"a": 1, "b": 1, "c": 1, "d": 30}, LEAST) == {"a", "b", "c", "d"}
    assert hidden({"a": 4, "b": 4, "c": 20}, LEAST) == {"a", "b"}
    assert hidden({"a": 0, "b": 5}, LEAST) == set()
    assert hidden({"a": 3, "b": 0}, LEAST) is None


def test_tables_of_the_same_cases_tell_their_total_together_or_nothing() -> None:
    shown = protected({"x": {"a": 5, "b": 0}, "y": {"a": 3, "b": 1, "c": 1}}, LEAST, TOTAL)
    assert shown == {"x": {"a": None, "b": 0, TOTAL: None}, "y": {"a": None, "b": None, "c": None, TOTAL: None}}
    shown = protected({"x": {"a": 12}, "y": {"a": 7, "b": 5}}, LEAST, TOTAL)
    assert shown == {"x": {"a": 12, TOTAL: 12}, "y": {"a": 7, "b": 5, TOTAL: 12}}
