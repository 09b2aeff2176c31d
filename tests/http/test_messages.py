"""Asking to subscribe, and the outbox, over HTTP: what is taken, what is refused by name, the same key twice."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy

from service.core import clock
from service.core.access import Role
from service.identity import grants, sign_ins
from service.identity.enums import Channel
from service.identity.models import Account
from service.messaging.enums import OutboxState, Purpose
from service.messaging.models import OutboxRow
from service.messaging.templates import current
from tests import make

SUBSCRIPTIONS, OUTBOX = "/api/v1/me/subscriptions", "/api/v1/staff/outbox"


def bearer(person_id: int, channel: Channel = Channel.WECHAT) -> dict[str, str]:
    return {"Authorization": f"Bearer {sign_ins.sign_in(person_id, channel).access_token}"}


@pytest.fixture
def worker(client: FlaskClient) -> dict[str, str]:
    """The header of a worker."""
    return bearer(make.person().id)


@pytest.fixture
def administrator(client: FlaskClient, database: SQLAlchemy) -> dict[str, str]:
    """The header of an administrator of the whole tree."""
    person_id, root = make.person().id, make.node()
    database.session.add(Account(person_id=person_id, login="admin", password_hash="x"))
    database.session.commit()
    grants.grant(make.actor(person_id), person_id, Role.ADMINISTRATOR, root.id)
    return bearer(person_id, Channel.STAFF)


def test_the_client_asks_reports_and_is_told_what_is_left(client: FlaskClient, worker: dict[str, str]) -> None:
    booking = current().by_purpose[Purpose.BOOKING].template_id
    asked = client.get(SUBSCRIPTIONS, headers=worker).get_json()
    assert {each["moment"] for each in asked["moments"]} == {"book", "request", "inbox"}
    assert {"moment": "book", "template_ids": [booking]} in asked["moments"]
    keyed = worker | {"Idempotency-Key": "tap-1"}
    first, again = (client.post(SUBSCRIPTIONS, headers=keyed, json={"accepted": [booking]}) for _ in range(2))
    assert first.data == again.data
    assert {each["template_id"]: each["left"] for each in first.get_json()["credits"]}[booking] == 1


@pytest.mark.parametrize("body", [{}, {"accepted": "x"}, {"accepted": ["x"] * 11}, {"accepted": ["x" * 65]}])
def test_a_report_has_its_bounds(client: FlaskClient, worker: dict[str, str], body: dict[str, Any]) -> None:
    answer = client.post(SUBSCRIPTIONS, headers=worker, json=body)
    assert (answer.status_code, list(answer.get_json()["details"])) == (422, ["accepted"])


def test_dead_rows_are_seen_without_what_they_hold_and_tried_again(
    client: FlaskClient, database: SQLAlchemy, administrator: dict[str, str]
) -> None:
    now = clock.now()
    row = OutboxRow(
        kind="notice", key="k", payload={"title": "岩温"}, created_at=now, due_at=now, state=OutboxState.DEAD,
        attempts=8, last_error="ValueError",
    )  # fmt: skip
    database.session.add(row)
    database.session.commit()
    listed = client.get(f"{OUTBOX}?kind=notice", headers=administrator)
    assert listed.get_json()["total"] == 1
    assert "岩温" not in listed.text
    line = listed.get_json()["items"][0]
    assert (line["kind"], line["key"], line["attempts"], line["last_error"]) == ("notice", "k", 8, "ValueError")
    answer = client.post(f"{OUTBOX}/resend", headers=administrator, json={"ids": [line["id"]]})
    assert answer.get_json() == {"resent": 1}
    assert client.get(OUTBOX, headers=administrator).get_json()["total"] == 0
    assert client.get(f"{OUTBOX}?state=due", headers=administrator).get_json()["total"] >= 1


@pytest.mark.parametrize("body", [{}, {"ids": [1], "kind": "notice"}, {"ids": []}, {"ids": [0]}])
def test_resending_takes_ids_or_a_kind(
    client: FlaskClient, administrator: dict[str, str], body: dict[str, Any]
) -> None:
    answer = client.post(f"{OUTBOX}/resend", headers=administrator, json=body)
    assert (answer.status_code, list(answer.get_json()["details"])) == (422, ["ids"])
