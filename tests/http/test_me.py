"""One's own record, and people as staff see them."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy

from service.core.access import SYSTEM, Role
from service.core.db import db
from service.identity import grants, people, sign_ins
from service.identity.enums import Channel
from service.identity.models import Account, Person
from service.organisations.enums import NodeKind
from service.organisations.models import Employer, UnionNode
from tests import make
from tests.http.test_auth import ME, PEOPLE, bearing, refused

PROFILE = {"occupation_code": "4-03-02-07"}
KEPT = ("industry", "worker_category")


@pytest.fixture
def tree(database: SQLAlchemy) -> dict[str, UnionNode]:
    """The city, two counties below it and a union below the first."""
    city = make.node()
    simao = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city, county="530802")
    lancang = make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=city, county="530828")
    factory = make.node("茶厂工会", kind=NodeKind.GRASSROOTS, parent=simao, county="530802")
    return {"city": city, "simao": simao, "lancang": lancang, "factory": factory}


def worker_header(person: Person) -> dict[str, str]:
    """A worker's token."""
    return bearing(sign_ins.sign_in(person.id, Channel.WECHAT))


def staff_header(node: UnionNode, role: Role = Role.MEMBERSHIP_STAFF) -> dict[str, str]:
    """The token of somebody who holds this role on this node."""
    person = make.person()
    db.session.add(Account(person_id=person.id, login=f"staff{person.id}", password_hash="x"))
    db.session.commit()
    grants.grant(SYSTEM, person.id, role, node.id)
    return bearing(sign_ins.sign_in(person.id, Channel.STAFF))


