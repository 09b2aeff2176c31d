"""Classes on their way: planned, published, changed, cancelled, on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.booking.enums import BookingState, OfferingState
from service.booking.errors import CapacityBelowTaken, ReasonMissing, WaitingBelowTaken
from service.booking.models import Booking, Offering
from service.core import clock
from service.core.lifecycle import WrongState
from service.messaging.models import OutboxRow
from service.organisations.enums import Industry, WorkerCategory
from service.training import changes, classes, courses, publishing, states, trainers
from service.training.classes import Copying
from service.training.enums import ClassState, TrainerRole
from service.training.errors import (
    ClassUnknown,
    CourseArchived,
    CourseUnknown,
    FieldFixed,
    NotADraft,
    PlanInvalid,
    Stale,
)
from service.training.models import ClassTrainer, Lesson, TrainingClass
from service.training.trainers import Teaching
from tests import make
from tests import make_training as training

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def state_of(made):
    return states.effective(made, clock.now())


def again(made, course, **more):
    """The class's own plan once more, with these differences."""
    same = {
        "title": made.title, "place": made.place, "county_code": made.county_code, "capacity": made.capacity,
        "waiting_capacity": made.waiting_capacity, "opens_at": made.opens_at, "closes_at": made.closes_at,
        "cancel_until": made.cancel_until, "offers_until": made.offers_until, "lessons": None,
        "audience": made.audience,
    }  # fmt: skip
    return training.plan(course, **{**same, **more})


def told(database, what):
    """The people told of it, by the keys in the outbox."""
    keys = database.session.scalars(select(OutboxRow.key).where(OutboxRow.key.like(f"%:{what}:%")))
    return sorted(int(key.rsplit(":", 1)[1]) for key in keys)


# planning


def test_a_draft_takes_defaults_from_course_node_and_window(place):
    made = training.draft(place.of_simao)
    assert (made.state, made.version, made.offering_id) == (ClassState.DRAFT, 1, None)
    assert (made.title, made.completion_percent) == ("茶艺师五级", 80)
    assert (made.node_id, made.county_code) == (place.simao.id, "530802")
    assert made.cancel_until == made.offers_until == made.closes_at
    assert made.offer_minutes == 30
    assert made.starts_at == made.lessons[0].starts_at
    assert made.ends_at == made.lessons[1].ends_at


def test_the_citys_own_class_lies_in_no_county_unless_said(place):
    assert training.draft(place.of_city).county_code is None
    assert training.draft(place.of_city, county_code="530828").county_code == "530828"


def test_a_draft_may_wait_for_its_lessons(place):
    made = training.draft(place.of_city, lessons=None)
    assert (made.starts_at, made.ends_at) == (None, None)
    assert state_of(made) == ClassState.DRAFT


def test_a_plan_that_does_not_fit_is_refused_by_field(place):
    course = training.course(place.of_city)
    late = clock.now() + 30 * DAY
    for field, more in (
        ("closes_at", {"closes_at": late}),
        ("county_code", {"county_code": "110000"}),
        ("absent_after_minutes", {"late_after_minutes": 40}),
        ("capacity", {"capacity": 0}),
        ("lessons", {"lessons": [*training.lessons(), *training.lessons()]}),
    ):
        with pytest.raises(PlanInvalid) as refused:
            training.draft(place.of_city, course, **more)
        assert field in refused.value.details


def test_a_class_is_of_a_course_in_sight_that_is_in_use(place):
    beside = training.course(place.of_lancang)
    with pytest.raises(CourseUnknown):
        training.draft(place.of_simao, beside)
    courses.archive(place.of_lancang, beside.id)
    with pytest.raises(CourseArchived):
        training.draft(place.of_lancang, beside)


