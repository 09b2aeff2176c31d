"""Signing in by WeChat, over real HTTP to the sandbox: from a stranger to a member."""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy

from blueprints import errors
from blueprints.app import create_app
from blueprints.sandbox import forward
from blueprints.sandbox.app import create_sandbox
from service.core import configuration
from service.identity import wechat_sign_in
from service.wechat.personas import sandbox_openid, sandbox_phone
from service.wechat.sandbox_templates import BOOKING_RESULT
from tests import make
from tests.http.test_auth import ME, bearing, refused
from tests.wechat.servers import served

TEMPLATE = BOOKING_RESULT.template_id


@pytest.fixture
def sandbox_url(app: Flask) -> Iterator[str]:
    """The sandbox on a port of its own; the product's client calls it."""
    before = configuration.current()
    with served(create_sandbox(app.config["GONGYUN"])) as url:
        configuration.use(dataclasses.replace(before, wechat_api_base=url))
        yield url
        configuration.use(before)


def tap(sandbox_url: str, persona: str) -> str:
    """A code of wx.login."""
    answer = requests.post(f"{sandbox_url}/sandbox/wx/login", json={"persona": persona}, timeout=5)
    code: str = answer.json()["code"]
    return code


def sign_in(client: FlaskClient, code: str) -> dict[str, Any]:
    """What a sign-in answers."""
    answer = client.post("/api/v1/auth/wechat", json={"code": code})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def test_a_persona_known_to_us_is_herself(client: FlaskClient, database: SQLAlchemy, sandbox_url: str) -> None:
    person = make.person()
    wechat_sign_in.link(person.id, sandbox_openid("worker-0001"))
    body = sign_in(client, tap(sandbox_url, "worker-0001"))
    assert body["person"] == {"id": person.id, "name": person.name, "is_verified": True}
    assert client.get(ME, headers=bearing(body["access_token"])).get_json()["person"]["id"] == person.id


def test_a_stranger_becomes_a_member_by_binding(client: FlaskClient, database: SQLAlchemy, sandbox_url: str) -> None:
    roster = make.person(is_verified=False)
    form = {"name": roster.name, "id_number": roster.id_number, "phone": roster.phone}
    stranger = sign_in(client, tap(sandbox_url, "worker-0002"))
    assert stranger["person"]["is_verified"] is False
    header = bearing(stranger["access_token"])
    denied = client.post(f"{ME}/binding", json=form | {"name": "别人"}, headers=header)
    assert refused(denied, 422, "identity.binding_refused")
    bound = client.post(f"{ME}/binding", json=form, headers=header)
    assert bound.status_code == 200
    assert bound.get_json()["person"] == {"id": roster.id, "name": roster.name, "is_verified": True}
    assert client.get(ME, headers=bearing(bound.get_json()["access_token"])).status_code == 200
    assert refused(client.get(ME, headers=header), 401, "auth.signed_out")
    assert sign_in(client, tap(sandbox_url, "worker-0002"))["person"]["id"] == roster.id


def test_a_code_works_once_and_is_401_afterwards(client: FlaskClient, sandbox_url: str) -> None:
    code = tap(sandbox_url, "worker-0003")
    sign_in(client, code)
    for bad in (code, "never-minted"):
        again = client.post("/api/v1/auth/wechat", json={"code": bad})
        assert refused(again, 401, "auth.wechat_code_invalid")
        assert again.get_json(force=True)["next_step"]


def test_an_old_token_sent_along_does_not_bar_the_way_in(client: FlaskClient, sandbox_url: str) -> None:
    answer = client.post("/api/v1/auth/wechat", json={"code": tap(sandbox_url, "worker-0004")}, headers=bearing("old"))
    assert answer.status_code == 200


def test_without_wechat_the_answer_is_503(client: FlaskClient, sandbox_url: str) -> None:
    away = dataclasses.replace(configuration.current(), wechat_api_base="http://127.0.0.1:9")
    configuration.use(away)
    answer = client.post("/api/v1/auth/wechat", json={"code": "x"})
    assert refused(answer, 503, "wechat.unavailable")


