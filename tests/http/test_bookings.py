"""Booking over HTTP: the receipt, every refusal with its code, keys, and bookings that are another's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from service.booking import bookings, places, recount
from service.booking.models import Booking
from service.booking.sold_out import sold_out
from service.core import clock, idempotency
from service.core.access import SYSTEM, Actor, Role
from service.core.db import db
from service.identity import grants, people, sign_ins
from service.identity.enums import Channel
from service.identity.models import Account
from service.organisations.enums import NodeKind
from service.organisations.models import UnionNode
from service.training import windows
from service.training.models import TrainingClass
from tests import make, make_training

HOUR = timedelta(hours=1)
KEY = "0192f0c1-5b1e-7c3a-9d8e-2f6a1b4c7d90"


class Person:
    """Somebody who asks."""

    def __init__(self, client: FlaskClient, person_id: int, channel: Channel = Channel.WECHAT) -> None:
        self.client = client
        self.id = person_id
        self.header = {"Authorization": f"Bearer {sign_ins.sign_in(person_id, channel).access_token}"}

    def post(self, path: str, json: Any = None, key: str | None = None) -> TestResponse:
        """POST below /api/v1."""
        headers = self.header | ({} if key is None else {"Idempotency-Key": key})
        return self.client.post(f"/api/v1{path}", json={} if json is None else json, headers=headers)

    def get(self, path: str) -> TestResponse:
        """GET below /api/v1."""
        return self.client.get(f"/api/v1{path}", headers=self.header)

    def book(self, class_id: int, key: str | None = None) -> TestResponse:
        """Ask for a place."""
        return self.post(f"/training/classes/{class_id}/bookings", key=key)


@pytest.fixture
def node(client: FlaskClient) -> UnionNode:
    """Where everybody is a member."""
    return make.node(county="530802")


@pytest.fixture
def worker(client: FlaskClient, node: UnionNode) -> Callable[[], Person]:
    """Call it for a member."""
    return lambda: Person(client, make.person(member_of=node).id)


@pytest.fixture
def staff(client: FlaskClient, node: UnionNode) -> Person:
    """Training staff of the node."""
    found = make.person(member_of=node)
    grants.grant(SYSTEM, found.id, Role.TRAINING_STAFF, node.id)
    db.session.add(Account(person_id=found.id, login="staff", password_hash="x"))
    db.session.commit()
    return Person(client, found.id, Channel.STAFF)


@pytest.fixture
def planner(staff: Person) -> Actor:
    """The same, as the service knows them."""
    return Actor(staff.id, grants=grants.of(staff.id))


@pytest.fixture
def held(planner: Actor) -> TrainingClass:
    """A class of one place and one waiting place, open."""
    return make_training.published(planner, capacity=1, waiting_capacity=1)


def refused(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The refusal's body; fails where it is another answer."""
    body: dict[str, Any] = answer.get_json(force=True)
    assert (answer.status_code, body["code"], answer.mimetype) == (status, code, "application/problem+json"), body
    return body


def in_order() -> bool:
    """Whether every promise of the desk holds when it is recounted."""
    return recount.recount() == []


def test_a_place_comes_with_a_receipt_in_the_contracts_shape(worker: Any, held: TrainingClass) -> None:
    answer = worker().book(held.id)
    assert answer.status_code == 201
    body = answer.get_json()
    assert set(body) == {"id", "state", "position", "receipt", "cancel_until"}
    assert set(body["receipt"]) == {"sequence", "at", "hash", "previous_hash"}
    assert (body["state"], body["position"], body["receipt"]["sequence"]) == ("booked", None, 1)
    assert body["receipt"]["previous_hash"] == "0" * 64
    second = worker().book(held.id).get_json()
    assert (second["state"], second["position"], second["receipt"]["sequence"]) == ("waitlisted", 1, 2)
    assert second["receipt"]["previous_hash"] == body["receipt"]["hash"]
    refused(worker().book(held.id), 409, "booking.full")


