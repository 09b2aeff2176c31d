"""Every route says who may use it, none is a PATCH, and OpenAPI describes exactly the routes there are."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.routing import Rule

from blueprints import policy

API = "/api/v1"
UNDESCRIBED = {"HEAD", "OPTIONS"}

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def undeclared(endpoints: Iterable[str], public: Collection[str], private: Collection[str]) -> list[str]:
    """Endpoints in neither table or in both, and entries of endpoints that do not exist."""
    known = set(endpoints)
    found = [f"{name}: declared nowhere" for name in known if name not in public and name not in private]
    found += [f"{name}: public and not" for name in known if name in public and name in private]
    found += [f"{name}: no such endpoint" for name in {*public, *private} - known]
    return sorted(found)


def patches(rules: Iterable[Rule]) -> list[str]:
    """Routes with a method that the mini-program cannot send."""
    return [rule.rule for rule in rules if "PATCH" in (rule.methods or ())]


def described(document: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(method, path) of each operation of an OpenAPI document."""
    methods = {"get", "post", "put", "delete", "patch", "head", "options", "trace"}
    return {(method.upper(), path) for path, item in document["paths"].items() for method in item if method in methods}


def routed(rules: Iterable[Rule]) -> set[tuple[str, str]]:
    """(method, path) of each route under /api/v1, in OpenAPI's spelling."""
    return {
        (method, re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule))
        for rule in rules
        if rule.rule.startswith(API)
        for method in (rule.methods or set()) - UNDESCRIBED
    }


def unsummarised(document: Mapping[str, Any]) -> list[str]:
    """Operations without a summary."""
    return sorted(
        f"{method} {path}"
        for method, path in described(document)
        if not document["paths"][path][method.lower()].get("summary", "").strip()
    )


def invalid(document: Mapping[str, Any]) -> list[str]:
    """What keeps a document from being OpenAPI 3.1."""
    wrong_version = [] if str(document.get("openapi", "")).startswith("3.1.") else ["not OpenAPI 3.1"]
    return wrong_version + [error.message for error in OpenAPIV31SpecValidator(dict(document)).iter_errors()]


def duplicates(document: Mapping[str, Any]) -> list[str]:
    """Operation ids used twice: generated clients would lose one of them."""
    ids = [document["paths"][path][method.lower()].get("operationId") for method, path in described(document)]
    return sorted({str(name) for name in ids if ids.count(name) > 1})


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    """The document as it is served."""
    answer = app.test_client().get("/openapi.json")
    assert answer.status_code == 200
    assert isinstance(answer.json, dict)
    return answer.json


def test_every_route_declares_its_access(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert undeclared(endpoints, policy.PUBLIC, policy.POLICY) == []


def test_no_route_is_a_patch(app: Flask) -> None:
    assert patches(app.url_map.iter_rules()) == []


def test_openapi_describes_exactly_the_routes_there_are(app: Flask, document: dict[str, Any]) -> None:
    assert described(document) == routed(app.url_map.iter_rules())


def test_openapi_is_valid_3_1(document: dict[str, Any]) -> None:
    assert invalid(document) == []


def test_every_operation_has_a_summary_and_a_name_of_its_own(document: dict[str, Any]) -> None:
    assert unsummarised(document) == []
    assert duplicates(document) == []


def test_an_undeclared_route_would_be_found(engine_name: str) -> None:
    assert undeclared({"a", "b", "c"}, {"b", "c"}, {"c", "d"}) == [
        "a: declared nowhere",
        "c: public and not",
        "d: no such endpoint",
    ]
    assert undeclared({"a", "b"}, {"a"}, {"b"}) == []


def test_a_patch_would_be_found(engine_name: str) -> None:
    assert patches([Rule("/x", methods=["PATCH"]), Rule("/y", methods=["PUT"])]) == ["/x"]


def test_a_bad_document_would_be_found(engine_name: str) -> None:
    operation = {"operationId": "list_things", "summary": " ", "responses": {"200": {"description": "ok"}}}
    paths = {f"{API}/things": {"get": operation}, f"{API}/more": {"get": operation}}
    good = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}
    assert unsummarised(good) == [f"GET {API}/more", f"GET {API}/things"]
    assert duplicates(good) == ["list_things"]
    assert invalid({**good, "openapi": "3.0.3"})
    assert invalid({"openapi": "3.1.0", "paths": paths})
    assert routed([Rule(f"{API}/things/<int:thing_id>", methods=["PUT"]), Rule("/m/<path:rest>")]) == {
        ("PUT", f"{API}/things/{{thing_id}}")
    }
