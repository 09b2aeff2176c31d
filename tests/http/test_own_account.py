"""A staff member's own account: forced change, authenticator, sign-ins, and how long they last."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from werkzeug.test import TestResponse

from blueprints import policy
from blueprints.auth import REVOKED
from service.audit.models import AuditEntry
from service.core import clock, configuration
from service.core.access import SYSTEM, Duty, Role
from service.identity import accounts, grants, passwords, sign_ins, tokens
from service.identity.enums import Channel
from tests import make

PASSWORD, NEXT = "kafei-2026-menglian", "chaguan-2026-puer"
ME, PEOPLE = "/api/v1/me", "/api/v1/staff/people"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", cheap)
    monkeypatch.setattr(passwords, "NOBODY", cheap.hash("nobody"))


@pytest.fixture
def traveller(database: SQLAlchemy) -> Iterator[time_machine.Traveller]:
    """The clock stands still until it is moved."""
    with time_machine.travel(clock.now().replace(second=10, microsecond=0), tick=False) as moved:
        yield moved


@pytest.fixture
def person_id(database: SQLAlchemy, traveller: time_machine.Traveller) -> int:
    """The person of the account `simao`, training staff of the whole tree."""
    person = make.person()
    accounts.open_account(SYSTEM, person.id, "simao", PASSWORD)
    grants.grant(SYSTEM, person.id, Role.TRAINING_STAFF, make.node().id)
    return person.id


def sign_in(client: FlaskClient, password: str = PASSWORD, code: str | None = None) -> TestResponse:
    """The answer at the staff door."""
    return client.post(
        "/api/v1/auth/staff",
        json={"account": "simao", "password": password, "totp": code},
        headers={"User-Agent": "Console/1"},
    )


def bearer(answer: TestResponse) -> dict[str, str]:
    """The header of a sign-in that went well."""
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}


def code_of(answer: TestResponse) -> tuple[int, Any]:
    """(status, code)"""
    return answer.status_code, answer.get_json(force=True)["code"]


def enrolled(client: FlaskClient, header: dict[str, str]) -> tuple[pyotp.TOTP, list[str]]:
    """The authenticator, in force, and the recovery codes."""
    begun = client.post("/api/v1/auth/totp", headers=header).get_json()
    totp = pyotp.TOTP(begun["secret"])
    assert begun["uri"].startswith("otpauth://totp/")
    assert begun["picture"].lstrip().startswith("<svg")
    confirmed = client.post("/api/v1/auth/totp/confirm", json={"code": code(totp)}, headers=header)
    assert confirmed.status_code == 200, confirmed.text
    return totp, confirmed.get_json()["recovery_codes"]


def code(totp: pyotp.TOTP, step: int = 0) -> str:
    """The code of now, or so many steps away."""
    return totp.generate_otp(int(clock.now().timestamp()) // 30 + step)


def test_an_initial_password_opens_nothing_but_its_change(client: FlaskClient, person_id: int) -> None:
    accounts.set_password(SYSTEM, "simao", PASSWORD, must_change=True)
    answer = sign_in(client)
    header = bearer(answer)
    assert answer.get_json()["must_change"] is True
    assert client.get(ME, headers=header).status_code == 200
    for method, path in (("GET", PEOPLE), ("GET", "/api/v1/me/inbox"), ("POST", "/api/v1/auth/totp")):
        assert code_of(client.open(path, method=method, headers=header)) == (403, "auth.must_change_password")
    changed = client.put("/api/v1/auth/password", json={"current": PASSWORD, "new": NEXT}, headers=header)
    assert changed.status_code == 200, changed.text
    assert client.get(PEOPLE, headers=header).status_code == 200
    assert code_of(sign_in(client)) == (401, "auth.wrong_password")
    assert sign_in(client, NEXT).get_json()["must_change"] is False


def test_an_account_without_a_role_changes_its_initial_password(client: FlaskClient, person_id: int) -> None:
    accounts.set_password(SYSTEM, "simao", PASSWORD, must_change=True)
    grants.withdraw(SYSTEM, person_id, Role.TRAINING_STAFF, grants.of(person_id)[0].node_id)
    header = bearer(sign_in(client))
    assert (
        client.put("/api/v1/auth/password", json={"current": PASSWORD, "new": NEXT}, headers=header).status_code == 200
    )
    assert client.get(ME, headers=header).get_json()["roles"] == []
    assert code_of(client.get(PEOPLE, headers=header)) == (403, "request.forbidden")


def test_at_the_rush_door_too(client: FlaskClient, person_id: int) -> None:
    accounts.set_password(SYSTEM, "simao", PASSWORD, must_change=True)
    header = bearer(sign_in(client))
    client.application.extensions[REVOKED].forget()
    answer = client.post("/api/v1/training/classes/1/bookings", json={}, headers=header)
    client.application.extensions[REVOKED].forget()
    assert code_of(answer) == (401, "auth.signed_out")


def test_the_door_of_a_duty_is_open_while_it_is_owed() -> None:
    assert set(policy.BEFORE_DUTIES) == set(Duty)
    for doors in policy.BEFORE_DUTIES.values():
        assert doors <= set(policy.POLICY)


@pytest.mark.parametrize(
    "new",
    ["short", "password1234", "aaaaaaaaaaaa", "123123123123", "simao", "simaosimaosimao", "SIMAO-simao-1", PASSWORD],
)
def test_a_weak_new_password_is_refused(client: FlaskClient, person_id: int, new: str) -> None:
    header = bearer(sign_in(client))
    answer = client.put("/api/v1/auth/password", json={"current": PASSWORD, "new": new}, headers=header)
    assert code_of(answer) == (422, "auth.password_weak")


def test_the_present_password_is_tried_as_often_as_at_the_door(client: FlaskClient, person_id: int) -> None:
    header = bearer(sign_in(client))
    for number in range(10):
        answer = client.put(
            "/api/v1/auth/password",
            json={"current": "wrong", "new": NEXT},
            headers=header | {"Idempotency-Key": f"k{number}"},
        )
        assert code_of(answer) == (401, "auth.wrong_password")
    answer = client.put("/api/v1/auth/password", json={"current": PASSWORD, "new": NEXT}, headers=header)
    assert code_of(answer) == (403, "auth.locked")


def test_another_password_ends_the_other_sign_ins_by_the_staff_door(client: FlaskClient, person_id: int) -> None:
    first, second = bearer(sign_in(client)), bearer(sign_in(client))
    phone = {"Authorization": f"Bearer {sign_ins.sign_in(person_id, Channel.WECHAT).access_token}"}
    client.put("/api/v1/auth/password", json={"current": PASSWORD, "new": NEXT}, headers=second)
    assert [client.get(ME, headers=each).status_code for each in (first, second, phone)] == [401, 200, 200]


def test_a_worker_has_no_password_to_change(client: FlaskClient, person_id: int) -> None:
    """The staff's own phone included: roles come with the staff door alone."""
    phone = {"Authorization": f"Bearer {sign_ins.sign_in(person_id, Channel.WECHAT).access_token}"}
    answer = client.put("/api/v1/auth/password", json={"current": PASSWORD, "new": NEXT}, headers=phone)
    assert code_of(answer) == (403, "request.forbidden")