def test_a_second_booking_of_the_same_class_names_the_first(worker: Any, held: TrainingClass) -> None:
    somebody = worker()
    first = somebody.book(held.id).get_json()
    body = refused(somebody.book(held.id), 409, "booking.already_booked")
    assert body["details"]["booking_id"] == first["id"]


def test_outside_the_window_nothing_is_booked(worker: Any, planner: Actor) -> None:
    now = clock.now().replace(microsecond=0)
    later = make_training.published(planner, opens_at=now + HOUR)
    paused = make_training.published(planner)
    windows.pause(planner, paused.id, "教室停电")
    over = make_training.published(planner, closes_at=now + HOUR)
    body = refused(worker().book(later.id), 409, "booking.not_open")
    assert body["details"]["opens_at"] == later.opens_at.isoformat()
    refused(worker().book(paused.id), 409, "booking.paused")
    somebody = worker()
    with time_machine.travel(now + HOUR, tick=False):
        refused(Person(somebody.client, somebody.id).book(over.id), 409, "booking.closed")


def test_overlapping_lessons_and_too_many_bookings_are_refused(worker: Any, planner: Actor) -> None:
    course = make_training.course(planner)
    same_time = [make_training.published(planner, course) for _ in range(2)]
    somebody = worker()
    assert somebody.book(same_time[0].id).status_code == 201
    refused(somebody.book(same_time[1].id), 409, "booking.clash")
    others = [
        make_training.published(planner, course, lessons=make_training.lessons(timedelta(days=days)))
        for days in (10, 20, 30)
    ]
    assert [somebody.book(each.id).status_code for each in others] == [201, 201, 409]
    assert refused(somebody.book(others[2].id), 409, "booking.limit")["details"] == {"limit": 3}


def test_who_does_not_pass_a_gate_is_told_all_reasons_and_next_steps(
    client: FlaskClient, worker: Any, planner: Actor, database: SQLAlchemy
) -> None:
    rules = [{"kind": "industry", "values": ["coffee"]}, {"kind": "county", "codes": ["530828"]}]
    held = make_training.published(planner, audience=rules)
    reasons = refused(worker().book(held.id), 403, "booking.not_eligible")["details"]["reasons"]
    assert [each["code"] for each in reasons] == ["gate.industry", "gate.county"]
    assert all(each["detail"] and each["next_step"] for each in reasons)
    newcomer = people.newcomer()
    database.session.commit()
    reasons = refused(Person(client, newcomer.id).book(held.id), 403, "booking.not_eligible")["details"]["reasons"]
    assert reasons[0]["code"] == "gate.not_verified"
    outsider = Person(client, make.person().id)
    reasons = refused(outsider.book(held.id), 403, "booking.not_eligible")["details"]["reasons"]
    assert reasons[0]["code"] == "gate.membership"


def test_a_class_that_is_not_there_is_404_and_a_field_nobody_asked_for_422(
    worker: Any, planner: Actor, held: TrainingClass
) -> None:
    somebody = worker()
    for class_id in (make_training.draft(planner).id, 999_999_999):
        refused(somebody.book(class_id), 404, "booking.unknown_offering")
    refused(somebody.book(0), 404, "request.not_found")
    body = refused(somebody.post(f"/training/classes/{held.id}/bookings", {"person_id": 1}), 422, "request.invalid")
    assert set(body["details"]) == {"person_id"}


def test_without_a_body_one_can_book_too(client: FlaskClient, worker: Any, held: TrainingClass) -> None:
    somebody = worker()
    answer = client.post(f"/api/v1/training/classes/{held.id}/bookings", headers=somebody.header)
    assert answer.status_code == 201


# The key.


