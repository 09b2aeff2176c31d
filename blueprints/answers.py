"""Answers that are already bytes: problems, frozen outcomes, files."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, g

PROBLEM = "application/problem+json"


def problem_response(
    status: int,
    code: str,
    message: str,
    *,
    details: Mapping[str, Any] | None = None,
    next_step: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem in the house's envelope."""
    body: dict[str, Any] = {
        "type": f"/docs/errors#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
        "code": code,
        "details": dict(details or {}),
        "request_id": g.get("request_id"),
    }
    if next_step:
        body["next_step"] = next_step
    return Response(orjson.dumps(body), status, dict(headers or {}), mimetype=PROBLEM)


def json_bytes(body: bytes | str, status: int = 200) -> Response:
    """JSON that was frozen earlier, sent as it is."""
    return Response(body, status, mimetype="application/json")
