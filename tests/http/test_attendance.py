"""Attendance over HTTP: the contract's shapes, refusals with codes, who finds what, files with Chinese names."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from sqlalchemy import select

from service.core.access import SYSTEM, Role
from service.core.db import db
from service.identity import grants, sign_ins
from service.identity.enums import Channel
from service.identity.models import Account
from service.training import codes
from tests import make
from tests.attendance_scene import minutes, scene, trainer_at

CHECK_IN = "/api/v1/training/attendance"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(minutes(5), tick=False) as traveller:
        yield traveller


class Door:
    """Requests in somebody's name."""

    def __init__(self, client, person_id, channel=Channel.STAFF):
        self.client = client
        if channel is Channel.STAFF and not db.session.scalar(select(Account).where(Account.person_id == person_id)):
            db.session.add(Account(person_id=person_id, login=f"staff{person_id}", password_hash="none"))
            db.session.commit()
        self.token = sign_ins.sign_in(person_id, channel).access_token

    def __call__(self, method, path, json=None, key=None):
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        return self.client.open(path, method=method, json=json, headers=headers)


@pytest.fixture
def held(client):
    found = scene()
    for actor in (found.trainer, found.staff):
        for grant in actor.grants:
            grants.grant(SYSTEM, actor.worker_id, grant.role, grant.node_id)
    return found


@pytest.fixture
def trainer(client, held):
    return Door(client, held.trainer.worker_id)


@pytest.fixture
def staff(client, held):
    return Door(client, held.staff.worker_id)


@pytest.fixture
def workers(client, held):
    return [Door(client, person, Channel.WECHAT) for person in held.people]


@pytest.fixture
def lesson(held):
    return f"/api/v1/staff/training/lessons/{held.lesson_id}"


def wrong_fields(answer):
    assert answer.status_code == 422, answer.json
    return set(answer.json["details"])


def test_the_trainers_code_checks_the_worker_in(trainer, workers, lesson, held):
    shown = trainer("GET", f"{lesson}/code")
    assert shown.status_code == 200
    assert shown.json.keys() >= {"code", "digits", "expires_at"}
    first = workers[0]("POST", CHECK_IN, {"code": shown.json["code"], "device": "phone"})
    assert first.status_code == 200, first.json
    assert first.json["state"] == "present"
    assert first.json["arrived_at"] == "2026-11-23T01:05:00+00:00"
    assert workers[0]("POST", CHECK_IN, {"code": shown.json["code"]}).data == first.data
    roster = trainer("GET", f"{lesson}/roster").json
    assert [line["state"] for line in roster["lines"]] == ["present", None, None]
    assert "****" in roster["lines"][0]["phone"]
    assert roster["lesson"]["class_title"] == "茶艺师初级班"


def test_the_same_key_is_answered_with_the_same_bytes_whatever_happened_since(trainer, workers, lesson, held, staff):
    order = {"code": codes.code_at(held.lesson_id, minutes(5)).code}
    first = workers[0]("POST", CHECK_IN, order, key="k1")
    staff("PUT", f"{lesson}/marks/{held.people[0]}", {"state": "excused", "reason": "请假条"})
    assert workers[0]("POST", CHECK_IN, order, key="k1").data == first.data
    assert workers[0]("POST", CHECK_IN, {**order, "device": "x"}, key="k1").json["code"] == "request.key_reused"


