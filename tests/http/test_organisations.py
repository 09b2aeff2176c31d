"""The closed lists and the union tree over HTTP."""

from flask.testing import FlaskClient

from service.organisations.divisions import COUNTIES
from service.organisations.models import UnionNode
from tests import make
from tests.http.test_me import tree, worker_header

__all__ = ["tree"]

REFERENCE = "/api/v1/reference"
NODES = "/api/v1/organisations/nodes"


def test_the_lists_are_open_to_all_and_come_with_an_etag(client: FlaskClient) -> None:
    answer = client.get(REFERENCE)
    assert answer.status_code == 200
    lists = answer.get_json()
    assert [each["code"] for each in lists["counties"]] == list(COUNTIES)
    assert lists["city"] == {"code": "530800", "name": "普洱市"}
    assert {"code": "tea", "name": "茶叶"} in lists["industries"]
    assert {"code": "4-03-02-07", "name": "茶艺师", "industry": "tea"} in lists["occupations"]
    assert [each["code"] for each in lists["levels"]] == ["0", "5", "4", "3", "2", "1", "T", "S"]
    assert {"code": "courier", "name": "快递员"} in lists["worker_categories"]
    again = client.get(REFERENCE, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_tree_is_walked_and_searched(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    headers = worker_header(make.person(member_of=tree["factory"]))

    def names(query: str) -> list[str]:
        answer = client.get(f"{NODES}?{query}", headers=headers)
        assert answer.status_code == 200
        return [each["name"] for each in answer.get_json()["items"]]

    assert names("") == ["普洱市总工会"]
    assert names(f"parent={tree['simao'].id}") == ["茶厂工会"]
    assert names("q=茶厂") == ["茶厂工会"]
    assert names(f"q=茶厂&parent={tree['lancang'].id}") == []


def test_the_tree_is_for_those_signed_in(client: FlaskClient, tree: dict[str, UnionNode]) -> None:
    assert client.get(NODES).status_code == 401
    headers = worker_header(make.person())
    unknown = client.get(f"{NODES}?parent=999999", headers=headers)
    assert (unknown.status_code, unknown.get_json()["code"]) == (404, "organisations.node_unknown")
    wrong = client.get(f"{NODES}?parent=x", headers=headers)
    assert (wrong.status_code, set(wrong.get_json()["details"])) == (422, {"parent"})
