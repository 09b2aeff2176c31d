"""Answers that are already bytes: problems, frozen outcomes, files."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote

import orjson
from flask import Response, g

PROBLEM = "application/problem+json"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    # The errors of a list are keyed by their place in it.
    content = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)
    return Response(content, status, dict(headers or {}), mimetype=PROBLEM)


def json_bytes(body: bytes | str, status: int = 200) -> Response:
    """JSON that was frozen earlier, sent as it is."""
    return Response(body, status, mimetype="application/json")


def workbook_response(content: bytes, name: str) -> Response:
    """An .xlsx to be saved under a name that may be Chinese (RFC 6266)."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, 200, {"Content-Disposition": disposition}, mimetype=WORKBOOK)


class Downloadable(Protocol):
    """A file made by the service."""

    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def content(self) -> bytes: ...


def file_response(file: Downloadable) -> Response:
    """A file to be saved under its (Chinese) name, RFC 5987; not to be kept by caches."""
    name = file.name.translate({ord(char): "-" for char in '/\\:*?"<>|'})
    extension = name.rsplit(".", 1)[-1]
    headers = {
        "Content-Disposition": f"attachment; filename=\"file.{extension}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(file.content, 200, headers, mimetype=file.media_type)
