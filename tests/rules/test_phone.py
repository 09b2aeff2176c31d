"""Mobile numbers of mainland China."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.identity import phone
from service.identity.errors import PhoneWrong

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(MOBILES, st.sampled_from(["", "+86", "0086", " +86 ", "+86-", "＋86"]))
def test_a_country_code_is_taken_off(number: str, prefix: str) -> None:
    assert phone.checked(prefix + number) == number


@given(MOBILES, st.sampled_from([" ", "-", "\t", "　"]))
def test_separators_are_taken_out(number: str, separator: str) -> None:
    assert phone.checked(separator.join([number[:3], number[3:7], number[7:]])) == number


@given(st.text(max_size=30))
def test_any_text_is_either_refused_or_normalised_once(text: str) -> None:
    if phone.is_right(text):
        assert phone.checked(phone.checked(text)) == phone.checked(text)
    else:
        with pytest.raises(PhoneWrong):
            phone.checked(text)


@pytest.mark.parametrize(
    "wrong", ["", "12345678901", "1380000123", "138000012345", "08792123456", "+8513800001234", "1380000123٤", "86138"]
)
def test_what_is_no_mobile_is_refused(wrong: str) -> None:
    with pytest.raises(PhoneWrong) as refused:
        phone.checked(wrong)
    assert refused.value.details == {"phone": [PhoneWrong.message]}


def test_full_width_digits_are_normalised() -> None:
    assert phone.checked("１３８００００１２３４") == "13800001234"
