"""The clocks of legal aid, by worked examples: what starts, moves, interrupts and stops them, and what is left."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.calendar import Calendar, calendar_of
from service.core.enums import Unit
from service.legal_aid.clock_table import CLOCKS
from service.legal_aid.clocks import Suspension, decision_dates, term
from service.legal_aid.enums import Force, Supplement

BARE = Calendar(known_years=frozenset(range(2020, 2040)))
NATIONAL_DAY = calendar_of([(date(2026, 10, number), False) for number in range(1, 8)], [2026])
TODAY = date(2026, 6, 1)


def ends(code: str, start: date, calendar: Calendar = BARE, **how: object) -> date:
    """The clock's last day."""
    return term(CLOCKS[code], start, today=TODAY, calendar=calendar, **how).ends_on  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "start", "last"),
    [
        ("state_decision", date(2026, 6, 1), date(2026, 6, 8)),
        ("state_decision", date(2026, 5, 30), date(2026, 6, 8)),  # ends on Saturday the 6th
        ("state_assignment", date(2026, 6, 2), date(2026, 6, 5)),
        ("state_objection", date(2026, 6, 2), date(2026, 6, 8)),  # ends on Sunday the 7th
        ("union_decision", date(2026, 6, 1), date(2026, 6, 8)),
        ("union_assignment", date(2026, 6, 2), date(2026, 6, 5)),
        ("union_objection", date(2026, 6, 1), date(2026, 6, 8)),  # ends on Saturday the 6th
        ("supplement_papers", date(2026, 6, 1), date(2026, 6, 16)),
        ("consultation_answer", date(2026, 6, 4), date(2026, 6, 9)),
        ("complaint_answer", date(2026, 6, 1), date(2026, 6, 22)),
        ("hint_reply", date(2026, 6, 1), date(2026, 6, 22)),
        ("opinion_reply", date(2026, 6, 1), date(2026, 6, 22)),
        ("advice_reply", date(2026, 6, 1), date(2026, 7, 31)),
        ("arbitration", date(2025, 8, 31), date(2026, 8, 31)),
        ("arbitration", date(2024, 2, 29), date(2025, 2, 28)),
        ("arbitration", date(2025, 6, 7), date(2026, 6, 8)),  # ends on a Sunday
        ("arbitration_wages", date(2025, 12, 31), date(2026, 12, 31)),
        ("mediation", date(2026, 6, 1), date(2026, 6, 16)),
        ("arbitration_acceptance", date(2026, 6, 1), date(2026, 6, 8)),
        ("arbitration_copy", date(2026, 6, 3), date(2026, 6, 8)),
        ("arbitration_answer", date(2026, 6, 1), date(2026, 6, 11)),
        ("hearing_notice", date(2026, 6, 15), date(2026, 6, 10)),
        ("award", date(2026, 6, 1), date(2026, 7, 16)),
        ("suing", date(2026, 2, 14), date(2026, 3, 2)),  # ends on Sunday the 1st of March
        ("suing", date(2024, 2, 15), date(2024, 3, 1)),  # over the 29th of February
        ("employer_annulment", date(2026, 1, 31), date(2026, 3, 2)),
        ("inspection", date(2024, 2, 29), date(2026, 3, 2)),  # the 28th of February 2026 is a Saturday
        ("inspection_handling", date(2026, 6, 1), date(2026, 8, 24)),
        ("wage_ledger", date(2026, 1, 31), date(2029, 1, 31)),
        ("injury_report_employer", date(2026, 1, 31), date(2026, 3, 2)),
        ("injury_report", date(2025, 10, 5), date(2026, 10, 5)),
        ("injury_decision", date(2026, 6, 1), date(2026, 7, 31)),
        ("injury_decision_clear", date(2026, 6, 1), date(2026, 6, 16)),
        ("capacity", date(2026, 6, 1), date(2026, 7, 31)),
        ("capacity_again", date(2026, 6, 1), date(2026, 6, 16)),
        ("capacity_review", date(2026, 2, 28), date(2027, 2, 28)),
        ("paid_leave", date(2026, 1, 31), date(2027, 1, 31)),
    ],
)
def test_each_clock_ends_on_the_day_counted_by_hand(code: str, start: date, last: date) -> None:
    assert ends(code, start) == last


