"""The edge of the house: every request gets an id, every answer its headers, a line in the log, a place in the meters."""

import re
import secrets
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from blueprints import metrics
from blueprints.auth import current_actor

REQUEST_ID = "X-Request-Id"
GOOD_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
MOST_JSON_BYTES = 1024 * 1024
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
NO_FRAMES = "default-src 'none'; frame-ancestors 'none'"
log = structlog.get_logger("edge")


def register(app: Flask, settings: Any) -> None:
    """Stand at the door. To be called before anything else hangs itself on requests."""
    app.before_request(_begin)
    app.after_request(_end)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def _begin() -> None:
    g.started = time.perf_counter()
    given = request.environ.get("HTTP_X_REQUEST_ID", "")
    g.request_id = given if given and GOOD_ID.fullmatch(given) else secrets.token_hex(8)
    if not request.environ.get("CONTENT_TYPE", "").startswith("multipart/"):
        request.max_content_length = MOST_JSON_BYTES


def _end(response: Response) -> Response:
    started = g.get("started")
    if started is None:
        # The request was refused before it began, by a hook of the framework itself.
        _begin()
        started = g.started
    seconds = time.perf_counter() - started
    rule = request.url_rule
    route = rule.rule if rule else "unknown"
    metrics.count_request(request.method, route, response.status_code, seconds)
    _write_headers(response)
    _write_line(route, response.status_code, seconds)
    return response


def _write_headers(response: Response) -> None:
    headers = response.headers
    headers.add(REQUEST_ID, g.request_id)
    headers.add("X-Content-Type-Options", "nosniff")
    headers.add("Referrer-Policy", "no-referrer")
    if "Cache-Control" not in headers:
        headers.add("Cache-Control", "private, no-cache" if "ETag" in headers else "no-store")
    if "Content-Security-Policy" not in headers:
        headers.add("Content-Security-Policy", NO_FRAMES)
    if request.environ.get("wsgi.url_scheme") == "https":
        headers.add("Strict-Transport-Security", "max-age=31536000")


def _write_line(route: str, status: int, seconds: float) -> None:
    """One line a request. 5xx and 429 are written at every level; probes only when all is asked for."""
    if status >= 500:
        write = log.error
    elif status == 429:
        write = log.warning
    else:
        write = log.debug if route in PROBES else log.info
    write(
        "request",
        method=request.method,
        route=route,
        status=status,
        duration_ms=round(seconds * 1000, 1),
        request_id=g.request_id,
        person_id=current_actor().person_id,
    )