def test_session_key_and_openid_are_never_sent(client: FlaskClient, sandbox_url: str) -> None:
    body = json.dumps(sign_in(client, tap(sandbox_url, "worker-0005")))
    assert "session_key" not in body
    assert sandbox_openid("worker-0005") not in body


def sealed_phone(sandbox_url: str, persona: str) -> dict[str, str]:
    """The older phone button: the code of the wx.login before it, and what it sealed."""
    code = tap(sandbox_url, persona)
    given = requests.post(f"{sandbox_url}/sandbox/wx/sealed", json={"persona": persona}, timeout=5).json()
    return {"login_code": code, "encrypted_data": given["encryptedData"], "iv": given["iv"]}


def test_an_older_wechat_s_sealed_phone_is_taken(client: FlaskClient, sandbox_url: str) -> None:
    header = bearing(sign_in(client, tap(sandbox_url, "worker-0008"))["access_token"])
    order = sealed_phone(sandbox_url, "worker-0008")
    answer = client.post("/api/v1/auth/phone/wechat", json=order, headers=header)
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["phone"] == sandbox_phone("worker-0008")
    again = client.post("/api/v1/auth/phone/wechat", json=order, headers=header)
    assert refused(again, 401, "auth.wechat_code_invalid")


def test_what_another_login_or_another_person_sealed_is_stale(client: FlaskClient, sandbox_url: str) -> None:
    header = bearing(sign_in(client, tap(sandbox_url, "worker-0009"))["access_token"])
    before = sealed_phone(sandbox_url, "worker-0009")
    newer = before | {"login_code": tap(sandbox_url, "worker-0009")}
    for order in (newer, sealed_phone(sandbox_url, "worker-0010")):
        answer = client.post("/api/v1/auth/phone/wechat", json=order, headers=header)
        assert refused(answer, 401, "auth.wechat_data_stale")


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"login_code": "x", "iv": "x"},
        {"code": "x", "login_code": "x", "encrypted_data": "x", "iv": "x"},
        {"code": "x", "iv": "x"},
    ],
)
def test_a_phone_comes_in_one_way_or_the_other(client: FlaskClient, sandbox_url: str, order: dict[str, str]) -> None:
    header = bearing(sign_in(client, tap(sandbox_url, "worker-0011"))["access_token"])
    assert refused(client.post("/api/v1/auth/phone/wechat", json=order, headers=header), 422, "request.invalid")


def product_with(sandbox_url: str) -> FlaskClient:
    """A product that forwards to a sandbox at this address."""
    app = Flask("product")
    errors.register(app)
    forward.register(app, sandbox_url=sandbox_url)
    return app.test_client()


def test_the_product_s_port_forwards_the_tap(client: FlaskClient, sandbox_url: str) -> None:
    product = product_with(sandbox_url)
    answer = product.post("/sandbox/wx/login", json={"persona": "worker-0006"})
    assert answer.status_code == 200
    assert sign_in(client, answer.get_json()["code"])["person"]["is_verified"] is False
    assert product.post("/sandbox/wx/login", json={"persona": "Ä"}).status_code == 422
    assert len(product.post("/sandbox/wx/phone", json={"persona": "worker-0006"}).get_json()["code"]) == 64
    said = product.post("/sandbox/wx/subscribe", json={"persona": "worker-0006", "template_ids": [TEMPLATE]})
    assert said.get_json() == {TEMPLATE: "accept"}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_sandbox_that_is_away_is_503(app: Flask) -> None:
    answer = product_with("http://127.0.0.1:9").post("/sandbox/wx/login", json={"persona": "worker-0001"})
    assert refused(answer, 503, "service.unavailable")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_product_has_the_forwarding_door_outside_production(app: Flask) -> None:
    assert "sandbox.tap_login" in app.view_functions


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_production_has_no_such_door(app: Flask) -> None:
    before = configuration.current()
    try:
        production = create_app(dataclasses.replace(app.config["GONGYUN"], environment="production"))
    finally:
        configuration.use(before)
    assert "sandbox.tap_login" not in production.view_functions
    assert production.test_client().post("/sandbox/wx/login", json={}).status_code == 404
