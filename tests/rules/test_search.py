"""Keyword search: pieces, initials, and nothing that LIKE would read as its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.search import initials, like_pattern, normal, search_text


@pytest.mark.parametrize(
    ("text", "typed"),
    [("茶艺师初级班", "cys"), ("重庆", "cq"), ("重庆", "zq"), ("曾师傅", "zsf"), ("曾师傅", "csf"), ("思茅区", "smq")],
)
def test_a_text_is_found_by_its_initials(text: str, typed: str) -> None:
    assert any(typed in found for found in initials(text))


def test_the_usual_initials_come_first_and_none_twice() -> None:
    found = initials("茶艺师")
    assert found[0] == "cys"
    assert len(found) == len(set(found))


def test_what_is_not_chinese_has_no_initials() -> None:
    assert initials("QC 2026") == []
    assert search_text("", "QC") == "qc"


@given(st.text(alphabet="茶艺师重长会行abc %_\\", max_size=80))
def test_a_text_never_has_more_spellings_than_its_first_characters_have_readings(text: str) -> None:
    assert len(initials(text)) <= 1 + 12 * 8
    assert normal(text) in search_text(text) or not normal(text)


@given(st.text(max_size=20))
def test_a_pattern_escapes_what_like_reads_as_its_own(word: str) -> None:
    inner = like_pattern(word)[1:-1]
    plain = inner.replace("\\\\", "").replace("\\%", "").replace("\\_", "")
    assert "%" not in plain
    assert "_" not in plain
    assert "\\" not in plain
