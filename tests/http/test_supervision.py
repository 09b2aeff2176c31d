"""A tip of nobody's over HTTP: whoever sends it, signed in or not, nothing that is kept or logged names her."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from service.core import clock
from service.core.access import Role
from service.core.db import Base, db
from service.core.idempotency import StoredAnswer
from service.identity import sign_ins
from service.identity.enums import Channel
from service.identity.models import Person
from service.legal_aid.supervision import handling, tips
from service.organisations import nodes
from tests.service.legal_aid.conftest import clerk, set_up

API = "/api/v1"
TIPPER = 987_654_321_987
"""An id that is not found by accident."""
TIP = {"matter": "wages", "employer_name": "思茅某茶厂", "words": "拖欠十二个人的工资", "county_code": "530802"}


def rows() -> dict[str, list[str]]:
    """Every row of every table, as text."""
    return {
        table.name: [repr(tuple(row)) for row in db.session.execute(select(table))]
        for table in Base.metadata.sorted_tables
    }


def new_rows(before: dict[str, list[str]]) -> list[str]:
    """What has come since."""
    return [f"{name}: {row}" for name, found in rows().items() for row in found if row not in before[name]]


@pytest.fixture
def headers(client: FlaskClient) -> dict[str, str]:
    """Of somebody who is signed in, with her own key for the request."""
    office = set_up()
    clerk(office.county, Role.LABOUR_LAW_SUPERVISOR)
    db.session.add(Person(id=TIPPER, name="岩温", is_verified=False, created_at=clock.now()))
    db.session.commit()
    token = sign_ins.sign_in(TIPPER, Channel.WECHAT).access_token
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": "her-own-key"}


def send(client: FlaskClient, path: str, json: dict[str, Any], headers: dict[str, str]) -> Any:
    """The answer's body."""
    answer = client.post(f"{API}{path}", json=json, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    return answer.json


def test_an_anonymous_tip_leaves_no_trace_of_who_gave_it(
    client: FlaskClient, headers: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    before = rows()
    capfd.readouterr()
    claimed = send(client, "/labour-tips", TIP, headers)
    code = {"claim_code": claimed["claim_code"]}
    supervisor = clerk(nodes.node(tips.claimed(**code).node_id), Role.LABOUR_LAW_SUPERVISOR)
    handling.ask(actor=supervisor, tip_id=tips.claimed(**code).id, words="几个人？")
    send(client, "/labour-tips/claim", code, headers)
    send(client, "/labour-tips/claim/answer", code | {"words": "十二个"}, headers)
    written, logged = new_rows(before), "".join(capfd.readouterr())
    assert any(row.startswith("labour_tips:") for row in written)
    assert logged.count('"route":"/api/v1/labour-tips') == 3
    for trace in (str(TIPPER), claimed["claim_code"], claimed["claim_code"].replace("-", ""), "her-own-key"):
        assert [row for row in written if trace in row] == []
        assert trace not in logged
    assert [row for row in written if "拖欠十二" in row or "十二个" in row] == []


def test_the_same_look_finds_who_gives_a_tip_by_name(
    client: FlaskClient, headers: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    before = rows()
    capfd.readouterr()
    send(client, "/me/labour-tips", TIP, headers)
    traces = {row.split(":")[0] for row in new_rows(before) if str(TIPPER) in row}
    assert traces >= {"labour_tips", "labour_tip_entries", StoredAnswer.__tablename__}
    assert str(TIPPER) in "".join(capfd.readouterr())


def test_a_lost_answer_is_asked_for_again_with_the_same_key(client: FlaskClient, headers: dict[str, str]) -> None:
    first = send(client, "/labour-tips", TIP, headers)
    assert send(client, "/labour-tips", TIP, headers) == first
    assert send(client, "/labour-tips", TIP, {}) != first


def test_the_claim_code_shows_what_was_done_and_not_what_was_told(client: FlaskClient, headers: dict[str, str]) -> None:
    claimed = send(client, "/labour-tips", TIP, headers)
    shown = send(client, "/labour-tips/claim", {"claim_code": claimed["claim_code"].lower()}, {})
    assert (shown["tip"]["state"], shown["committee"], shown["can_answer"]) == ("received", "思茅区总工会", False)
    assert "拖欠" not in str(shown)
    unknown = client.post(f"{API}/labour-tips/claim", json={"claim_code": "0000-0000-0000-0000"})
    assert (unknown.status_code, unknown.json and unknown.json["code"]) == (404, "supervision.unknown")