def test_no_code_of_the_authenticator_works_twice(
    client: FlaskClient, person_id: int, traveller: time_machine.Traveller
) -> None:
    totp, _ = enrolled(client, bearer(sign_in(client)))
    assert code_of(sign_in(client)) == (401, "auth.totp_missing")
    assert code_of(sign_in(client, code=code(totp))) == (401, "auth.totp_wrong"), "used to confirm"
    traveller.shift(30)
    now = code(totp)
    assert sign_in(client, code=now).status_code == 200
    assert code_of(sign_in(client, code=now)) == (401, "auth.totp_wrong")
    assert code_of(sign_in(client, code=code(totp, -1))) == (401, "auth.totp_wrong"), "before one that was used"
    assert sign_in(client, code=code(totp, +1)).status_code == 200, "a phone half a minute ahead"


def test_five_wrong_codes_lock_for_fifteen_minutes(
    client: FlaskClient, person_id: int, traveller: time_machine.Traveller
) -> None:
    totp, _ = enrolled(client, bearer(sign_in(client)))
    traveller.shift(60)
    right = code(totp)
    wrong = "000000" if right != "000000" else "000001"
    for given in (wrong, "12345", "x", "٠٠٠٠٠٠", wrong):
        assert code_of(sign_in(client, code=given)) == (401, "auth.totp_wrong")
    locked = sign_in(client, code=right)
    assert code_of(locked) == (403, "auth.totp_locked")
    assert locked.get_json(force=True)["details"]["locked_until"].endswith("+08:00")
    traveller.shift(15 * 60)
    assert sign_in(client, code=code(totp)).status_code == 200