def test_typed_digits_have_five_tries_a_minute_key_or_no_key(workers, held, clock):
    digits = codes.code_at(held.lesson_id, minutes(5)).digits
    wrong = f"{(int(digits) + 1) % 1_000_000:06}"
    for number in range(5):
        refused = workers[0]("POST", CHECK_IN, {"digits": wrong}, key=f"k{number}")
        assert (refused.status_code, refused.json["code"]) == (422, "attendance.code_wrong")
    refused = workers[0]("POST", CHECK_IN, {"digits": digits}, key="k9")
    assert (refused.status_code, refused.json["code"]) == (429, "attendance.too_many_tries")
    assert refused.json["next_step"]
    clock.shift(timedelta(minutes=1))
    digits = codes.code_at(held.lesson_id, minutes(6)).digits
    assert workers[0]("POST", CHECK_IN, {"digits": digits}).json["state"] == "present"


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({}, "code"),
        ({"code": "1.2.aaaaaaaaaaaaaa", "digits": "123456"}, "code"),
        ({"code": 7}, "code"),
        ({"code": "a\x00b"}, "code"),
        ({"code": "x" * 65}, "code"),
        ({"digits": "12345"}, "digits"),
        ({"digits": "１２３４５６"}, "digits"),
        ({"digits": "123456\n1"}, "digits"),
        ({"code": "1.2.aaaaaaaaaaaaaa", "lesson_id": 7}, "lesson_id"),
        ({"code": "1.2.aaaaaaaaaaaaaa", "device": ""}, "device"),
        ({"code": "1.2.aaaaaaaaaaaaaa", "place": {"lat": 91, "lng": 1}}, "place"),
        ({"code": "1.2.aaaaaaaaaaaaaa", "place": {"lat": 1}}, "place"),
        ({"code": "1.2.aaaaaaaaaaaaaa", "place": {"lat": True, "lng": 1}}, "place"),
        ({"code": "1.2.aaaaaaaaaaaaaa", "place": {"lat": "1", "lng": 1}}, "place"),
        ({"code": "1.2.aaaaaaaaaaaaaa", "place": {"lat": 1e300, "lng": 1}}, "place"),
    ],
)
def test_a_bad_check_in_is_refused_by_the_name_of_the_field(workers, order, field):
    assert field in wrong_fields(workers[0]("POST", CHECK_IN, order))


def test_refusals_carry_their_code_and_a_next_step(client, workers, held, clock):
    code = codes.code_at(held.lesson_id, minutes(5)).code
    stranger = Door(client, make.person().id, Channel.WECHAT)
    told = [stranger("POST", CHECK_IN, {"code": code}), workers[0]("POST", CHECK_IN, {"code": code[:-1] + "_"})]
    clock.shift(timedelta(minutes=3))
    told.append(workers[0]("POST", CHECK_IN, {"code": code}))
    clock.move_to(minutes(-90))
    early = Door(client, held.people[1], Channel.WECHAT)
    told.append(early("POST", CHECK_IN, {"code": codes.code_at(held.lesson_id, minutes(-90)).code}))
    assert [(each.status_code, each.json["code"]) for each in told] == [
        (403, "attendance.not_on_roster"),
        (422, "attendance.code_wrong"),
        (409, "attendance.code_expired"),
        (409, "attendance.too_early"),
    ]
    assert all(each.json["next_step"] for each in told)


def test_a_batch_is_answered_item_by_item_and_again_the_same(trainer, lesson, held):
    order = {
        "marks": [
            {"worker_id": held.people[0], "state": "present", "client_id": "a-1", "at": "2026-11-23T09:02:00+08:00"},
            {
                "worker_id": held.people[1],
                "code": "9.9.aaaaaaaaaaaaaa",
                "client_id": "a-2",
                "at": "2026-11-23T01:02:00Z",
            },
        ]
    }
    first = trainer("PUT", f"{lesson}/attendance", order)
    assert first.status_code == 200, first.json
    assert [(each["result"], each["state"], each.get("code")) for each in first.json["items"]] == [
        ("applied", "present", None),
        ("refused", None, "attendance.code_wrong"),
    ]
    assert first.json["counts"] == {"applied": 1, "unchanged": 0, "refused": 1}
    assert trainer("PUT", f"{lesson}/attendance", order).data == first.data
    assert trainer("PUT", f"{lesson}/attendance", order, key="k").data == first.data


