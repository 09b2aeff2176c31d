"""Signing in by phone over HTTP: no token is needed, and the answer is a sign-in like any other."""

from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy

from service.core.access import Actor
from service.identity import own_phone, phone_codes, sms
from service.messaging import delivery
from tests import make

SIGN_IN = "/api/v1/auth/phone/sign-in"
PHONE = "13900008765"


def newest_code() -> str:
    """What the sandbox's phone was sent last."""
    while delivery.deliver_due():
        pass
    return str(sms.sandbox_texts()[0]["code"])


def test_a_worker_signs_in_with_the_code_and_asks_who_she_is(client: FlaskClient, database: SQLAlchemy) -> None:
    person = make.person()
    phone_codes.send(Actor(person.id), PHONE)
    own_phone.prove_by_code(Actor(person.id), PHONE, newest_code())
    asked = client.post(f"{SIGN_IN}/code", json={"phone": PHONE})
    assert asked.status_code == 202
    given = client.post(SIGN_IN, json={"phone": PHONE, "code": newest_code()}, headers={"User-Agent": "Chromium"})
    assert given.status_code == 200
    body = given.get_json()
    assert body["person"] == {"id": person.id, "name": person.name, "is_verified": True}
    header = {"Authorization": f"Bearer {body['access_token']}"}
    line = client.get("/api/v1/me/sign-ins", headers=header).get_json()["items"][0]
    assert (line["channel"], line["device"], line["is_current"]) == ("phone", "Chromium", True)


def test_a_wrong_code_is_a_refusal_with_a_next_step(client: FlaskClient, database: SQLAlchemy) -> None:
    answer = client.post(SIGN_IN, json={"phone": PHONE, "code": "000000"})
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (422, "identity.phone_code_wrong")
