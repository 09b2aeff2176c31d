"""Training over HTTP: browsing, planning, access, bad input."""

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from blueprints import policy
from service.core import clock
from service.core.access import SYSTEM, Actor, Grant, Role
from service.core.db import db
from service.identity import grants, sign_ins
from service.identity.enums import Channel
from service.identity.models import Account
from service.organisations.enums import NodeKind
from service.training import publishing, trainers
from service.training.trainers import Teaching
from tests import make
from tests import make_training as training

CLASSES, STAFF = "/api/v1/training/classes", "/api/v1/staff/training"
DAY = timedelta(days=1)
PLAN = re.compile(r"^staff_(courses|training|rosters)\.")


def bearing(person_id, channel=Channel.STAFF):
    return {"Authorization": f"Bearer {sign_ins.sign_in(person_id, channel).access_token}"}


def granted(where, role):
    """A person with the role on the node, as an actor and with a token."""
    who = make.person()
    grants.grant(SYSTEM, who.id, role, where.id)
    db.session.add(Account(person_id=who.id, login=f"staff{who.id}", password_hash="-"))
    db.session.commit()
    actor = Actor(person_id=who.id, grants=(Grant(role, where.id, where.path),))
    return SimpleNamespace(actor=actor, id=who.id, token=bearing(who.id))


@pytest.fixture
def place(client):
    city = make.node(county="530800")
    simao = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city, county="530802")
    lancang = make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=city, county="530828")
    worker = make.person(member_of=simao)
    return SimpleNamespace(
        city=city,
        simao=simao,
        staff=granted(simao, Role.TRAINING_STAFF),
        beside=granted(lancang, Role.TRAINING_STAFF),
        trainer=granted(simao, Role.TRAINER),
        other_trainer=granted(lancang, Role.TRAINER),
        worker=SimpleNamespace(id=worker.id, token=bearing(worker.id, Channel.WECHAT)),
    )


def order(course, **more):
    now = clock.now()
    first = now + 7 * DAY
    chosen = {
        "course_id": course, "place": "思茅区职工之家", "capacity": 1, "waiting_capacity": 1,
        "opens_at": (now - DAY).isoformat(), "closes_at": (now + 5 * DAY).isoformat(),
        "lessons": [
            {"starts_at": first.isoformat(), "ends_at": (first + timedelta(hours=2)).isoformat(), "mode": "on_site"}
        ],
    }  # fmt: skip
    return {**chosen, **more}


COURSE = {
    "title": "茶艺师五级", "occupation_code": "4-03-02-07", "level": 5, "industry": "tea", "hours": 1,
    "fund_source": "union",
}  # fmt: skip


def published(place, **more):
    return training.published(place.staff.actor, **more)


# the way of a class


def test_a_class_goes_from_course_to_booking(client, place):
    course = client.post(f"{STAFF}/courses", json=COURSE, headers=place.staff.token)
    assert course.status_code == 201
    made = client.post(f"{STAFF}/classes", json=order(course.json["id"]), headers=place.staff.token)
    assert (made.status_code, made.json["state"], made.json["warnings"]) == (201, "draft", [])
    class_id = made.json["id"]
    assert client.get(f"{CLASSES}/{class_id}").status_code == 404
    shown = client.post(f"{STAFF}/classes/{class_id}/publish", headers=place.staff.token)
    assert (shown.status_code, shown.json["state"], shown.json["version"]) == (200, "open", 2)
    found = client.get(f"{CLASSES}/{class_id}", headers=place.worker.token).json
    assert found["my_eligibility"] == {"ok": True, "reasons": []}
    assert found["my_booking"] is None
    assert found["course"]["occupation"] == "茶艺师"
    booked = client.post(f"{CLASSES}/{class_id}/bookings", json={}, headers=place.worker.token)
    assert booked.json["state"] == "booked"
    found = client.get(f"{CLASSES}/{class_id}", headers=place.worker.token).json
    assert found["my_booking"]["id"] == booked.json["id"]
    assert (found["places_left"], found["waiting_left"], found["state"]) == (0, 1, "full")
    assert found["my_eligibility"]["reasons"][0]["code"] == "booking.already_booked"
    roster = client.get(f"{STAFF}/classes/{class_id}/bookings?state=booked,offered", headers=place.staff.token).json
    assert [(line["person_id"], line["state"]) for line in roster["items"]] == [(place.worker.id, "booked")]
    assert "****" in roster["items"][0]["phone"]
    rush = client.get(f"{STAFF}/classes/{class_id}/rush", headers=place.staff.token).json
    assert (rush["taken"], rush["sequence"], rush["last_minute"]) == (1, 1, {"booked": 1})
    assert rush["answers_all_classes"]["201"] >= 1


