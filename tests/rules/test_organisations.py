"""Divisions, occupations, codes, and what stands below what in the union tree."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.organisations import divisions, occupations, rules
from service.organisations.enums import Industry, NodeKind, WorkerCategory
from service.organisations.labels import INDUSTRIES, NODE_KINDS, WORKER_CATEGORIES, by_label
from service.organisations.models import UnionNode

PUBLISHED = ["91110108551385082Q", "91350100M000100Y43"]
REMAINDER_ZERO = "91530802MA000020X0"
UNION = "81530802MA0000015C"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def test_there_are_ten_counties_and_every_town_lies_in_one() -> None:
    assert sorted(divisions.COUNTIES) == ["530802", *(f"5308{number}" for number in range(21, 30))]
    assert all(len(code) == 9 and divisions.county_of(code) for code in divisions.TOWNS)
    assert divisions.county_of("530100001") is None
    assert divisions.county_name("530802") == "思茅区"
    assert divisions.county_name("530100") is None
    assert divisions.county_name(None) is None


def test_every_closed_list_has_a_chinese_word_for_each_member() -> None:
    assert set(INDUSTRIES) == set(Industry)
    assert set(WORKER_CATEGORIES) == set(WorkerCategory)
    assert set(NODE_KINDS) == set(NodeKind)
    assert by_label(INDUSTRIES, " 茶叶 ") is Industry.TEA
    assert by_label(INDUSTRIES, "tea") is Industry.TEA
    assert by_label(INDUSTRIES, "茶") is None


def test_every_occupation_has_a_code_of_the_form_and_is_found_by_name() -> None:
    for code, occupation in occupations.OCCUPATIONS.items():
        assert re.fullmatch(occupations.CODE_PATTERN, code)
        assert occupations.occupation(code) is occupation
        assert occupations.occupation(occupation.name) is occupation
        assert occupations.occupation_name(code) == occupation.name
    assert {each.industry for each in occupations.OCCUPATIONS.values()} == set(Industry)


def test_the_old_name_of_the_tea_taster_is_known() -> None:
    found = occupations.occupation("评茶员")
    assert found is not None
    assert found.name == "评茶师"
    assert occupations.occupation("太空人") is None
    assert occupations.occupation_name("9-99-99-99") is None
    assert occupations.occupation_name(None) is None


@pytest.mark.parametrize("code", [*PUBLISHED, REMAINDER_ZERO, UNION])
def test_right_credit_codes_pass_also_where_the_remainder_is_zero(code: str) -> None:
    assert rules.is_credit_code(code)
    assert not rules.is_credit_code(code.lower())
    assert not rules.is_credit_code(f"{code[:8]}{code[9:]}")


@pytest.mark.parametrize("code", [*PUBLISHED, REMAINDER_ZERO, UNION])
def test_every_single_wrong_character_is_found(code: str) -> None:
    for position in range(2, 18):
        for character in ALPHABET:
            if character != code[position]:
                assert not rules.is_credit_code(code[:position] + character + code[position + 1 :])


def test_only_a_unions_credit_code_is_a_unions() -> None:
    assert rules.is_union_credit_code(UNION)
    assert not rules.is_union_credit_code(REMAINDER_ZERO)


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_not_and_never_an_error(text: str) -> None:
    assert rules.is_credit_code(text) in (True, False)
    assert rules.is_node_code(text) == bool(re.fullmatch(r"[0-9A-Z][0-9A-Z-]{2,31}", text, re.ASCII))


def test_the_tree_has_one_order_and_no_way_up() -> None:
    order = list(NodeKind)
    for parent in NodeKind:
        for kind in NodeKind:
            if rules.may_stand_below(kind, parent) and kind is not NodeKind.BRANCH:
                assert order.index(kind) > order.index(parent)
    assert not any(rules.may_stand_below(NodeKind.CITY, parent) for parent in NodeKind)


def test_federations_have_no_members_of_their_own() -> None:
    assert {kind for kind in NodeKind if not rules.takes_members(kind)} == {
        NodeKind.CITY,
        NodeKind.COUNTY,
        NodeKind.PARK,
    }


def test_paths_have_room_for_the_deepest_tree() -> None:
    assert UnionNode.__table__.c.path.type.length >= 16 * 11  # type: ignore[attr-defined]