def item(**changes):
    whole = {"worker_id": 1, "client_id": "c1", "at": "2026-11-23T09:02:00+08:00", "state": "present", **changes}
    return {name: value for name, value in whole.items() if value is not None}


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (item(state="here"), "state"),
        (item(code="1.2.aaaaaaaaaaaaaa"), "state"),
        (item(state=None), "state"),
        (item(at="2026-11-23T09:02:00"), "at"),
        (item(at=None), "at"),
        (item(client_id="a b"), "client_id"),
        (item(client_id="x" * 65), "client_id"),
        (item(worker_id=2**60), "worker_id"),
        (item(worker_id="1"), "worker_id"),
        (item(reason="x"), "reason"),
        ([], "_schema"),
        (None, "_schema"),
    ],
)
def test_a_bad_item_is_refused_by_its_field_and_the_others_count(trainer, lesson, held, bad, field):
    sound = [item(worker_id=person, client_id=f"s{person}") for person in held.people[:2]]
    answer = trainer("PUT", f"{lesson}/attendance", {"marks": [sound[0], bad, sound[1]]})
    assert answer.status_code == 200, answer.json
    assert [each["result"] for each in answer.json["items"]] == ["applied", "refused", "applied"]
    refused = answer.json["items"][1]
    assert (refused["code"], refused["state"]) == ("attendance.item_malformed", None)
    assert refused["next_step"]
    assert set(refused["details"]) == {field}
    for name in ("client_id", "worker_id"):
        assert refused[name] == (None if not bad or field == name else bad[name])


def test_a_bad_item_put_right_counts_with_the_same_client_id(trainer, lesson, held):
    bad = item(worker_id=held.people[0], state="leave")
    for _ in range(2):
        answer = trainer("PUT", f"{lesson}/attendance", {"marks": [bad]})
        assert answer.json["counts"] == {"applied": 0, "unchanged": 0, "refused": 1}
    answer = trainer("PUT", f"{lesson}/attendance", {"marks": [bad | {"state": "excused"}]})
    assert answer.json["items"][0]["result"] == "applied"


def test_batches_are_bounded(trainer, lesson):
    for marks in ([], [item()] * 501, None, {"a": 1}):
        assert wrong_fields(trainer("PUT", f"{lesson}/attendance", {"marks": marks})) == {"marks"}
    assert wrong_fields(trainer("POST", f"{lesson}/attendance/confirm", {"worker_ids": []})) == {"worker_ids"}


def test_the_trainer_confirms_seals_and_then_only_staff_correct(trainer, staff, workers, lesson, held):
    workers[0]("POST", CHECK_IN, {"code": codes.code_at(held.lesson_id, minutes(5)).code})
    confirmed = trainer("POST", f"{lesson}/attendance/confirm", {"worker_ids": held.people})
    assert confirmed.json == {"worker_ids": held.people[:1]}
    asked = trainer("POST", f"{lesson}/seal")
    assert (asked.status_code, asked.json["code"]) == (409, "attendance.seal_too_soon")
    assert asked.json["details"]["unmarked"] == 2
    assert wrong_fields(trainer("POST", f"{lesson}/seal", {"confirm": "x"})) == {"confirm"}
    sealed = trainer("POST", f"{lesson}/seal", {"confirm": True})
    assert sealed.json["counts"] == {"present": 1, "absent": 2}
    assert trainer("POST", f"{lesson}/seal").data == sealed.data
    path = f"{lesson}/marks/{held.people[1]}"
    assert trainer("PUT", path, {"state": "present", "reason": "漏记"}).status_code == 403
    assert wrong_fields(staff("PUT", path, {"state": "present"})) == {"reason"}
    assert staff("PUT", path, {"state": "present", "reason": "漏记"}).json["state"] == "present"
    history = trainer("GET", path).json
    assert [(each["before"], each["after"], each["reason"]) for each in history["corrections"]] == [
        ("absent", "present", "漏记")
    ]
    later = trainer("PUT", f"{lesson}/attendance", {"marks": [item(worker_id=held.people[0])]})
    assert later.json["items"][0]["code"] == "attendance.sheet_sealed"
    assert later.json["sealed_at"] == sealed.json["sealed_at"]


def test_my_training_shows_ones_own(workers, held):
    workers[0]("POST", CHECK_IN, {"code": codes.code_at(held.lesson_id, minutes(5)).code})
    mine = workers[0]("GET", "/api/v1/me/training").json
    assert mine["total"] == 1
    (line,) = mine["items"]
    assert (line["title"], line["lessons"][0]["state"], line["completion"]) == ("茶艺师初级班", "present", None)
    assert line["hours"] == {"planned": 4, "attended": 4, "by_mode": {"on_site": 4}}