def test_what_staff_read_they_can_send_back(client, place):
    gates = [
        {"kind": "county", "codes": ["530802"]},
        {"kind": "node", "node_id": place.simao.id},
        {"kind": "level", "occupation_code": "4-03-02-07", "at_least": 5},
        {"kind": "industry", "values": ["tea"]},
    ]
    course = training.course(place.staff.actor)
    made = client.post(f"{STAFF}/classes", json=order(course.id, audience=gates), headers=place.staff.token).json
    assert made["audience"] == gates
    said = [(each["said"], each["name"]) for each in made["audience_said"]]
    assert said[:2] == [("限思茅区的职工", None), (f"限{place.simao.name}及下级工会的会员", place.simao.name)]
    names = {*order(1), "version", "title", "audience", "cancel_until", "offers_until", "offer_minutes", "node_id"}
    again = {name: made[name] for name in names if name in made}
    changed = client.put(f"{STAFF}/classes/{made['id']}", json=again, headers=place.staff.token)
    assert (changed.status_code, changed.json["version"]) == (200, 2)
    assert changed.json["lessons"] == made["lessons"]
    assert changed.json["audience"] == gates


def test_a_stale_version_is_409_with_the_present_one(client, place):
    made = training.draft(place.staff.actor)
    body = order(made.course_id, version=7)
    answer = client.put(f"{STAFF}/classes/{made.id}", json=body, headers=place.staff.token)
    assert (answer.status_code, answer.json["code"], answer.json["details"]) == (409, "training.stale", {"version": 1})


def test_capacity_below_taken_is_409_with_the_number(client, place):
    made = published(place, capacity=2)
    for person in make.people(2, member_of=place.simao):
        training.book(person, made)
    seen = client.get(f"{STAFF}/classes/{made.id}", headers=place.staff.token).json
    body = {name: seen[name] for name in (*order(1), "version") if name != "lessons"} | {"capacity": 1}
    answer = client.put(f"{STAFF}/classes/{made.id}", json=body, headers=place.staff.token)
    assert (answer.status_code, answer.json["details"]) == (409, {"taken": 2})
    assert "2" in answer.json["detail"]


def test_the_same_key_makes_one_class(client, place):
    course = training.course(place.staff.actor)
    headers, body = {**place.staff.token, "Idempotency-Key": "k1"}, order(course.id)
    first, second = (client.post(f"{STAFF}/classes", json=body, headers=headers) for _ in range(2))
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert client.get(f"{STAFF}/classes", headers=place.staff.token).json["total"] == 1


def test_copies_windows_cancelling_and_discarding(client, place):
    made = published(place)
    copy = client.post(f"{STAFF}/classes/{made.id}/copy", json={"shift_days": 7}, headers=place.staff.token)
    assert (copy.status_code, copy.json["state"]) == (201, "draft")
    gone = client.delete(f"{STAFF}/classes/{copy.json['id']}", headers=place.staff.token)
    assert (gone.status_code, gone.json) == (200, {})
    reason, later = {"reason": "教室停电"}, (made.closes_at + timedelta(hours=1)).isoformat()
    for what, body, expected in (
        ("window/pause", reason, "open"),
        ("window/resume", reason, "open"),
        ("window/extend", {**reason, "closes_at": later}, "open"),
        ("window/close", reason, "closed"),
        ("window/reopen", {**reason, "closes_at": later}, "open"),
        ("cancel", reason, "cancelled"),
    ):
        answer = client.post(f"{STAFF}/classes/{made.id}/{what}", json=body, headers=place.staff.token)
        assert (answer.status_code, answer.json["state"]) == (200, expected), what
    assert client.get(f"{CLASSES}/{made.id}").json["cancel_reason"] == "教室停电"


