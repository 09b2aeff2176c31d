"""The door: who is let in, who is turned away, and in which words."""

import base64
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from werkzeug.test import TestResponse

from blueprints import policy
from blueprints.auth import REVOKED, opens
from service.core import clock
from service.core.access import SYSTEM, Actor, Grant, Role
from service.core.ids import new_id
from service.identity import accounts, grants, sign_ins, tokens
from service.identity.enums import Channel
from service.identity.revocations import FRESH_S, RevokedSignIns
from service.identity.sign_ins import Tokens
from tests import make

PASSWORD = "kafei-2026-menglian"
ME = "/api/v1/me"
PEOPLE = "/api/v1/staff/people"
CLASSES = "/api/v1/training/classes"
RUSH = "/api/v1/training/classes/999999/bookings"


@pytest.fixture
def worker(database: SQLAlchemy) -> Tokens:
    """A worker's sign-in."""
    return sign_ins.sign_in(make.person().id, Channel.WECHAT)


@pytest.fixture
def staff(database: SQLAlchemy) -> Tokens:
    """The sign-in of `simao`, training staff of the whole tree."""
    person = make.person()
    accounts.open_account(SYSTEM, person.id, "simao", PASSWORD)
    grants.grant(SYSTEM, person.id, Role.TRAINING_STAFF, make.node().id)
    return sign_ins.sign_in(person.id, Channel.STAFF)


@pytest.fixture
def snapshot(app: Flask) -> Iterator[RevokedSignIns]:
    """The process's snapshot of ended sign-ins, empty before and after."""
    found: RevokedSignIns = app.extensions[REVOKED]
    found.forget()
    yield found
    found.forget()


def bearing(given: Tokens | str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {given if isinstance(given, str) else given.access_token}"}


def refused(answer: TestResponse, status: int, code: str) -> bool:
    """Whether it is this refusal, in the envelope."""
    body: dict[str, Any] = answer.get_json(force=True)
    assert answer.mimetype == "application/problem+json"
    assert (answer.headers.get("WWW-Authenticate") == "Bearer") == (status == 401)
    return (answer.status_code, body["code"], body["status"]) == (status, code, status)


def test_without_a_token_one_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert refused(client.get(ME), 401, "auth.required")
    assert refused(client.get(ME, headers={"Authorization": ""}), 401, "auth.required")


def test_with_a_token_one_is_let_in(client: FlaskClient, worker: Tokens) -> None:
    assert client.get(ME, headers=bearing(worker)).status_code == 200
    assert client.get(ME, headers={"Authorization": f"bEaReR  {worker.access_token} "}).status_code == 200


def unsigned(**claims: Any) -> str:
    """A token of alg none."""
    return jwt.encode({"sub": "1", "sid": new_id().hex, "type": "access"} | claims, None, algorithm="none")


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer " + "x" * 9000,
        "Bearer \xff\xfe\xfd",
        "Bearer " + unsigned(),
        "Bearer " + base64.urlsafe_b64encode(b"[" * 300).decode() + ".e30.x",
        "Basic c2ltYW86eA==",
        "Token x",
        "x",
    ],
)
def test_whatever_else_is_shown_is_401(client: FlaskClient, header: str) -> None:
    for path in (ME, RUSH, CLASSES):
        method = "POST" if path == RUSH else "GET"
        answer = client.open(path, method=method, headers={"Authorization": header})
        assert refused(answer, 401, "auth.token_invalid")


def test_a_refresh_token_is_no_access_token(client: FlaskClient, worker: Tokens) -> None:
    assert refused(client.get(ME, headers=bearing(worker.refresh_token)), 401, "auth.token_invalid")


def test_an_expired_token_is_told_apart_so_that_the_client_can_refresh(client: FlaskClient, worker: Tokens) -> None:
    with time_machine.travel(clock.now() + tokens.lifetime(), tick=False) as moved:
        assert client.get(ME, headers=bearing(worker)).status_code == 200
        moved.shift(tokens.LEEWAY_S + 1)
        assert refused(client.get(ME, headers=bearing(worker)), 401, "auth.token_expired")
        given = client.post(
            "/api/v1/auth/refresh", json={"refresh_token": worker.refresh_token}, headers=bearing(worker)
        )
        assert given.status_code == 200
        assert client.get(ME, headers=bearing(given.get_json()["access_token"])).status_code == 200


def test_a_token_of_no_sign_in_is_refused(client: FlaskClient, worker: Tokens) -> None:
    person_id = tokens.verify(worker.access_token).person_id
    assert refused(client.get(ME, headers=bearing(tokens.mint(person_id, new_id()))), 401, "auth.signed_out")


def test_an_unknown_address_is_404_and_not_401(client: FlaskClient, worker: Tokens) -> None:
    for headers in ({}, bearing("x"), bearing(worker)):
        assert refused(client.get("/api/v1/nothing", headers=headers), 404, "request.not_found")
    assert refused(client.put("/api/v1/auth/staff"), 405, "request.method_not_allowed")


def test_a_public_address_needs_no_token_but_refuses_a_bad_one(client: FlaskClient, worker: Tokens) -> None:
    assert client.get(CLASSES).status_code == 200
    assert client.get(CLASSES, headers=bearing(worker)).status_code == 200
    sign_ins.revoke_all(tokens.verify(worker.access_token).person_id)
    assert refused(client.get(CLASSES, headers=bearing(worker)), 401, "auth.signed_out")


