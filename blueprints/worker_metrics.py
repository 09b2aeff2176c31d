"""What a worker process counts, over HTTP on a port of its own: most calls to WeChat are made there."""

import threading
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from blueprints import metrics

PATH = "/metrics"


class _Quiet(WSGIRequestHandler):
    """Prometheus asks four times a minute: nothing to write down."""

    timeout = 10

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """See BaseHTTPRequestHandler."""


def serve(host: str, port: int, token: str) -> WSGIServer:
    """Answer GET /metrics until the process ends, from a thread of its own. Raises OSError where the port is taken."""
    server = make_server(host, port, _guarded(token), handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def _guarded(token: str) -> Callable[..., Iterable[bytes]]:
    meters = make_wsgi_app(metrics.own)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not metrics.may_read(token, environ.get("HTTP_AUTHORIZATION", "")):
            start_response("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
            return []
        if environ.get("PATH_INFO") != PATH:
            start_response("404 Not Found", [])
            return []
        answer: Iterable[bytes] = meters(environ, start_response)
        return answer

    return app