def test_a_recovery_code_opens_once(client: FlaskClient, person_id: int) -> None:
    _, recovery = enrolled(client, bearer(sign_in(client)))
    assert len(set(recovery)) == 10
    assert all(re.fullmatch(r"([0-9a-f]{4}-){4}[0-9a-f]{4}", each) for each in recovery)
    header = bearer(sign_in(client, code=recovery[3].upper().replace("-", " ")))
    assert client.get("/api/v1/auth/totp", headers=header).get_json() == {
        "is_enrolled": True,
        "recovery_codes_left": 9,
    }
    assert code_of(sign_in(client, code=recovery[3])) == (401, "auth.totp_wrong")


def test_a_secret_waits_for_its_first_code_and_is_then_fixed(
    client: FlaskClient, person_id: int, traveller: time_machine.Traveller
) -> None:
    header = bearer(sign_in(client))
    assert code_of(client.post("/api/v1/auth/totp/confirm", json={"code": "1"}, headers=header)) == (
        409,
        "auth.totp_not_enrolled",
    )
    forgotten = client.post("/api/v1/auth/totp", headers=header).get_json()["secret"]
    assert sign_in(client).status_code == 200, "not in force yet"
    totp, _ = enrolled(client, header)
    assert totp.secret != forgotten
    for path, body in (("totp", None), ("totp/confirm", {"code": code(totp)})):
        answer = client.post(f"/api/v1/auth/{path}", json=body, headers=header)
        assert code_of(answer) == (409, "auth.totp_enrolled")
    assert code_of(client.post("/api/v1/auth/totp/remove", json={"code": "000000"}, headers=header))[0] == 401
    traveller.shift(30)
    assert client.post("/api/v1/auth/totp/remove", json={"code": code(totp)}, headers=header).status_code == 200
    assert client.get("/api/v1/auth/totp", headers=header).get_json()["is_enrolled"] is False
    assert sign_in(client).status_code == 200


def test_taking_it_away_is_tried_as_often_as_signing_in(
    client: FlaskClient, person_id: int, traveller: time_machine.Traveller
) -> None:
    header = bearer(sign_in(client))
    totp, _ = enrolled(client, header)
    traveller.shift(60)
    answers = [
        code_of(client.post("/api/v1/auth/totp/remove", json={"code": given}, headers=header))
        for given in ("x", "x", "x", "x", "x", code(totp))
    ]
    assert answers == [(401, "auth.totp_wrong")] * 5 + [(403, "auth.totp_locked")]
    assert client.get("/api/v1/auth/totp", headers=header).get_json()["is_enrolled"] is True


def test_a_wrong_first_code_confirms_nothing(client: FlaskClient, person_id: int) -> None:
    header = bearer(sign_in(client))
    client.post("/api/v1/auth/totp", headers=header)
    answer = client.post("/api/v1/auth/totp/confirm", json={"code": "abcdef"}, headers=header)
    assert code_of(answer) == (401, "auth.totp_wrong")