def test_an_audience_is_checked_and_completed(place):
    course = training.course(place.of_city, title="入门")
    made = training.draft(
        place.of_city,
        audience=[
            {"kind": "county", "codes": ["530802"]},
            {"kind": "node", "node_id": place.simao.id},
            {"kind": "industry", "values": [Industry.TEA.value]},
            {"kind": "category", "values": [WorkerCategory.COURIER.value]},
            {"kind": "level", "occupation_code": "4-03-02-07", "at_least": 5},
            {"kind": "earlier_course", "course_id": course.id},
        ],
    )
    assert made.audience[1]["path"] == place.simao.path
    assert made.audience[5]["title"] == "入门"


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"kind": "county", "codes": ["999999"]}, "codes"),
        ({"kind": "node", "node_id": 2**40}, "node_id"),
        ({"kind": "level", "occupation_code": "0-00-00-00", "at_least": 5}, "occupation_code"),
        ({"kind": "earlier_course", "course_id": 2**40}, "course_id"),
    ],
)
def test_an_audience_that_cannot_be_is_refused_by_rule_and_field(place, rule, field):
    with pytest.raises(PlanInvalid) as refused:
        training.draft(place.of_city, audience=[{"kind": "county", "codes": ["530802"]}, rule])
    assert list(refused.value.details["audience"]["1"]) == [field]


def test_a_draft_is_changed_freely_and_keeps_named_lessons(place, database):
    made = training.draft(place.of_city)
    course = training.course(place.of_city, title="另一门")
    kept = replace(training.lessons()[0], id=made.lessons[0].id, room="301")
    plan = training.plan(course, title="新名", lessons=[kept], node_id=place.simao.id, place="澜沧")
    changed = changes.change(place.of_city, made.id, plan, 1)
    assert (changed.title, changed.course_id, changed.node_id, changed.version) == (
        "新名",
        course.id,
        place.simao.id,
        2,
    )
    assert [(each.id, each.room) for each in changed.lessons] == [(kept.id, "301")]
    assert database.session.scalars(select(Lesson.id)).all() == [kept.id]


def test_without_lessons_in_the_plan_those_there_are_stay(place):
    made = training.draft(place.of_city)
    ids = [each.id for each in made.lessons]
    changed = changes.change(place.of_city, made.id, again(made, made.course), 1)
    assert [each.id for each in changed.lessons] == ids


def test_a_lesson_named_by_id_is_the_classs_own_and_named_once(place):
    made, other = training.draft(place.of_city), training.draft(place.of_city)
    mine, theirs = made.lessons[0].id, other.lessons[0].id
    for ids in ([theirs], [mine, mine]):
        lessons = [replace(lesson, id=id_) for lesson, id_ in zip(training.lessons(), ids, strict=False)]
        with pytest.raises(PlanInvalid) as refused:
            changes.change(place.of_city, made.id, again(made, made.course, lessons=lessons), 1)
        assert "lessons" in refused.value.details


def test_a_stale_change_is_refused_with_the_present_version(place):
    made = training.draft(place.of_city)
    changes.change(place.of_city, made.id, again(made, made.course, title="一"), 1)
    with pytest.raises(Stale) as stale:
        changes.change(place.of_city, made.id, again(made, made.course, title="二"), 1)
    assert stale.value.details == {"version": 2}


def test_out_of_scope_is_unknown_for_every_command(place):
    made = training.draft(place.of_simao)
    plan = again(made, made.course)
    for attempt in (
        lambda: changes.change(place.of_lancang, made.id, plan, 1),
        lambda: classes.copy(place.of_lancang, made.id, Copying(shift_days=1)),
        lambda: classes.discard(place.of_lancang, made.id),
        lambda: publishing.publish(place.of_lancang, made.id),
        lambda: publishing.cancel(place.of_lancang, made.id, "停电"),
        lambda: publishing.publish(place.of_city, 2**40),
    ):
        with pytest.raises(ClassUnknown):
            attempt()
    assert publishing.publish(place.of_city, made.id).id == made.id