def test_every_clock_has_a_worked_example() -> None:
    marks = test_each_clock_ends_on_the_day_counted_by_hand.pytestmark  # type: ignore[attr-defined]
    assert {row[0] for row in marks[0].args[1]} == set(CLOCKS)


def test_a_clock_says_on_what_it_rests() -> None:
    for clock in CLOCKS.values():
        assert clock.source
        assert clock.length > 0
        assert ("第" in clock.source and "条" in clock.source) or clock.force is Force.LOCAL
        assert clock.is_settable or clock.force is Force.LAW


def test_a_holiday_moves_the_last_day_behind_it() -> None:
    assert ends("suing", date(2026, 9, 20), NATIONAL_DAY) == date(2026, 10, 8)
    assert ends("injury_report", date(2025, 10, 5), NATIONAL_DAY) == date(2026, 10, 8)
    assert ends("state_decision", date(2026, 9, 25), NATIONAL_DAY) == date(2026, 10, 8)


def test_a_claim_starts_the_year_anew_but_not_after_its_end() -> None:
    began = date(2025, 1, 10)
    assert ends("arbitration", began, interrupted_on=[date(2025, 11, 20)]) == date(2026, 11, 20)
    assert ends("arbitration", began, interrupted_on=[date(2025, 6, 1), date(2026, 5, 4)]) == date(2027, 5, 4)
    assert ends("arbitration", began, interrupted_on=[date(2026, 1, 13)]) == date(2026, 1, 12)
    # The 10th of January 2026 is a Saturday: the Monday is still in time.
    assert ends("arbitration", began, interrupted_on=[date(2026, 1, 12)]) == date(2027, 1, 12)


def test_what_nothing_interrupts_is_not_interrupted() -> None:
    assert ends("inspection", date(2024, 6, 3), interrupted_on=[date(2025, 6, 3)]) == date(2026, 6, 3)


def test_a_year_stands_while_a_mountain_road_is_gone_and_then_runs_on() -> None:
    stood = Suspension(date(2025, 12, 1), date(2025, 12, 31))
    assert ends("arbitration", date(2025, 1, 15), suspensions=[stood]) == date(2026, 2, 16)  # the 14th is a Saturday
    late = Suspension(date(2026, 2, 1), date(2026, 3, 1))
    assert ends("arbitration", date(2025, 1, 15), suspensions=[late]) == date(2026, 1, 15)
    assert ends("suing", date(2026, 6, 1), suspensions=[Suspension(date(2026, 6, 2), date(2026, 6, 9))]) == date(
        2026, 6, 16
    )


def test_an_extension_is_added_before_the_last_day_moves() -> None:
    assert ends("award", date(2026, 6, 1), is_extended=True) == date(2026, 7, 31)
    assert ends("inspection_handling", date(2026, 6, 1), is_extended=True) == date(2026, 10, 5)
    assert ends("paid_leave", date(2026, 1, 31), is_extended=True) == date(2028, 1, 31)


@pytest.mark.parametrize(
    ("left", "is_red", "is_urgent"), [(8, False, False), (7, True, False), (6, True, True), (0, True, True)]
)
def test_red_at_seven_days_and_granted_first_below_seven(left: int, is_red: bool, is_urgent: bool) -> None:
    today = date(2026, 6, 16) - timedelta(days=left)
    found = term(CLOCKS["suing"], date(2026, 6, 1), today=today, calendar=BARE)
    assert (found.days_left, found.is_red, found.calls_for_urgent_grant) == (left, is_red, is_urgent)


def test_what_is_over_is_red_and_not_urgent_any_more() -> None:
    found = term(CLOCKS["suing"], date(2026, 5, 1), today=TODAY, calendar=BARE)
    assert found.is_over
    assert found.is_red
    assert not found.calls_for_urgent_grant
    desk = term(CLOCKS["state_decision"], TODAY, today=date(2026, 6, 5), calendar=BARE)
    assert desk.is_red
    assert not desk.calls_for_urgent_grant


