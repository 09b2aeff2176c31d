"""The API describes itself, completely, and can be browsed without a request that leaves the host."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from blueprints import policy
from blueprints.app import create_app
from blueprints.examples import example_of
from blueprints.openapi_document import operations
from config import settings
from service.core import configuration
from tests.engines import ROOT, environment

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])
WRITTEN = ROOT / "client" / "openapi.json"


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    """The document as it is served."""
    answer = app.test_client().get("/openapi.json")
    assert answer.status_code == 200
    served: dict[str, Any] = answer.get_json()
    return served


def every(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield from operations(document)


def test_a_token_is_wanted_where_the_policy_says_so(document: dict[str, Any], app: Flask) -> None:
    public = {endpoint.rsplit(".", 1)[-1] for endpoint in policy.PUBLIC}
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for path, method, operation in every(document):
        wanted = [{"bearer": []}] if operation["operationId"] not in public else [{}, {"bearer": []}]
        assert operation["security"] == wanted, f"{method} {path}"


def test_writes_take_a_key_and_nothing_else_does(document: dict[str, Any]) -> None:
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    for path, method, operation in every(document):
        takes = method != "get" and not path.startswith("/api/v1/auth/")
        assert (key in operation.get("parameters", [])) is takes, f"{method} {path}"


def test_every_operation_tells_its_refusals_as_problems(document: dict[str, Any]) -> None:
    shared = document["components"]["responses"]
    for path, method, operation in every(document):
        refusals = {status: answer for status, answer in operation["responses"].items() if status >= "4"}
        assert {"429", "503"} <= refusals.keys(), f"{method} {path}"
        for answer in refusals.values():
            content = shared[answer["$ref"].rsplit("/", 1)[-1]]["content"]
            assert list(content) == ["application/problem+json"]


def test_every_body_has_an_example_that_fits_its_schema(document: dict[str, Any]) -> None:
    registry: Registry[Any] = Registry().with_resource("urn:api", Resource(document, DRAFT202012))
    found = []
    for path, method, operation in every(document):
        bodies = [operation.get("requestBody", {}), *(a for s, a in operation["responses"].items() if s < "3")]
        for body in bodies:
            for kind, media in body.get("content", {}).items():
                if kind != "application/json":
                    continue
                assert "example" in media or "examples" in media, f"{method} {path}"
                schema = json.loads(json.dumps(media["schema"]).replace('"#/', '"urn:api#/'))
                validator = OAS31Validator(schema, registry=registry)
                problems = [error.message for error in validator.iter_errors(media.get("example"))]
                found += [f"{method} {path}: {problem}" for problem in problems]
    assert found == []


def test_what_is_written_for_the_clients_is_what_is_served(app: Flask, document: dict[str, Any]) -> None:
    if not WRITTEN.exists():
        pytest.skip("client/openapi.json has not been written yet")
    assert json.loads(WRITTEN.read_text(encoding="utf-8")) == document, "run: make flask ARGS='openapi write'"


def test_the_command_writes_the_document(app: Flask, tmp_path: Path, document: dict[str, Any]) -> None:
    file = tmp_path / "deep" / "openapi.json"
    outcome = app.test_cli_runner().invoke(args=["openapi", "write", str(file)])
    assert outcome.exit_code == 0, outcome.output
    assert json.loads(file.read_text(encoding="utf-8")) == document


def test_the_document_is_not_sent_twice(client: FlaskClient, engine_name: str) -> None:
    first = client.get("/openapi.json")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert client.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_browsable_page_asks_this_host_only(client: FlaskClient, engine_name: str) -> None:
    page = client.get("/docs")
    assert page.content_type == "text/html; charset=utf-8"
    policy_said = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy_said
    assert "script-src 'self';" in policy_said
    assert "connect-src 'self';" in policy_said
    wanted = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(wanted) == 4
    for address in wanted:
        assert address.startswith("/docs/")
        assert client.get(address).status_code == 200, address
    assert "<script>" not in page.text
    assert b"validatorUrl: null" in client.get("/docs/start.js").data


def test_it_is_shown_only_where_the_setting_says_so(data_dir: Path, engine_name: str) -> None:
    before = configuration.current()
    silent = create_app(settings.load(environment("sqlite://", data_dir, API_DOCS="0")))
    configuration.use(before)
    shown = {rule.rule for rule in silent.url_map.iter_rules()}
    assert "/healthz" in shown
    assert not [path for path in shown if path.startswith(("/openapi", "/docs"))]


def test_only_the_pages_own_files_are_served(client: FlaskClient, engine_name: str) -> None:
    assert client.get("/docs/assets/__init__.py").status_code == 404
    assert client.get("/docs/assets/swagger-ui.js").status_code == 404


def test_a_problems_type_leads_to_its_explanation(client: FlaskClient, engine_name: str) -> None:
    problem = client.get("/api/v1/me").get_json()
    page = client.get("/docs/errors")
    assert f'id="{problem["type"].partition("#")[2]}"' in page.text


SCHEMAS = {
    "Loop": {"properties": {"inner": {"$ref": "#/components/schemas/Loop"}}},
    "Thing": {"type": "object", "properties": {"name": {"type": "string"}}},
}


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": "string", "format": "date"}, "2026-11-22"),
        ({"type": "string", "minLength": 3}, "文字字"),
        ({"type": "string", "maxLength": 1}, "文"),
        ({"type": ["null", "integer"], "minimum": 5}, 5),
        ({"type": "null"}, None),
        ({"type": "boolean"}, True),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"enum": ["a", "b"]}, "a"),
        ({"const": 7}, 7),
        ({"examples": ["given"]}, "given"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, 1),
        ({"$ref": "#/components/schemas/Thing"}, {"name": "岩温"}),
    ],
)
def test_an_example_is_made_from_its_schema(schema: dict[str, Any], example: Any, engine_name: str) -> None:
    assert example_of(schema, SCHEMAS) == example


def test_a_schema_within_itself_ends(engine_name: str) -> None:
    assert "inner" in example_of({"$ref": "#/components/schemas/Loop"}, SCHEMAS)