def test_a_copy_is_a_draft_some_days_later_with_the_same_trainers(place, database):
    original = training.published(place.of_simao)
    main, substitute = training.trainer(place.simao), training.trainer(place.simao)
    substitutes = {original.lessons[0].id: substitute.person_id}
    teaching = Teaching(main_id=main.person_id, substitutes=substitutes)
    trainers.appoint(place.of_simao, original.id, teaching)
    made = classes.copy(place.of_simao, original.id, Copying(shift_days=7))
    assert (made.state, made.offering_id, made.title) == (ClassState.DRAFT, None, original.title)
    assert made.opens_at == original.opens_at + 7 * DAY
    assert [each.starts_at for each in made.lessons] == [each.starts_at + 7 * DAY for each in original.lessons]
    assert [(each.person_id, each.role) for each in trainers.of_class(made.id)] == [(main.person_id, TrainerRole.MAIN)]
    assert classes.copy(place.of_simao, original.id, Copying(shift_days=1, title="二班")).title == "二班"


def test_only_a_draft_is_thrown_away(place, database):
    made = training.draft(place.of_city)
    main = training.trainer(place.city)
    trainers.appoint(place.of_city, made.id, Teaching(main_id=main.person_id))
    classes.discard(place.of_city, made.id)
    for table in (TrainingClass, Lesson, ClassTrainer):
        assert database.session.scalars(select(table)).all() == []
    with pytest.raises(NotADraft):
        classes.discard(place.of_city, training.published(place.of_city).id)


# publishing and cancelling


def test_publishing_makes_the_offering_with_membership_first(place, database):
    made = training.published(place.of_simao, audience=[{"kind": "county", "codes": ["530802"]}])
    offering = database.session.get(Offering, made.offering_id)
    assert (made.state, made.version) == (ClassState.OPEN, 2)
    assert [gate["kind"] for gate in offering.rules["gates"]] == ["membership", "county"]
    spans = [[int(each.starts_at.timestamp()), int(each.ends_at.timestamp())] for each in made.lessons]
    assert offering.rules["spans"] == spans
    assert (offering.subject_id, offering.capacity, offering.opens_at) == (made.id, 2, made.opens_at)
    assert (offering.starts_at, offering.ends_at) == (made.starts_at, made.ends_at)


def test_a_class_is_published_once(place):
    made = training.published(place.of_city)
    with pytest.raises(WrongState):
        publishing.publish(place.of_city, made.id)


PAST = {"opens_at": clock.now() - 9 * DAY, "closes_at": clock.now() - 8 * DAY}


@pytest.mark.parametrize(
    ("field", "more"),
    [("lessons", {"lessons": None}), ("lessons", {"lessons": training.lessons(-DAY), **PAST}), ("closes_at", PAST)],
)
def test_what_is_missing_or_past_is_not_published(place, field, more):
    made = training.draft(place.of_city, **more)
    with pytest.raises(PlanInvalid) as refused:
        publishing.publish(place.of_city, made.id)
    assert field in refused.value.details
    assert made.state == ClassState.DRAFT


def test_a_window_that_has_not_opened_leaves_it_published(place):
    made = training.published(place.of_city, opens_at=clock.now() + HOUR)
    assert (made.state, state_of(made)) == (ClassState.PUBLISHED, ClassState.PUBLISHED)


def test_cancelling_ends_every_booking_and_tells_everybody_why(place, database):
    made = training.published(place.of_city, capacity=1, waiting_capacity=1)
    main = training.trainer(place.city)
    trainers.appoint(place.of_city, made.id, Teaching(main_id=main.person_id))
    a, b = make.people(2, member_of=place.simao)
    training.book(a, made)
    training.book(b, made)
    cancelled = publishing.cancel(place.of_city, made.id, "教室停电")
    assert (cancelled.state, cancelled.cancel_reason) == (ClassState.CANCELLED, "教室停电")
    ended = database.session.scalars(select(Booking.state).where(Booking.offering_id == made.offering_id)).all()
    assert set(ended) == {BookingState.WITHDRAWN}
    offering = database.session.get(Offering, made.offering_id)
    assert (offering.state, offering.taken, offering.waiting) == (OfferingState.WITHDRAWN, 0, 0)
    assert told(database, "cancelled") == [main.person_id]
    notices = database.session.scalars(select(OutboxRow).where(OutboxRow.kind == "notice")).all()
    of_holders = [row for row in notices if "教室停电" in row.payload["body"]]
    assert {row.payload["person_id"] for row in of_holders} == {a, b, main.person_id}
    with pytest.raises(WrongState):
        publishing.cancel(place.of_city, made.id, "再次")