def test_courses_are_listed_changed_and_archived(client, place):
    made = client.post(f"{STAFF}/courses", json=COURSE, headers=place.staff.token).json
    one = f"{STAFF}/courses/{made['id']}"
    assert client.get(one, headers=place.staff.token).json == made
    changed = client.put(one, json={**COURSE, "hours": 2, "version": 1}, headers=place.staff.token)
    assert (changed.json["hours"], changed.json["version"]) == (2, 2)
    assert client.get("/api/v1/training/courses?q=cys").json["total"] == 1
    assert client.post(f"{one}/archive", headers=place.staff.token).json["archived_at"]
    assert client.get("/api/v1/training/courses").json["total"] == 0
    archived = client.get(f"{STAFF}/courses?archived=true", headers=place.staff.token).json
    assert archived["total"] == 1
    assert client.post(f"{one}/restore", headers=place.staff.token).json["archived_at"] is None


def test_a_trainer_is_appointed_and_sees_the_day(client, place):
    made = published(place)
    chosen = client.get(f"{STAFF}/trainers", headers=place.staff.token).json["items"]
    assert [each["id"] for each in chosen] == [place.trainer.id]
    lesson = made.lessons[1].id
    body = {"main_id": place.trainer.id, "substitutes": [{"lesson_id": lesson, "person_id": place.trainer.id}]}
    answer = client.put(f"{STAFF}/classes/{made.id}/trainers", json=body, headers=place.staff.token)
    assert [each["role"] for each in answer.json["trainers"]] == ["main", "substitute"]
    day = clock.local(made.starts_at).date().isoformat()
    lessons = client.get(f"{STAFF}/lessons?date={day}", headers=place.trainer.token).json
    assert [(each["id"], each["class_title"]) for each in lessons["items"]] == [(made.lessons[0].id, made.title)]
    assert client.get(f"{STAFF}/lessons", headers=place.trainer.token).json["total"] == 0
    assert client.get(f"{STAFF}/classes", headers=place.trainer.token).json["total"] == 1


def test_a_lesson_has_one_substitute(client, place):
    made = published(place)
    one = {"lesson_id": made.lessons[1].id, "person_id": place.trainer.id}
    body = {"main_id": place.trainer.id, "substitutes": [one, one]}
    answer = client.put(f"{STAFF}/classes/{made.id}/trainers", json=body, headers=place.staff.token)
    assert (answer.status_code, list(answer.json["details"])) == (422, ["substitutes"])


# the hot list


def test_the_list_needs_no_token_and_carries_the_servers_time(client, place):
    made = published(place)
    before = clock.now()
    answer = client.get(
        f"{CLASSES}?county=530802&state=open,full&industry=tea&occupation=4-03-02-07&q=cys&sort=opens_at"
    )
    assert [line["id"] for line in answer.json["items"]] == [made.id]
    assert answer.json["server_time"] >= before.isoformat()
    assert answer.json["total"] == 1
    line = answer.json["items"][0]
    assert (line["places_left"], line["modes"], line["opens_at"]) == (2, ["on_site"], made.opens_at.isoformat())


