"""Members looked up by number or name, and what the register says of their work."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit.models import AuditEntry, AuditPrivate, AuditSubject
from service.core import clock
from service.core.access import Role
from service.identity.models import Person
from service.messaging import delivery
from service.messaging.models import InboxMessage
from service.organisations.models import UnionNode
from service.unions.models import Membership, MembershipState
from tests import make
from tests.http.test_auth import PEOPLE, refused
from tests.http.test_me import staff_header, tree, worker_header

__all__ = ["tree"]
WORK = {
    "occupation_code": "4-03-02-07", "industry": "coffee", "worker_category": "migrant", "reason": "已核对劳动合同"
}  # fmt: skip


def found(client: FlaskClient, header: dict[str, str], **sought: Any) -> list[dict[str, Any]]:
    """The members staff find."""
    answer = client.post(f"{PEOPLE}/search", json=sought, headers=header)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def test_a_member_is_found_by_number_or_name_masked_and_it_is_written_down(
    client: FlaskClient, tree: dict[str, UnionNode], database: SQLAlchemy
) -> None:
    person = make.person(member_of=tree["factory"], name="曾小茶")
    make.person(member_of=tree["factory"], name="李咖")
    header = staff_header(tree["simao"])
    number, phone = str(person.id_number), str(person.phone)
    ways = (
        {"id_number": f" {number.lower()} "},
        {"phone": f"+86 {phone}"},
        {"name": "小茶"},
        {"name": "zxc", "phone": phone},
    )
    for sought in ways:
        (line,) = found(client, header, **sought)
        assert line["id"] == person.id
        assert (line["phone"], line["id_number"]) == (f"138****{phone[-4:]}", f"{number[:4]}**********{number[-4:]}")
    looks = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "personal_data.read")).all()
    assert looks
    assert {each.details["people"][0] for each in looks} == {person.id}
    assert number not in str([each.details for each in looks])


def test_who_is_out_of_scope_is_not_found_by_number(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    outside, nobodys = make.person(member_of=tree["lancang"]), make.person()
    header = staff_header(tree["simao"])
    for person in (outside, nobodys):
        assert found(client, header, id_number=person.id_number) == []
        assert found(client, header, phone=person.phone) == []
        assert found(client, header, name=person.name) == []
    assert [line["id"] for line in found(client, staff_header(tree["city"]), phone=outside.phone)] == [outside.id]


@pytest.mark.parametrize("sought", [{}, {"page": 1}, {"name": None}, {"name": ""}, {"page": 0, "name": "a"}])
def test_something_must_be_sought(client: FlaskClient, tree: dict[str, UnionNode], sought: dict[str, Any]) -> None:
    answer = client.post(f"{PEOPLE}/search", json=sought, headers=staff_header(tree["city"]))
    assert refused(answer, 422, "request.invalid")


def test_a_malformed_number_is_told_not_just_found_nowhere(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    header = staff_header(tree["city"])
    for sought, code in (({"id_number": "123"}, "identity.id_number_wrong"), ({"phone": "1"}, "identity.phone_wrong")):
        assert refused(client.post(f"{PEOPLE}/search", json=sought, headers=header), 422, code)


def test_membership_staff_correct_the_register_with_a_reason_and_the_person_is_told(
    client: FlaskClient, tree: dict[str, UnionNode], database: SQLAlchemy
) -> None:
    person = make.person(member_of=tree["factory"])
    header = staff_header(tree["simao"])
    path = f"{PEOPLE}/{person.id}/work"
    for _ in range(2):  # the second time nothing changes, and nothing is told
        answer = client.put(path, json=WORK, headers=header)
        assert answer.status_code == 200, answer.text
        assert (answer.get_json()["industry"], answer.get_json()["worker_category"]) == ("coffee", "migrant")
    changed = select(AuditEntry).where(AuditEntry.action == "identity.work_changed")
    entry = database.session.scalars(changed).one()
    assert entry.details == {"fields": ["industry", "occupation_code", "worker_category"]}
    database.session.scalars(select(AuditPrivate).where(AuditPrivate.entry_id == entry.id)).one()
    about = database.session.scalars(select(AuditSubject.person_id).where(AuditSubject.entry_id == entry.id)).all()
    assert list(about) == [person.id]
    while delivery.deliver_due():
        pass
    told = database.session.scalars(select(InboxMessage.title).where(InboxMessage.person_id == person.id)).all()
    assert list(told) == ["登记信息已更正"]


def test_nobody_else_corrects_the_register(
    client: FlaskClient, tree: dict[str, UnionNode], database: SQLAlchemy
) -> None:
    person = make.person(member_of=tree["factory"])
    path = f"{PEOPLE}/{person.id}/work"
    for header, status, code in (
        (staff_header(tree["lancang"]), 404, "identity.person_unknown"),
        (staff_header(tree["simao"], Role.TRAINING_STAFF), 403, "request.forbidden"),
        (worker_header(person), 403, "request.forbidden"),
    ):
        assert refused(client.put(path, json=WORK, headers=header), status, code)
    simao = staff_header(tree["simao"])
    assert refused(client.put(path, json=WORK | {"reason": ""}, headers=simao), 422, "request.invalid")
    unknown = client.put(path, json=WORK | {"occupation_code": "9-99-99-99"}, headers=simao)
    assert refused(unknown, 422, "identity.occupation_unknown")
    assert database.session.get_one(Person, person.id).industry == "tea"


def test_staff_do_not_correct_their_own_work(
    client: FlaskClient, tree: dict[str, UnionNode], database: SQLAlchemy
) -> None:
    header = staff_header(tree["simao"])
    mine = database.session.scalars(select(Person.id).order_by(Person.id.desc())).first()
    assert mine is not None
    joined = clock.today()
    membership = Membership(person_id=mine, node_id=tree["factory"].id, state=MembershipState.ACTIVE, joined_on=joined)
    database.session.add(membership)
    database.session.commit()
    assert refused(client.put(f"{PEOPLE}/{mine}/work", json=WORK, headers=header), 403, "identity.own_work")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("industry=coffee", ["李咖"]),
        ("category=courier", ["王快"]),
        ("occupation=4-03-02-07", ["曾小茶"]),
        ("verified=false", ["王快"]),
        ("verified=true&industry=tea", ["曾小茶"]),
        ("industry=fruit", []),
    ],
)
def test_the_list_is_narrowed_by_what_members_work_as(
    client: FlaskClient, tree: dict[str, UnionNode], asked: str, names: list[str]
) -> None:
    make.person(member_of=tree["factory"], name="曾小茶", industry="tea", occupation_code="4-03-02-07")
    make.person(member_of=tree["factory"], name="李咖", industry="coffee")
    make.person(member_of=tree["factory"], name="王快", industry="other", worker_category="courier", is_verified=False)
    page = client.get(f"{PEOPLE}?{asked}", headers=staff_header(tree["simao"])).get_json()
    assert [line["name"] for line in page["items"]] == names