def test_the_staff_door_is_shut_to_workers(client: FlaskClient, worker: Tokens, staff: Tokens) -> None:
    assert refused(client.get(PEOPLE, headers=bearing(worker)), 403, "request.forbidden")
    assert client.get(PEOPLE, headers=bearing(staff)).status_code == 200


def test_what_is_taken_away_is_gone_at_the_next_request(client: FlaskClient, staff: Tokens) -> None:
    person_id = tokens.verify(staff.access_token).person_id
    held = sign_ins.actor_of(person_id, tokens.verify(staff.access_token).sign_in_id)
    assert held is not None
    grants.withdraw(SYSTEM, person_id, Role.TRAINING_STAFF, held.grants[0].node_id)
    assert refused(client.get(PEOPLE, headers=bearing(staff)), 403, "request.forbidden")
    assert client.get(ME, headers=bearing(staff)).status_code == 200
    accounts.disable(SYSTEM, "simao")
    assert refused(client.get(ME, headers=bearing(staff)), 401, "auth.signed_out")


def test_signing_out_shuts_every_door(client: FlaskClient, worker: Tokens) -> None:
    assert client.post("/api/v1/auth/logout", headers=bearing(worker)).status_code == 204
    assert refused(client.get(ME, headers=bearing(worker)), 401, "auth.signed_out")
    assert refused(client.post("/api/v1/auth/logout", headers=bearing(worker)), 401, "auth.signed_out")
    again = client.post("/api/v1/auth/refresh", json={"refresh_token": worker.refresh_token})
    assert refused(again, 401, "auth.refresh_refused")


def test_in_a_rush_no_query_is_made_and_an_ended_sign_in_is_seen_within_a_second(
    client: FlaskClient, worker: Tokens, snapshot: RevokedSignIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(sign_ins, "actor_of", lambda *given: asked.append(given))
    assert refused(client.post(RUSH), 401, "auth.required")
    assert client.post(RUSH, headers=bearing(worker), json={}).status_code == 404
    sign_ins.revoke_all(tokens.verify(worker.access_token).person_id)
    snapshot._read_at -= FRESH_S
    assert refused(client.post(RUSH, headers=bearing(worker), json={}), 401, "auth.signed_out")
    assert asked == []


def test_every_door_of_a_rush_is_open_to_workers_for_no_roles_are_read_there() -> None:
    assert policy.RUSH
    assert all(policy.POLICY[endpoint] == policy.MEMBER for endpoint in policy.RUSH)
    assert policy.TOKENLESS < policy.PUBLIC


def test_a_door_in_no_table_stays_shut() -> None:
    everything = Actor(1, new_id(), tuple(Grant(role, 1, "/1/") for role in Role))
    assert not opens("nowhere.at_all", everything)
    assert opens("identity.show_me", Actor(1, new_id()))


def post(client: FlaskClient, path: str, body: object) -> TestResponse:
    """POST under /auth."""
    return client.post(f"/api/v1/auth/{path}", json=body)


def test_staff_sign_in_answers_tokens_and_person(client: FlaskClient, staff: Tokens) -> None:
    answer = post(client, "staff", {"account": "simao", "password": PASSWORD, "totp": "123456"})
    assert answer.status_code == 200
    body = answer.get_json()
    assert set(body) == {"access_token", "refresh_token", "expires_in", "person", "must_change", "must_enrol"}
    assert set(body["person"]) == {"id", "name", "is_verified"}
    assert body["expires_in"] == 3600
    assert client.get(PEOPLE, headers=bearing(body["access_token"])).status_code == 200


def test_a_wrong_password_is_401_and_the_eleventh_403(client: FlaskClient, staff: Tokens) -> None:
    wrong = {"account": "simao", "password": "wrong"}
    for _ in range(10):
        assert refused(post(client, "staff", wrong), 401, "auth.wrong_password")
    locked = post(client, "staff", wrong | {"password": PASSWORD})
    assert refused(locked, 403, "auth.locked")
    assert locked.get_json(force=True)["next_step"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("wechat", {}, "code"),
        ("wechat", {"code": ""}, "code"),
        ("wechat", {"code": 7}, "code"),
        ("wechat", {"code": "x" * 129}, "code"),
        ("wechat", {"code": "a\x00b"}, "code"),
        ("wechat", {"code": "x", "openid": "oA"}, "openid"),
        ("staff", {"account": "simao"}, "password"),
        ("staff", {"account": "simao", "password": ""}, "password"),
        ("staff", {"account": "simao", "password": "x" * 201}, "password"),
        ("staff", {"account": None, "password": "x"}, "account"),
        ("staff", {"account": "a", "password": "x", "role": "administrator"}, "role"),
        ("refresh", {}, "refresh_token"),
        ("refresh", {"refresh_token": ["x"]}, "refresh_token"),
    ],
)
def test_a_bad_form_is_422_and_names_the_field(client: FlaskClient, path: str, body: object, field: str) -> None:
    answer = post(client, path, body)
    assert refused(answer, 422, "request.invalid")
    assert field in answer.get_json(force=True)["details"]


def test_refreshing_twice_at_once_locks_nobody_out(client: FlaskClient, worker: Tokens) -> None:
    first, second = (post(client, "refresh", {"refresh_token": worker.refresh_token}).get_json() for _ in range(2))
    assert first["refresh_token"] == second["refresh_token"]
    assert client.get(ME, headers=bearing(first["access_token"])).status_code == 200
