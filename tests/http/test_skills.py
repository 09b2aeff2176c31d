"""Skill certificates over HTTP."""

from flask.testing import FlaskClient

from service.organisations.models import UnionNode
from tests import make
from tests.http.test_me import staff_header, tree, worker_header

__all__ = ["tree"]

MINE = "/api/v1/me/certificates"
STAFF = "/api/v1/staff/certificates"
ORDER = {"occupation_code": "4-03-02-07", "level": 4, "number": "S000153000001244000001", "issued_on": "2024-05-01"}


def test_a_certificate_is_entered_confirmed_and_withdrawn(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    worker = worker_header(make.person(member_of=tree["factory"], name="岩温"))
    staff = staff_header(tree["simao"])
    entered = client.post(MINE, json=ORDER, headers=worker)
    assert entered.status_code == 201, entered.text
    mine = entered.get_json()
    assert (mine["issued_on"], mine["confirmed_at"], "person_id" in mine) == ("2024-05-01", None, False)
    [waiting] = client.get(f"{STAFF}?confirmed=false", headers=staff).get_json()["items"]
    assert (waiting["id"], waiting["person_name"], waiting["node_name"]) == (mine["id"], "岩温", "茶厂工会")
    confirmed = client.post(f"{STAFF}/{mine['id']}/confirm", headers=staff)
    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.get_json()["confirmed_at"]
    refused = client.delete(f"{MINE}/{mine['id']}", headers=worker)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "skills.certificate_confirmed")
    withdrawn = client.post(f"{STAFF}/{mine['id']}/withdraw", json={"reason": "查无此证"}, headers=staff)
    assert withdrawn.get_json()["confirmed_at"] is None
    assert client.delete(f"{MINE}/{mine['id']}", headers=worker).status_code == 200
    assert client.get(MINE, headers=worker).get_json()["total"] == 0


def test_the_same_key_enters_once(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    worker = worker_header(make.person(member_of=tree["factory"])) | {"Idempotency-Key": "k-1"}
    first, second = (client.post(MINE, json=ORDER, headers=worker) for _ in range(2))
    assert (first.status_code, first.data) == (second.status_code, second.data)
    bare = {name: value for name, value in worker.items() if name != "Idempotency-Key"}
    again = client.post(MINE, json=ORDER, headers=bare)
    assert (again.status_code, again.get_json()["code"]) == (409, "skills.certificate_entered")


def test_bad_fields_are_named(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    worker = worker_header(make.person(member_of=tree["factory"]))
    for changed, field in (
        ({"level": 6}, "level"),
        ({"level": 3}, "level"),
        ({"number": "123"}, "number"),
        ({"number": "1\x0023"}, "number"),
        ({"occupation_code": "9-99"}, "occupation_code"),
        ({"issued_on": "gestern"}, "issued_on"),
        ({"issued_on": "2999-01-01"}, "issued_on"),
        ({"holder": "x"}, "holder"),
    ):
        answer = client.post(MINE, json=ORDER | changed, headers=worker)
        assert (answer.status_code, set(answer.get_json()["details"])) == (422, {field}), answer.text


def test_anothers_certificate_does_not_exist(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    worker = worker_header(make.person(member_of=tree["factory"]))
    entered = client.post(MINE, json=ORDER, headers=worker).get_json()
    other = worker_header(make.person(member_of=tree["factory"]))
    assert client.delete(f"{MINE}/{entered['id']}", headers=other).status_code == 404
    assert client.post(f"{STAFF}/{entered['id']}/confirm", headers=other).status_code == 403
    outside = staff_header(tree["lancang"])
    assert client.post(f"{STAFF}/{entered['id']}/confirm", headers=outside).status_code == 404
    assert client.get(STAFF, headers=outside).get_json()["total"] == 0
    assert client.get(MINE).status_code == 401


def test_staff_see_the_certificates_of_one_member(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    holders = [make.person(member_of=tree["factory"], name=name) for name in ("岩温", "玉香")]
    for number, holder in enumerate(holders, 1):
        order = ORDER | {"number": f"S00015300000124400000{number}"}
        assert client.post(MINE, json=order, headers=worker_header(holder)).status_code == 201
    page = client.get(f"{STAFF}?person={holders[1].id}", headers=staff_header(tree["simao"])).get_json()
    assert [line["person_name"] for line in page["items"]] == ["玉香"]
