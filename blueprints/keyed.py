"""Idempotency-Key: a write sent twice is done once and answered with the same bytes."""

import functools
import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, request
from marshmallow import Schema

from blueprints.answers import json_bytes
from blueprints.auth import current_actor
from service.core import idempotency
from service.core.errors import Invalid

HEADER = "Idempotency-Key"
LONGEST = 255


def request_key() -> str | None:
    """The key of this request, bare or quoted as a structured field. Raises Invalid for one too long."""
    given = request.headers.get(HEADER, "").strip()
    key = given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    if len(key) > LONGEST or not key.isprintable():
        raise Invalid(details={HEADER: [f"须为1至{LONGEST}个可见字符"]})
    return key or None


def body_hash() -> str:
    """The SHA-256 of route and body, to which a key is bound."""
    return hashlib.sha256(request.path.encode() + b"\n" + request.get_data()).hexdigest()


def keyed(view: type[Schema], status: int = 200) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer the view's outcome through `view` with `status`, once per key. Without a key the view just runs."""
    schema = view()

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Response:
            def perform() -> tuple[int, str]:
                return status, orjson.dumps(schema.dump(function(*args, **kwargs))).decode()

            key = request_key()
            if key is None:
                done, answer = perform()
            else:
                bound = idempotency.Key(current_actor().worker_id, f"{request.method} {request.path}", key, body_hash())
                done, answer = idempotency.once(bound, perform)
            return json_bytes(answer, done)

        return run

    return decorate