def test_who_has_the_list_already_gets_304(client, place):
    made = published(place)
    first = client.get(CLASSES)
    again = client.get(CLASSES, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    publishing.cancel(place.staff.actor, made.id, "停电")
    client.get(f"{STAFF}/classes", headers=place.staff.token)
    changed = client.get(CLASSES, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.json["total"]) == (200, 0)


def test_a_list_is_kept_a_second_and_dropped_when_staff_change_something(client, place):
    published(place)
    assert client.get(CLASSES).json["total"] == 1
    draft = training.published(place.staff.actor)
    assert client.get(CLASSES).json["total"] == 1
    again = f"{STAFF}/classes/{draft.id}/window/pause"
    assert client.post(again, json={"reason": "检修"}, headers=place.staff.token).status_code == 200
    assert client.get(CLASSES).json["total"] == 2


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "per_page=101", "page=99999999999999999999999", "state=draught", "industry=gold", "sort=magic",
        "from=tomorrow", "to=2026-13-01", "from=1066-10-14", "opens_after=2026-11-22T19:30:00", "q=%00", "county=%00",
        f"q={'x' * 51}", "colour=red",
    ],
)  # fmt: skip
def test_a_bad_filter_is_refused_by_name(client, place, query):
    answer = client.get(f"{CLASSES}?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "request.invalid")
    assert list(answer.json["details"]) == [query.split("=")[0]]


def test_an_offset_may_come_with_its_plus_sign_unescaped(client, place):
    assert client.get(f"{CLASSES}?opens_after=2026-11-22T19:30:00+08:00").status_code == 200
    assert client.get(f"{CLASSES}?from=2026-11-22&to=2026-11-30&q=").status_code == 200


# bad input


def sent(client, path, body, token):
    """The answer to a body that our own JSON library would not write: whole numbers of any length."""
    return client.post(path, data=json.dumps(body), content_type="application/json", headers=token)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", "red"),
        ("capacity", 5001),
        ("capacity", "50"),
        ("capacity", 10**40),
        ("capacity", True),
        ("capacity", 1.5),
        ("course_id", 10**40),
        ("place", "甲\x00乙"),
        ("place", ""),
        ("place", "长" * 101),
        ("place", None),
        ("opens_at", "2026-11-22T19:30:00"),
        ("opens_at", "sometime"),
        ("opens_at", "9999-12-31T23:59:59+00:00"),
        ("county_code", "110000"),
        ("audience", [{"kind": "colour"}]),
        ("audience", [{"kind": "county"}]),
        ("audience", [{"kind": "county", "codes": ["530802"], "values": ["tea"]}]),
        ("audience", [{"kind": "county", "codes": ["999999"]}]),
        ("audience", [{"kind": "industry", "values": ["gold"]}]),
        ("audience", [{"kind": "level", "occupation_code": "4-03-02-07", "at_least": 6}]),
        ("audience", [{"kind": "county", "codes": ["530802"]}] * 21),
        ("lessons", [{"mode": "on_site"}]),
        ("lessons", "none"),
        ("closes_at", "2099-01-01T00:00:00Z"),
    ],
)
def test_a_bad_field_of_a_class_is_refused_by_name(client, place, field, value):
    course = training.course(place.staff.actor)
    answer = sent(client, f"{STAFF}/classes", order(course.id, **{field: value}), place.staff.token)
    assert (answer.status_code, next(iter(answer.json["details"]))) == (422, field)


def test_a_bad_lesson_is_refused_by_its_index_and_field(client, place):
    course = training.course(place.staff.actor)
    lessons = order(1)["lessons"]
    for bad, field in (
        ({**lessons[0], "ends_at": lessons[0]["starts_at"]}, "ends_at"),
        ({**lessons[0], "starts_at": "2026-11-22T19:30:00"}, "starts_at"),
        ({**lessons[0], "hours": 0}, "hours"),
        ({**lessons[0], "id": 2**60}, "id"),
        (lessons[0], "starts_at"),
    ):
        body = order(course.id, lessons=[lessons[0], bad])
        answer = sent(client, f"{STAFF}/classes", body, place.staff.token)
        assert (answer.status_code, next(iter(answer.json["details"]["lessons"]["1"]))) == (422, field)


@pytest.mark.parametrize(
    ("field", "value"),
    [("hours", 0), ("level", 6), ("level", 10**30), ("occupation_code", "1-1"), ("industry", "gold")],
)
def test_a_bad_field_of_a_course_is_refused_by_name(client, place, field, value):
    answer = sent(client, f"{STAFF}/courses", {**COURSE, field: value}, place.staff.token)
    assert (answer.status_code, list(answer.json["details"])) == (422, [field])


@pytest.mark.parametrize("class_id", ["0", "-1", "x", str(10**30), str(2**60)])
def test_an_impossible_id_is_404(client, place, class_id):
    assert client.get(f"{CLASSES}/{class_id}").status_code == 404
    assert client.get(f"{STAFF}/classes/{class_id}", headers=place.staff.token).status_code == 404


def test_staff_give_a_reason(client, place):
    made = published(place)
    for body in ({}, {"reason": ""}, {"reason": " "}, {"reason": None}, {"reason": "长" * 201}):
        answer = client.post(f"{STAFF}/classes/{made.id}/cancel", json=body, headers=place.staff.token)
        assert (answer.status_code, "reason" in answer.json["details"]) == (422, True), body


# access


