"""Imports over HTTP: upload, progress, findings, accept, discard, template."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.core.access import Role
from service.files import workbook
from service.organisations import nodes
from service.unions import imports
from tests import workbooks
from tests.http.test_me import staff_header
from tests.service.unions.conftest import FACTORY, LANCANG, Register, planted, settle

IMPORTS = "/api/v1/staff/imports"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def register(client: FlaskClient) -> Register:
    """A planted register behind the client."""
    return planted()


@pytest.fixture
def staff(register: Register) -> dict[str, str]:
    """The token of 思茅区's membership staff."""
    return staff_header(register.nodes["530802"])


def multipart(content: bytes, **form: str) -> dict[str, Any]:
    """Body and type of an upload, as bytes: the same every time, and no temporary file is left open."""
    fields = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in form.items()
    )
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="职工.xlsx"\r\n\r\n'
    body = (fields + file).encode() + content + b"\r\n--x--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=x"}


def send(client: FlaskClient, headers: dict[str, str], content: bytes, **form: str) -> TestResponse:
    return client.post(IMPORTS, headers=headers, **multipart(content, **{"kind": "workers", **form}))


def test_a_workbook_goes_all_the_way(client: FlaskClient, staff: dict[str, str]) -> None:
    answer = send(client, staff, workbooks.workers(workbooks.worker(1, FACTORY), workbooks.worker(2, "999")))
    assert answer.status_code == 202, answer.text
    sent = answer.get_json()
    assert (sent["state"], sent["file_name"], sent["rows_total"]) == ("checking", "职工.xlsx", 0)
    settle()
    url = f"{IMPORTS}/{sent['id']}"
    found = client.get(url, headers=staff).get_json()
    assert (found["state"], found["rows_total"], found["rows_checked"], found["rows_bad"]) == ("ready", 2, 2, 1)
    [line] = client.get(f"{url}/findings", headers=staff).get_json()["items"]
    assert line == {"line": 3, "column": "工会编码", "message": "没有这个工会编码", "kind": "bad"}
    assert client.get(f"{url}/findings?kind=changed", headers=staff).get_json()["total"] == 0
    refused = client.post(f"{url}/accept", json={}, headers=staff)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "imports.bad_rows")
    assert refused.get_json()["details"] == {"rows_bad": 1}
    accepted = client.post(f"{url}/accept", json={"skip_bad_rows": True}, headers=staff)
    assert (accepted.status_code, accepted.get_json()["state"]) == (202, "applying")
    settle()
    done = client.get(url, headers=staff).get_json()
    assert (done["state"], done["rows_applied"], done["rows_skipped"]) == ("applied", 2, 1)
    again = client.post(f"{url}/accept", json={}, headers=staff)
    assert (again.status_code, again.get_json()["code"]) == (409, "state.not_allowed")
    assert [each["id"] for each in client.get(IMPORTS, headers=staff).get_json()["items"]] == [sent["id"]]


def test_the_bad_rows_and_the_templates_come_as_workbooks(client: FlaskClient, staff: dict[str, str]) -> None:
    sent = send(client, staff, workbooks.workers(workbooks.worker(1, "999"))).get_json()
    settle()
    problems = client.get(f"{IMPORTS}/{sent['id']}/problems.xlsx", headers=staff)
    assert (problems.status_code, problems.mimetype) == (200, TYPE)
    assert "attachment" in problems.headers["Content-Disposition"]
    assert list(workbook.rows(problems.data))[1] == [2.0, "工会编码", "没有这个工会编码"]
    for kind in ("workers", "union_nodes"):
        template = client.get(f"{IMPORTS}/template/{kind}.xlsx", headers=staff)
        assert (template.status_code, template.mimetype) == (200, TYPE)
        assert len(list(workbook.rows(template.data))) == 2
    assert client.get(f"{IMPORTS}/template/cats.xlsx", headers=staff).status_code == 404


def test_discarding_gives_it_up(client: FlaskClient, staff: dict[str, str]) -> None:
    sent = send(client, staff, workbooks.workers(workbooks.worker(1, FACTORY))).get_json()
    discarded = client.post(f"{IMPORTS}/{sent['id']}/discard", headers=staff)
    assert (discarded.status_code, discarded.get_json()["state"]) == (200, "discarded")


