"""Calling api.weixin.qq.com. Short time-outs, a bulkhead and a breaker for each kind of call; nothing secret in a log
or an exception. What can be called stands in the modules beside this one, a file for each noun.

Nothing here runs inside a transaction: what was sent cannot be rolled back, and a lock must not wait for WeChat.
"""

import json
import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pybreaker
import requests
import structlog
import urllib3
from requests.adapters import HTTPAdapter

from service.core import configuration
from service.core.errors import ServiceError
from service.core.writing import is_writing
from service.wechat import watching
from service.wechat.access_token import HeldToken, SharedTokens, TokenSource
from service.wechat.answers import BUSY, TOKEN_CODES, Fault
from service.wechat.bulkhead import Bulkhead, BulkheadFull, Lane
from service.wechat.calls import Call, Kind
from service.wechat.errors import WeChatBusy, WeChatMisconfigured, WeChatUnavailable

CONNECT_S = 1.0
READ_S = 2.0
WHOLE_S = 3.0
MOST_BYTES = 2 * 1024 * 1024
PIECE = 64 * 1024
AT_ONCE, WAITING, PATIENCE_S = 8, 4, 0.5
ALL_AT_ONCE = 20
"""Of a process's 32 threads (WEB_THREADS) so many may wait for WeChat, whatever for."""
FAILURES_TO_OPEN = 5
OPEN_S = 10
TRIES, GIVE_UP_S = 3, 3.0

