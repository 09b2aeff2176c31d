"""The OpenAPI document: what flask-smorest gathers from the views, and what is true of every route of the house."""

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask

from blueprints import auth, policy
from blueprints.answers import PROBLEM
from blueprints.errors import EDGE, status_of
from blueprints.examples import example_of
from blueprints.refusals import refusals_of
from service.core.idempotency import KeyReused, StillRunning
from service.identity.errors import NotVerified, SignInEnded, TokenExpired, TokenInvalid

API = "/api/v1"
KEY = {"$ref": "#/components/parameters/IdempotencyKey"}
WRITES = ("post", "put", "delete")
VARIABLE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")

PYTHON_END = r"\Z"
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `detail` is for people; `details` is {field: [message]} or numbers.",
    "required": ["type", "title", "status", "detail", "code", "details", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "details": {"type": "object"},
        "request_id": {"type": ["string", "null"]},
        "next_step": {"type": "string", "description": "what the person can do"},
    },
}
KEY_PARAMETER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "0192f0c1-5b1e-7c3a-9d8e-2f6a1b4c7d90",
    "description": "The same key with the same body is done once and answered with the same bytes for 24 hours; "
    "with another body it is 422. A refusal binds nothing: its key is judged again.",
}


def document_of(app: Flask, gathered: Mapping[str, Any], public_url: str) -> dict[str, Any]:
    """The whole document, JSON-ready. `gathered` is flask-smorest's."""
    document: dict[str, Any] = copy.deepcopy(dict(gathered))
    document["servers"] = [{"url": public_url or "/", "description": "this installation"}]
    components = document.setdefault("components", {})
    components["responses"] = {}
    schemas = components.setdefault("schemas", {})
    schemas.pop("Error", None)
    schemas.pop("PaginationMetadata", None)
    components.get("headers", {}).pop("PAGINATION", None)
    schemas["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    components.setdefault("parameters", {})["IdempotencyKey"] = KEY_PARAMETER
    views = _endpoints(app)
    _speak_ecmascript(document)
    for path, method, operation in operations(document):
        endpoint = views[path, method]
        _complete(operation, path, method, endpoint)
        _refuse(operation, _codes(operation, path, endpoint, app.view_functions[endpoint]), components["responses"])
        _exemplify(operation, schemas)
    document["paths"] = {path: document["paths"][path] for path in sorted(document["paths"])}
    return document


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of the document."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in ("get", *WRITES):
                yield path, method, operation


def _speak_ecmascript(part: Any) -> None:
    """JSON Schema's patterns are ECMAScript's, found anywhere; Python's match at the start and know `\\Z`."""
    if isinstance(part, list):
        for each in part:
            _speak_ecmascript(each)
    elif isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            part["pattern"] = f"^{part['pattern'].lstrip('^').replace(PYTHON_END, '$')}"
        for each in part.values():
            _speak_ecmascript(each)


def _endpoints(app: Flask) -> dict[tuple[str, str], str]:
    return {
        (VARIABLE.sub(r"{\1}", rule.rule), method.lower()): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }


def _complete(operation: dict[str, Any], path: str, method: str, endpoint: str) -> None:
    operation["operationId"] = endpoint.rsplit(".", 1)[-1]
    is_public = endpoint in policy.PUBLIC
    operation["security"] = [{}, {"bearer": []}] if is_public else [{"bearer": []}]
    rule = policy.POLICY.get(endpoint)
    if rule is not None:
        operation["x-roles"] = [role.value for role in rule.roles]
        operation["x-needs-verified"] = rule.needs_verified
    if method in WRITES and not path.startswith(f"{API}/auth/"):
        operation.setdefault("parameters", []).append(KEY)


def _codes(operation: dict[str, Any], path: str, endpoint: str, view: Callable[..., Any]) -> dict[int, set[str]]:
    """{status: codes}: what any route may answer, and what this one refuses with."""
    codes: dict[int, set[str]] = {429: {EDGE[429][0]}, 503: {"service.unavailable", "service.database_away"}}
    codes |= _codes_of_the_door(endpoint)
    if KEY in operation.get("parameters", []):
        codes[409], codes[422] = {StillRunning.code}, {EDGE[422][0], KeyReused.code}
    elif "requestBody" in operation or operation.get("parameters"):
        codes[422] = {EDGE[422][0]}
    if "requestBody" in operation or KEY in operation.get("parameters", []):
        codes[400], codes[413], codes[415] = {EDGE[400][0]}, {EDGE[413][0]}, {EDGE[415][0]}
    if "{" in path:
        codes[404] = {EDGE[404][0]}
    for error in refusals_of(view):
        codes.setdefault(status_of(error()), set()).add(error.code)
    return codes


def _codes_of_the_door(endpoint: str) -> dict[int, set[str]]:
    if endpoint in policy.TOKENLESS:
        return {}
    bad_tokens = {error.code for error in (TokenInvalid, TokenExpired, SignInEnded)}
    if endpoint in policy.PUBLIC:
        return {401: bad_tokens}
    shut = {EDGE[403][0], *(error.code for error in auth.OWED.values())}
    unproved = {NotVerified.code} if policy.POLICY[endpoint].needs_verified else set()
    return {401: {EDGE[401][0]} | bad_tokens, 403: shut | unproved}


def _refuse(operation: dict[str, Any], codes: dict[int, set[str]], shared: dict[str, Any]) -> None:
    responses = operation.setdefault("responses", {})
    is_conditional = "304" in responses
    for status in [status for status in responses if not status.startswith("2")]:
        del responses[status]
    if is_conditional:
        responses["304"] = {"description": "not changed since the ETag sent in If-None-Match"}
    for status, known in sorted(codes.items()):
        name = f"{status}_{'_'.join(sorted(known))}"
        shared[name] = _refusal(status, sorted(known))
        responses[str(status)] = {"$ref": f"#/components/responses/{name}"}


def _refusal(status: int, codes: list[str]) -> dict[str, Any]:
    example = {
        "type": f"/docs/errors#{codes[0]}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": EDGE.get(status, ("", "现在不能这样做"))[1],
        "code": codes[0],
        "details": {},
        "request_id": "a1b2c3d4e5f60718",
    }
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"code": {"enum": codes}}}]}
    return {"description": ", ".join(codes), "content": {PROBLEM: {"schema": schema, "example": example}}}


def _exemplify(operation: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for body in bodies:
        for media in body.get("content", {}).values():
            if "schema" in media and "example" not in media and "examples" not in media:
                media["example"] = example_of(media["schema"], schemas)