def requests(place, made, lesson_day):
    """One good request for each staff route: (method, path, body)."""
    one = f"{STAFF}/classes/{made.id}"
    reason, later = {"reason": "停电"}, (made.closes_at + timedelta(hours=1)).isoformat()
    course = f"{STAFF}/courses/{made.course_id}"
    return {
        "staff_courses.get_staff_course": ("get", course, None),
        "staff_courses.change_course": ("put", course, {**COURSE, "version": 1}),
        "staff_courses.archive_course": ("post", f"{course}/archive", None),
        "staff_courses.restore_course": ("post", f"{course}/restore", None),
        "staff_training.get_staff_class": ("get", one, None),
        "staff_training.change_class": ("put", one, order(made.course_id, version=made.version)),
        "staff_training.discard_class": ("delete", one, None),
        "staff_training.copy_class": ("post", f"{one}/copy", {"shift_days": 1}),
        "staff_training.publish_class": ("post", f"{one}/publish", None),
        "staff_training.cancel_class": ("post", f"{one}/cancel", reason),
        "staff_training.pause_window": ("post", f"{one}/window/pause", reason),
        "staff_training.resume_window": ("post", f"{one}/window/resume", reason),
        "staff_training.extend_window": ("post", f"{one}/window/extend", {**reason, "closes_at": later}),
        "staff_training.reopen_window": ("post", f"{one}/window/reopen", {**reason, "closes_at": later}),
        "staff_training.close_window": ("post", f"{one}/window/close", reason),
        "staff_rosters.list_roster": ("get", f"{one}/bookings", None),
        "staff_rosters.show_rush_day": ("get", f"{one}/rush", None),
        "staff_rosters.appoint_trainers": ("put", f"{one}/trainers", {"main_id": place.trainer.id}),
    }


LISTS = {
    "staff_courses.list_staff_courses": f"{STAFF}/courses",
    "staff_training.list_staff_classes": f"{STAFF}/classes",
    "staff_rosters.list_trainers": f"{STAFF}/trainers",
    "staff_rosters.list_lessons": f"{STAFF}/lessons",
}
MAKING = {"staff_courses.create_course": COURSE, "staff_training.create_class": order(1)}


def test_who_is_not_in_charge_is_turned_away_everywhere(client, place):
    made = published(place)
    day = clock.local(made.starts_at).date().isoformat()
    trainers.appoint(place.staff.actor, made.id, Teaching(main_id=place.trainer.id))
    asked = requests(place, made, day)
    assert {*asked, *LISTS, *MAKING} == {name for name in policy.POLICY if PLAN.match(name)}
    for name, (method, path, body) in asked.items():
        may_teach = Role.TRAINER in policy.POLICY[name].roles
        for who, status in (
            (None, 401),
            (place.worker, 403),
            (place.trainer, 200 if may_teach else 403),
            (place.other_trainer, 404 if may_teach else 403),
            (place.beside, 404),
        ):
            answer = getattr(client, method)(path, json=body, headers=who.token if who else {})
            assert answer.status_code == status, (name, who)


def test_lists_hold_nothing_from_beyond_the_scope(client, place):
    made = published(place)
    for name, path in LISTS.items():
        assert client.get(path).status_code == 401
        assert client.get(path, headers=place.worker.token).status_code == 403
        beside = client.get(f"{path}?page=1&per_page=100", headers=place.beside.token)
        assert beside.status_code == 200
        ids = [each["id"] for each in beside.json["items"]]
        assert made.id not in ids or name == "staff_rosters.list_trainers"
        assert place.trainer.id not in ids


def test_nothing_is_made_for_a_node_beyond_the_scope(client, place):
    for path, body in (
        (f"{STAFF}/courses", COURSE),
        (f"{STAFF}/classes", order(training.course(place.staff.actor).id)),
    ):
        assert client.post(path, json=body).status_code == 401
        assert client.post(path, json=body, headers=place.worker.token).status_code == 403
        assert client.post(path, json=body, headers=place.trainer.token).status_code == 403
        for node_id in (place.city.id, 2**50):
            answer = client.post(path, json={**body, "node_id": node_id}, headers=place.staff.token)
            assert answer.status_code == 404


@pytest.mark.parametrize(
    "query", ["county=530100", "occupation=%E8%8C%B6%E8%89%BA%E5%B8%88", "state=draft", "mode=x", "starts_after=x"]
)
def test_a_filter_that_means_nothing_is_told_by_its_field(client, place, query):
    answer = client.get(f"{CLASSES}?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "request.invalid")
    assert query.split("=")[0] in answer.json["details"]


def test_staff_may_ask_for_drafts(client, place):
    assert client.get(f"{STAFF}/classes?state=draft", headers=place.staff.token).status_code == 200