@pytest.mark.parametrize("key", [KEY, f'"{KEY}"', "x", '"', "ünï-ä", "x" * 255, '"' + "x" * 255 + '"'])
def test_the_same_key_is_answered_with_the_same_bytes(worker: Any, held: TrainingClass, key: str) -> None:
    somebody = worker()
    first, second = (somebody.book(held.id, key) for _ in range(2))
    assert (first.status_code, first.data) == (second.status_code, second.data) == (201, first.data)
    assert first.mimetype == second.mimetype == "application/json"
    assert db.session.scalar(select(func.count()).select_from(Booking)) == 1


def test_the_bytes_stay_the_same_though_the_class_may_be_cancelled_later_now(
    worker: Any, planner: Actor, held: TrainingClass
) -> None:
    somebody = worker()
    first = somebody.book(held.id, KEY)
    later = held.closes_at + HOUR
    windows.extend(planner, held.id, later, "报名的人多")
    assert somebody.book(held.id, KEY).data == first.data
    booking_id = first.get_json()["id"]
    shown = [somebody.get(f"/bookings/{booking_id}").get_json()]
    shown += [somebody.get(f"/training/classes/{held.id}").get_json()["my_booking"]]
    shown += [somebody.post(f"/bookings/{booking_id}/cancel").get_json()]
    assert [each["cancel_until"] for each in shown] == [later.isoformat()] * 3


def test_a_key_is_the_same_bare_or_quoted(worker: Any, held: TrainingClass) -> None:
    somebody = worker()
    assert somebody.book(held.id, KEY).data == somebody.book(held.id, f'"{KEY}"').data


@pytest.mark.parametrize("key", ["x" * 256, '"' + "x" * 256 + '"', "a\x7fb", "a\x85b", "a\tb"])
def test_a_key_that_cannot_be_is_422_and_named(worker: Any, held: TrainingClass, key: str) -> None:
    assert set(refused(worker().book(held.id, key), 422, "request.invalid")["details"]) == {"Idempotency-Key"}


@pytest.mark.parametrize("key", ["", "  ", '""'])
def test_an_empty_key_is_none(worker: Any, held: TrainingClass, key: str) -> None:
    somebody = worker()
    assert somebody.book(held.id, key).status_code == 201
    refused(somebody.book(held.id, key), 409, "booking.already_booked")


def test_a_key_with_another_body_or_another_class_is_422(
    client: FlaskClient, worker: Any, planner: Actor, held: TrainingClass
) -> None:
    somebody = worker()
    assert somebody.book(held.id, KEY).status_code == 201
    path = f"/api/v1/training/classes/{held.id}/bookings"
    other_body = client.post(path, data=b" { } ", content_type="application/json",
                             headers=somebody.header | {"Idempotency-Key": KEY})  # fmt: skip
    refused(other_body, 422, "request.key_reused")
    other = make_training.published(planner, lessons=make_training.lessons(timedelta(days=20)))
    refused(somebody.book(other.id, KEY), 422, "request.key_reused")


def test_a_key_is_ones_own(worker: Any, held: TrainingClass) -> None:
    first, second = worker().book(held.id, KEY), worker().book(held.id, KEY)
    assert (first.get_json()["state"], second.get_json()["state"]) == ("booked", "waitlisted")


def test_a_refusal_binds_no_key(worker: Any, held: TrainingClass) -> None:
    first, waiting, somebody = worker(), worker(), worker()
    booking = first.book(held.id).get_json()["id"]
    waiting.book(held.id)
    refused(somebody.book(held.id, KEY), 409, "booking.full")
    first.post(f"/bookings/{booking}/cancel")
    sold_out.forget()  # a process notices within a second that it is no longer full
    assert somebody.book(held.id, KEY).get_json()["state"] == "waitlisted"


def test_a_key_still_answers_the_receipt_after_the_place_was_given_back(worker: Any, held: TrainingClass) -> None:
    somebody = worker()
    first = somebody.book(held.id, KEY)
    somebody.post(f"/bookings/{first.get_json()['id']}/cancel")
    assert somebody.book(held.id, KEY).data == first.data
    again = somebody.book(held.id, "another")
    assert again.status_code == 201
    assert again.get_json()["id"] != first.get_json()["id"]
    assert in_order()


