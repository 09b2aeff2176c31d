"""The rules of attendance and of the rotating code, over all inputs Hypothesis can think of."""

import itertools
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.core import configuration
from service.training import attendance_rules as rules
from service.training import codes
from service.training.attendance_errors import CodeExpired, CodeWrong
from service.training.attendance_rules import Claim, Timing
from service.training.codes import Stamp
from service.training.enums import LessonMode, MarkSource, MarkState

START = datetime(2026, 11, 23, 1, tzinfo=UTC)
lesson_ids = st.integers(1, 2**53 - 1)
instants = st.integers(1_600_000_000, 3_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
TIMING = Timing(
    starts_at=START, ends_at=START + timedelta(hours=2), opens_minutes=60, late_after_minutes=10,
    absent_after_minutes=30, early_before_minutes=30,
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def settings():
    before = configuration._current
    configuration.use(
        configuration.Configuration(
            data_dir=Path(), field_keys={}, field_key_id="", index_key=b"", jwt_secret="",
            attendance_key=b"k" * 32, attendance_step_seconds=30,
        )
    )  # fmt: skip
    yield
    configuration._current = before


@given(lesson_ids, instants)
def test_a_code_says_its_lesson_and_step_and_is_fresh_when_shown(lesson_id, at):
    shown = codes.code_at(lesson_id, at)
    stamp = codes.read(shown.code)
    assert stamp == Stamp(lesson_id, codes.step_of(at))
    assert codes.age(stamp, at) == 0
    assert timedelta(0) < shown.expires_at - at <= timedelta(seconds=30)
    assert codes.find(shown.digits, [lesson_id], at) == stamp


@given(lesson_ids, instants, st.integers(-10, 10))
def test_a_code_counts_one_step_before_and_after_and_no_further(lesson_id, at, steps):
    stamp = codes.read(codes.code_at(lesson_id, at).code)
    later = at + timedelta(seconds=30 * steps)
    if abs(steps) <= 1:
        assert codes.age(stamp, later) == steps
    else:
        with pytest.raises(CodeExpired):
            codes.age(stamp, later)


@given(lesson_ids, instants, st.data())
def test_a_code_changed_in_any_letter_is_wrong(lesson_id, at, data):
    code = codes.code_at(lesson_id, at).code
    place = data.draw(st.integers(0, len(code) - 1))
    letter = data.draw(st.sampled_from("0123456789abcXYZ.-_ \x00é"))
    assume(letter != code[place])
    # The last letter of base64url carries spare bits: another letter may stand for the same bytes, never be taken.
    with pytest.raises(CodeWrong):
        codes.read(code[:place] + letter + code[place + 1 :])


@given(st.text(max_size=80))
def test_whatever_is_scanned_instead_is_wrong_and_never_a_fault(text):
    with pytest.raises(CodeWrong):
        codes.read(text)


@given(lesson_ids, lesson_ids, instants)
def test_a_lessons_key_and_code_are_its_own(one, other, at):
    assume(one != other)
    assert codes.lesson_key(one) != codes.lesson_key(other)
    shown, foreign = codes.code_at(one, at).code, codes.code_at(other, at).code
    with pytest.raises(CodeWrong):
        codes.read(f"{one}.{shown.split('.')[1]}.{foreign.split('.')[2]}")


@given(lesson_ids, instants, st.integers(-3, 3))
def test_digits_are_found_within_the_same_steps_as_the_code(lesson_id, at, steps):
    digits = codes.digits_of(lesson_id, codes.step_of(at) + steps)
    near = {codes.digits_of(lesson_id, codes.step_of(at) + step) for step in (-1, 0, 1)}
    assert len(digits) == 6
    assert digits.isdecimal()
    assert (codes.find(digits, [lesson_id], at) is not None) == (digits in near)
    assert codes.find(digits, [], at) is None


@given(st.integers(-200, 200), st.integers(-200, 200))
def test_who_comes_later_is_never_marked_better(one, other):
    first, second = sorted((one, other))
    order = [MarkState.PRESENT, MarkState.LATE, MarkState.ABSENT]
    early, late = (rules.state_on_arrival(START + timedelta(minutes=each), TIMING) for each in (first, second))
    assert order.index(early) <= order.index(late)


def moments(low=-60, high=120):
    return st.integers(low * 60, high * 60).map(lambda seconds: START + timedelta(seconds=seconds))


scans = st.builds(
    Claim, source=st.sampled_from([MarkSource.SCAN, MarkSource.TYPED]), at=moments(), client_id=st.sampled_from("abc"),
    signals=st.fixed_dictionaries({"step": st.integers(0, 3)}),
)  # fmt: skip
hands = st.builds(
    Claim, source=st.just(MarkSource.TRAINER), at=moments(), client_id=st.sampled_from("abcdef"),
    state=st.sampled_from(MarkState),
)  # fmt: skip
leavings = st.builds(
    Claim, source=st.just(MarkSource.TRAINER), at=moments(), client_id=st.sampled_from("ghi"), left_at=moments(0, 119)
)


def ending(claims):
    """What the claims come to, one after the other: the deciding one and the earliest scan."""
    deciding, arrived_at, signals = claims[0], None, {}
    for claim in claims:
        if claim.signals is not None and rules.is_earlier_scan(claim, arrived_at, signals):
            arrived_at, signals = claim.at, claim.signals
        if rules.decides(claim, deciding):
            deciding = claim
    return rules.state_of(deciding, arrived_at, TIMING), deciding.at, arrived_at, signals


@given(st.lists(st.one_of(scans, hands, leavings), min_size=1, max_size=4))
def test_records_in_any_order_come_to_the_same(claims):
    ids = [(claim.source in (MarkSource.SCAN, MarkSource.TYPED), claim.at, claim.client_id) for claim in claims]
    assume(len(set(ids)) == len(ids))
    assert len({str(ending(order)) for order in itertools.permutations(claims)}) == 1


@given(st.lists(st.one_of(scans, hands), min_size=1, max_size=6))
def test_records_repeated_change_nothing(claims):
    assert ending(claims) == ending([*claims, *claims])


def test_whose_word_counts_more():
    said = {
        source: Claim(source=source, at=START, state=MarkState.PRESENT)
        for source in (MarkSource.CLOCK, MarkSource.SCAN, MarkSource.TRAINER, MarkSource.STAFF)
    }
    order = list(said.values())
    for weaker, stronger in itertools.pairwise(order):
        assert rules.decides(stronger, weaker)
        assert not rules.decides(weaker, stronger)
    assert rules.decides(said[MarkSource.STAFF], said[MarkSource.STAFF])


def test_the_clocks_word_means_absent():
    assert rules.state_of(Claim(source=MarkSource.CLOCK, at=START), None, TIMING) == MarkState.ABSENT


signal_sets = st.dictionaries(st.sampled_from(list(rules.LOSS)), st.integers(0, 5))


@given(signal_sets, st.sampled_from(list(rules.LOSS)))
def test_confidence_is_a_percentage_and_a_signal_more_never_raises_it(signals, name):
    assert 0 <= rules.confidence({**signals, name: 1}) <= 100
    assert rules.confidence({**signals, name: 1}) <= rules.confidence({**signals, name: 0})


def test_what_each_signal_takes():
    assert rules.confidence({}) == 100
    assert rules.confidence({"place": "used", "step": 3}) == 100
    assert rules.confidence({"shared_device": 1}) == 50
    assert rules.confidence({"shared_device": 2}) == 25
    assert rules.confidence({"code_age": -1, "no_device": True}) == 85


points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(points, points)
def test_distance_is_symmetric_and_at_most_half_the_earth(one, other):
    metres = rules.distance_metres(one, other)
    assert 0 <= metres <= 20_020_000
    assert metres == pytest.approx(rules.distance_metres(other, one), abs=1e-3)
    assert rules.distance_metres(one, one) == 0


def test_a_known_distance_and_the_inaccuracy_granted():
    assert rules.distance_metres((22.0, 100.0), (23.0, 100.0)) == pytest.approx(111_195, rel=0.001)
    assert not rules.is_far(450, 200, 300)
    assert rules.is_far(501, 200, 300)
    assert rules.is_far(501, 99_999, 300)


lessons = st.lists(
    st.tuples(st.sampled_from(LessonMode), st.integers(1, 8), st.none() | st.sampled_from(MarkState)), max_size=8
)


@given(lessons, st.integers(1, 100))
def test_hours_add_up_and_the_rule_is_a_share_of_the_planned(held, percent):
    hours = rules.count_hours(held)
    assert sum(hours.by_mode.values()) == hours.attended <= hours.planned
    assert hours.meets(percent) == (
        hours.planned > 0 and Fraction(hours.attended, hours.planned) >= Fraction(percent, 100)
    )
    assert not rules.count_hours([]).meets(1)


@given(lessons, st.sampled_from(LessonMode))
def test_excused_and_absent_lessons_give_no_hours(held, mode):
    for state in (MarkState.EXCUSED, MarkState.ABSENT, None):
        assert rules.count_hours([*held, (mode, 2, state)]).attended == rules.count_hours(held).attended