def test_where_staff_need_an_authenticator_nothing_else_opens(
    client: FlaskClient, person_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = configuration.current().__class__(
        **{
            name: getattr(configuration.current(), name)
            for name in configuration.Configuration.__dataclass_fields__
            if name != "staff_totp_required"
        },
        staff_totp_required=True,
    )
    monkeypatch.setattr(configuration, "_current", changed)
    answer = sign_in(client)
    assert answer.get_json()["must_enrol"] is True
    header = bearer(answer)
    assert code_of(client.get(PEOPLE, headers=header)) == (403, "auth.must_enrol_totp")
    enrolled(client, header)
    assert client.get(PEOPLE, headers=header).status_code == 200


def test_the_secret_is_neither_in_the_database_nor_in_the_trail(
    client: FlaskClient, person_id: int, database: SQLAlchemy
) -> None:
    totp, recovery = enrolled(client, bearer(sign_in(client)))
    rows = database.session.connection().exec_driver_sql("SELECT * FROM authenticators").all()
    rows += database.session.connection().exec_driver_sql("SELECT * FROM recovery_codes").all()
    trail = [str(each.details) for each in database.session.scalars(select(AuditEntry))]
    for secret in (totp.secret, *recovery, *(each.replace("-", "") for each in recovery)):
        assert secret not in str(rows) + str(trail)


def test_ones_sign_ins_are_listed_and_ended(
    client: FlaskClient, person_id: int, traveller: time_machine.Traveller
) -> None:
    here = bearer(sign_in(client))
    traveller.shift(1)
    there = bearer(sign_in(client))
    traveller.shift(1)
    phone = sign_ins.sign_in(person_id, Channel.WECHAT)
    listed = client.get(f"{ME}/sign-ins", headers=here).get_json()
    assert listed["total"] == 3
    assert [(each["channel"], each["is_current"]) for each in listed["items"]] == [
        ("wechat", False),
        ("staff", False),
        ("staff", True),
    ]
    assert listed["items"][1]["device"] == "Console/1"
    ended = client.post(f"{ME}/sign-ins/{listed['items'][1]['id']}/end", headers=here)
    assert ended.status_code == 200
    assert client.get(ME, headers=there).status_code == 401
    again = client.post(f"{ME}/sign-ins/{listed['items'][1]['id']}/end", headers=here)
    assert code_of(again) == (404, "auth.sign_in_unknown")
    assert client.post(f"{ME}/sign-ins/end-others", headers=here).get_json() == {"ended": 1}
    assert client.get(ME, headers={"Authorization": f"Bearer {phone.access_token}"}).status_code == 401
    assert client.get(ME, headers=here).status_code == 200


def test_staff_are_signed_out_after_so_many_hours_however_busy(
    client: FlaskClient, person_id: int, traveller: time_machine.Traveller
) -> None:
    given = sign_in(client).get_json()
    hours = configuration.current().staff_session_hours
    for _ in range(hours - 1):
        traveller.shift(3600)
        given = client.post("/api/v1/auth/refresh", json={"refresh_token": given["refresh_token"]}).get_json()
    traveller.shift(1800)
    given = client.post("/api/v1/auth/refresh", json={"refresh_token": given["refresh_token"]}).get_json()
    assert given["expires_in"] == 1800, "a token does not outlive its sign-in"
    traveller.shift(1800)
    late = client.post("/api/v1/auth/refresh", json={"refresh_token": given["refresh_token"]})
    assert code_of(late) == (401, "auth.refresh_refused")
    assert client.get(ME, headers={"Authorization": f"Bearer {given['access_token']}"}).status_code == 401


def test_workers_stay_signed_in(person_id: int, traveller: time_machine.Traveller) -> None:
    given = sign_ins.sign_in(person_id, Channel.WECHAT)
    traveller.shift(timedelta(days=29))
    assert sign_ins.refresh(given.refresh_token).expires_in == tokens.lifetime().total_seconds()
