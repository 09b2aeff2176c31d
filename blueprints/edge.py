"""The edge of the house: each request gets an id, each answer its headers, a line in the log, a place in the meters."""

import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from blueprints import metrics
from blueprints.auth import current_actor
from service.core import reference

SEEN = "gongyun.seen"
GOOD_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
MOST_JSON_BYTES = 1024 * 1024
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
ALWAYS = [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")]
NOTHING_TO_SHOW = ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000")
log = structlog.get_logger("edge")

Inner = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Seen:
    """What the edge learns of a request on its way."""

    request_id: str
    started: float = field(default_factory=time.perf_counter)
    route: str = "unknown"
    person_id: int | None = None
    status: int = 500


class Edge:
    """Around the whole app, so that what fails outside a view is counted and told too."""

    def __init__(self, inner: Inner) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID")
        seen = environ[SEEN] = Seen(given if given and GOOD_ID.fullmatch(given) else secrets.token_hex(8))

        begun: list[Any] = []

        def begin(status: str, headers: Headers, _exc_info: Any = None) -> None:
            begun[:] = status, headers

        try:
            body = self.inner(environ, begin)
            # Only now, once: a server keeps the headers of an answer that its app takes back.
            status, headers = begun
            seen.status = int(status[:3])
            _dress(headers, seen, environ)
            start_response(status, headers)
            return body
        finally:
            _tell(environ["REQUEST_METHOD"], seen)


def register(app: Flask, settings: Any) -> None:
    """Stand at the door. To be called before anything else hangs itself on requests, and after the app's Guard."""
    app.before_request(_begin)
    app.after_request(_note_person)
    app.teardown_request(_end)
    app.wsgi_app = Edge(app.wsgi_app)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def _begin() -> None:
    asked = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  each use of the proxy costs
    seen = asked.environ[SEEN]
    g.request_id = seen.request_id
    reference.request_id.set(seen.request_id)
    if asked.url_rule is not None:
        seen.route = asked.url_rule.rule
    if not asked.environ.get("CONTENT_TYPE", "").startswith("multipart/"):
        asked.max_content_length = MOST_JSON_BYTES


def _end(_error: BaseException | None) -> None:
    """What the thread does next is no part of the request that is over."""
    reference.request_id.set("")


def _note_person(response: Response) -> Response:
    request.environ[SEEN].person_id = current_actor().person_id
    return response


def _dress(headers: Headers, seen: Seen, environ: dict[str, Any]) -> None:
    names = {name for name, _ in headers}
    headers += ALWAYS
    headers.append(("X-Request-Id", seen.request_id))
    if "Cache-Control" not in names:
        headers.append(("Cache-Control", "private, no-cache" if "ETag" in names else "no-store"))
    if "Content-Security-Policy" not in names:
        headers.append(NOTHING_TO_SHOW)
    if environ["wsgi.url_scheme"] == "https":
        headers.append(HTTPS_ONLY)


def _tell(method: str, seen: Seen) -> None:
    """Count the answer and write its line. 5xx are written at every level, 429 up to WARNING, probes for DEBUG."""
    seconds = time.perf_counter() - seen.started
    metrics.count_request(method, seen.route, seen.status, seconds)
    if seen.status >= 500:
        write = log.error
    elif seen.status == 429:
        write = log.warning
    else:
        write = log.debug if seen.route in PROBES else log.info
    write(
        "request",
        method=method,
        route=seen.route,
        status=seen.status,
        duration_ms=round(seconds * 1000, 1),
        request_id=seen.request_id,
        person_id=seen.person_id,
    )
