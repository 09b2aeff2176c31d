"""Staff at the same class at once: real threads, real commits, both engines, each guard with a run without it."""

from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from service.audit.models import AuditEntry
from service.booking import recount
from service.booking.errors import CapacityBelowTaken
from service.booking.models import Offering
from service.core import clock
from service.core.db import db
from service.core.lifecycle import WrongState
from service.training import changes, classes, publishing, scopes, states, trainers
from service.training.enums import ClassEvent, ClassState
from service.training.errors import Stale
from service.training.models import TrainingClass
from service.training.trainers import Teaching
from tests import make
from tests import make_training as training
from tests.races.test_desk_races import at_once

ROUNDS = 4


@pytest.fixture
def city(committed_database):
    return make.node()


@pytest.fixture
def staff(city):
    return make.staff(city)


@contextmanager
def without(monkeypatch, owner, name, instead):
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, instead)
        yield


def kinds(outcomes):
    return sorted(type(each).__name__ for each in outcomes)


def published_at_once(app, staff):
    """What two staff meet who publish the same draft, and how many offerings there are then."""
    made = training.draft(staff)
    db.session.remove()
    outcomes = at_once(app, [lambda: publishing.publish(staff, made.id)] * 2, threads=2)
    offerings = db.session.scalar(select(func.count()).where(Offering.subject_id == made.id))
    return kinds(outcomes), offerings


def cancelled_at_once(app, staff):
    made = training.published(staff)
    db.session.remove()
    return kinds(at_once(app, [lambda: publishing.cancel(staff, made.id, "停电")] * 2, threads=2))


def changed_at_once(app, staff):
    made = training.draft(staff)
    plans = [training.plan(made.course, title=title, lessons=None) for title in ("甲", "乙")]
    db.session.remove()
    jobs = [lambda plan=plan: changes.change(staff, made.id, plan, 1) for plan in plans]
    return kinds(at_once(app, jobs, threads=2))


def test_a_class_is_published_once(app, staff):
    for _ in range(ROUNDS):
        assert published_at_once(app, staff) == (["TrainingClass", WrongState.__name__], 1)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_without_the_lock_publishing_at_once_ends_in_a_fault(app, staff, monkeypatch):
    """Only the offering's constraint would be left, and that is no answer for a person."""
    with without(monkeypatch, scopes, "lock", lambda training_class: None):
        found = [published_at_once(app, staff)[0] for _ in range(ROUNDS * 5)]
    assert ["IntegrityError", "TrainingClass"] in found


def test_a_class_is_cancelled_once(app, staff):
    for _ in range(ROUNDS):
        assert cancelled_at_once(app, staff) == ["TrainingClass", WrongState.__name__]
    actions = select(func.count()).where(AuditEntry.action == "training.class_cancelled")
    assert db.session.scalar(actions) == ROUNDS


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_without_the_asked_for_state_a_class_is_cancelled_twice(app, staff, monkeypatch):
    asked = publishing._move

    def move(training_class, event):
        if event is ClassEvent.CANCEL:
            training_class.state = ClassState.CANCELLED
        else:
            asked(training_class, event)

    with without(monkeypatch, publishing, "_move", move):
        found = [cancelled_at_once(app, staff) for _ in range(ROUNDS * 5)]
    assert ["TrainingClass", "TrainingClass"] in found


def test_of_two_changes_to_one_version_one_is_stale(app, staff):
    for _ in range(ROUNDS):
        assert changed_at_once(app, staff) == [Stale.__name__, "TrainingClass"]


def test_without_the_version_one_change_would_be_lost(app, staff, monkeypatch):
    with without(monkeypatch, changes, "claim", lambda training_class, version: None):
        assert changed_at_once(app, staff) == ["TrainingClass", "TrainingClass"]


def test_places_taken_while_capacity_is_lowered_are_never_cut_off(app, city, staff):
    made = training.published(staff, capacity=8, waiting_capacity=0)
    smaller = training.plan(
        made.course, capacity=4, waiting_capacity=0, opens_at=made.opens_at, closes_at=made.closes_at,
        cancel_until=made.cancel_until, offers_until=made.offers_until, lessons=None,
    )  # fmt: skip
    people = make.people(8, member_of=city)
    version = made.version
    db.session.remove()
    jobs = [lambda person=person: training.book(person, made) for person in people]
    jobs.insert(4, lambda: changes.change(staff, made.id, smaller, version))
    outcomes = at_once(app, jobs, threads=9)
    row = db.session.get(Offering, made.offering_id)
    refused = any(isinstance(each, CapacityBelowTaken) for each in outcomes)
    assert (row.capacity, row.taken) in ([(8, 8)] if refused else [(4, 4)])
    assert recount.recount() == []


def test_a_draft_is_published_or_thrown_away_never_both(app, staff):
    for _ in range(ROUNDS):
        made = training.draft(staff)
        db.session.remove()
        jobs = [
            lambda id_=made.id: publishing.publish(staff, id_),
            lambda id_=made.id: classes.discard(staff, id_),
        ]
        assert kinds(at_once(app, jobs, threads=2)) in (
            ["NotADraft", "TrainingClass"],
            ["ClassUnknown", "NoneType"],
        )


def test_two_who_appoint_trainers_at_once_both_succeed(app, city, staff):
    made, ids = training.published(staff), [training.trainer(city).person_id for _ in range(2)]
    db.session.remove()
    jobs = [lambda who=who: trainers.appoint(staff, made.id, Teaching(main_id=who)) for who in ids]
    assert kinds(at_once(app, jobs, threads=2)) == ["list", "list"]
    assert len(trainers.of_class(made.id)) == 1


def test_two_ticks_at_once_move_a_class_once(app, staff):
    made = training.published(staff, opens_at=clock.now() + training.DAY)
    later = made.opens_at + training.DAY
    db.session.remove()
    moves = at_once(app, [lambda: states.advance(later)] * 4, threads=4)
    assert sorted(moves) == [0, 0, 0, 1]
    assert db.session.scalar(select(TrainingClass.state).where(TrainingClass.id == made.id)) == ClassState.OPEN