def test_a_key_is_kept_for_24_hours_and_without_it_nothing_is_booked_twice(worker: Any, held: TrainingClass) -> None:
    somebody = worker()
    first = somebody.book(held.id, KEY)
    with time_machine.travel(clock.now() + 23 * HOUR, tick=False):
        somebody = Person(somebody.client, somebody.id)
        assert bookings.forget_keys(clock.now()) == 0
        assert somebody.book(held.id, KEY).data == first.data
    with time_machine.travel(clock.now() + 25 * HOUR, tick=False):
        somebody = Person(somebody.client, somebody.id)
        assert bookings.forget_keys(clock.now()) == 1
        body = refused(somebody.book(held.id, KEY), 409, "booking.already_booked")
        assert body["details"]["booking_id"] == first.get_json()["id"]
    assert db.session.scalar(select(func.count()).select_from(Booking)) == 1


def test_a_cancellation_sent_twice_with_a_key_is_done_once(worker: Any, held: TrainingClass) -> None:
    somebody = worker()
    path = f"/bookings/{somebody.book(held.id).get_json()['id']}/cancel"
    first = somebody.post(path, key=KEY)
    assert (first.status_code, first.get_json()["state"]) == (200, "cancelled")
    assert somebody.post(path, key=KEY).data == first.data
    assert db.session.scalar(select(func.count()).select_from(idempotency.StoredAnswer)) == 1
    with time_machine.travel(clock.now() + 25 * HOUR, tick=False):
        assert idempotency.forget() == 1
        # Judged anew: it is cancelled already, and stays so.
        again = Person(somebody.client, somebody.id).post(path, key=KEY)
        assert (again.status_code, again.get_json()["state"]) == (200, "cancelled")


# What happens to a booking.


def test_a_place_given_back_is_offered_to_the_next_who_accepts(worker: Any, held: TrainingClass) -> None:
    first, second = worker(), worker()
    given, waiting = first.book(held.id).get_json()["id"], second.book(held.id).get_json()["id"]
    refused(second.post(f"/bookings/{waiting}/accept"), 409, "booking.not_offered")
    assert first.post(f"/bookings/{given}/cancel").get_json()["state"] == "cancelled"
    line = second.get(f"/bookings/{waiting}").get_json()
    assert (line["state"], line["position"]) == ("offered", None)
    assert line["offer_expires_at"] is not None
    assert second.post(f"/bookings/{waiting}/accept").get_json()["state"] == "booked"
    assert second.post(f"/bookings/{waiting}/accept").get_json()["state"] == "booked"
    refused(second.post(f"/bookings/{waiting}/decline"), 409, "booking.not_offered")
    assert in_order()


def test_a_declined_or_expired_offer_is_gone(worker: Any, planner: Actor) -> None:
    held = make_training.published(planner, capacity=1, waiting_capacity=3)
    first, second, third = worker(), worker(), worker()
    given, *waiting = (each.book(held.id).get_json()["id"] for each in (first, second, third))
    first.post(f"/bookings/{given}/cancel")
    assert second.post(f"/bookings/{waiting[0]}/decline").get_json()["state"] == "declined"
    assert third.get(f"/bookings/{waiting[1]}").get_json()["state"] == "offered"
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        third = Person(third.client, third.id)
        refused(third.post(f"/bookings/{waiting[1]}/accept"), 409, "booking.offer_expired")
        places.expire_offers(clock.now())
        refused(third.post(f"/bookings/{waiting[1]}/accept"), 409, "booking.offer_expired")
    refused(second.post(f"/bookings/{waiting[0]}/cancel"), 404, "booking.unknown")
    assert in_order()


