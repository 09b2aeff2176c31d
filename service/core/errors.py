"""The root of every refusal. Codes are stable; docs/errors.md lists them all.

A feature's error is a subclass with a `code` and a `message` in short spoken Chinese for the worker.
`blueprints/errors.py` turns the families into statuses; nothing else does.
"""

from collections.abc import Mapping
from typing import Any


class ServiceError(Exception):
    """A refusal with a reason. `details` names fields or numbers, `next_step` says what the person can do."""

    code: str = ""
    message: str = ""
    next_step: str | None = None

    def __init__(
        self,
        message: str | None = None,
        *,
        details: Mapping[str, Any] | None = None,
        next_step: str | None = None,
    ) -> None:
        self.message = message or type(self).message
        self.details: dict[str, Any] = dict(details or {})
        self.next_step = next_step or type(self).next_step
        super().__init__(self.message)


class Invalid(ServiceError):
    """422: what was sent cannot be accepted; `details` is {field: [message, ...]}."""

    code = "request.invalid"
    message = "填写的内容有误，请改正后再提交"


class Unauthenticated(ServiceError):
    """401: who is asking is not known, or no longer."""

    code = "auth.required"
    message = "请先登录"


class NotFound(ServiceError):
    """404: it does not exist, or the actor may not know of it."""

    code = "request.not_found"
    message = "没有找到，可能已被删除"


class Forbidden(ServiceError):
    """403: known, but not allowed."""

    code = "request.forbidden"
    message = "您没有权限做这件事"


class Conflict(ServiceError):
    """409: the present state does not allow it."""

    code = "request.conflict"
    message = "当前状态不能这样操作，请刷新后再试"


class TooMany(ServiceError):
    """429: too often; rate only, never 'full'."""

    code = "request.too_many"
    message = "操作太频繁，请稍等一会儿再试"


class Unavailable(ServiceError):
    """503: try again later; nothing is known to have happened."""

    code = "service.unavailable"
    message = "系统繁忙，请稍后再试"
    next_step = "请等几秒再试，重复提交不会重复办理"


class DatabaseAway(Unavailable):
    """The database cannot be reached or is locked too long."""

    code = "service.database_away"