def test_consent_to_the_place_is_given_told_and_withdrawn(trainer, workers, lesson, held):
    path = "/api/v1/me/consents/attendance_place"
    before = workers[0]("GET", "/api/v1/me/consents").json["items"][0]
    assert (before["is_given"], before["given_at"]) == (False, None)
    assert "不保存位置" in before["explanation"]
    assert trainer("PUT", f"{lesson}/place", {"lat": 22.7873, "lng": 100.9772}).json["lat"] == 22.7873
    given = workers[0]("PUT", path, {"is_given": True}).json
    assert workers[0]("PUT", path, {"is_given": True}).json == given
    order = {"code": codes.code_at(held.lesson_id, minutes(5)).code, "place": {"lat": 22.7873, "lng": 100.9772}}
    assert workers[0]("POST", CHECK_IN, order).json["place"] == "used"
    for _ in range(2):
        assert workers[0]("PUT", path, {"is_given": False}).json["is_given"] is False
    assert workers[1]("POST", CHECK_IN, order).json["place"] == "not_used"
    assert workers[0]("PUT", "/api/v1/me/consents/anything", {"is_given": True}).status_code == 404


def test_the_code_as_a_picture_and_the_key_for_a_room_without_signal(trainer, lesson, held):
    picture = trainer("GET", f"{lesson}/code.svg")
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert b"<svg" in picture.data
    key = trainer("GET", f"{lesson}/code-key").json
    assert key.keys() == {"lesson_id", "key", "step_seconds", "opens_at", "ends_at"}


@pytest.mark.usefixtures("chinese_font")
@pytest.mark.parametrize(
    "path", ["{lesson}/sheet.xlsx", "{lesson}/sheet.pdf", "{klass}/attendance.xlsx", "{klass}/attendance.pdf"]
)
def test_files_have_chinese_names_and_are_kept_by_no_cache(trainer, lesson, held, path):
    where = path.format(lesson=lesson, klass=f"/api/v1/staff/training/classes/{held.class_id}")
    answer = trainer("GET", where)
    assert answer.status_code == 200, answer.json
    disposition = answer.headers["Content-Disposition"]
    assert "茶艺师初级班" in unquote(disposition)
    assert disposition.isascii()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data[:4] in (b"PK\x03\x04", b"%PDF")


STAFF_DOORS = [
    ("GET", "{lesson}/code", None),
    ("GET", "{lesson}/code.svg", None),
    ("GET", "{lesson}/code-key", None),
    ("PUT", "{lesson}/place", {"lat": 1, "lng": 1}),
    ("GET", "{lesson}/roster", None),
    ("PUT", "{lesson}/attendance", {"marks": [item()]}),
    ("POST", "{lesson}/attendance/confirm", {"worker_ids": [1]}),
    ("POST", "{lesson}/seal", None),
    ("PUT", "{lesson}/marks/1", {"state": "present", "reason": "x"}),
    ("GET", "{lesson}/marks/1", None),
    ("GET", "{lesson}/sheet.xlsx", None),
    ("GET", "{lesson}/sheet.pdf", None),
    ("GET", "{klass}/attendance.xlsx", None),
    ("GET", "{klass}/attendance.pdf", None),
]


@pytest.mark.parametrize(("method", "path", "order"), STAFF_DOORS)
def test_workers_are_turned_away_and_other_trainers_and_staff_find_nothing(client, held, method, path, order):
    lesson = f"/api/v1/staff/training/lessons/{held.lesson_id}"
    worker = Door(client, held.people[0], Channel.WECHAT)
    where = path.format(lesson=lesson, klass=f"/api/v1/staff/training/classes/{held.class_id}")
    assert client.open(where, method=method, json=order).status_code == 401
    assert worker(method, where, order).status_code == 403
    other_trainer, other_node = trainer_at(held.node), make.node()
    grants.grant(SYSTEM, other_trainer.worker_id, Role.TRAINER, held.node.id)
    answer = Door(client, other_trainer.worker_id)(method, where, order)
    assert answer.status_code == (403 if method == "PUT" and "/marks/" in path else 404)
    elsewhere = make.person().id
    grants.grant(SYSTEM, elsewhere, Role.TRAINING_STAFF, other_node.id)
    assert Door(client, elsewhere)(method, where, order).status_code == 404
    db.session.expire_all()
    assert held.lesson.sealed_at is None