def test_cancelling_takes_a_reason_and_a_published_class(place):
    with pytest.raises(WrongState):
        publishing.cancel(place.of_city, training.draft(place.of_city).id, "停电")
    with pytest.raises(ReasonMissing):
        publishing.cancel(place.of_city, training.published(place.of_city).id, " ")


# changing a published class


def test_new_times_move_the_spans_and_tell_each_holder_once(place, database):
    made = training.published(place.of_city, capacity=1)
    main = training.trainer(place.city)
    trainers.appoint(place.of_city, made.id, Teaching(main_id=main.person_id))
    a, b = make.people(2, member_of=place.simao)
    training.book(a, made)
    training.book(b, made)
    later = [replace(each, id=old.id) for each, old in zip(training.lessons(9 * DAY), made.lessons, strict=True)]
    changed = changes.change(place.of_city, made.id, again(made, made.course, lessons=later, capacity=1), made.version)
    offering = database.session.get(Offering, made.offering_id)
    assert offering.rules["spans"][0][0] == int(later[0].starts_at.timestamp())
    assert (changed.starts_at, offering.starts_at) == (later[0].starts_at, later[0].starts_at)
    assert told(database, "changed") == sorted([a, b, main.person_id])
    body = database.session.scalar(select(OutboxRow).where(OutboxRow.key.like("%:changed:%"))).payload["body"]
    assert "上课时间有调整" in body


def test_a_new_place_room_or_earlier_cancelling_is_told_and_a_title_is_not(place, database):
    made = training.published(place.of_city)
    (a,) = make.people(1, member_of=place.simao)
    training.book(a, made)
    made = changes.change(place.of_city, made.id, again(made, made.course, title="新名"), made.version)
    assert told(database, "changed") == []
    elsewhere = again(
        made, made.course, place="普洱茶校", cancel_until=made.cancel_until - HOUR,
        lessons=[replace(training.lessons()[0], id=made.lessons[0].id, room="302"), *_rest(made)],
    )  # fmt: skip
    changes.change(place.of_city, made.id, elsewhere, made.version)
    body = database.session.scalar(select(OutboxRow).where(OutboxRow.key.like("%:changed:%"))).payload["body"]
    assert told(database, "changed") == [a]
    for said in ("地点改为普洱茶校", "改到302", "来不了请在"):
        assert said in body


def _rest(made):
    planned = training.lessons()
    return [replace(planned[1], id=made.lessons[1].id)]


def test_capacity_is_not_lowered_below_what_is_taken(place, database):
    made = training.published(place.of_city, capacity=2, waiting_capacity=1)
    for person in make.people(3, member_of=place.simao):
        training.book(person, made)
    with pytest.raises(CapacityBelowTaken) as refused:
        changes.change(place.of_city, made.id, again(made, made.course, capacity=1), made.version)
    assert refused.value.details == {"taken": 2}
    with pytest.raises(WaitingBelowTaken):
        changes.change(place.of_city, made.id, again(made, made.course, waiting_capacity=0), made.version)
    row = database.session.get(TrainingClass, made.id)
    assert (row.capacity, row.version) == (2, made.version)


def test_more_capacity_is_offered_to_who_waits(place, database):
    made = training.published(place.of_city, capacity=1, waiting_capacity=1)
    a, b = make.people(2, member_of=place.simao)
    training.book(a, made)
    training.book(b, made)
    changes.change(place.of_city, made.id, again(made, made.course, capacity=2), made.version)
    state = database.session.scalar(select(Booking.state).where(Booking.person_id == b))
    assert state == BookingState.OFFERED


