"""Races at the desk: real threads, real commits, both engines, and for each guard a run without it that must fail.

Batches of one: in large batches the offering's lock hides a missing person's lock.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.booking import places, postgresql, recount, rules, sqlite
from service.booking.desk import decide
from service.booking.enums import BookingState
from service.booking.models import Booking, Offering
from service.booking.rules import Ask
from service.core import transaction
from service.core.db import db
from tests import make

THREADS = 8


def at_once(app, jobs: list[Callable[[], object]], threads: int = THREADS) -> list[object]:
    """Run the jobs in threads that start together; what each returned or raised."""
    outcomes: list[object] = []
    barrier = threading.Barrier(threads)

    def work(mine):
        barrier.wait()
        for job in mine:
            with app.app_context():
                try:
                    outcomes.append(job())
                except Exception as error:  # noqa: BLE001  the outcome of a race may be an error
                    outcomes.append(error)

    workers = [threading.Thread(target=work, args=(jobs[index::threads],)) for index in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return outcomes


def asking(person_id: int, offering_id: int, key: str | None = None) -> Callable[[], object]:
    return lambda: decide([Ask(person_id, offering_id, person_id, key, "x" if key else None)])[0]


def codes(outcomes: list[object]) -> Counter[str]:
    return Counter(getattr(outcome, "code", type(outcome).__name__) for outcome in outcomes)


@contextmanager
def without(monkeypatch: pytest.MonkeyPatch, *guards: tuple[object, str, object]) -> Iterator[None]:
    with monkeypatch.context() as patch:
        for target, name, value in guards:
            patch.setattr(target, name, value)
        yield


def findings() -> list[recount.Finding]:
    """What the recount finds in the rows as they are now, not as this thread once read them."""
    db.session.close()
    return recount.recount()


UNLOCKED_PEOPLE = postgresql.LOCK_PEOPLE.replace("for no key update", "")


UNLOCKED_OFFERINGS = postgresql.LOCK_OFFERINGS.replace("for no key update", "")


def scattered(places, kind, **more):
    """The journal's next entry at a sequence of its own: without it, the journal's key catches the second seller."""
    places.sequence = random.randrange(2**31)
    return CHAIN(places, kind, **more)


CHAIN = rules.chain


def no_locks_on_sqlite():
    """BEGIN IMMEDIATE is both locks there: without it, each transaction reads an old snapshot and retries forever.

    So the control on SQLite decides on what was read *before* the lock, as check-then-insert does.
    """
    real = sqlite.SQLite.read

    def stale(self, people, offerings, keys):
        self.connection.execute("commit")
        self.connection.execute("begin")
        found = real(self, people, offerings, keys)
        self.connection.execute("commit")
        threading.Event().wait(0.002)
        self.connection.execute("begin immediate")
        return found

    return stale


@pytest.fixture
def union(committed_database):
    return make.node()


def test_the_last_places_go_once_to_a_crowd(app, union, engine_name):
    offering = make.offering(capacity=5, waiting=5)
    crowd = make.people(40, member_of=union)
    told = codes(at_once(app, [asking(each, offering.id) for each in crowd]))
    assert told == {"booked": 5, "waitlisted": 5, "booking.full": 30}
    assert findings() == []


def test_one_person_cannot_pass_the_limit_through_different_offerings(app, union):
    (person,) = make.people(1, member_of=union)
    ids = [make.offering(starts_in=timedelta(days=7 + day)).id for day in range(16)]
    told = codes(at_once(app, [asking(person, each) for each in ids]))
    assert told == {"booked": 3, "booking.limit": 13}
    assert findings() == []


def test_one_person_cannot_book_two_lessons_at_one_time(app, union):
    people = make.people(4, member_of=union)
    for person in people:
        ids = [make.offering().id for _ in range(8)]
        told = codes(at_once(app, [asking(person, each) for each in ids]))
        assert told == {"booked": 1, "booking.clash": 7}
    assert findings() == []


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_without_the_persons_lock_the_limit_is_passed(app, union, monkeypatch, engine_name):
    def run() -> int:
        (person,) = make.people(1, member_of=union)
        ids = [make.offering(starts_in=timedelta(days=7 + day)).id for day in range(16)]
        return codes(at_once(app, [asking(person, each) for each in ids]))["booked"]

    with without(monkeypatch, (postgresql, "LOCK_PEOPLE", UNLOCKED_PEOPLE)):
        assert any(run() > 3 for _ in range(20))
    assert "limit" in {finding.invariant for finding in findings()}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_without_the_writers_lock_the_limit_is_passed(app, union, monkeypatch, engine_name):
    (person,) = make.people(1, member_of=union)
    ids = [make.offering(starts_in=timedelta(days=7 + day)).id for day in range(16)]
    with without(monkeypatch, (sqlite.SQLite, "read", no_locks_on_sqlite())):
        told = codes(at_once(app, [asking(person, each) for each in ids]))
    assert told["booked"] > 3
    assert "limit" in {finding.invariant for finding in findings()}


def test_without_any_lock_the_version_and_the_check_still_refuse_to_oversell(app, union, monkeypatch, engine_name):
    """The net below the locks: an offering that moved since it was read is not written."""
    offering = make.offering(capacity=5)
    crowd = make.people(24, member_of=union)
    guards = (
        [(sqlite.SQLite, "read", no_locks_on_sqlite())]
        if engine_name == "sqlite"
        else [(postgresql, "LOCK_OFFERINGS", UNLOCKED_OFFERINGS), (postgresql, "LOCK_PEOPLE", UNLOCKED_PEOPLE)]
    )
    with without(monkeypatch, *guards):
        told = codes(at_once(app, [asking(each, offering.id) for each in crowd]))
    assert told["booked"] == 5
    assert findings() == []


def test_without_lock_version_and_check_the_offering_is_oversold(app, union, monkeypatch, engine_name):
    """The control of the two above: with every guard off, the same race does oversell."""
    offering = make.offering(capacity=5, waiting=0)
    crowd = make.people(24, member_of=union)
    unversioned = postgresql.WRITE.replace("and o.version = r.version", "")
    guards = (
        [
            (sqlite.SQLite, "read", no_locks_on_sqlite()),
            (sqlite, "UPDATE_OFFERING", sqlite.UPDATE_OFFERING.replace(" and version = :version", "")),
        ]
        if engine_name == "sqlite"
        else [
            (postgresql, "LOCK_OFFERINGS", UNLOCKED_OFFERINGS),
            (postgresql, "LOCK_PEOPLE", UNLOCKED_PEOPLE),
            (postgresql, "WRITE", unversioned),
        ]
    )
    with without(monkeypatch, *guards, (rules, "chain", scattered)):
        codes(at_once(app, [asking(each, offering.id) for each in crowd]))
    assert {"oversold", "taken"} & {finding.invariant for finding in findings()}


def test_the_same_key_in_two_threads_books_once_and_answers_alike(app, union):
    offering = make.offering(capacity=5)
    (person,) = make.people(1, member_of=union)
    outcomes = at_once(app, [asking(person, offering.id, "k") for _ in range(16)])
    assert len({outcome.body for outcome in outcomes}) == 1
    assert codes(outcomes) == {"booked": 16}


def test_the_same_key_for_different_offerings_binds_the_first_only(app, union):
    (person,) = make.people(1, member_of=union)
    ids = [make.offering(starts_in=timedelta(days=7 + day)).id for day in range(8)]
    asks = [Ask(person, each, person, "k", f"body {each}") for each in ids]
    told = codes(at_once(app, [lambda ask=ask: decide([ask])[0] for ask in asks]))
    assert told == {"booked": 1, "request.key_reused": 7}


def test_cancels_joins_and_promotions_keep_every_promise(app, union):
    offering = make.offering(capacity=8, waiting=30)
    crowd = make.people(32, member_of=union)
    for person in crowd[:24]:
        decide([Ask(person, offering.id, person)])
    held = db.session.scalars(select(Booking).order_by(Booking.sequence)).all()
    leaving = [(lambda b=b: places.cancel(actor=make.actor(b.person_id), booking_id=b.id).state) for b in held[::2]]
    joining = [asking(person, offering.id) for person in crowd[24:]]
    outcomes = at_once(app, [job for pair in zip(leaving, joining, strict=False) for job in pair] + leaving[8:])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert findings() == []
    assert db.session.get(Offering, offering.id).taken == 8
    offered = db.session.scalars(
        select(Booking.sequence).where(Booking.state == BookingState.OFFERED).order_by(Booking.sequence)
    ).all()
    waiting = db.session.scalars(select(Booking.sequence).where(Booking.state == BookingState.WAITLISTED)).all()
    assert max(offered) < min(waiting)


def test_a_deadlock_is_tried_again_and_then_told_as_unavailable(app, union, monkeypatch, engine_name):
    tries = []

    @transaction.transactional
    def unlucky():
        tries.append(1)
        raise transaction.TryAgain

    with app.app_context(), pytest.raises(transaction.DatabaseAway):
        unlucky()
    assert len(tries) == transaction.TRIES