log = structlog.get_logger("wechat")
# At DEBUG, urllib3 logs whole addresses, and WeChat wants the secret in the address.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class _NoAnswer(Exception):
    """No answer, or a server that is unwell: what the breaker counts. Carries nothing of the request."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


class WeChatClient:
    """One mini-program or service account at one address. A process has one of each, shared by its threads."""

    def __init__(self, *, appid: str, secret: str, base_url: str, tokens: TokenSource | None = None) -> None:
        self.appid = appid
        self.secret = secret
        self.tokens = tokens or SharedTokens(appid, secret, self.ask)
        self._base_url = base_url.rstrip("/")
        self._session = requests.Session()
        self._session.mount("http", HTTPAdapter(pool_maxsize=ALL_AT_ONCE + AT_ONCE))
        self._lanes = {kind: _lane() for kind in Kind}
        self._all = Bulkhead(ALL_AT_ONCE, 0, 0.0)

    def ask(self, call: Call) -> dict[str, Any]:
        """The answer's JSON, or what `call.read` makes of it. A refused token is fetched anew, once.

        Raises what `call.errors`, `call.unclear` and docs/errors.md `wechat.*` say; RuntimeError inside a command.
        """
        if is_writing():
            raise RuntimeError("WeChat is not called inside a transaction")
        with watching.watched(call.name) as seen:
            try:
                answer = self._asked(call)
            except BulkheadFull:
                seen.outcome = watching.BULKHEAD_FULL
                raise WeChatBusy from None
            except pybreaker.CircuitBreakerError:
                # Within the call's own try nothing has gone out: definite, and no line in the log for each.
                seen.outcome = watching.BREAKER_OPEN
                raise WeChatUnavailable from None
            if isinstance(answer, Fault):
                raise _refusal(call, answer)
            return answer

    def _asked(self, call: Call) -> dict[str, Any] | Fault:
        with self._entered(call.kind):
            held = self.tokens.token() if call.needs_token else None
            answer = self._answer(call, held)
            if held and isinstance(answer, Fault) and answer.errcode in TOKEN_CODES:
                log.warning("wechat_token_refused", call=call.name, errcode=answer.errcode, rid=answer.rid)
                self.tokens.refused(held)
                answer = self._answer(call, self.tokens.token())
        return answer

    @contextmanager
    def _entered(self, kind: Kind) -> Iterator[None]:
        """Fetching a token happens inside another call, which has been counted already. Raises BulkheadFull."""
        if kind is Kind.TOKEN:
            with self._lanes[kind].bulkhead.entered():
                yield
        else:
            with self._all.entered(), self._lanes[kind].bulkhead.entered():
                yield

    def _answer(self, call: Call, held: HeldToken | None) -> dict[str, Any] | Fault:
        """Of a call that may be repeated, the third answer at the latest."""
        began, tries = time.monotonic(), 1
        answer = self._answer_once(call, held)
        while call.is_repeatable and isinstance(answer, Fault) and answer.errcode in BUSY:
            if tries == TRIES or time.monotonic() - began > GIVE_UP_S:
                break
            time.sleep(random.uniform(0, 0.1 * 2**tries))  # noqa: S311  jitter, not a secret
            tries += 1
            answer = self._answer_once(call, held)
        return answer

    def _answer_once(self, call: Call, held: HeldToken | None) -> dict[str, Any] | Fault:
        """Through the breaker, in the form that does not hold its lock while the call is under way.

        Raises CircuitBreakerError.
        """
        try:
            with self._lanes[call.kind].breaker.calling():
                return _counted(call.read(*self._send(call, held)))
        except _NoAnswer as nothing:
            return nothing.fault

    def _send(self, call: Call, held: HeldToken | None) -> tuple[int, bytes]:
        """Status and body. Raises _NoAnswer, bare: what requests raises has the whole address in it."""
        query = {**({"access_token": held.value} if held else {}), **call.query}
        body = None if call.body is None else json.dumps(call.body, ensure_ascii=False).encode()
        try:
            with self._session.request(
                "GET" if body is None else "POST",
                self._base_url + call.path,
                params=query,
                data=body,
                headers={"Content-Type": "application/json"} if body is not None else {},
                timeout=(CONNECT_S, READ_S),
                allow_redirects=False,
                stream=True,
            ) as response:
                return response.status_code, _read(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            fault = Fault(is_unclear=not _never_left(error))
        raise _NoAnswer(fault)


def _refusal(call: Call, fault: Fault) -> ServiceError:
    """What the call is refused with, told in the log."""
    error = call.unclear if fault.is_unclear else fault.error(call.errors)
    level = logging.ERROR if issubclass(error, WeChatMisconfigured) else logging.WARNING
    log.log(level, "wechat_refused", call=call.name, errcode=fault.errcode, rid=fault.rid, refusal=error.code)
    return error()


def _lane() -> Lane:
    return Lane(Bulkhead(AT_ONCE, WAITING, PATIENCE_S), FAILURES_TO_OPEN, OPEN_S)


def _counted(answer: dict[str, Any] | Fault) -> dict[str, Any] | Fault:
    """The answer, or _NoAnswer raised for the breaker to count."""
    if isinstance(answer, Fault) and answer.errcode in BUSY:
        raise _NoAnswer(answer)
    return answer


def _never_left(error: Exception) -> bool:
    """Whether no connection came about, so that WeChat cannot have seen the request."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, urllib3.exceptions.NewConnectionError)


def _read(response: requests.Response) -> bytes:
    """The body, within its time and size, taken as it comes: a trickle must not outlast the deadline."""
    deadline, body = time.monotonic() + WHOLE_S, bytearray()
    while piece := response.raw.read1(PIECE, decode_content=True):
        body += piece
        if len(body) > MOST_BYTES or time.monotonic() > deadline:
            raise requests.RequestException
    return bytes(body)


def current() -> WeChatClient:
    """The mini-program's client of the configuration in force."""
    settings = configuration.current()
    return _client_of(settings.wechat_appid, settings.wechat_secret, settings.wechat_api_base)


def service_account() -> WeChatClient:
    """The service account's, for pages inside WeChat (H5). Raises WeChatMisconfigured where there is none."""
    settings = configuration.current()
    if not settings.wechat_service_appid:
        raise WeChatMisconfigured
    return _client_of(settings.wechat_service_appid, settings.wechat_service_secret, settings.wechat_api_base)


@cache
def _client_of(appid: str, secret: str, base_url: str) -> WeChatClient:
    return WeChatClient(appid=appid, secret=secret, base_url=base_url)
