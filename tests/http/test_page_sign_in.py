"""Signing in on a page inside WeChat, over real HTTP to the sandbox: away, back, once, in one's own browser alone."""

import dataclasses
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from werkzeug.test import TestResponse

from blueprints.page_sign_in import COOKIE
from blueprints.sandbox.app import create_sandbox
from service.core import configuration
from service.identity import wechat_sign_in
from service.identity.binding_errors import DisputeOpen
from service.identity.enums import BindingCaseKind
from service.overview import binding_desk
from service.overview.binding_desk import Dispute
from service.wechat.personas import sandbox_openid, sandbox_service_openid, sandbox_unionid
from tests import make
from tests.http.test_auth import ME, bearing, refused
from tests.wechat.servers import served

PAGE = "/api/v1/auth/wechat/page"
PERSONA = "worker-0007"


@pytest.fixture
def sandbox_url(app: Flask) -> Iterator[str]:
    """The sandbox, asked by the product and by the visitor's browser."""
    before = configuration.current()
    with served(create_sandbox(app.config["GONGYUN"])) as url:
        configuration.use(dataclasses.replace(before, wechat_api_base=url, wechat_open_base=url))
        requests.post(f"{url}/sandbox/wx/page", json={"persona": PERSONA}, timeout=5).raise_for_status()
        yield url
        configuration.use(before)


def away_and_back(client: FlaskClient) -> dict[str, str]:
    """What WeChat sends the visitor back with."""
    begun = client.post(PAGE, base_url="http://localhost")
    assert begun.status_code == 201, begun.text
    sent = requests.get(begun.get_json()["address"].partition("#")[0], allow_redirects=False, timeout=5)
    target = urlsplit(sent.headers["Location"])
    assert (target.hostname, target.path) == ("localhost", "/m/")
    return {name: values[0] for name, values in parse_qs(target.query).items()}


def come_back(client: FlaskClient, back: dict[str, str], **changed: str) -> TestResponse:
    """The visitor's page shows what it was given."""
    return client.post(f"{PAGE}/code", json=back | changed)


def signed_in(answer: TestResponse) -> dict[str, Any]:
    """What the sign-in answered."""
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def test_a_visitor_comes_back_and_is_somebody_new_once(
    client: FlaskClient, database: SQLAlchemy, sandbox_url: str
) -> None:
    back = away_and_back(client)
    answer = come_back(client, back)
    first = signed_in(answer)
    assert first["person"]["is_verified"] is False
    assert sandbox_service_openid(PERSONA) not in answer.text
    assert client.get(ME, headers=bearing(first["access_token"])).status_code == 200
    assert client.get_cookie(COOKIE, path=PAGE) is None
    assert refused(come_back(client, back), 401, "auth.wechat_code_invalid")
    assert signed_in(come_back(client, away_and_back(client)))["person"]["id"] == first["person"]["id"]


def test_the_cookie_is_for_this_browser_and_no_script(client: FlaskClient, sandbox_url: str) -> None:
    told = client.post(PAGE, base_url="https://localhost").headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Lax", "Secure", f"Path={PAGE}"):
        assert word in told


def test_another_s_code_is_not_taken(client: FlaskClient, app: Flask, sandbox_url: str) -> None:
    back = away_and_back(client)
    assert refused(come_back(client, back, state="f" * 32), 401, "auth.wechat_code_invalid")
    elsewhere = app.test_client()
    assert refused(come_back(elsewhere, back), 401, "auth.wechat_code_invalid")
    signed_in(come_back(client, back))


def test_one_unionid_is_one_person(client: FlaskClient, database: SQLAlchemy, sandbox_url: str) -> None:
    person = make.person()
    wechat_sign_in.link(person.id, sandbox_openid(PERSONA), sandbox_unionid(PERSONA))
    requests.post(f"{sandbox_url}/sandbox/switches", json={"gives_unionid": True}, timeout=5).raise_for_status()
    assert signed_in(come_back(client, away_and_back(client)))["person"]["id"] == person.id


def test_without_a_unionid_a_second_account_goes_to_the_desk(
    client: FlaskClient, database: SQLAlchemy, sandbox_url: str
) -> None:
    union = make.node()
    person = make.person(member_of=union)
    wechat_sign_in.link(person.id, sandbox_openid(PERSONA))
    visitor = signed_in(come_back(client, away_and_back(client)))
    assert visitor["person"]["id"] != person.id
    form = {"name": person.name, "id_number": person.id_number, "phone": person.phone}
    denied = client.post(f"{ME}/binding", json=form, headers=bearing(visitor["access_token"]))
    assert refused(denied, 409, "identity.bound_elsewhere")
    said = Dispute(kind=BindingCaseKind.BOUND_ELSEWHERE, note="", **form)
    actor = make.actor(visitor["person"]["id"])
    assert binding_desk.dispute(actor, said).subject_id == person.id
    with pytest.raises(DisputeOpen):
        binding_desk.dispute(actor, said)


def test_who_has_no_other_account_is_bound_on_the_page(
    client: FlaskClient, database: SQLAlchemy, sandbox_url: str
) -> None:
    roster = make.person(is_verified=False)
    visitor = signed_in(come_back(client, away_and_back(client)))
    form = {"name": roster.name, "id_number": roster.id_number, "phone": roster.phone}
    bound = client.post(f"{ME}/binding", json=form, headers=bearing(visitor["access_token"]))
    assert bound.get_json()["person"] == {"id": roster.id, "name": roster.name, "is_verified": True}
    assert signed_in(come_back(client, away_and_back(client)))["person"]["id"] == roster.id


def test_a_preview_user_is_told_what_to_do(client: FlaskClient, sandbox_url: str) -> None:
    requests.post(f"{sandbox_url}/sandbox/switches", json={"is_snapshot": True}, timeout=5).raise_for_status()
    assert refused(come_back(client, away_and_back(client)), 403, "auth.wechat_preview")


def test_without_a_service_account_nobody_is_sent_away(client: FlaskClient, sandbox_url: str) -> None:
    configuration.use(dataclasses.replace(configuration.current(), wechat_service_appid=""))
    assert refused(client.post(PAGE), 503, "wechat.misconfigured")
