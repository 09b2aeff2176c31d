"""What comes in wrong is refused with 4xx and the field's name, never with a fault, and nothing is written."""

import json
import re
from collections.abc import Iterator
from typing import Any

from werkzeug.test import TestResponse

from service.core.db import Base
from tests.http.doors import DOORS, Door
from tests.http.scene import MEMBERSHIP, NEWCOMER, WORKER, Scene
from tests.http.test_access_matrix import code_of, envelope_is_whole

API = "/api/v1"
HUGE = 10**30
LONG = "长" * 3_000
NOT_TEXT: tuple[Any, ...] = (7, 1.5, True, [], {"a": 1}, ["x"], "a\x00b", "\x00")
NOT_A_WHOLE_NUMBER: tuple[Any, ...] = ("12", "x", 1.5, True, [], {"a": 1}, [1], HUGE, -HUGE, 2**53, 2**63, 1e300)
NOT_A_NUMBER: tuple[Any, ...] = ("12", "x", True, [], {"a": 1}, HUGE, -1e300)
NOT_A_FLAG: tuple[Any, ...] = ("maybe", 7, [], {"a": 1}, LONG)
NOT_A_TIME: tuple[Any, ...] = (
    5, True, [], {"a": 1}, "", "yesterday", "2026-11-22", "2026-11-22T19:30:00", "2026-13-45T99:00:00+08:00",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1970-01-01T00:00:00Z", "2026-W47-7T19:30:00Z",
    "２026-11-22T19:30:00+08:00", "2026-11-22T19:30:00+08:00\x00", "2026-11-22T19:30:00+08:00 OR 1=1", LONG,
)  # fmt: skip
NOT_A_DAY: tuple[Any, ...] = (
    5, True, [], {"a": 1}, "", "yesterday", "2026-02-30", "2026W477", "20261122", "0001-01-01", "9999-12-31", LONG,
)  # fmt: skip
NOT_A_LIST: tuple[Any, ...] = (5, "x", True, {"a": 1}, [None], [[]], [{"a": 1}])
NOT_AN_OBJECT: tuple[Any, ...] = (5, "x", True, [], [{}])
PASSWORDS = {"password", "current", "new"}
SIGN_INS: dict[str, dict[str, Any]] = {
    "auth.sign_in_with_wechat": {"code": "x"},
    "page_sign_in.sign_in_on_page": {"code": "x", "state": "x"},
    "auth.sign_in_staff": {"account": "nobody", "password": "x"},
    "auth.refresh_tokens": {"refresh_token": "x"},
    "phones.send_sign_in_code": {"phone": "13900001234"},
    "phones.sign_in_by_phone": {"phone": "13900001234", "code": "000000"},
}
NO_ORDER = ("sandbox.", "wechat_push.")
"""Passed on to the sandbox as it came, which is not there in production; or signed by WeChat, whose form it has."""


def writes() -> dict[str, Door]:
    """The routes that change something."""
    return {endpoint: door for endpoint, door in DOORS.items() if door.is_write and not endpoint.startswith(NO_ORDER)}


def sound(scene: Scene, endpoint: str) -> dict[str, Any]:
    """The JSON body that is accepted; {} where none is asked for."""
    door = DOORS[endpoint]
    return SIGN_INS.get(endpoint) or (door.json(scene) if door.json else {})


def send(scene: Scene, endpoint: str, body: Any) -> TestResponse:
    """The sound request with another JSON body."""
    door = DOORS[endpoint]
    return scene.ask(door.by, door.method, door.path, data=json.dumps(body), content_type="application/json")


