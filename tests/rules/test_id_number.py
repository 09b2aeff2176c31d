"""The resident ID number: digits, check digit, date; never the region."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.identity import id_number
from service.identity.errors import IdNumberWrong
from tests.make import check_digit

TODAY = date(2026, 11, 22)
BIRTHS = st.dates(date(1900, 1, 1), TODAY)
REGIONS = st.integers(100_000, 999_999)


def number(region: int, born_on: date, sequence: int = 0) -> str:
    """A number with a right check digit."""
    body = f"{region}{born_on:%Y%m%d}{sequence:03d}"
    return body + check_digit(body)


@given(REGIONS, BIRTHS, st.integers(0, 999))
def test_every_region_and_every_day_since_1900_is_accepted(region: int, born_on: date, sequence: int) -> None:
    made = number(region, born_on, sequence)
    assert id_number.checked(made, TODAY) == made
    assert id_number.birth_date(made) == born_on


@given(REGIONS, BIRTHS, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(region: int, born_on: date, place: int, shift: int) -> None:
    made = number(region, born_on)
    digit = made[place]
    other = str((int(digit) + shift) % 10) if digit.isdigit() else str(shift)
    assert not id_number.is_right(made[:place] + other + made[place + 1 :], TODAY)


@given(REGIONS, BIRTHS, st.integers(0, 16))
def test_two_neighbours_changed_over_are_always_found(region: int, born_on: date, place: int) -> None:
    made = number(region, born_on)
    if "X" in made[place : place + 2] or made[place] == made[place + 1]:
        return
    assert not id_number.is_right(made[:place] + made[place + 1] + made[place] + made[place + 2 :], TODAY)


@given(REGIONS, st.integers(1, 30_000))
def test_a_birth_after_today_or_before_1900_is_refused(region: int, days: int) -> None:
    assert not id_number.is_right(number(region, TODAY + timedelta(days=days)), TODAY)
    assert not id_number.is_right(number(region, date(1900, 1, 1) - timedelta(days=days)), TODAY)


@given(st.text(max_size=40))
def test_any_text_is_either_refused_or_normalised_once(text: str) -> None:
    if id_number.is_right(text, TODAY):
        made = id_number.checked(text, TODAY)
        assert id_number.checked(made, TODAY) == made
    else:
        with pytest.raises(IdNumberWrong) as refused:
            id_number.checked(text, TODAY)
        assert refused.value.details["id_number"] == [refused.value.message]


@pytest.mark.parametrize(
    "right",
    [
        "11010519491231002X",
        "53080219900101000X",
        "530821199001010009",
        "530824199001010008",
        "530828199001010003",
        "53082919900101000X",
        number(532701, date(1985, 5, 1)),  # the prefecture's code before it became a city
        number(530802, date(2020, 5, 1)),
        number(810000, date(1990, 5, 1)),  # residence permits of Hong Kong and Taiwan people
        number(830000, date(1990, 5, 1)),
        number(911000, date(1990, 5, 1)),  # foreigners' permanent residence
    ],
)
def test_plausible_numbers_are_accepted(right: str) -> None:
    assert id_number.checked(right, TODAY) == right


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("530802900101000", "15位"),
        ("", "18位"),
        ("5308021990010100", "18位"),
        ("53080219900101000A", "18位"),
        ("5308021990010X000X", "18位"),
        ("٥30802199001010003", "18位"),
        ("530802199001010001", "核对"),
        (number(530802, date(2099, 1, 1)), "出生日期"),
        ("440524188001010014", "出生日期"),  # right check digit, born 1880
        ("53080219900230000" + check_digit("53080219900230000"), "出生日期"),
        ("53080200000101000" + check_digit("53080200000101000"), "出生日期"),
    ],
)
def test_wrong_numbers_are_refused_with_what_to_look_at(wrong: str, told: str) -> None:
    with pytest.raises(IdNumberWrong, match=told):
        id_number.checked(wrong, TODAY)


def test_full_width_lower_case_and_spaces_are_normalised() -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in "53080219900101000x")
    assert unicodedata.normalize("NFKC", wide) == "53080219900101000x"
    for given_as in (wide, " 530802 19900101 000x\n", "53080219900101000x"):
        assert id_number.checked(given_as, TODAY) == "53080219900101000X"


def test_somebody_born_today_is_accepted_and_tomorrow_not() -> None:
    assert id_number.is_right(number(530802, TODAY), TODAY)
    assert not id_number.is_right(number(530802, TODAY), TODAY - timedelta(days=1))
