"""Masking: four digits tell people apart, nothing gives the number away."""

from hypothesis import given
from hypothesis import strategies as st

from service.identity.masking import mask_id_number, mask_name, mask_phone


def test_a_phone_shows_three_and_four() -> None:
    assert mask_phone("13800001234") == "138****1234"


def test_an_id_number_shows_four_and_four() -> None:
    assert mask_id_number("530802199001011236") == "5308**********1236"


def test_nothing_stays_nothing() -> None:
    assert mask_phone(None) is None
    assert mask_id_number(None) is None


@given(st.text("0123456789", max_size=24))
def test_length_is_kept_and_at_least_half_of_what_would_be_hidden_is(number: str) -> None:
    for masked in (mask_phone(number), mask_id_number(number)):
        assert masked is not None
        assert len(masked) == len(number)
        assert masked.count("*") >= min(4, len(number))


def test_of_a_name_the_first_character_stays() -> None:
    assert [mask_name(name) for name in ("张三", "岩温甲", "李", "")] == ["张*", "岩**", "李", ""]
