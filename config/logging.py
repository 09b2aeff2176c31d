"""Logs: one JSON object a line on standard error, without personal data."""

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from logging.config import dictConfig
from typing import Any

import orjson
import structlog

SECRET_WORDS = frozenset(
    {"authorization", "cookie", "password", "secret", "token", "access_token", "refresh_token", "session_key", "totp"}
    | {"body", "form", "headers", "json", "params", "payload", "query", "code", "idempotency_key"}
    | {"id_card", "id_number", "name", "person_name", "worker_name", "openid", "unionid", "phone", "phone_number"}
)
"""Names under which nothing may be logged, whatever the value."""
PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:[1-9]\d{16}[\dXx]|1[3-9]\d{9})(?![0-9A-Za-z])"  # ID numbers, mobile numbers
    r"|eyJ[\w-]{4,}\.[\w-]+\.[\w-]*"  # tokens
    r"|(?i:bearer\s+)\S+"
    r"|://[^/\s:@]+:[^/\s@]+@"  # passwords in URLs
)
HIDDEN = "[hidden]"
MOST_FRAMES = 30


def configure(level: str, *, is_production: bool) -> None:
    """Log from `level` up (DEBUG, INFO, WARNING, ERROR). In production no exception's message is written, only its
    kind and where it arose: a database's complaint may quote the row it refused."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", key="at"),
            _Exceptions(with_messages=not is_production),
            redact,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_names: _StandardError(),
        cache_logger_on_first_use=False,
    )
    dictConfig(foreign_logs(level))


def foreign_logs(level: str) -> dict[str, Any]:
    """How libraries that use the standard `logging` write: the same lines. For `dictConfig` and gunicorn."""
    shown = level.upper() if level.upper() in logging.getLevelNamesMapping() else "INFO"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": shown, "handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
            "alembic": {"level": "WARNING"},
        },
    }


class JsonLines(logging.Formatter):
    """A record of the standard `logging` as one of our lines."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, Any] = {
            "event": record.getMessage(),
            "logger": record.name,
            "level": record.levelname.lower(),
            "at": structlog.processors.MaybeTimeStamper(fmt="iso")(None, "", {})["timestamp"],
        }
        if record.exc_info and record.exc_info[1]:
            event["exception"] = _told(record.exc_info[1], with_messages=False)
        return _render(None, "", redact(None, "", event)).decode()


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what may be personal: by the name it is logged under, and by what it looks like."""
    for name, value in event.items():
        if name in SECRET_WORDS:
            event[name] = HIDDEN
        elif type(value) is str and len(value) > 10:
            event[name] = PERSONAL.sub(HIDDEN, value)
        elif isinstance(value, dict | list | tuple):
            event[name] = _redacted(value)
    return event


def _redacted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: HIDDEN if key in SECRET_WORDS else _redacted(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(each) for each in value]
    return PERSONAL.sub(HIDDEN, value) if isinstance(value, str) else value


class _Exceptions:
    """Turns `exc_info` into `exception`: kinds, places and, outside production, messages."""

    def __init__(self, *, with_messages: bool) -> None:
        self.with_messages = with_messages

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        given = event.pop("exc_info", None)
        error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
        if isinstance(error, BaseException):
            event["exception"] = _told(error, with_messages=self.with_messages)
        return event


def _told(error: BaseException, *, with_messages: bool) -> list[str]:
    lines = []
    for each in _chain(error):
        lines.append(f"{type(each).__name__}: {each}" if with_messages else type(each).__name__)
        frames = traceback.extract_tb(each.__traceback__)[-MOST_FRAMES:]
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return lines


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _render(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> bytes:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS)


class _StandardError:
    """Writes a line to whatever standard error is now, in one call, so that lines of threads do not mix."""

    def msg(self, line: bytes) -> None:
        sys.stderr.write(line.decode(errors="replace") + "\n")

    log = debug = info = warn = warning = error = critical = exception = fatal = failure = err = msg
