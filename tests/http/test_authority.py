"""Accounts, grants and the readable table over HTTP: what is changed is seen at the next request."""

from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from werkzeug.test import TestResponse

from blueprints import policy
from service.core.access import SYSTEM, Role
from service.identity import accounts, grants, passwords, sign_ins
from service.identity.enums import Channel
from service.organisations.enums import NodeKind
from service.organisations.models import UnionNode
from tests import make

ACCOUNTS, POLICY, CLASSES = "/api/v1/staff/accounts", "/api/v1/staff/policy", "/api/v1/staff/training/classes"
PASSWORD = "kafei-2026-menglian"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def tree(database: SQLAlchemy) -> dict[str, UnionNode]:
    """The city and a county."""
    city = make.node()
    return {"city": city, "simao": make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city)}


def signed_in(login: str, node: UnionNode, *roles: Role) -> tuple[int, dict[str, str]]:
    """An account's id and the header of its holder."""
    person_id = make.person(name=f"姓名{login}").id
    account = accounts.open_account(SYSTEM, person_id, login, PASSWORD, node_id=node.id)
    for role in roles:
        grants.grant(SYSTEM, person_id, role, node.id)
    given = sign_ins.sign_in(person_id, Channel.STAFF)
    return account.id, {"Authorization": f"Bearer {given.access_token}"}


def code_of(answer: TestResponse) -> tuple[int, Any]:
    """(status, code)"""
    return answer.status_code, answer.get_json(force=True).get("code")


def test_a_role_opens_doors_from_the_next_request_on_and_no_longer_than_it_is_held(
    client: FlaskClient, tree: dict[str, UnionNode]
) -> None:
    _, admin = signed_in("chief", tree["city"], Role.ADMINISTRATOR)
    account_id, clerk = signed_in("zhang", tree["simao"])
    role = {"role": "training_staff", "node_id": tree["simao"].id}
    assert code_of(client.get(CLASSES, headers=clerk)) == (403, "request.forbidden")
    given = client.post(f"{ACCOUNTS}/{account_id}/roles", json=role, headers=admin)
    assert [(each["role"], each["node"]["id"]) for each in given.get_json()["roles"]] == [
        ("training_staff", tree["simao"].id)
    ]
    assert client.get(CLASSES, headers=clerk).status_code == 200
    client.post(f"{ACCOUNTS}/{account_id}/roles/withdraw", json=role, headers=admin)
    assert code_of(client.get(CLASSES, headers=clerk)) == (403, "request.forbidden")
    client.post(f"{ACCOUNTS}/{account_id}/disable", headers=admin)
    assert code_of(client.get("/api/v1/me", headers=clerk)) == (401, "auth.signed_out")


def test_an_opened_account_signs_in_with_the_password_told_once(
    client: FlaskClient, tree: dict[str, UnionNode]
) -> None:
    _, admin = signed_in("chief", tree["city"], Role.ADMINISTRATOR)
    made = client.post(ACCOUNTS, json={"login": "Zhang", "name": "张三"}, headers=admin | {"Idempotency-Key": "k"})
    assert made.status_code == 201
    again = client.post(ACCOUNTS, json={"login": "Zhang", "name": "张三"}, headers=admin | {"Idempotency-Key": "k"})
    assert again.data == made.data
    body = {"account": "zhang", "password": made.get_json()["password"]}
    assert client.post("/api/v1/auth/staff", json=body).get_json()["must_change"] is True
    listed = client.get(f"{ACCOUNTS}?q=zhang", headers=admin).get_json()
    assert [line["login"] for line in listed["items"]] == ["zhang"]
    assert "password" not in listed["items"][0]


@pytest.mark.parametrize(
    "body",
    [
        {"login": "a b", "name": "张三"},
        {"login": "x", "name": "张三"},
        {"login": "zhang"},
        {"login": "zhang", "name": "张三", "person_id": 1},
        {"login": "zhang", "name": "张三", "password": "chosen-by-the-caller"},
    ],
)
def test_an_account_is_asked_for_in_one_way(
    client: FlaskClient, tree: dict[str, UnionNode], body: dict[str, Any]
) -> None:
    _, admin = signed_in("chief", tree["city"], Role.ADMINISTRATOR)
    assert code_of(client.post(ACCOUNTS, json=body, headers=admin)) == (422, "request.invalid")


def test_staff_read_who_may_do_what_here(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    signed_in("chief", tree["city"], Role.ADMINISTRATOR)
    _, clerk = signed_in("zhang", tree["simao"], Role.TRAINING_STAFF)
    table = client.get(POLICY, headers=clerk).get_json()
    assert table["node"]["name"] == "思茅区总工会"
    rows = {row["role"]: row for row in table["roles"]}
    assert set(rows) == {role.value for role in Role}
    assert [each["name"] for each in rows["training_staff"]["people"]] == ["姓名zhang"]
    assert [each["name"] for each in rows["administrator"]["people"]] == ["姓名chief"]
    classes = {area["area"]: area for area in rows["training_staff"]["areas"]}["班次管理"]
    assert "publish_class" in classes["does"]
    assert "list_staff_classes" in classes["sees"]
    assert ["auditor", "administrator"] in table["apart"]
    assert len(table["doors"]) == len(policy.POLICY)
    booking = next(door for door in table["doors"] if door["operation"] == "book_place")
    assert (booking["roles"], booking["needs_verified"], booking["is_write"]) == (["member"], True, True)


def test_a_county_reads_its_own_and_not_the_citys(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    _, clerk = signed_in("zhang", tree["simao"], Role.TRAINING_STAFF)
    answer = client.get(f"{POLICY}?node_id={tree['city'].id}", headers=clerk)
    assert code_of(answer) == (404, "organisations.node_unknown")


def test_in_the_sandbox_one_reads_what_a_phone_was_sent(client: FlaskClient, database: SQLAlchemy) -> None:
    answer = client.get("/sandbox/texts")
    assert answer.status_code == 200
    assert isinstance(answer.get_json()["items"], list)
