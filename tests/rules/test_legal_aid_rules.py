"""What a case may become, whose turn each state is, and how a proposal of handlers is ordered."""

from hypothesis import given
from hypothesis import strategies as st

from service.legal_aid import access, forms, lifecycle, spoken
from service.legal_aid.access import Relation, Right
from service.legal_aid.enums import CaseEvent, CaseState, DecisionKind, Paper, StepKind, Turn
from service.legal_aid.lifecycle import CASE, ENDED, TURNS
from service.legal_aid.weights import Candidate, weigh, weighed

candidates = st.builds(
    Candidate,
    person_id=st.integers(1, 20),
    name=st.just("张三"),
    node_name=st.just("区总"),
    in_hand=st.integers(0, 30),
    practised=st.integers(0, 30),
    is_of_county=st.booleans(),
)


def test_days_of_a_step_are_told_as_they_are_spoken() -> None:
    assert spoken.step(StepKind.TELL, {"due_on": "2026-12-01"}) == "还缺材料，请在2026年12月1日前补齐"
    covered = spoken.step(StepKind.COVER, {"from": "2026-12-30", "until": "2027-01-03"})
    assert covered == "2026年12月30日到2027年1月3日承办人不在，由同事代办"


def test_every_state_is_reached_has_a_turn_and_words() -> None:
    assert {CaseState.DRAFT} | set(CASE.table.values()) == set(CaseState)
    assert set(TURNS) == set(CaseState) == set(spoken.STATES)
    assert {event for _, event in CASE.table} == set(CaseEvent)
    assert set(spoken.STEPS) == set(StepKind)
    assert set(spoken.PAPERS) == set(Paper)
    assert set(spoken.DECISIONS) == set(DecisionKind)
    assert set(spoken.TURNS) == set(spoken.OFFICE_TURNS) == set(Turn)
    assert {each.value for each in CaseEvent} <= {each.value for each in StepKind}


def test_what_has_ended_moves_no_more_and_is_nobodys_turn() -> None:
    assert not {state for state, _ in CASE.table} & ENDED
    assert all(TURNS[state] is Turn.NOBODY for state in ENDED)


def test_from_every_state_that_goes_on_an_end_is_reached() -> None:
    reached = set(ENDED)
    while True:
        more = {state for (state, _), then in CASE.table.items() if then in reached} - reached
        if not more:
            break
        reached |= more
    assert reached == set(CaseState)


def test_the_worker_may_withdraw_whatever_is_not_decided_against_her() -> None:
    may = {state for state, event in CASE.table if event is CaseEvent.WITHDRAW}
    assert may == set(CaseState) - ENDED - {CaseState.DRAFT, CaseState.REFUSED}


def test_nobody_but_the_intake_decides_and_a_line_is_all_the_others_see() -> None:
    who = {right: {each for each, rights in access.RIGHTS.items() if right in rights} for right in Right}
    assert who[Right.DECIDE] == {Relation.INTAKE}
    assert who[Right.HEAR] == {Relation.UPPER}
    assert who[Right.READ] == who[Right.FILE] == set(Relation) - {Relation.LISTED, Relation.NOBODY}
    assert access.RIGHTS[Relation.LISTED] == {Right.LIST}
    assert lifecycle.BEFORE_ASSIGNMENT.isdisjoint({CaseState.ASSIGNED, CaseState.WORKING, CaseState.CLOSED})


@given(st.lists(candidates, max_size=12))
def test_a_proposal_names_everybody_once_the_heaviest_first(found: list[Candidate]) -> None:
    ordered = weighed(found)
    assert {each.person_id for each in ordered} == {each.person_id for each in found}
    assert len(ordered) == len({each.person_id for each in ordered})
    weights = [each.weight for each in ordered]
    assert weights == sorted(weights, reverse=True)
    assert all(each.weight == weigh(each) for each in ordered)


@given(candidates)
def test_another_case_in_hand_never_makes_one_likelier(one: Candidate) -> None:
    busier = Candidate(one.person_id, one.name, one.node_name, one.in_hand + 1, one.practised, one.is_of_county)
    assert weigh(busier) < weigh(one)


def test_saving_a_step_touches_no_other_and_drops_what_it_does_not_know() -> None:
    form = {"reason": "甲", "name": "乙", "triage": {"matter": "wages"}}
    saved = forms.merged(form, "matter", {"claims": "丙", "name": "丁", "reason": None})
    assert saved == {"name": "乙", "triage": {"matter": "wages"}, "claims": "丙"}
    steps = [name for names in forms.STEPS.values() for name in names]
    assert len(steps) == len(set(steps))
    assert set(forms.REQUIRED) <= set(steps) >= set(forms.SENSITIVE)


def test_staff_see_id_numbers_masked() -> None:
    form = {"id_number": "53080219900101000X", "representatives": [{"name": "甲", "id_number": "530821199001010009"}]}
    shown = forms.masked(form)
    assert shown["id_number"] == "5308**********000X"
    assert shown["representatives"][0]["id_number"] == "5308**********0009"
    assert form["id_number"] == "53080219900101000X"
    assert forms.masked({}) == {}
