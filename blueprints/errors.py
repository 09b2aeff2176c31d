"""Error -> status, in one table, and one envelope for everything: `application/problem+json` (RFC 9457)."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from blueprints import metrics
from blueprints.answers import PROBLEM, problem_response
from service.core.errors import (
    Conflict,
    DatabaseAway,
    Forbidden,
    Invalid,
    NotFound,
    ServiceError,
    TooMany,
    Unauthenticated,
    Unavailable,
)

STATUS: dict[type[ServiceError], int] = {
    Invalid: 422,
    Unauthenticated: 401,
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    TooMany: 429,
    Unavailable: 503,
}
EDGE: dict[int, tuple[str, str]] = {
    400: ("request.malformed", "请求格式有误"),
    401: ("auth.required", "请先登录"),
    403: ("request.forbidden", "您没有权限做这件事"),
    404: ("request.not_found", "没有找到，可能已被删除"),
    405: ("request.method_not_allowed", "不支持这种请求方式"),
    412: ("request.precondition_failed", "内容已被别人改过，请刷新后再试"),
    413: ("request.too_large", "内容太大，请缩小后再试"),
    415: ("request.not_json", "请求内容须为 JSON"),
    422: ("request.invalid", "填写的内容有误，请改正后再提交"),
    429: ("request.too_many", "操作太频繁，请稍等一会儿再试"),
    500: ("service.failed", "系统出错了，我们已经记录，请稍后再试"),
    503: ("service.unavailable", "系统繁忙，请稍后再试"),
}
NEXT_STEPS = {"request.invalid": "请按每一项的提示改正后再提交"}
"""What to do about an error that has no next step of its own."""
DESK = "booking."
IDLE_TOO_LONG = "25P03"
"""PostgreSQL ended the connection of a request that stood still inside its transaction."""
log = structlog.get_logger("errors")


def status_of(error: ServiceError) -> int:
    """The HTTP status of a refusal: that of the nearest family it descends from."""
    return next(STATUS[family] for family in type(error).__mro__ if family in STATUS)


def register(app: Flask) -> None:
    """Answer every error of the app in the one envelope."""
    app.register_error_handler(ServiceError, _service_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(PoolTimeout, _pool_exhausted)
    app.register_error_handler(Exception, _unexpected)
    app.wsgi_app = Guard(app.wsgi_app)  # type: ignore[method-assign]


class Guard:
    """Answers 503 where the database dies so late that the app's own handlers are past: at the request's teardown."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return self.inner(environ, start_response)
        except (DBAPIError, PoolTimeout) as error:
            log.exception("database_away_at_teardown", error=type(error).__name__)
            body = orjson.dumps(
                {
                    "type": f"/docs/errors#{DatabaseAway.code}",
                    "title": "Service Unavailable",
                    "status": 503,
                    "detail": DatabaseAway.message,
                    "code": DatabaseAway.code,
                    "details": {},
                    "request_id": None,
                    "next_step": DatabaseAway.next_step,
                }
            )
            headers = [("Content-Type", PROBLEM), ("Content-Length", str(len(body))), ("Retry-After", "2")]
            start_response("503 Service Unavailable", headers, sys.exc_info())
            return [body]


def _service_error(error: ServiceError) -> Response:
    if error.code.startswith(DESK):
        metrics.count_booking(error.code)
    headers: dict[str, str] = {}
    if isinstance(error, Unavailable | TooMany):
        headers["Retry-After"] = str(error.details.get("retry_after_s", 2))
    elif isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    next_step = error.next_step or NEXT_STEPS.get(error.code)
    return problem_response(
        status_of(error), error.code, error.message, details=error.details, next_step=next_step, headers=headers
    )


def _http_error(error: HTTPException) -> Response | WerkzeugResponse:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    code, message = EDGE.get(status, ("request.failed", "请求没有成功"))
    details: dict[str, Any] = {}
    if status == 422:
        details = getattr(error, "data", {}).get("messages", {})
        details = details.get("json") or details.get("query") or details.get("files") or details.get("form") or details
    headers = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After")}
    next_step = NEXT_STEPS.get(code)
    return problem_response(status, code, message, details=details, next_step=next_step, headers=headers)


def _database_error(error: DBAPIError) -> Response:
    is_ended = getattr(error.orig, "sqlstate", None) == IDLE_TOO_LONG
    if error.connection_invalidated or is_ended or type(error).__name__ in ("OperationalError", "InterfaceError"):
        log.error("database_away", error=type(error.orig).__name__)
        return _service_error(DatabaseAway())
    return _unexpected(error)


def _pool_exhausted(_error: PoolTimeout) -> Response:
    log.error("database_busy")
    return _service_error(DatabaseAway())


def _unexpected(error: Exception) -> Response:
    log.error("unexpected", route=str(request.url_rule), request_id=g.get("request_id"), exc_info=error)
    code, message = EDGE[500]
    return problem_response(500, code, message)
