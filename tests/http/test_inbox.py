"""Everybody reads their own inbox and nobody else's."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from service.core.transaction import transactional
from service.identity import sign_ins
from service.identity.enums import Channel
from service.messaging import delivery, outbox
from tests import make


@transactional
def tell(person_id: int, *titles: str) -> None:
    for title in titles:
        outbox.notice(person_id, title, title, f"关于{title}", "/bookings")


@pytest.fixture
def bearer(client: FlaskClient) -> Callable[[int], dict[str, str]]:
    """Call it with a person's id: the header that signs them in."""

    def header(person_id: int) -> dict[str, str]:
        return {"Authorization": f"Bearer {sign_ins.sign_in(person_id, Channel.WECHAT).access_token}"}

    return header


@pytest.fixture
def told(client: FlaskClient, bearer: Callable[[int], dict[str, str]]) -> dict[str, str]:
    """The header of a person with three messages; somebody else has one."""
    person = make.person()
    tell(person.id, "报名成功", "有名额了", "明天上课")
    tell(make.person().id, "别人的")
    delivery.deliver_due()
    return bearer(person.id)


def test_the_newest_message_comes_first_with_the_number_unread(client: FlaskClient, told: dict[str, str]) -> None:
    answer = client.get("/api/v1/me/inbox?per_page=2", headers=told)
    assert answer.status_code == 200
    page = answer.get_json()
    assert [message["title"] for message in page["items"]] == ["明天上课", "有名额了"]
    assert (page["page"], page["per_page"], page["total"], page["unread"]) == (1, 2, 3, 3)
    assert page["items"][0]["read_at"] is None
    assert page["items"][0]["created_at"].endswith("+00:00")


def test_reading_one_leaves_the_others_unread(client: FlaskClient, told: dict[str, str]) -> None:
    first = client.get("/api/v1/me/inbox", headers=told).get_json()["items"][0]
    read = client.post(f"/api/v1/me/inbox/{first['id']}/read", headers=told)
    assert read.status_code == 200
    at = read.get_json()["read_at"]
    assert at is not None
    assert client.post(f"/api/v1/me/inbox/{first['id']}/read", headers=told).get_json()["read_at"] == at
    unread = client.get("/api/v1/me/inbox?unread_only=true", headers=told).get_json()
    assert (unread["total"], unread["unread"]) == (2, 2)


def test_all_are_read_at_once(client: FlaskClient, told: dict[str, str]) -> None:
    assert client.post("/api/v1/me/inbox/read-all", headers=told).get_json() == {"marked": 3}
    assert client.post("/api/v1/me/inbox/read-all", headers=told).get_json() == {"marked": 0}
    assert client.get("/api/v1/me/inbox", headers=told).get_json()["unread"] == 0


def test_another_persons_message_does_not_exist(
    client: FlaskClient, told: dict[str, str], bearer: Callable[[int], dict[str, str]]
) -> None:
    mine = client.get("/api/v1/me/inbox", headers=told).get_json()["items"][0]["id"]
    answer = client.post(f"/api/v1/me/inbox/{mine}/read", headers=bearer(make.person().id))
    assert (answer.status_code, answer.get_json()["code"]) == (404, "inbox.message_not_found")


def test_the_inbox_wants_a_token(client: FlaskClient) -> None:
    assert client.get("/api/v1/me/inbox").status_code == 401
