"""Numbers of skill certificates, and the gate they open."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.booking.gates import Standing
from service.skills import gate, rules
from service.skills.enums import LEVEL_NAMES, SkillLevel, level_name

TODAY = date(2026, 11, 22)
NUMBER = "S000153000001244000001"
STANDING = Standing(1, True, "/1/", "530802", "tea", "employee")
RULE = {"kind": "level", "occupation_code": "4-03-02-07", "at_least": 4}


def problems(**changed: object) -> set[str]:
    given: dict[str, object] = {
        "occupation_code": "4-03-02-07", "level": 4, "number": NUMBER, "issued_on": date(2024, 5, 1), "today": TODAY,
    }  # fmt: skip
    return set(rules.problems(**(given | changed)))  # type: ignore[arg-type]


def test_the_new_number_tells_its_level() -> None:
    assert len(NUMBER) == 22
    assert problems() == set()
    assert problems(level=3) == {"level"}
    assert problems(number=NUMBER[:15] + "3" + NUMBER[16:], level=3) == set()
    assert problems(number=NUMBER[:15] + "6" + NUMBER[16:]) == {"number"}


@pytest.mark.parametrize("number", ["1234567890123456", "Y" + NUMBER[1:]])
def test_old_numbers_and_employers_numbers_pass(number: str) -> None:
    assert problems(number=number) == set()


@pytest.mark.parametrize(
    "number", ["", "123456789012345", "12345678901234567", "A" + NUMBER[1:], NUMBER + "1", NUMBER[:-1]]
)
def test_other_numbers_do_not(number: str) -> None:
    assert problems(number=number) == {"number"}


def test_every_wrong_field_is_named() -> None:
    assert problems(occupation_code="x", number="1", issued_on=date(2026, 11, 23)) == {
        "occupation_code",
        "number",
        "issued_on",
    }
    assert problems(issued_on=None) == set()
    assert problems(issued_on=date(1949, 1, 1)) == {"issued_on"}


@given(st.text(max_size=40))
def test_a_number_is_normalised_once(text: str) -> None:
    once = rules.normal_number(text)
    assert rules.normal_number(once) == once


def test_a_number_whose_capital_is_two_characters_is_normalised_once() -> None:
    for text in ("A\u00af", "\u0390", "\u1e96", "\u0149"):
        once = rules.normal_number(text)
        assert rules.normal_number(once) == once


def test_spaces_and_full_width_letters_do_not_matter() -> None:
    assert rules.normal_number(" ｓ0001 53000001 2440 00001 ") == NUMBER


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_the_level_asked_for_or_a_better_one_opens_the_gate(level: int) -> None:
    assert gate.refusal(STANDING, level, RULE) is None


def test_a_lower_level_or_none_does_not_and_the_reason_says_what_is_held() -> None:
    lower = gate.refusal(STANDING, 5, RULE)
    assert lower is not None
    assert lower.code == "gate.level"
    assert lower.detail == "这个班须持有茶艺师四级/中级工及以上证书，您目前为五级/初级工"
    none = gate.refusal(STANDING, None, RULE)
    assert none is not None
    assert none.detail == "这个班须持有茶艺师四级/中级工及以上证书"


def test_all_eight_levels_have_a_name() -> None:
    assert len(LEVEL_NAMES) == 8
    assert [level_name(level) for level in sorted(SkillLevel, reverse=True)] == [LEVEL_NAMES[c] for c in "54321"]