def body(client: FlaskClient, path: str, headers: dict[str, str]) -> dict[str, Any]:
    """The JSON of a 200."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_member_sees_herself_in_clear(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    employer = Employer(name="普洱某茶业有限公司")
    db.session.add(employer)
    db.session.commit()
    person = make.person(member_of=tree["factory"], employer_id=employer.id, occupation_code="4-03-02-07")
    me = body(client, ME, worker_header(person))
    assert me["person"] == {
        "id": person.id,
        "name": person.name,
        "is_verified": True,
        "id_number": person.id_number,
        "phone": person.phone,
        "employer": {"id": employer.id, "name": "普洱某茶业有限公司"},
        "occupation_code": "4-03-02-07",
        "occupation_name": "茶艺师",
        "industry": "tea",
        "worker_category": "employee",
    }
    assert me["roles"] == []
    assert me["membership"] == {
        "node": {"id": tree["factory"].id, "name": "茶厂工会"},
        "county_code": "530802",
        "joined_on": "2020-01-01",
    }


def test_a_newcomer_is_told_that_she_is_nobody_yet(client: FlaskClient, database: SQLAlchemy) -> None:
    person = people.newcomer()
    database.session.commit()
    me = body(client, ME, worker_header(person))
    assert me["person"]["is_verified"] is False
    assert me["person"]["id_number"] is me["person"]["employer"] is me["membership"] is None


def test_staff_see_their_roles_and_where(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    me = body(client, ME, staff_header(tree["simao"], Role.TRAINING_STAFF))
    assert me["roles"] == [{"role": "training_staff", "node": {"id": tree["simao"].id, "name": "思茅区总工会"}}]


def test_a_profile_is_put_and_shown(client: FlaskClient, database: SQLAlchemy) -> None:
    header = worker_header(make.person())
    answer = client.put(f"{ME}/profile", json=PROFILE, headers=header)
    assert answer.status_code == 200
    assert body(client, ME, header)["person"]["occupation_code"] == "4-03-02-07"


@pytest.mark.parametrize("field", KEPT)
def test_what_a_gate_asks_is_not_the_workers_to_change(client: FlaskClient, database: SQLAlchemy, field: str) -> None:
    person = make.person()
    before = (person.industry, person.worker_category)
    for value in ("coffee", "migrant", None, 7):
        answer = client.put(f"{ME}/profile", json=PROFILE | {field: value}, headers=worker_header(person))
        assert refused(answer, 422, "identity.kept_by_union")
        told = answer.get_json(force=True)
        assert list(told["details"]) == [field]
        assert "申请更正" in told["next_step"]
    now = database.session.get_one(Person, person.id, populate_existing=True)
    assert (now.industry, now.worker_category, now.occupation_code) == (*before, None)


def test_a_phone_cannot_be_put_it_is_proved(client: FlaskClient, database: SQLAlchemy) -> None:
    answer = client.put(f"{ME}/profile", json=PROFILE | {"phone": "13900001111"}, headers=worker_header(make.person()))
    assert refused(answer, 422, "request.invalid")
    assert list(answer.get_json(force=True)["details"]) == ["phone"]


def test_a_profile_put_twice_with_a_key_is_answered_with_the_same_bytes(
    client: FlaskClient, database: SQLAlchemy
) -> None:
    header = worker_header(make.person()) | {"Idempotency-Key": "k1"}
    first, second = (client.put(f"{ME}/profile", json=PROFILE, headers=header) for _ in range(2))
    assert (first.status_code, first.data) == (second.status_code, second.data)
    other = client.put(f"{ME}/profile", json={"occupation_code": None}, headers=header)
    assert refused(other, 422, "request.key_reused")


@pytest.mark.parametrize(
    "column",
    sorted({column.key for column in Person.__table__.columns} - {*PROFILE, *KEPT}),
)
def test_no_other_column_can_be_put(client: FlaskClient, database: SQLAlchemy, column: str) -> None:
    answer = client.put(f"{ME}/profile", json=PROFILE | {column: 1}, headers=worker_header(make.person()))
    assert refused(answer, 422, "request.invalid")
    assert column in answer.get_json(force=True)["details"]


def test_a_newcomer_has_no_profile_to_put(client: FlaskClient, database: SQLAlchemy) -> None:
    person = people.newcomer()
    database.session.commit()
    answer = client.put(f"{ME}/profile", json=PROFILE, headers=worker_header(person))
    assert refused(answer, 403, "identity.not_verified")


def test_an_idempotency_key_does_not_give_tries_at_binding_back(client: FlaskClient, database: SQLAlchemy) -> None:
    person = people.newcomer()
    database.session.commit()
    header = worker_header(person)
    form = {"name": "张三", "id_number": make.id_number(16_000), "phone": "13800001234"}
    answers = [
        client.post(f"{ME}/binding", json=form, headers=header | {"Idempotency-Key": f"k{number}"})
        for number in range(6)
    ]
    assert [answer.get_json(force=True)["code"] for answer in answers] == [
        *["identity.no_wechat"] * 5,
        "identity.too_many_tries",
    ]
    assert answers[-1].status_code == 429
    assert 3590 <= int(answers[-1].headers["Retry-After"]) <= 3601


def test_staff_see_members_of_their_subtree_alone_and_masked(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    mine, above, beside = (make.person(member_of=tree[name]) for name in ("factory", "city", "lancang"))
    make.person()
    header = staff_header(tree["simao"])
    page = body(client, PEOPLE, header)
    assert [line["id"] for line in page["items"]] == [mine.id]
    assert page["total"] == 1
    line = page["items"][0]
    assert line["phone"] == f"138****{str(mine.phone)[-4:]}"
    assert line["id_number"] == f"{str(mine.id_number)[:4]}**********{str(mine.id_number)[-4:]}"
    assert line["node"] == {"id": tree["factory"].id, "name": "茶厂工会"}
    assert body(client, f"{PEOPLE}/{mine.id}", header) == line
    for other in (above, beside):
        assert refused(client.get(f"{PEOPLE}/{other.id}", headers=header), 404, "identity.person_unknown")
    assert {row["id"] for row in body(client, PEOPLE, staff_header(tree["city"]))["items"]} == {
        mine.id,
        above.id,
        beside.id,
    }


def test_people_are_filtered_by_node_name_and_initials(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    first = make.person(member_of=tree["simao"], name="曾小茶")
    second = make.person(member_of=tree["factory"], name="李咖")
    header = staff_header(tree["city"])

    def found(query: str) -> list[int]:
        return [line["id"] for line in body(client, f"{PEOPLE}?{query}", header)["items"]]

    assert found(f"node={tree['simao'].id}") == [first.id, second.id]
    assert found(f"node={tree['factory'].id}") == [second.id]
    assert found("q=小茶") == found("q=zxc") == found("q=CXC") == [first.id]
    assert found("q=%25") == found("q=_") == []
    assert found("per_page=1&page=2") == [second.id]


def test_a_node_out_of_scope_is_not_known(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    header = staff_header(tree["simao"])
    for node_id in (tree["lancang"].id, tree["city"].id, 999_999):
        assert refused(client.get(f"{PEOPLE}?node={node_id}", headers=header), 404, "organisations.node_unknown")


@pytest.mark.parametrize("query", ["page=0", "per_page=101", "node=x", "q=" + "x" * 31, "q=%00"])
def test_a_bad_filter_is_422(client: FlaskClient, tree: dict[str, UnionNode], query: str) -> None:
    answer = client.get(f"{PEOPLE}?{query}", headers=staff_header(tree["city"]))
    assert refused(answer, 422, "request.invalid")
    assert query.split("=", maxsplit=1)[0] in answer.get_json(force=True)["details"]


def test_a_refused_form_says_what_to_do_next(client: FlaskClient, database: SQLAlchemy) -> None:
    header = worker_header(make.person())
    for sent in ({}, {"occupation_code": 1}):
        answer = client.put(f"{ME}/profile", json=sent, headers=header)
        assert refused(answer, 422, "request.invalid")
        assert answer.get_json(force=True)["next_step"]
