"""Turning away from memory."""

import threading
from datetime import timedelta
from uuid import UUID

import orjson
import pytest

from service.booking import bookings, places, sold_out
from service.booking.errors import Full
from service.booking.sold_out import Snapshot, SoldOut
from service.core import clock
from tests import make


def snapshot(**changes) -> Snapshot:
    columns = {
        "looked_at": 0.0, "is_full": True, "closes_at": clock.now() + timedelta(days=1), "version": 1,
        "holders": frozenset({7}),
    }  # fmt: skip
    return Snapshot(**{**columns, **changes})


class Clock:
    """Monotonic seconds that move when told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = 0.0
        monkeypatch.setattr(sold_out.time, "monotonic", lambda: self.at)


def test_only_a_watched_full_offering_turns_away_and_never_a_holder():
    door = SoldOut(lambda _offering, _seen: snapshot())
    assert door.turns_away(1, 1) is None
    door.watch(1)
    door.watch(1)
    assert door.looks == 1
    assert door.turns_away(1, 7) is None


def test_word_older_than_a_quarter_second_is_looked_up_again_and_a_freed_place_is_seen(monkeypatch):
    at = Clock(monkeypatch)
    found = [snapshot(), snapshot(looked_at=0.3, is_full=False)]
    door = SoldOut(lambda _offering, _seen: found.pop(0))
    door.watch(1)
    assert door.turns_away(1, 1) == {}
    at.at = 0.3
    assert door.turns_away(1, 1) is None
    assert door.turns_away(1, 1) is None
    assert found == []


def test_word_older_than_the_hard_age_turns_nobody_away(monkeypatch):
    at = Clock(monkeypatch)
    looking, go_on = threading.Event(), threading.Event()

    def slow(_offering, seen):
        if seen is not None:
            looking.set()
            go_on.wait(5)
        return snapshot()

    door = SoldOut(slow)
    door.watch(1)
    at.at = 0.5
    other = threading.Thread(target=door.turns_away, args=(1, 1))
    other.start()
    looking.wait(5)
    assert door.turns_away(1, 1) == {}
    at.at = 0.9
    assert door.turns_away(1, 1) is None
    go_on.set()
    other.join()


def test_one_thread_looks_and_the_others_do_not_wait(monkeypatch):
    at = Clock(monkeypatch)
    looks, gate = [], threading.Barrier(9)

    def look(_offering, seen):
        looks.append(1)
        threading.Event().wait(0.05 if seen else 0)
        return snapshot(looked_at=0.3)

    door = SoldOut(look)
    door.watch(1)
    at.at = 0.6

    def knock():
        gate.wait()
        door.turns_away(1, 1)

    threads = [threading.Thread(target=knock) for _ in range(8)]
    for each in threads:
        each.start()
    gate.wait()
    for each in threads:
        each.join()
    assert len(looks) == 2


def test_after_closing_time_nobody_is_told_full():
    door = SoldOut(lambda _offering, _seen: snapshot(closes_at=clock.now() - timedelta(seconds=1)))
    door.watch(1)
    assert door.turns_away(1, 1) is None


def test_an_offering_that_is_gone_is_not_remembered(database):
    assert sold_out.look(999_999, None) is None
    door = SoldOut(sold_out.look)
    door.watch(999_999)
    assert door.turns_away(999_999, 1) is None


def test_the_losers_are_turned_away_without_the_desk_until_a_place_is_freed(database, monkeypatch):
    union = make.node()
    offering = make.offering(capacity=1)
    a, b, c = make.people(3, member_of=union)
    held = orjson.loads(bookings.book(actor=make.actor(a), offering_id=offering.id))
    with pytest.raises(Full):
        bookings.book(actor=make.actor(b), offering_id=offering.id)
    with monkeypatch.context() as patch:
        patch.setattr(bookings.line, "ask", lambda _ask: pytest.fail("the desk was asked"))
        with pytest.raises(Full):
            bookings.book(actor=make.actor(b), offering_id=offering.id)
    places.cancel(actor=make.actor(a), booking_id=UUID(held["id"]))
    threading.Event().wait(sold_out.FRESH_SECONDS + 0.05)
    assert b'"booked"' in bookings.book(actor=make.actor(c), offering_id=offering.id)


def test_holders_are_read_again_only_when_something_moved(database):
    union = make.node()
    offering = make.offering(capacity=1)
    (a,) = make.people(1, member_of=union)
    bookings.book(actor=make.actor(a), offering_id=offering.id)
    first = sold_out.look(offering.id, None)
    assert first is not None
    assert first.holders == {a}
    again = sold_out.look(offering.id, first)
    assert again is not None
    assert again.holders is first.holders
