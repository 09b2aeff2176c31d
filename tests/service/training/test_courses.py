"""Courses, on both engines."""

import pytest
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core.errors import Invalid
from service.organisations.enums import Industry
from service.organisations.errors import NodeUnknown
from service.training import browsing, courses
from service.training.courses import CoursePlan
from service.training.enums import FundSource
from service.training.errors import CourseUnknown, Stale
from service.training.listing import Filters
from tests import make_training as training


def coffee(**more):
    chosen = {"title": "咖啡师", "industry": Industry.COFFEE, "hours": 8, "fund_source": FundSource.EMPLOYMENT}
    return CoursePlan(**{**chosen, **more})


def test_a_course_belongs_to_its_makers_node_or_one_below(place):
    assert courses.create(place.of_city, coffee()).node_id == place.city.id
    assert courses.create(place.of_city, coffee(), place.simao.id).node_id == place.simao.id
    with pytest.raises(NodeUnknown):
        courses.create(place.of_simao, coffee(), place.city.id)
    with pytest.raises(NodeUnknown):
        courses.create(place.of_simao, coffee(), 2**40)


def test_an_occupation_is_one_of_the_list_and_a_level_has_one(place):
    with pytest.raises(Invalid) as unknown:
        courses.create(place.of_city, coffee(occupation_code="9-99-99-99"))
    assert "occupation_code" in unknown.value.details
    with pytest.raises(Invalid) as without:
        courses.create(place.of_city, coffee(level=5))
    assert "level" in without.value.details


def test_what_the_unions_above_offer_may_be_used_but_not_changed(place):
    above = courses.create(place.of_city, coffee())
    beside = courses.create(place.of_lancang, coffee())
    assert courses.one(place.of_simao, above.id).id == above.id
    with pytest.raises(CourseUnknown):
        courses.one(place.of_simao, beside.id)
    with pytest.raises(CourseUnknown):
        courses.change(place.of_simao, above.id, coffee(), 1)
    seen = courses.for_staff(place.of_simao, {}, is_archived=False, page=1, per_page=10)
    assert [each.id for each in seen.items] == [above.id]


def test_a_change_asks_for_the_version_that_was_read(place):
    made = courses.create(place.of_city, coffee())
    assert courses.change(place.of_city, made.id, coffee(hours=9), 1).version == 2
    with pytest.raises(Stale) as stale:
        courses.change(place.of_city, made.id, coffee(hours=10), 1)
    assert stale.value.details == {"version": 2}


def test_classes_are_found_under_the_courses_new_title(place):
    course = training.course(place.of_city)
    training.published(place.of_city, course, title="晚班")
    plan = coffee(title="评茶师", occupation_code="6-02-06-11", industry=Industry.TEA)
    courses.change(place.of_city, course.id, plan, 1)
    assert browsing.classes(Filters(q="评茶"), page=1, per_page=10).total == 1
    assert browsing.classes(Filters(q="茶艺"), page=1, per_page=10).total == 0


def test_an_archived_course_is_not_offered_and_can_be_restored(place):
    made = courses.create(place.of_city, coffee())
    archived = courses.archive(place.of_city, made.id)
    first = archived.archived_at
    assert first is not None
    assert courses.archive(place.of_city, made.id).archived_at == first
    assert courses.in_use({}, page=1, per_page=10).total == 0
    assert courses.for_staff(place.of_city, {}, is_archived=True, page=1, per_page=10).total == 1
    assert courses.restore(place.of_city, made.id).archived_at is None
    assert courses.restore(place.of_city, made.id).archived_at is None
    assert courses.in_use({}, page=1, per_page=10).total == 1


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"industry": Industry.COFFEE}, 1),
        ({"industry": Industry.TEA}, 0),
        ({"occupation": "4-03-02-08"}, 1),
        ({"level": 4}, 1),
        ({"level": 5}, 0),
        ({"q": "咖啡"}, 1),
        ({"q": "kfs"}, 1),
        ({"q": "茶"}, 0),
        ({"q": ""}, 1),
    ],
)
def test_courses_are_found_by_industry_occupation_level_and_words(place, filters, count):
    courses.create(place.of_city, coffee(occupation_code="4-03-02-08", level=4))
    assert courses.in_use(filters, page=1, per_page=10).total == count


def test_every_write_leaves_an_entry(place, database):
    made = courses.create(place.of_city, coffee())
    courses.change(place.of_city, made.id, coffee(hours=9), 1)
    courses.archive(place.of_city, made.id)
    entries = database.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [each.action for each in entries] == [
        "training.course_created",
        "training.course_changed",
        "training.course_archived",
    ]
    assert entries[1].details["fields"] == ["hours"]
    assert {each.actor_id for each in entries} == {place.of_city.person_id}
