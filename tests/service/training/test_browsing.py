"""What workers see of classes, on both engines."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from service.booking import places
from service.core import clock
from service.core.access import ANONYMOUS
from service.core.clock import local
from service.core.errors import Invalid
from service.organisations.enums import Industry
from service.training import browsing, publishing, trainers, windows
from service.training.enums import ClassOrder, ClassState, FundSource, LessonMode
from service.training.errors import ClassUnknown
from service.training.listing import Filters
from service.training.rules import LessonPlan
from service.training.trainers import Teaching
from tests import make
from tests import make_training as training

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def ids(**filters):
    return [line.id for line in browsing.classes(Filters(**filters), page=1, per_page=100).items]


def reasons(found):
    return [reason.code for reason in found.my_eligibility.reasons]


def test_a_line_tells_places_left_window_mode_and_course(place):
    first = training.lessons()
    second = LessonPlan(first[1].starts_at, first[1].ends_at, LessonMode.HANDS_ON, 2)
    made = training.published(place.of_simao, lessons=[first[0], second], capacity=3, waiting_capacity=2)
    training.book(make.people(1, member_of=place.simao)[0], made)
    (line,) = browsing.classes(Filters(), page=1, per_page=10).items
    assert (line.id, line.capacity, line.places_left, line.waiting_left) == (made.id, 3, 2, 2)
    assert line.modes == [LessonMode.ON_SITE, LessonMode.HANDS_ON]
    assert (line.lesson_count, line.state, line.is_paused) == (2, ClassState.OPEN, False)
    assert (line.opens_at, line.closes_at, line.starts_at) == (made.opens_at, made.closes_at, made.starts_at)
    assert (line.county, line.course.occupation, line.course.level) == ("思茅区", "茶艺师", 5)


def test_no_place_is_left_for_a_newcomer_while_somebody_waits(place):
    made = training.published(place.of_simao, capacity=1, waiting_capacity=2)
    a, b, c = make.people(3, member_of=place.simao)
    held = training.book(a, made)
    training.book(b, made)
    training.book(c, made)
    places.cancel(actor=make.actor(a), booking_id=UUID(held["id"]))
    (line,) = browsing.classes(Filters(), page=1, per_page=10).items
    assert (line.places_left, line.waiting_left, line.state) == (0, 1, ClassState.FULL)


def test_drafts_are_never_listed_and_what_is_over_only_when_asked_for(place, travel):
    training.draft(place.of_city)
    off = training.published(place.of_city)
    publishing.cancel(place.of_city, off.id, "停电")
    running = training.published(place.of_city)
    assert ids() == [running.id]
    assert ids(states=[ClassState.CANCELLED]) == [off.id]
    travel(7 * DAY + HOUR)
    assert ids(states=[ClassState.RUNNING]) == [running.id]
    travel(30 * DAY)
    assert ids() == []
    assert ids(states=[ClassState.FINISHED, ClassState.CANCELLED]) == sorted([off.id, running.id])
    assert ids(states=[ClassState.DRAFT]) == []


def test_classes_are_found_by_where_what_when_and_words(place):
    tea = training.published(place.of_simao, place="普洱茶研究院")
    coffee_course = training.course(
        place.of_lancang, title="咖啡师四级", industry=Industry.COFFEE, occupation_code="4-03-02-08",
        fund_source=FundSource.EMPLOYMENT,
    )  # fmt: skip
    coffee = training.published(
        place.of_lancang,
        coffee_course,
        opens_at=clock.now() + HOUR,
        lessons=training.lessons(20 * DAY),
        place="职工之家",
    )
    assert ids() == [tea.id, coffee.id]
    assert ids(county="530828") == [coffee.id]
    assert ids(industry=Industry.TEA) == [tea.id]
    assert ids(occupation="4-03-02-08") == [coffee.id]
    assert ids(opens_after=clock.now()) == [coffee.id]
    assert ids(states=[ClassState.PUBLISHED]) == [coffee.id]
    first_day = local(tea.starts_at).date()
    assert ids(from_on=first_day, to_on=first_day) == [tea.id]
    assert ids(from_on=first_day + 5 * DAY) == [coffee.id]
    assert ids(to_on=first_day - DAY) == []
    assert ids(sort=ClassOrder.OPENS_AT) == [tea.id, coffee.id]
    assert ids(sort=ClassOrder.NEWEST) == [coffee.id, tea.id]
    for word in ("茶艺", "cys", "CYS", "普洱 茶艺", "思茅", "研究"):
        assert ids(q=word) == [tea.id], word
    for word in ("kfs", "咖啡", "lc", "澜沧"):
        assert ids(q=word) == [coffee.id], word
    for word in ("咖啡 茶艺", "%", "_", "\\", "'; drop table"):
        assert ids(q=word) == [], word


def test_a_class_of_the_whole_city_is_in_every_countys_list(place):
    city = training.published(place.of_city, county_code=None)
    assert city.county_code is None
    simao = training.published(place.of_simao)
    assert sorted(ids(county="530802")) == sorted([city.id, simao.id])
    assert ids(county="530828") == [city.id]


@pytest.mark.parametrize(("field", "code"), [("county", "530100"), ("county", "思茅"), ("occupation", "茶艺师")])
def test_an_unknown_code_is_told_by_its_field(place, field, code):
    with pytest.raises(Invalid) as refused:
        ids(**{field: code})
    assert list(refused.value.details) == [field]


def test_classes_are_found_by_mode_and_first_lesson(place):
    first = training.lessons()
    online = LessonPlan(first[0].starts_at, first[0].ends_at, LessonMode.ONLINE, 2)
    far = training.published(place.of_city, lessons=[online])
    near = training.published(place.of_city, lessons=training.lessons(5 * DAY))
    assert ids(mode=LessonMode.ONLINE) == [far.id]
    assert ids(mode=LessonMode.SIMULATED) == []
    assert ids(starts_after=far.starts_at) == [far.id]
    assert ids(starts_after=far.starts_at + timedelta(seconds=1)) == []
    assert set(ids(starts_after=near.starts_at)) == {far.id, near.id}


def test_what_can_be_booked_comes_first(place):
    """Open, then opening soon by when it opens, then full where one may wait, then the rest by date."""
    (somebody,) = make.people(1, member_of=place.city)
    now = clock.now()
    full = training.published(place.of_city, capacity=1, waiting_capacity=0, lessons=training.lessons(8 * DAY))
    waiting = training.published(place.of_city, capacity=1, waiting_capacity=3, lessons=training.lessons(20 * DAY))
    for made in (full, waiting):
        training.book(somebody, made)
    paused = training.published(place.of_city, lessons=training.lessons(10 * DAY))
    windows.pause(place.of_city, paused.id, "检修")
    later = training.published(place.of_city, opens_at=now + 2 * HOUR, lessons=training.lessons(11 * DAY))
    soon = training.published(place.of_city, opens_at=now + HOUR, lessons=training.lessons(12 * DAY))
    second = training.published(place.of_city, lessons=training.lessons(14 * DAY))
    first = training.published(place.of_city, lessons=training.lessons(13 * DAY))
    expected = [first.id, second.id, soon.id, later.id, waiting.id, full.id, paused.id]
    assert ids(sort=ClassOrder.BOOKABLE) == expected
    assert ids(sort=ClassOrder.STARTS_AT) != expected


def test_pages_do_not_overlap_and_count_everything(place):
    made = [training.published(place.of_city).id for _ in range(3)]
    pages = [browsing.classes(Filters(), page=page, per_page=2) for page in (1, 2)]
    assert sorted(line.id for page in pages for line in page.items) == sorted(made)
    assert {page.total for page in pages} == {3}


def test_a_page_costs_three_queries_however_long_it_is(place, database):
    for _ in range(5):
        training.published(place.of_city)
    asked = []

    @event.listens_for(database.session.connection(), "before_cursor_execute")
    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    assert len(browsing.classes(Filters(), page=1, per_page=5).items) == 5
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 3


def test_one_class_tells_lessons_trainers_and_conditions(place):
    made = training.published(
        place.of_simao,
        audience=[
            {"kind": "county", "codes": ["530802"]},
            {"kind": "node", "node_id": place.simao.id},
            {"kind": "industry", "values": ["tea"]},
            {"kind": "category", "values": ["courier"]},
            {"kind": "level", "occupation_code": "4-03-02-07", "at_least": 5},
            {"kind": "earlier_course", "course_id": training.course(place.of_simao, title="入门").id},
        ],
    )
    main = training.trainer(place.simao)
    trainers.appoint(place.of_simao, made.id, Teaching(main_id=main.person_id))
    found = browsing.one(ANONYMOUS, made.id)
    assert [gate["said"] for gate in found.audience] == [
        "限工会会员",
        "限思茅区的职工",
        "限思茅区总工会及下级工会的会员",
        "限茶叶产业的职工",
        "限快递员",
        "须持有茶艺师五级（初级工）或更高等级证书",
        "须先学完“入门”",
    ]
    assert [lesson.title for lesson in found.lessons] == ["第1课", "第2课"]
    assert len(found.trainers) == 1
    assert (found.my_booking, found.my_eligibility) == (None, None)


def test_a_draft_or_nothing_is_unknown_to_workers(place):
    for class_id in (training.draft(place.of_city).id, 2**40):
        with pytest.raises(ClassUnknown):
            browsing.one(ANONYMOUS, class_id)


def test_who_is_signed_in_learns_whether_and_why_not_before_trying(place):
    made = training.published(place.of_simao, capacity=1, audience=[{"kind": "county", "codes": ["530802"]}])
    member = make.people(1, member_of=place.simao)[0]
    elsewhere = make.people(1, member_of=place.lancang)[0]
    stranger = make.person().id
    assert browsing.one(make.actor(member), made.id).my_eligibility.ok
    assert reasons(browsing.one(make.actor(elsewhere), made.id)) == ["gate.county"]
    assert reasons(browsing.one(make.actor(stranger), made.id)) == ["gate.membership", "gate.county"]
    assert all(each.next_step for each in browsing.one(make.actor(stranger), made.id).my_eligibility.reasons)
    training.book(member, made)
    found = browsing.one(make.actor(member), made.id)
    assert (found.my_booking.state.value, found.my_eligibility.ok) == ("booked", False)
    assert reasons(found)[0] == "booking.already_booked"


def test_a_cancelled_class_still_tells_why(place):
    made = training.published(place.of_city)
    publishing.cancel(place.of_city, made.id, "教室停电")
    found = browsing.one(ANONYMOUS, made.id)
    assert (found.line.state, found.cancel_reason) == (ClassState.CANCELLED, "教室停电")


def test_a_paused_window_shows(place):
    made = training.published(place.of_city)
    windows.pause(place.of_city, made.id, "检修")
    assert browsing.one(ANONYMOUS, made.id).line.is_paused
