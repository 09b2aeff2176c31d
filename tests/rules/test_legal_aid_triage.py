"""The triage: which questions come up, what the answers end in, and that every way through the table ends."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.calendar import Calendar
from service.legal_aid import triage
from service.legal_aid.clock_table import CLOCKS
from service.legal_aid.enums import Matter, Means, Paper, QuestionKind, Route
from service.legal_aid.errors import TriageUnfinished
from service.legal_aid.triage import Conclusion

TODAY = date(2026, 6, 1)
BARE = Calendar(known_years=frozenset(range(2000, 2040)))
LATER = {"step": "none", "migrant": "no", "hardship": "none", "people": "alone", "escaping": "no"}
WAGES = {"matter": "wages", "employed": "no", "ended_on": "2025-06-10", "claimed_on": ""} | LATER


def conclude(answers: dict[str, str], today: date = TODAY) -> Conclusion:
    """The outcome on a day."""
    return triage.conclude(answers, today=today, calendar=BARE, clocks=CLOCKS)


def dates(found: Conclusion) -> dict[str, tuple[date, int]]:
    """Clock -> its last day and the days left."""
    return {each.clock.code: (each.ends_on, each.days_left) for each in found.terms}


def test_wages_after_the_end_of_work_lapse_a_year_later() -> None:
    found = conclude(WAGES)
    assert dates(found) == {"arbitration_wages": (date(2026, 6, 10), 9), "inspection": (date(2027, 6, 10), 374)}
    assert [each.route for each in found.routes][:2] == [Route.UNION_AID, Route.MEDIATION]
    assert found.urgent is None


def test_a_claim_starts_the_year_anew() -> None:
    assert dates(conclude(WAGES | {"claimed_on": "2026-03-02"}))["arbitration_wages"][0] == date(2027, 3, 2)


def test_wages_have_no_such_limit_while_one_works_there() -> None:
    found = conclude({"matter": "wages", "employed": "yes", "claimed_on": ""} | LATER)
    assert found.terms == []
    assert any("二十七条第四款" in note for note in found.notes)


def test_with_six_days_left_aid_is_granted_first() -> None:
    assert conclude(WAGES, date(2026, 6, 3)).urgent is None
    urgent = conclude(WAGES, date(2026, 6, 4)).urgent
    assert urgent is not None
    assert "法律援助法第四十四条" in urgent
    assert conclude(WAGES, date(2026, 6, 11)).urgent is None
    assert conclude(WAGES | {"escaping": "yes"}).urgent is not None


@pytest.mark.parametrize(
    ("answers", "means", "article"),
    [
        ({"migrant": "yes"}, Means.EXEMPT, "法律援助法第四十二条第三项"),
        ({"hardship": "assisted"}, Means.EXEMPT, "法律援助法第四十二条第二项"),
        ({"hardship": "no_income"}, Means.EXEMPT, "法律援助法第四十二条第一项"),
        ({"hardship": "low_income"}, Means.NEEDED, "法律援助法第四十一条"),
        ({}, Means.NEEDED, "法律援助法第四十一条"),
    ],
)
def test_the_article_that_exempts_is_named(answers: dict[str, str], means: Means, article: str) -> None:
    found = conclude(WAGES | answers).means
    assert (found.means, found.article) == (means, article)


def test_a_migrant_who_was_dismissed_is_not_exempt_for_that() -> None:
    answers = {"matter": "dismissal", "dismissed_on": "2026-05-06", "claimed_on": ""} | LATER | {"migrant": "yes"}
    assert conclude(answers).means.means is Means.NEEDED
    assert dates(conclude(answers)) == {"arbitration": (date(2027, 5, 6), 339)}


def test_an_injury_has_thirty_days_and_a_year_until_it_is_reported() -> None:
    answers = {"matter": "injury", "injured_on": "2026-05-20", "reported": "no"} | LATER
    assert dates(conclude(answers)) == {
        "injury_report_employer": (date(2026, 6, 19), 18),
        "injury_report": (date(2027, 5, 20), 353),
    }
    assert Route.INJURY_DECISION in [each.route for each in conclude(answers).routes]
    assert conclude(answers | {"reported": "yes"}).terms == []


def test_after_an_award_there_are_fifteen_days_and_nothing_else() -> None:
    found = conclude(WAGES | {"step": "award", "award_on": "2026-05-25"})
    assert dates(found) == {"suing": (date(2026, 6, 9), 8)}
    assert [each.route for each in found.routes] == [Route.UNION_AID, Route.COURT, Route.STATE_AID]
    assert Paper.AWARD in [each.paper for each in found.papers]


def test_ten_with_one_claim_choose_representatives() -> None:
    found = conclude(WAGES | {"people": "group"})
    assert Paper.AUTHORISATION in [each.paper for each in found.papers]
    assert any("第七条" in note for note in found.notes)


def test_what_is_missing_or_wrong_is_named() -> None:
    with pytest.raises(TriageUnfinished) as unfinished:
        conclude({"matter": "wages", "employed": "no"})
    assert list(unfinished.value.details) == ["ended_on"]
    for answers, name in (
        (WAGES | {"ended_on": "2026-06-02"}, "ended_on"),
        (WAGES | {"ended_on": "never"}, "ended_on"),
        (WAGES | {"ended_on": ""}, "ended_on"),
        (WAGES | {"people": "many"}, "people"),
        (WAGES | {"colour": "red"}, "colour"),
    ):
        with pytest.raises(TriageUnfinished) as wrong:
            conclude(answers)
        assert list(wrong.value.details) == [name]


def test_an_answer_left_behind_counts_no_more() -> None:
    """Who first said that the work had ended, and then that it goes on."""
    assert conclude(WAGES | {"employed": "yes"}).terms == []


@st.composite
def walks(draw: st.DrawFn) -> dict[str, str]:
    """A way through the table, answered as it asks."""
    answers: dict[str, str] = {}
    while (question := triage.next_question(answers)) is not None:
        if question.kind is QuestionKind.CHOICE:
            answers[question.code] = draw(st.sampled_from([each.code for each in question.choices]))
        else:
            day = draw(st.dates(min_value=date(2020, 1, 1), max_value=TODAY)).isoformat()
            answers[question.code] = draw(st.sampled_from(["", day])) if question.is_optional else day
    return answers


@given(walks())
def test_every_way_ends_with_ways_papers_and_the_means_check(answers: dict[str, str]) -> None:
    found = conclude(answers)
    assert len(answers) <= 12
    assert found.matter is Matter(answers["matter"])
    routes = [each.route for each in found.routes]
    assert routes[0] is Route.UNION_AID
    assert routes[-1] is Route.STATE_AID
    assert len(set(routes)) == len(routes) >= 3
    assert all(each.source for each in found.routes)
    assert found.means.article
    assert found.papers[0].paper is Paper.ID_CARD
    assert (found.urgent is not None) == (
        answers["escaping"] == "yes" or any(each.calls_for_urgent_grant for each in found.terms)
    )
    assert all(each.starts_on <= TODAY for each in found.terms)
