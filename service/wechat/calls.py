"""A call of WeChat's API, described: what to send, what may be repeated, what its codes mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from service.core.errors import ServiceError
from service.wechat.answers import Fault, read_object
from service.wechat.errors import WeChatUnavailable


class Kind(StrEnum):
    """Calls that share a bulkhead and a breaker: when one kind hangs, the others do not notice."""

    LOGIN = "login"
    TOKEN = "token"  # noqa: S105  the name of a kind
    PHONE = "phone"
    MESSAGE = "message"
    CONTENT = "content"
    PICTURE = "picture"
    PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `body` is sent as raw UTF-8 JSON by POST; without one the query is sent by GET.

    `is_repeatable`: asking again does no harm, so it is asked up to three times. Never set it where a code is used
    up or a person gets a message. `errors` are codes with a meaning of their own here; `unclear` is raised where no
    answer came to a request that had gone out. `query` and `body` carry secrets and never show.
    """

    name: str
    kind: Kind
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    needs_token: bool = True
    is_repeatable: bool = False
    errors: Mapping[int, type[ServiceError]] = field(default_factory=dict)
    unclear: type[ServiceError] = WeChatUnavailable
    read: Callable[[int, bytes], dict[str, Any] | Fault] = read_object