def test_what_is_no_workbook_is_refused_at_once(client: FlaskClient, staff: dict[str, str]) -> None:
    renamed = send(client, staff, b"\xd0\xcf\x11\xe0 an old .xls")
    assert (renamed.status_code, renamed.get_json()["code"]) == (422, "files.not_a_workbook")
    bomb = workbooks.repacked(workbooks.workers(), {"xl/a.bin": bytes(workbook.MOST_UNPACKED)})
    refused = send(client, staff, bomb)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "files.workbook_too_large")
    assert send(client, staff, bytes(workbook.MOST_BYTES + 1)).status_code == 422
    assert send(client, staff, bytes(22 * 1024 * 1024)).status_code == 413


def test_every_bad_field_of_the_form_is_named(client: FlaskClient, staff: dict[str, str]) -> None:
    good = workbooks.workers()
    file = (io.BytesIO(good), "a.xlsx")
    for data, field in (
        ({"kind": "workers"}, "file"),
        ({"kind": "workers", "file": "text"}, "file"),
        ({"kind": "cats", "file": file}, "kind"),
        ({"kind": "workers", "node": "x", "file": (io.BytesIO(good), "a.xlsx")}, "node"),
        ({"kind": "workers", "colour": "x", "file": (io.BytesIO(good), "a.xlsx")}, "colour"),
    ):
        answer = client.post(IMPORTS, data=data, headers=staff, content_type="multipart/form-data")
        assert answer.status_code == 422, answer.text
        assert set(answer.get_json()["details"]) == {field}


def test_a_key_is_bound_to_the_file_itself(client: FlaskClient, staff: dict[str, str]) -> None:
    headers = staff | {"Idempotency-Key": "k-1"}
    content = workbooks.workers(workbooks.worker(1, FACTORY))
    first, again = (send(client, headers, content) for _ in range(2))
    assert (first.status_code, first.data) == (202, again.data)
    other = send(client, headers, workbooks.workers(workbooks.worker(2, FACTORY)))
    assert (other.status_code, other.get_json()["code"]) == (422, "request.key_reused")
    assert client.get(IMPORTS, headers=staff).get_json()["total"] == 1


def test_others_know_nothing_of_an_import(client: FlaskClient, register: Register, staff: dict[str, str]) -> None:
    sent = send(client, staff, workbooks.workers(workbooks.worker(1, FACTORY))).get_json()
    url = f"{IMPORTS}/{sent['id']}"
    outside = staff_header(register.nodes[LANCANG])
    for method, path in (
        ("GET", url),
        ("GET", f"{url}/findings"),
        ("GET", f"{url}/problems.xlsx"),
        ("POST", f"{url}/discard"),
    ):
        assert client.open(path, method=method, headers=outside).status_code == 404
    assert client.post(f"{url}/accept", json={}, headers=outside).status_code == 404
    assert client.get(IMPORTS, headers=outside).get_json()["total"] == 0
    wrong_role = staff_header(register.nodes["530802"], Role.TRAINING_STAFF)
    assert send(client, wrong_role, workbooks.workers()).status_code == 403
    assert client.get(url).status_code == 401
    misplaced = send(client, staff, workbooks.workers(), node=str(register.nodes[LANCANG].id))
    assert (misplaced.status_code, misplaced.get_json()["code"]) == (422, "imports.node_not_in_scope")
    placed = send(client, staff, workbooks.workers(), node=str(register.nodes[FACTORY].id))
    assert placed.get_json()["node_id"] == register.nodes[FACTORY].id


def test_a_tree_is_imported_too(client: FlaskClient, staff: dict[str, str]) -> None:
    content = workbooks.nodes(workbooks.node("530802-X1", "530802"))
    sent = send(client, staff, content, kind="union_nodes").get_json()
    settle()
    assert client.post(f"{IMPORTS}/{sent['id']}/accept", json={}, headers=staff).status_code == 202
    settle()
    assert nodes.by_code("530802-X1") is not None
    assert imports.CHECK == "import.check"