def test_after_cancel_until_a_place_is_kept_but_a_waiting_place_may_go(worker: Any, planner: Actor) -> None:
    now = clock.now().replace(microsecond=0)
    held = make_training.published(
        planner, capacity=1, waiting_capacity=1, cancel_until=now + HOUR, offers_until=now + 24 * HOUR
    )
    first, second = worker(), worker()
    given, waiting = first.book(held.id).get_json()["id"], second.book(held.id).get_json()["id"]
    with time_machine.travel(now + HOUR, tick=False):
        late = Person(first.client, first.id).post(f"/bookings/{given}/cancel")
        assert refused(late, 409, "booking.too_late_to_cancel")["details"]["cancel_until"]
        gone = Person(second.client, second.id).post(f"/bookings/{waiting}/cancel")
        assert gone.get_json()["state"] == "cancelled"


def test_another_persons_booking_does_not_exist(worker: Any, held: TrainingClass) -> None:
    booking = worker().book(held.id).get_json()["id"]
    stranger = worker()
    for path in (booking, uuid4()):
        refused(stranger.get(f"/bookings/{path}"), 404, "booking.unknown")
        for deed in ("cancel", "accept", "decline"):
            refused(stranger.post(f"/bookings/{path}/{deed}", key=f"{deed}{path}"), 404, "booking.unknown")
    assert stranger.get("/me/bookings").get_json()["total"] == 0
    assert db.session.get_one(Booking, UUID(booking)).state == "booked"


def test_my_bookings_come_newest_first_and_active_alone_if_asked(worker: Any, planner: Actor) -> None:
    somebody = worker()
    course = make_training.course(planner)
    ids = [
        somebody.book(make_training.published(planner, course, lessons=make_training.lessons(timedelta(days=d))).id)
        .get_json()["id"]
        for d in (10, 20)
    ]  # fmt: skip
    somebody.post(f"/bookings/{ids[0]}/cancel")
    page = somebody.get("/me/bookings").get_json()
    assert set(page) == {"items", "page", "per_page", "total"}
    assert [each["id"] for each in page["items"]] == ids[::-1]
    assert [each["id"] for each in somebody.get("/me/bookings?active=true").get_json()["items"]] == [ids[1]]
    assert somebody.get("/me/bookings?per_page=1&page=2").get_json()["items"][0]["state"] == "cancelled"


def test_the_class_tells_before_one_tries_why_one_may_not(worker: Any, held: TrainingClass) -> None:
    somebody = worker()
    path = f"/training/classes/{held.id}"
    assert somebody.get(path).get_json()["my_eligibility"] == {"ok": True, "reasons": []}
    somebody.book(held.id)
    told = somebody.get(path).get_json()
    assert told["my_booking"]["state"] == "booked"
    assert [each["code"] for each in told["my_eligibility"]["reasons"]] == ["booking.already_booked"]
    worker().book(held.id)
    codes = [each["code"] for each in worker().get(path).get_json()["my_eligibility"]["reasons"]]
    assert codes == ["booking.full"]


# Staff.


def test_staff_book_for_a_worker_without_a_phone_under_the_same_rules(
    worker: Any, staff: Person, held: TrainingClass
) -> None:
    somebody = worker()
    path, order = f"/staff/training/classes/{held.id}/bookings", {"worker_id": somebody.id, "reason": "没有手机"}
    first = staff.post(path, order, key=KEY)
    assert first.status_code == 201
    assert staff.post(path, order, key=KEY).data == first.data
    refused(staff.post(path, order), 409, "booking.already_booked")
    refused(staff.post(path, order | {"reason": "改了主意"}, key=KEY), 422, "request.key_reused")
    row = db.session.get_one(Booking, UUID(first.get_json()["id"]))
    assert (row.person_id, row.booked_by, row.reason) == (somebody.id, staff.id, "没有手机")
    assert somebody.get("/me/bookings").get_json()["total"] == 1
    assert staff.get("/me/bookings").get_json()["total"] == 0


