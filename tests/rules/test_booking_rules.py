"""The desk's rules without a database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.booking import gates
from service.booking.gates import Gate, Reason, Standing, facts_for, shut_gates
from service.booking.rules import (
    Accepted,
    Ask,
    Held,
    Places,
    Refused,
    Terms,
    entry_hash,
    judge,
    overlap,
    window_refusal,
)
from service.core.clock import SHANGHAI

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ID = UUID(int=7)
MEMBER = Standing(1, True, "/1/4/", "530802", "tea", "employee")
spans = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)).map(lambda s: (s[0], s[0] + s[1])), max_size=4)


def places(**changes) -> Places:
    day = timedelta(days=1)
    columns = {
        "id": 1, "title": "班", "state": "open", "capacity": 2, "taken": 0, "waiting_capacity": 1, "waiting": 0,
        "opens_at": AT - day, "closes_at": AT + day, "cancel_until": AT + day, "offers_until": AT + day,
        "ends_at": AT + 2 * day, "version": 1, "sequence": 0, "head": "0" * 64,
    }  # fmt: skip
    return Places(**{**columns, **changes})


def decide(here: Places, standing: Standing = MEMBER, held: tuple[Held, ...] = (), at: datetime = AT):
    return judge(Ask(1, 1, 1), here, standing, held, at, most_running=3, new_id=ID)


@given(spans, spans)
def test_overlapping_is_mutual_and_is_sharing_an_instant(ours, theirs):
    instants = {t for start, end in ours for t in range(start, end)}
    shared = any(t in instants for start, end in theirs for t in range(start, end))
    assert overlap(ours, theirs) == overlap(theirs, ours) == shared


@given(st.integers(0, 4), st.integers(0, 4), st.integers(1, 12))
def test_exactly_the_places_and_waiting_places_are_given(capacity, waiting, people):
    here = places(capacity=capacity, waiting_capacity=waiting)
    outcomes = [decide(here) for _ in range(people)]
    kinds = [each.entry.kind if isinstance(each, Accepted) else each.code for each in outcomes]
    expected = (["booked"] * capacity + ["waitlisted"] * waiting + ["booking.full"] * people)[:people]
    assert kinds == expected
    assert here.taken <= capacity
    assert here.waiting <= waiting


def test_nobody_passes_those_who_wait():
    here = places(taken=1, waiting=1, waiting_capacity=5)
    outcome = decide(here)
    assert isinstance(outcome, Accepted)
    assert (outcome.entry.kind, outcome.position) == ("waitlisted", 2)


def test_after_the_cut_off_a_free_place_is_taken_at_once_and_nobody_is_put_on_the_list():
    late = AT + timedelta(hours=1)
    here = places(taken=1, waiting=1, offers_until=AT)
    outcome = decide(here, at=late)
    assert isinstance(outcome, Accepted)
    assert outcome.entry.kind == "booked"
    assert decide(here, at=late) == Refused("booking.full", {"capacity": 2, "waiting_capacity": 1})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "withdrawn"}, "booking.closed"),
        ({"closes_at": AT}, "booking.closed"),
        ({"state": "paused"}, "booking.paused"),
        ({"opens_at": AT + timedelta(microseconds=1)}, "booking.not_open"),
    ],
)
def test_the_window_is_shut_and_says_how(changes, code):
    refused = window_refusal(places(**changes), AT)
    assert refused is not None
    assert refused.code == code


def test_the_window_opens_on_the_instant():
    assert window_refusal(places(opens_at=AT), AT) is None


def test_only_running_bookings_count_towards_the_limit():
    running = Held(ID, 2, "booked", AT + timedelta(days=1))
    over = Held(ID, 3, "booked", AT)
    waiting = Held(ID, 4, "waitlisted", AT + timedelta(days=1))
    assert isinstance(decide(places(), held=(running, running, over, waiting)), Accepted)
    assert decide(places(), held=(running, running, running)) == Refused("booking.limit", {"limit": 3})


def test_a_waiting_place_does_not_clash():
    terms = Terms((), ((10, 20),))
    waiting = Held(ID, 2, "waitlisted", AT + timedelta(days=1), ((10, 20),))
    assert isinstance(decide(places(terms=terms), held=(waiting,)), Accepted)


STANDINGS = {
    "not_verified": Standing(1, False, None, None, "tea", "employee"),
    "no_member": Standing(1, True, None, None, "tea", "employee"),
}


@pytest.mark.parametrize(
    ("rule", "standing", "code"),
    [
        ({"kind": "membership"}, STANDINGS["not_verified"], "gate.not_verified"),
        ({"kind": "membership"}, STANDINGS["no_member"], "gate.membership"),
        ({"kind": "county", "codes": ["530821"]}, MEMBER, "gate.county"),
        ({"kind": "node", "path": "/1/5/"}, MEMBER, "gate.node"),
        ({"kind": "node", "path": "/1/5/"}, STANDINGS["no_member"], "gate.node"),
        ({"kind": "industry", "values": ["coffee"]}, MEMBER, "gate.industry"),
        ({"kind": "category", "values": ["courier"]}, MEMBER, "gate.category"),
    ],
)
def test_a_shut_gate_says_why_and_what_next(rule, standing, code):
    (reason,) = shut_gates([rule], standing, {})
    assert reason.code == code
    assert reason.detail
    assert reason.next_step


def test_every_open_gate_lets_through_and_every_shut_one_is_told_in_order():
    rules = [
        {"kind": "membership"},
        {"kind": "county", "codes": ["530802"]},
        {"kind": "node", "path": "/1/4/"},
        {"kind": "industry", "values": ["tea"]},
        {"kind": "category", "values": ["employee"]},
    ]
    assert shut_gates(rules, MEMBER, {}) == []
    shut = shut_gates(rules, Standing(1, True, None, None, "coffee", "courier"), {})
    assert [reason.code for reason in shut] == [
        "gate.membership", "gate.county", "gate.node", "gate.industry", "gate.category",
    ]  # fmt: skip
    refused = decide(places(terms=Terms(tuple(rules))), Standing(1, True, None, None, "tea", "employee"))
    assert isinstance(refused, Refused)
    assert refused.code == "booking.not_eligible"


def test_a_features_gate_gets_its_facts_for_many_people_at_once(monkeypatch):
    asked = []

    def facts(people, rule):
        asked.append(list(people))
        return dict.fromkeys(people, 3)

    def shut(standing, fact, rule):
        return None if fact and fact <= rule["at_least"] else Reason("gate.level", "x", "y")

    monkeypatch.setitem(gates.GATES, "level", gates.GATES.get("level"))
    gates.register("level", Gate(shut, facts))
    rules = [{"kind": "membership"}, {"kind": "level", "at_least": 2}]
    known = facts_for(rules, [1, 2])
    assert asked == [[1, 2]]
    assert [reason.code for reason in shut_gates(rules, MEMBER, known)] == ["gate.level"]


@given(st.sampled_from(["previous", "offering_id", "sequence", "kind", "person_id", "booking_id", "at"]))
def test_a_receipts_hash_changes_with_everything_it_speaks_of(changed):
    told = {
        "previous": "0" * 64, "offering_id": 1, "sequence": 1, "kind": "booked", "person_id": 1, "booking_id": ID,
        "at": AT,
    }  # fmt: skip
    other = {
        "previous": "1" * 64, "offering_id": 2, "sequence": 2, "kind": "waitlisted", "person_id": 2,
        "booking_id": UUID(int=8), "at": AT + timedelta(microseconds=1),
    }  # fmt: skip
    assert entry_hash(**told) != entry_hash(**{**told, changed: other[changed]})


def test_a_receipts_hash_does_not_depend_on_the_zone_its_time_is_written_in():
    told = {"previous": "", "offering_id": 1, "sequence": 1, "kind": "booked", "person_id": 1, "booking_id": ID}
    from_shanghai = AT.astimezone(SHANGHAI)
    assert entry_hash(**told, at=AT) == entry_hash(**told, at=from_shanghai)