def leaves(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every field of a body with its path, containers too."""
    if path:
        yield path, body
    if isinstance(body, dict):
        for name, value in body.items():
            yield from leaves(value, (*path, name))
    elif isinstance(body, list) and body and isinstance(body[0], dict):
        # Of items that are all alike the first will do.
        unlike = {tuple(each): index for index, each in reversed(list(enumerate(body)))}
        for index, value in ((index, body[index]) for index in unlike.values()):
            yield from leaves(value, (*path, index))


def bad_values(name: str, value: Any, schema: dict[str, Any]) -> tuple[Any, ...]:
    """What a field with this sound value, described like this, must refuse."""
    null = () if may_be_null(schema) else (None,)
    if isinstance(value, str):
        return (*_bad_texts(name, schema), *null)
    return (*_not_a(name, value), *null)


def may_be_null(schema: dict[str, Any]) -> bool:
    """Whether the description of a field lets null pass."""
    inside = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return "null" in schema.get("type", ()) or None in schema.get("enum", ()) or any(map(may_be_null, inside))


def _not_a(name: str, value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return NOT_A_FLAG
    if isinstance(value, int | float):
        return NOT_A_NUMBER if name in ("lat", "lng", "accuracy") else NOT_A_WHOLE_NUMBER
    return NOT_A_LIST if isinstance(value, list) else NOT_AN_OBJECT


def _bad_texts(name: str, schema: dict[str, Any]) -> tuple[Any, ...]:
    if schema.get("format") == "date-time":
        return NOT_A_TIME
    if schema.get("format") == "date":
        return NOT_A_DAY
    bounds = ["长" * (schema.get("maxLength", 3000) + 1)] + [""] * bool(schema.get("minLength", 1))
    # A password is hashed as it comes.
    return (*(each for each in NOT_TEXT if name not in PASSWORDS or "\x00" not in str(each)), *bounds)


def replaced(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of the body with another value at the path."""
    if not path:
        return value
    copy = list(body) if isinstance(body, list) else dict(body)
    copy[path[0]] = replaced(body[path[0]], path[1:], value)
    return copy


def names(answer: TestResponse, path: tuple[Any, ...]) -> bool:
    """Whether the refusal names the field, down to where the messages stand."""
    at: Any = answer.get_json(force=True)["details"]
    for part in path:
        if isinstance(at, list):
            return True
        if str(part) not in at:
            return False
        at = at[str(part)]
    return True


def verdict(answer: TestResponse, status: int, code: str | None = None) -> str | None:
    """What is wrong about a refusal, None for the expected one."""
    if answer.status_code != status or (code and code_of(answer) != code):
        said = answer.data[:400].decode(errors="replace")
        return f"{answer.status_code} {code_of(answer)} instead of {status} {code}: {said}"
    return None if envelope_is_whole(answer) else f"not in the envelope: {answer.text[:200]}"


ITEM_BY_ITEM = {"staff_attendance.record_attendance": "marks"}
"""Lists answered item by item: a malformed item is refused by itself and names its field, and the others count."""


def is_of_an_item(endpoint: str, path: tuple[Any, ...], bad: Any) -> bool:
    """Whether the value spoils an item of such a list, and not the list."""
    return path[:1] == (ITEM_BY_ITEM.get(endpoint),) and (len(path) > 1 or isinstance(bad, list))


def item_details(answer: TestResponse, path: tuple[Any, ...]) -> dict[str, Any]:
    """What the refused item at the path was told by field; {} where it was not refused."""
    if answer.status_code != 200:
        return {}
    told = answer.get_json(force=True)["items"][path[1] if len(path) > 1 else 0]
    is_refused = (told["result"], told["code"]) == ("refused", "attendance.item_malformed")
    return dict(told["details"]) if is_refused else {}


def complaint(endpoint: str, path: tuple[Any, ...], bad: Any, answer: TestResponse) -> str | None:
    """What is wrong about the refusal of a bad value, None for the expected one."""
    if is_of_an_item(endpoint, path, bad):
        told = item_details(answer, path)
        is_named = path[2] in told if len(path) > 2 else bool(told)
        return None if is_named else f"not named: {answer.status_code} {answer.text[:300]}"
    return verdict(answer, 422) or (None if names(answer, path) else f"not named: {answer.text[:300]}")


def test_every_bad_value_is_422_and_names_its_field(scene: Scene) -> None:
    wrong, described = [], document(scene)
    for endpoint in writes():
        body = sound(scene, endpoint)
        for path, value in leaves(body):
            *inside, name = path
            if isinstance(name, int):
                values: tuple[Any, ...] = NOT_AN_OBJECT
            else:
                schema = fields_at(described, endpoint, tuple(inside)).get(name, {})
                values = () if value is None or not schema else bad_values(name, value, schema)
            for bad in values:
                answer = send(scene, endpoint, replaced(body, path, bad))
                said = complaint(endpoint, path, bad, answer)
                if said:
                    wrong.append(f"{endpoint} {path} = {str(bad)[:40]!r}: {said}")
    assert not wrong, "\n".join(wrong)


def document(scene: Scene) -> dict[str, Any]:
    """The API's description."""
    found: dict[str, Any] = scene.client.get("/openapi.json").get_json()
    return found


def order_of(described: dict[str, Any], endpoint: str) -> dict[str, Any]:
    """The schema of the JSON body of a route; one without fields where it takes none."""
    operations = [each for item in described["paths"].values() for each in item.values() if isinstance(each, dict)]
    operation = next(each for each in operations if each.get("operationId") == endpoint.rsplit(".", 1)[-1])
    content = operation.get("requestBody", {}).get("content", {})
    return resolved(described, content.get("application/json", {}).get("schema", {}))


def resolved(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself: what a reference points at, what a list holds, what may also be null."""
    if "$ref" in schema:
        return resolved(described, described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    inner = [schema["items"]] if "items" in schema else [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    objects = [found for found in (resolved(described, each) for each in inner) if "properties" in found]
    return objects[0] if objects else schema


def fields_at(described: dict[str, Any], endpoint: str, path: tuple[Any, ...]) -> dict[str, Any]:
    """The fields of the object that stands in the order at the path."""
    schema = order_of(described, endpoint)
    for part in path:
        schema = schema if isinstance(part, int) else resolved(described, schema["properties"][part])
    found: dict[str, Any] = schema.get("properties", {})
    return found


LEFT_OUT = frozenset({"digits", "id", "ids", "totp", "version"})
"""Another way to say the same, a lesson there is already, what not everybody has, what is known only later."""


def test_the_sound_bodies_have_every_field_there_is(scene: Scene) -> None:
    """So that the test above tries every field. A new route's, or field's, belongs into tests/http/doors.py."""
    described, missing = document(scene), {}
    for endpoint, door in writes().items():
        if door.form is None:
            body = sound(scene, endpoint)
            there = {name for path, _ in leaves(body) for name in path if isinstance(name, str)}
            objects = [(), *(path for path, value in leaves(body) if isinstance(value, dict))]
            own = [fields_at(described, endpoint, path) for path in objects]
            # What takes anything is kept for old clients, and looked at by nobody.
            wanted = {name for each in own for name, schema in each.items() if {"type", "enum", "$ref"} & set(schema)}
            missing[endpoint] = wanted - there - LEFT_OUT
    assert not {endpoint: names for endpoint, names in missing.items() if names}


COLUMNS = sorted({column.name for table in Base.metadata.tables.values() for column in table.columns})


def test_no_column_can_be_set_that_was_not_asked_for(scene: Scene) -> None:
    """Mass assignment: every column of every table is refused by name by every write, and at every depth."""
    wrong, described = [], document(scene)
    for endpoint, door in writes().items():
        if door.form is not None:
            continue
        body = sound(scene, endpoint)
        objects = [path for path, value in leaves(body) if isinstance(value, dict)]
        for path in [(), *objects]:
            present = dict(body) if not path else at(body, path)
            own = fields_at(described, endpoint, path)
            more = {name: 1 for name in COLUMNS if name not in own}
            answer = send(scene, endpoint, replaced(body, path, present | more))
            if is_of_an_item(endpoint, path, None):
                told = item_details(answer, path)
                wrong += [f"{endpoint} {path}: {name} taken" for name in more if name not in told]
                continue
            said = verdict(answer, 422, "request.invalid")
            missed = [name for name in more if said is None and not names(answer, (*path, name))]
            if said or missed:
                wrong.append(f"{endpoint} {path}: {said or missed}")
    assert not wrong, "\n".join(wrong)


def at(body: Any, path: tuple[Any, ...]) -> Any:
    """What stands in the body at the path."""
    for part in path:
        body = body[part]
    return body


def test_a_form_takes_no_field_it_was_not_asked_for(scene: Scene) -> None:
    door = DOORS["staff_imports.upload_import"]
    assert door.form is not None
    for column in ("state", "uploaded_by", "rows_bad", "id"):
        form = door.form(scene) | {column: "1"}
        answer = scene.ask(door.by, "POST", door.path, data=form, content_type="multipart/form-data")
        assert verdict(answer, 422, "request.invalid") is None
        assert column in answer.get_json(force=True)["details"]


BODIES: tuple[tuple[bytes, str, int], ...] = (
    (b"{", "application/json", 400),
    (b'{"a": NaN}', "application/json", 400),
    (b'{"a": Infinity}', "application/json", 400),
    (b'{"a": "\\ud800"}', "application/json", 400),
    (b'{"a": "\xff\xfe"}', "application/json", 400),
    (b'{"a": 01}', "application/json", 400),
    ('{"a": 1}'.encode("utf-16"), "application/json", 400),
    (b"\xef\xbb\xbf{}", "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b'{"a":' * 50_000, "application/json", 400),
    (b"null", "application/json", 422),
    (b"[]", "application/json", 422),
    (b"[{}]", "application/json", 422),
    (b'"x"', "application/json", 422),
    (b"7", "application/json", 422),
    (b'{"nothing_of_the_kind": 1}', "application/json", 422),
    (b'{"__proto__": {"is_admin": true}}', "application/json", 422),
    (b"{}", "text/plain", 415),
    (b"<a/>", "application/xml", 415),
    (b"a=1", "application/x-www-form-urlencoded", 415),
    (b"{}", "", 415),
    (b"x" * (2 * 1024 * 1024), "application/json", 413),
)


def test_a_body_that_is_no_order_is_refused_whole(scene: Scene) -> None:
    wrong = []
    for endpoint, door in writes().items():
        for body, content_type, status in () if door.form else BODIES:
            answer = scene.ask(door.by, door.method, door.path, data=body, content_type=content_type)
            said = verdict(answer, status)
            if said:
                wrong.append(f"{endpoint} {body[:20]!r} as {content_type!r}: {said}")
    assert not wrong, "\n".join(wrong)


def test_a_huge_body_is_refused_before_it_is_read(scene: Scene) -> None:
    body = b"x" * (22 * 1024 * 1024)
    for endpoint in ("bookings.book_place", "auth.sign_in_staff", "staff_training.create_class"):
        door = DOORS[endpoint]
        answer = scene.ask(door.by, door.method, door.path, data=body, content_type="application/json")
        assert verdict(answer, 413, "request.too_large") is None


def test_an_empty_body_lacks_the_required_fields_by_name(scene: Scene) -> None:
    wrong, described = [], document(scene)
    for endpoint, door in writes().items():
        required = (
            set(door.form(scene)) - {"node"} if door.form else set(order_of(described, endpoint).get("required", ()))
        )
        for body in (b"", b"{}"):
            answer = scene.ask(door.by, door.method, door.path, data=body, content_type="application/json")
            if door.form and body:
                continue
            if required and (verdict(answer, 422) or not required <= set(answer.get_json(force=True)["details"])):
                wrong.append(f"{endpoint} {body!r}: {answer.status_code} {answer.text[:200]}, not {required}")
            if answer.status_code >= 500:
                wrong.append(f"{endpoint} {body!r}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def upload(scene: Scene, name: bytes, content: bytes) -> TestResponse:
    """The answer to a file sent under a name of any bytes."""
    body = (
        b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nworkers\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n'
        + content + b"\r\n--b--\r\n"
    )  # fmt: skip
    kind = "multipart/form-data; boundary=b"
    return scene.ask(MEMBERSHIP, "POST", "~/staff/imports", data=body, content_type=kind)


NO_WORKBOOKS = (
    (b"", 422, "files.not_a_workbook"),
    (b"not a workbook", 422, "files.not_a_workbook"),
    (b"PK\x03\x04" + b"\x00" * 1000, 422, "files.not_a_workbook"),
    (b"x" * (22 * 1024 * 1024), 413, "request.too_large"),
)
FILE_NAMES = (
    "../../etc/passwd",
    "a\x00b.xlsx",
    "长" * 300 + ".xlsx",
    "=cmd|'/c'.xlsx",
    " ",
    "\u202exslx.exe",
)


def test_a_file_that_is_no_workbook_is_refused(scene: Scene) -> None:
    for content, status, code in NO_WORKBOOKS:
        answer = upload(scene, "职工.xlsx".encode(), content)
        assert verdict(answer, status, code) is None, answer.text


def test_a_file_may_be_called_anything(scene: Scene) -> None:
    for name in FILE_NAMES:
        answer = upload(scene, name.encode("utf-8", "surrogateescape"), scene.workbook)
        assert answer.status_code == 202, f"{name!r}: {answer.text}"
        kept = answer.get_json()["file_name"]
        assert len(kept) <= 100
        assert kept.isprintable()
    assert verdict(upload(scene, b"\xff.xlsx", scene.workbook), 422, "request.invalid") is None


NO_FORMS = (
    b"--b\r\n",
    b"--b--\r\n",
    b"no boundary at all",
    b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nworkers\r\n--b--\r\n',
    b'--b\r\nContent-Disposition: form-data; filename="x"\r\n\r\nworkers\r\n--b--\r\n',
    b"--b\r\n\r\nworkers\r\n--b--\r\n",
    b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\n\xff\xfe\x00\r\n--b--\r\n',
    b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n' * 3000 + b"--b--\r\n",
)


def test_a_form_that_is_none_is_refused(scene: Scene) -> None:
    for body in NO_FORMS:
        for kind in ("multipart/form-data; boundary=b", "multipart/form-data", "multipart/form-data; boundary="):
            answer = scene.ask(MEMBERSHIP, "POST", "~/staff/imports", data=body, content_type=kind)
            assert answer.status_code in (400, 413, 422), answer.text
            assert envelope_is_whole(answer)


IDS = (
    "-1",
    "0",
    "00",
    "1.5",
    "x",
    "1'",
    "9007199254740992",
    "9223372036854775808",
    str(HUGE),
    "%00",
    "..%2f..",
    "１",
    "1%20OR%201=1",
    "null",
)
NAMED = re.compile(r"\{(\w+)\}")


def test_an_id_no_row_can_have_is_404(scene: Scene) -> None:
    wrong = []
    for door in DOORS.values():
        path = door.path.split("?")[0]
        for name in NAMED.findall(path):
            for bad in IDS:
                answer = scene.ask(door.by, door.method, path.replace(f"{{{name}}}", bad), **door.request(scene))
                # Some are another route's, for another method.
                said = verdict(answer, answer.status_code if answer.status_code == 405 else 404)
                if said:
                    wrong.append(f"{door.method} {path} with {bad}: {said}")
    assert not wrong, "\n".join(wrong)


JUNK = (
    "%00",
    "a%00b",
    "%ff%fe",
    "%ED%A0%80",
    "x" * 20_000,
    "%25%27%22%5C",
    "1e999",
    "-1",
    str(HUGE),
    "[]",
    "%7B%7D",
    "１",
)
PAGING = (
    "page=0", "page=-1", "page=x", "page=1.5", f"page={HUGE}", "page=1e3", "page=100001", "page=", "page=%00",
    "per_page=0", "per_page=101", "per_page=-5", "per_page=x", f"per_page={HUGE}",
)  # fmt: skip


def paged(scene: Scene) -> list[Door]:
    """The routes that answer pages."""
    paths = document(scene)["paths"]
    patterns = {
        pattern
        for pattern, item in paths.items()
        if any(each.get("name") == "page" for each in item.get("get", {}).get("parameters", ()))
        and not pattern.endswith(".xlsx")  # the same filters, but a workbook
    }
    return [door for door in DOORS.values() if any(same_path(door, pattern) for pattern in patterns)]


def test_a_page_that_cannot_be_is_422_and_named(scene: Scene) -> None:
    wrong = []
    for door in paged(scene):
        path = door.path.split("?")[0]
        for query in PAGING:
            answer = scene.ask(door.by, "GET", f"{path}?{query}")
            said = verdict(answer, 422, "request.invalid")
            if said or query.partition("=")[0] not in answer.get_json(force=True)["details"]:
                wrong.append(f"{path}?{query}: {said or answer.text[:200]}")
        unknown = scene.ask(door.by, "GET", f"{path}?colour=red")
        if verdict(unknown, 422, "request.invalid") or "colour" not in unknown.get_json(force=True)["details"]:
            wrong.append(f"{path}?colour=red: {unknown.status_code}")
        last = scene.ask(door.by, "GET", f"{path}?page=100000&per_page=100")
        if last.status_code != 200 or last.get_json()["items"]:
            wrong.append(f"{path}, its last page: {last.status_code}")
    assert not wrong, "\n".join(wrong)


NAMED_IN_A_QUERY = {"organisations.node_unknown", "legal_aid.handler_unknown"}
"""A query names a thing, and it is not there: said as such."""


def test_junk_in_a_query_is_an_empty_list_or_422(scene: Scene) -> None:
    wrong = []
    for pattern, item in document(scene)["paths"].items():
        operation = item.get("get", {})
        door = next((each for each in DOORS.values() if operation and same_path(each, pattern)), None)
        for parameter in operation.get("parameters", []):
            if door is None or parameter.get("in") != "query":
                continue
            for junk in JUNK:
                answer = scene.ask(door.by, "GET", f"{door.path.split('?')[0]}?{parameter['name']}={junk}")
                if answer.status_code not in (200, 422) and code_of(answer) not in NAMED_IN_A_QUERY:
                    wrong.append(f"{pattern}?{parameter['name']}={junk[:20]}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)


def same_path(door: Door, pattern: str) -> bool:
    """Whether a GET door is this path of the document."""
    own = NAMED.sub("{}", door.path.split("?")[0].replace("~", API, 1))
    return door.method == "GET" and own == NAMED.sub("{}", pattern)


BAD_FILTERS = (
    "sort=id;drop", "sort=-starts_at", "sort=", "state=open,gone", "from=2026-02-30", "opens_after=2026-11-22T19:30:00",
)  # fmt: skip
BAD_ID_NUMBERS = (
    "530802199001010000", "53080219900230000X", "5308021990010100", "53080219900101000X0", "530802210001010000",
)  # fmt: skip
ODD_HEADERS: tuple[dict[str, str], ...] = (
    {"If-None-Match": "\xff"},
    {"If-None-Match": '"' + "x" * 9000},
    {"Range": "bytes=0-"},
    {"Accept": "text/html"},
    {"Content-Length": "-1"},
    {"Content-Length": "x"},
    {"Transfer-Encoding": "chunked"},
    {"X-Forwarded-For": "'; DROP TABLE people; --"},
    {"X-Request-Id": "x" * 9000},
    {"Cookie": "a=" + "b" * 9000},
    {"Expect": "200-maybe"},
    {"X-HTTP-Method-Override": "DELETE"},
)


def test_a_filter_outside_its_list_is_422_and_named(scene: Scene) -> None:
    for query in BAD_FILTERS:
        answer = scene.ask(WORKER, "GET", f"~/training/classes?{query}")
        assert verdict(answer, 422, "request.invalid") is None, answer.text
        assert query.partition("=")[0] in answer.get_json(force=True)["details"]


def test_an_id_number_with_a_wrong_digit_is_named(scene: Scene) -> None:
    for number in BAD_ID_NUMBERS:
        form = {"name": "张三", "id_number": number, "phone": "13800001234"}
        answer = scene.ask(NEWCOMER, "POST", "~/me/binding", json=form)
        assert verdict(answer, 422, "identity.id_number_wrong") is None, answer.text
        assert "id_number" in answer.get_json(force=True)["details"]


def test_odd_headers_do_no_harm(scene: Scene) -> None:
    for headers in ODD_HEADERS:
        for path in ("~/training/classes", "~/reference", "~/me"):
            assert scene.ask(WORKER, "GET", path, headers=headers).status_code == 200, headers
        answer = scene.ask(WORKER, "PUT", "~/me/consents/attendance_place", json={"is_given": True}, headers=headers)
        assert answer.status_code in (200, 400, 411, 413, 422), answer.text