def test_what_is_fixed_after_opening_is_refused_with_the_reason(place):
    made = training.published(place.of_city)
    course = training.course(place.of_city, title="别的课")
    for plan, field in (
        (again(made, course), "course_id"),
        (again(made, made.course, node_id=place.simao.id), "node_id"),
        (again(made, made.course, audience=[{"kind": "county", "codes": ["530802"]}]), "audience"),
        (again(made, made.course, opens_at=made.opens_at - HOUR), "opens_at"),
        (again(made, made.course, closes_at=made.closes_at + HOUR), "closes_at"),
        (again(made, made.course, lessons=[]), "lessons"),
    ):
        with pytest.raises(FieldFixed) as refused:
            changes.change(place.of_city, made.id, plan, made.version)
        assert field in refused.value.details


def test_before_the_window_opens_audience_and_window_may_change(place, database):
    made = training.published(place.of_city, opens_at=clock.now() + HOUR)
    plan = again(made, made.course, opens_at=clock.now() - HOUR, audience=[{"kind": "county", "codes": ["530802"]}])
    changed = changes.change(place.of_city, made.id, plan, made.version)
    assert (changed.state, len(changed.audience)) == (ClassState.OPEN, 1)
    assert len(database.session.get(Offering, made.offering_id).rules["gates"]) == 2


def test_a_published_class_keeps_a_window_that_lies_ahead(place):
    made = training.published(place.of_city, opens_at=clock.now() + HOUR)
    past = again(made, made.course, opens_at=clock.now() - 2 * HOUR, closes_at=clock.now() - HOUR)
    with pytest.raises(PlanInvalid) as refused:
        changes.change(place.of_city, made.id, past, made.version)
    assert list(refused.value.details) == ["closes_at"]


def test_a_class_that_is_over_does_not_change(place, travel):
    made = training.published(place.of_city)
    travel(30 * DAY)
    with pytest.raises(WrongState) as refused:
        changes.change(place.of_city, made.id, again(made, made.course, title="晚了"), made.version)
    assert refused.value.details == {"state": "finished"}


def test_while_it_runs_lessons_ahead_may_still_move(place, travel, database):
    made = training.published(place.of_city)
    travel(7 * DAY + HOUR)
    first, second = made.lessons
    kept = replace(_plan_of(first), room="换")
    with pytest.raises(FieldFixed):
        changes.change(place.of_city, made.id, again(made, made.course, lessons=[kept, _plan_of(second)]), made.version)
    moved = replace(_plan_of(second), starts_at=second.starts_at + HOUR, ends_at=second.ends_at + HOUR)
    changed = changes.change(
        place.of_city, made.id, again(made, made.course, lessons=[_plan_of(first), moved]), made.version
    )
    assert changed.state == ClassState.RUNNING
    assert changed.ends_at == moved.ends_at


def _plan_of(lesson):
    return training.LessonPlan(
        lesson.starts_at, lesson.ends_at, lesson.mode, lesson.hours, lesson.title, lesson.room, lesson.id
    )


def test_every_write_leaves_an_entry(place, database):
    made = training.draft(place.of_city)
    changes.change(place.of_city, made.id, again(made, made.course, title="改"), 1)
    classes.copy(place.of_city, made.id, Copying(shift_days=1))
    publishing.publish(place.of_city, made.id)
    publishing.cancel(place.of_city, made.id, "停")
    actions = [each.action for each in database.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert [each for each in actions if "class" in each] == [
        "training.class_created",
        "training.class_changed",
        "training.class_copied",
        "training.class_published",
        "training.class_cancelled",
    ]


def test_a_change_may_add_lessons(place):
    made = training.draft(place.of_city)
    more = [replace(each, id=old.id) for each, old in zip(training.lessons(), made.lessons, strict=True)]
    added = training.lessons(20 * DAY, count=1)
    changed = changes.change(place.of_city, made.id, again(made, made.course, lessons=more + added), 1)
    assert [each.starts_at for each in changed.lessons] == [each.starts_at for each in more + added]
    assert changed.ends_at == added[0].ends_at