def test_a_date_in_a_year_without_its_notice_is_not_certain() -> None:
    assert not term(CLOCKS["suing"], date(2026, 12, 28), today=TODAY, calendar=NATIONAL_DAY).is_certain
    assert term(CLOCKS["suing"], date(2026, 12, 1), today=TODAY, calendar=NATIONAL_DAY).is_certain


@pytest.mark.parametrize(
    ("code", "starts_on", "is_certain"),
    [
        ("arbitration", date(2025, 3, 3), True),  # ends in 2026: what 2025 had off moves nothing
        ("arbitration", date(2026, 3, 3), False),
        ("paid_leave", date(2026, 3, 3), True),  # its last day never moves
        ("inspection_handling", date(2025, 12, 1), False),  # workdays of 2025 are counted
        ("inspection_handling", date(2026, 1, 5), True),
    ],
)
def test_only_days_off_that_could_change_the_last_day_make_it_uncertain(
    code: str, starts_on: date, is_certain: bool
) -> None:
    assert term(CLOCKS[code], starts_on, today=TODAY, calendar=NATIONAL_DAY).is_certain is is_certain


RECEIVED, TOLD, COMPLETE = date(2026, 6, 1), date(2026, 6, 4), date(2026, 6, 11)


@pytest.mark.parametrize(
    ("mode", "last"),
    [
        (Supplement.RUNS, date(2026, 6, 8)),
        (Supplement.PAUSES, date(2026, 6, 15)),  # four days were left on the 4th
        (Supplement.RESTARTS, date(2026, 6, 18)),
    ],
)
def test_supplementing_runs_pauses_or_restarts_the_decision(mode: Supplement, last: date) -> None:
    how = {"told_on": TOLD, "complete_on": COMPLETE, "calendar": BARE}
    found = decision_dates(CLOCKS["state_decision"], RECEIVED, mode, **how)  # type: ignore[arg-type]
    assert (found.from_receipt, found.ends_on) == (date(2026, 6, 8), last)


def test_while_papers_are_awaited_the_clock_stands_unless_it_runs_on() -> None:
    clock = CLOCKS["union_decision"]
    for mode in Supplement:
        waiting = decision_dates(clock, RECEIVED, mode, told_on=TOLD, complete_on=None, calendar=BARE)
        assert (waiting.ends_on is None) is (mode is not Supplement.RUNS)
        plain = decision_dates(clock, RECEIVED, mode, told_on=None, complete_on=None, calendar=BARE)
        assert plain.ends_on == plain.from_receipt == date(2026, 6, 8)


def test_a_pause_gives_back_the_workdays_that_were_left() -> None:
    clock = CLOCKS["state_decision"].settled(7, Unit.WORKDAY, "本级工会规定")
    found = decision_dates(clock, RECEIVED, Supplement.PAUSES, told_on=TOLD, complete_on=COMPLETE, calendar=BARE)
    assert found.from_receipt == date(2026, 6, 10)
    assert found.ends_on == date(2026, 6, 17)  # four workdays were left
    assert clock.force is Force.LOCAL


days = st.dates(min_value=date(2021, 1, 1), max_value=date(2036, 1, 1))


@given(days, days, days, st.sampled_from(sorted(CLOCKS)))
def test_neither_a_claim_nor_a_standstill_takes_days_away(start: date, one: date, other: date, code: str) -> None:
    plain = ends(code, start)
    assert ends(code, start, interrupted_on=[one, other]) >= plain
    stood = Suspension(min(one, other), max(one, other))
    assert ends(code, start, suspensions=[stood]) >= plain


@given(days, st.integers(0, 5), st.integers(0, 40), st.sampled_from([7, 15]), st.sampled_from([Unit.DAY, Unit.WORKDAY]))
def test_pausing_lies_between_running_on_and_starting_anew(
    received: date, until_told: int, until_complete: int, length: int, unit: Unit
) -> None:
    clock = CLOCKS["state_decision"].settled(length, unit, "本级工会规定")
    told = received + timedelta(days=until_told)
    complete = told + timedelta(days=until_complete)
    dates = [
        decision_dates(clock, received, mode, told_on=told, complete_on=complete, calendar=BARE).ends_on
        for mode in (Supplement.RUNS, Supplement.PAUSES, Supplement.RESTARTS)
    ]
    assert dates == sorted(dates, key=lambda each: each or date.max)
