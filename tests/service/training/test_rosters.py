"""What staff and trainers see of classes, and who teaches, on both engines."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from service.booking import gates as booking_gates
from service.booking import places
from service.booking.enums import BookingState
from service.core import clock
from service.core.clock import local
from service.core.lifecycle import WrongState
from service.messaging.models import OutboxRow
from service.organisations.errors import NodeUnknown
from service.training import changes, plans, publishing, rosters, trainers, windows
from service.training.attendance_models import Completion
from service.training.enums import ClassState, TrainerRole
from service.training.errors import ClassUnknown, PlanInvalid
from service.training.listing import Filters
from service.training.models import ClassTrainer
from service.training.rosters import Counts
from service.training.trainers import Teaching
from tests import make
from tests import make_training as training

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def listed(actor, node_id=None, **filters):
    found = rosters.classes(actor, Filters(**filters), node_id=node_id, page=1, per_page=50)
    return [line.training_class.id for line in found.items]


def test_staff_list_their_scope_with_drafts_and_counts(place):
    made = training.published(place.of_simao, capacity=1)
    draft = training.draft(place.of_city)
    beside = training.published(place.of_lancang)
    a, b = make.people(2, member_of=place.simao)
    training.book(a, made)
    training.book(b, made)
    assert sorted(listed(place.of_city)) == sorted([made.id, draft.id, beside.id])
    assert listed(place.of_simao) == [made.id]
    assert listed(place.of_city, place.lancang.id) == [beside.id]
    assert listed(place.of_city, states=[ClassState.DRAFT]) == [draft.id]
    assert listed(place.of_city, states=[ClassState.FULL]) == [made.id]
    assert listed(place.of_city, county="530828") == [beside.id]
    (line,) = rosters.classes(place.of_simao, Filters(), node_id=None, page=1, per_page=5).items
    assert (line.counts, line.state, line.node_name) == (Counts(1, 0, 1), ClassState.FULL, "思茅区总工会")
    with pytest.raises(NodeUnknown):
        listed(place.of_simao, place.lancang.id)


def test_a_trainer_sees_own_classes_and_no_others(place):
    made, other = training.published(place.of_simao), training.published(place.of_simao)
    main = training.trainer(place.simao)
    trainers.appoint(place.of_simao, made.id, Teaching(main_id=main.person_id))
    assert listed(main) == [made.id]
    assert rosters.one(main, made.id).training_class.id == made.id
    assert rosters.roster(main, made.id, [], page=1, per_page=5).total == 0
    for attempt in (
        lambda: rosters.one(main, other.id),
        lambda: rosters.roster(main, other.id, [], page=1, per_page=5),
        lambda: rosters.rush_day(main, made.id, {}),
        lambda: publishing.cancel(main, made.id, "不想上"),
    ):
        with pytest.raises(ClassUnknown):
            attempt()


def test_who_only_is_a_worker_is_nobodys_trainer(place):
    made = training.published(place.of_simao)
    main = training.trainer(place.simao)
    trainers.appoint(place.of_simao, made.id, Teaching(main_id=main.person_id))
    with pytest.raises(ClassUnknown):
        rosters.one(make.actor(main.person_id), made.id)


def test_a_detail_warns_of_hours_and_of_a_busy_trainer(place):
    main = training.trainer(place.simao)
    made, other = (
        training.draft(place.of_simao),
        training.draft(place.of_simao, lessons=training.lessons(7 * DAY + HOUR)),
    )
    for each in (made, other):
        trainers.appoint(place.of_simao, each.id, Teaching(main_id=main.person_id))
    found = rosters.one(place.of_simao, made.id)
    assert [each["code"] for each in found.warnings] == ["training.trainer_busy"]
    assert (found.counts, found.is_paused) == (Counts(), False)
    short = training.draft(place.of_simao, lessons=training.lessons(20 * DAY, count=1))
    warned = rosters.one(place.of_simao, short.id).warnings
    assert [each["code"] for each in warned] == ["training.hours_differ"]
    assert "2课时" in warned[0]["detail"]
    bare = training.draft(place.of_simao, lessons=None)
    assert len(rosters.one(place.of_simao, bare.id).warnings) == 1


def test_a_roster_is_in_order_with_masked_phones(place):
    made = training.published(place.of_simao, capacity=1, waiting_capacity=2)
    people = make.people(3, member_of=place.simao)
    for person in people:
        training.book(person, made)
    page = rosters.roster(place.of_simao, made.id, [], page=1, per_page=2)
    assert page.total == 3
    assert [line.booking.person_id for line in page.items] == people[:2]
    assert all("****" in line.phone for line in page.items)
    waiting = rosters.roster(place.of_simao, made.id, [BookingState.WAITLISTED], page=1, per_page=9)
    assert [line.booking.person_id for line in waiting.items] == people[1:]
    with pytest.raises(ClassUnknown):
        rosters.roster(place.of_lancang, made.id, [], page=1, per_page=2)
    with pytest.raises(WrongState):
        rosters.roster(place.of_simao, training.draft(place.of_simao).id, [], page=1, per_page=2)


def test_a_rush_day_shows_queue_taken_offers_and_the_journal(place):
    made = training.published(place.of_simao, capacity=1, waiting_capacity=3)
    people = make.people(3, member_of=place.simao)
    receipts = [training.book(person, made) for person in people]
    places.cancel(actor=make.actor(people[0]), booking_id=UUID(receipts[0]["id"]))
    windows.pause(place.of_simao, made.id, "检修")
    seen = rosters.rush_day(place.of_simao, made.id, {"201": 3})
    assert (seen.taken, seen.counts, seen.sequence) == (1, Counts(0, 1, 1), 5)
    assert seen.last_minute == {"booked": 1, "waitlisted": 2, "cancelled": 1, "offered": 1}
    assert seen.since_opening == seen.last_minute
    assert seen.per_second == 0.3
    assert [each.sequence for each in seen.last_events] == [5, 4, 3, 2, 1]
    assert (seen.is_paused, seen.state, seen.answers_all_classes) == (True, ClassState.FULL, {"201": 3})
    with pytest.raises(WrongState):
        rosters.rush_day(place.of_simao, training.draft(place.of_simao).id, {})


# who teaches


def test_exactly_those_named_teach_and_new_ones_are_told(place, database):
    made = training.published(place.of_simao)
    main, second, third = (training.trainer(where).person_id for where in (place.simao, place.city, place.simao))
    substitutes = {made.lessons[1].id: third}
    teaching = Teaching(main_id=main, co_trainer_ids=[second], substitutes=substitutes)
    found = trainers.appoint(place.of_simao, made.id, teaching)
    assert [(each.person_id, each.role, each.lesson_id) for each in found] == [
        (main, TrainerRole.MAIN, None),
        (second, TrainerRole.CO_TRAINER, None),
        (third, TrainerRole.SUBSTITUTE, made.lessons[1].id),
    ]
    assert [each.person_id for each in trainers.appoint(place.of_simao, made.id, Teaching(main_id=third))] == [third]
    told = database.session.scalars(select(OutboxRow.payload).where(OutboxRow.key.like("%:appointed:%")))
    assert sorted(each["person_id"] for each in told) == sorted([main, second, third])


@pytest.mark.parametrize("state", ["draft", "published"])
def test_with_a_lesson_that_is_dropped_its_substitute_goes_and_is_told(place, database, state):
    made = {"draft": training.draft, "published": training.published}[state](place.of_simao)
    main, substitute = (training.trainer(place.simao).person_id for _ in range(2))
    trainers.appoint(place.of_simao, made.id, Teaching(main_id=main, substitutes={made.lessons[1].id: substitute}))
    kept = plans.lesson_plan(made.lessons[0])
    plan = training.plan(
        made.course, lessons=[kept], title=made.title, opens_at=made.opens_at, closes_at=made.closes_at
    )
    changes.change(place.of_simao, made.id, plan, made.version)
    assert [each.person_id for each in trainers.of_class(made.id)] == [main]
    told = database.session.scalars(select(OutboxRow.payload).where(OutboxRow.key.like("%:changed:%")))
    assert sorted(each["person_id"] for each in told) == ([] if state == "draft" else sorted([main, substitute]))


@pytest.mark.parametrize("field", ["main_id", "co_trainer_ids", "substitutes"])
def test_who_is_no_trainer_in_reach_does_not_teach(place, field):
    made = training.draft(place.of_simao)
    main, beside = training.trainer(place.simao).person_id, training.trainer(place.lancang).person_id
    teaching = {
        "main_id": Teaching(main_id=beside),
        "co_trainer_ids": Teaching(main_id=main, co_trainer_ids=[make.person().id]),
        "substitutes": Teaching(main_id=main, substitutes={made.lessons[0].id: beside}),
    }[field]
    with pytest.raises(PlanInvalid) as refused:
        trainers.appoint(place.of_simao, made.id, teaching)
    assert list(refused.value.details) == [field]
    assert trainers.of_class(made.id) == []


def test_a_lesson_is_the_classs_own_and_nobody_stands_twice(place):
    made, other = training.draft(place.of_simao), training.draft(place.of_simao)
    main = training.trainer(place.simao).person_id
    for teaching in (
        Teaching(main_id=main, substitutes={other.lessons[0].id: main}),
        Teaching(main_id=main, co_trainer_ids=[main]),
    ):
        with pytest.raises(PlanInvalid):
            trainers.appoint(place.of_simao, made.id, teaching)


def test_who_the_city_sent_may_stay_when_the_county_appoints_again(place):
    made = training.draft(place.of_simao)
    guest, main = training.trainer(place.lancang).person_id, training.trainer(place.simao).person_id
    trainers.appoint(place.of_city, made.id, Teaching(main_id=guest))
    again = trainers.appoint(place.of_simao, made.id, Teaching(main_id=main, co_trainer_ids=[guest]))
    assert {each.person_id for each in again} == {main, guest}


def test_nobody_is_appointed_to_a_class_that_is_off(place):
    made = training.published(place.of_simao)
    publishing.cancel(place.of_simao, made.id, "停电")
    with pytest.raises(WrongState):
        trainers.appoint(place.of_simao, made.id, Teaching(main_id=training.trainer(place.simao).person_id))


def test_the_database_keeps_one_main_trainer_and_nobody_twice(place, database):
    made = training.draft(place.of_simao)
    a, b = training.trainer(place.simao).person_id, training.trainer(place.simao).person_id
    for pair in (
        [(a, TrainerRole.MAIN), (b, TrainerRole.MAIN)],
        [(a, TrainerRole.MAIN), (a, TrainerRole.CO_TRAINER)],
        [(a, TrainerRole.SUBSTITUTE)],
    ):
        rows = [{"class_id": made.id, "person_id": who, "role": role} for who, role in pair]
        with pytest.raises(IntegrityError), database.session.begin_nested():
            database.session.execute(insert(ClassTrainer), rows)


def test_trainers_to_choose_from_are_those_in_sight(place):
    own, above, beside = (training.trainer(where).person_id for where in (place.simao, place.city, place.lancang))
    found = trainers.available(place.of_simao, q=None, page=1, per_page=10)
    assert {each.id for each in found.items} == {own, above}
    assert trainers.available(place.of_city, q=None, page=1, per_page=10).total == 3
    assert trainers.available(place.of_city, q="没有这人", page=1, per_page=10).total == 0
    assert beside not in {each.id for each in found.items}


def test_a_trainers_day_has_the_lessons_taught_that_day(place):
    made = training.published(place.of_simao)
    other, draft = training.published(place.of_simao), training.draft(place.of_simao)
    main, substitute = training.trainer(place.simao), training.trainer(place.simao)
    for each in (made, draft):
        trainers.appoint(place.of_simao, each.id, Teaching(main_id=main.person_id))
    trainers.appoint(
        place.of_simao,
        other.id,
        Teaching(
            main_id=training.trainer(place.simao).person_id, substitutes={other.lessons[0].id: substitute.person_id}
        ),
    )
    day = local(made.starts_at).date()

    def lessons(actor, on):
        return [each.id for each in trainers.lessons_on(actor, on, page=1, per_page=10).items]

    assert lessons(main, day) == [made.lessons[0].id]
    assert lessons(main, day + DAY) == [made.lessons[1].id]
    assert lessons(main, day - DAY) == []
    assert lessons(substitute, day) == [other.lessons[0].id]
    assert lessons(substitute, day + DAY) == []
    assert set(lessons(place.of_simao, day)) == {made.lessons[0].id, other.lessons[0].id}
    assert lessons(place.of_lancang, day) == []


# the gate on an earlier course


def test_the_earlier_course_gate_opens_for_who_completed_it(place, database):
    first = training.published(place.of_simao)
    done, failed, never = make.people(3, member_of=place.simao)
    for person, is_completed in ((done, True), (failed, False)):
        database.session.add(
            Completion(
                class_id=first.id, person_id=person, course_id=first.course_id, hours_planned=4,
                hours_attended=4 * is_completed, hours_by_mode={}, is_completed=is_completed, computed_at=clock.now(),
            )
        )  # fmt: skip
    database.session.commit()
    rule = {"kind": "earlier_course", "course_id": first.course_id, "title": "茶艺师五级"}
    facts = booking_gates.facts_for([rule], [done, failed, never])
    shut = {
        person: [reason.code for reason in booking_gates.shut_gates([rule], _standing(person), facts)]
        for person in (done, failed, never)
    }
    assert shut == {done: [], failed: ["gate.earlier_course"], never: ["gate.earlier_course"]}


def _standing(person_id):
    return booking_gates.Standing(person_id, True, "/1/", "530802", "tea", "employee")