def test_staff_are_told_of_the_worker_not_as_if_they_were_she(
    worker: Any, staff: Person, held: TrainingClass, planner: Actor
) -> None:
    path = "/staff/training/classes/{}/bookings"
    somebody = worker()

    def told(class_id: int, worker_id: int, status: int, code: str) -> dict[str, Any]:
        body = refused(staff.post(path.format(class_id), {"worker_id": worker_id, "reason": "没有手机"}), status, code)
        assert "您" not in str(body)
        assert "我的" not in body["next_step"]
        return body

    assert staff.post(path.format(held.id), {"worker_id": somebody.id, "reason": "没有手机"}).status_code == 201
    body = told(held.id, somebody.id, 409, "booking.already_booked")
    assert body["detail"] == "该职工已经报过这个班"
    assert body["details"]["booking_id"]
    same_time = make_training.published(planner, capacity=5)
    assert "该职工" in told(same_time.id, somebody.id, 409, "booking.clash")["detail"]
    coffee = make_training.published(planner, audience=[{"kind": "industry", "values": ["coffee"]}])
    body = told(coffee.id, worker().id, 403, "booking.not_eligible")
    assert [each["code"] for each in body["details"]["reasons"]] == ["gate.industry"]


def test_a_staff_key_is_bound_to_the_worker_it_came_with(worker: Any, staff: Person, planner: Actor) -> None:
    held = make_training.published(planner, capacity=5)
    path = f"/staff/training/classes/{held.id}/bookings"
    assert staff.post(path, {"worker_id": worker().id, "reason": "没有手机"}, key=KEY).status_code == 201
    other = staff.post(path, {"worker_id": worker().id, "reason": "没有手机"}, key=KEY)
    refused(other, 422, "request.key_reused")


def test_a_staff_key_does_not_stand_in_the_workers_way(worker: Any, staff: Person, planner: Actor) -> None:
    held = make_training.published(planner, capacity=5)
    other = make_training.published(planner, lessons=make_training.lessons(timedelta(days=20)))
    somebody = worker()
    order = {"worker_id": somebody.id, "reason": "没有手机"}
    assert staff.post(f"/staff/training/classes/{held.id}/bookings", order, key=KEY).status_code == 201
    assert somebody.book(other.id, KEY).status_code == 201


def test_staff_give_a_reason_and_book_nobody_out_of_reach(
    client: FlaskClient, worker: Any, staff: Person, held: TrainingClass
) -> None:
    path = f"/staff/training/classes/{held.id}/bookings"
    for reason in ("", "  ", None, "x" * 201):
        body = refused(staff.post(path, {"worker_id": worker().id, "reason": reason}), 422, "request.invalid")
        assert "reason" in body["details"]
    lancang = make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=make.node(), county="530828")
    elsewhere = make.person(member_of=lancang).id
    for unknown in (elsewhere, make.person().id, 999_999_999):
        refused(staff.post(path, {"worker_id": unknown, "reason": "没有手机"}), 404, "training.unknown_worker")


def test_staff_take_a_booking_away_and_the_next_gets_an_offer(worker: Any, staff: Person, held: TrainingClass) -> None:
    first, second = worker(), worker()
    booking, waiting = first.book(held.id).get_json()["id"], second.book(held.id).get_json()["id"]
    path = f"/staff/training/classes/{held.id}/bookings/{booking}/remove"
    removed = staff.post(path, {"reason": "本人电话说明不来"}, key=KEY)
    assert (removed.status_code, removed.get_json()["state"]) == (200, "removed")
    assert staff.post(path, {"reason": "本人电话说明不来"}, key=KEY).data == removed.data
    assert staff.post(path, {"reason": "再来一次"}).get_json()["state"] == "removed"
    assert second.get(f"/bookings/{waiting}").get_json()["state"] == "offered"
    assert first.get(f"/bookings/{booking}").get_json()["state"] == "removed"
    refused(first.post(f"/bookings/{booking}/cancel"), 404, "booking.unknown")
    refused(staff.post(path, {"reason": " "}), 422, "request.invalid")
    refused(first.post(path, {"reason": "我自己来"}), 403, "request.forbidden")
    assert in_order()
