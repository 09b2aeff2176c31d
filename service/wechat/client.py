"""Calling api.weixin.qq.com. Short time-outs, a bulkhead and a breaker; nothing secret in a log or an exception.

jscode2session is never tried again: its code works once, and a time-out does not tell whether it was used.
"""

import logging
import time
from functools import cache

import pybreaker
import requests
import structlog

from service.core import configuration
from service.wechat.answers import ERRORS, Fault, LoginSession, read_login
from service.wechat.bulkhead import Bulkhead, BulkheadFull
from service.wechat.errors import WeChatBusy, WeChatMisconfigured

CONNECT_S = 1.0
READ_S = 2.0
WHOLE_S = 3.0
MOST_BYTES = 64 * 1024
AT_ONCE = 8
WAITING = 8
PATIENCE_S = 0.5
FAILURES_TO_OPEN = 5
OPEN_S = 10
BUSY_CODES = (-1, None)

log = structlog.get_logger("wechat")
# At DEBUG, urllib3 logs whole addresses, and WeChat wants the secret in the address.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class _NoAnswer(Exception):
    """No answer, or a server that is unwell: what the breaker counts. Carries nothing of the request."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


class WeChatClient:
    """One mini-program at one address. A process has one, shared by its threads."""

    def __init__(self, *, appid: str, secret: str, base_url: str) -> None:
        self._appid = appid
        self._secret = secret
        self._base_url = base_url.rstrip("/")
        self._session = requests.Session()
        self._bulkhead = Bulkhead(AT_ONCE, WAITING, PATIENCE_S)
        self._breaker = pybreaker.CircuitBreaker(fail_max=FAILURES_TO_OPEN, reset_timeout=OPEN_S)

    def exchange_login_code(self, code: str) -> LoginSession:
        """Who is behind a code of wx.login.

        Raises LoginCodeInvalid, LoginBlocked, WeChatBusy, WeChatUnavailable, WeChatMisconfigured.
        """
        try:
            with self._bulkhead.entered():
                answer = self._ask_login(code)
        except BulkheadFull:
            raise WeChatBusy from None
        if isinstance(answer, LoginSession):
            return answer
        level = logging.ERROR if ERRORS.get(answer.errcode or 0) is WeChatMisconfigured else logging.WARNING
        log.log(level, "wechat_refused", call="jscode2session", errcode=answer.errcode, rid=answer.rid)
        raise answer.error

    def _ask_login(self, code: str) -> LoginSession | Fault:
        """Through the breaker, in the form that does not hold its lock while the call is under way."""
        try:
            with self._breaker.calling():
                return self._login_answer(code)
        except _NoAnswer as nothing:
            return nothing.fault
        except pybreaker.CircuitBreakerError:
            return Fault()

    def _login_answer(self, code: str) -> LoginSession | Fault:
        query = {
            "appid": self._appid,
            "secret": self._secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        answer = read_login(*self._get("/sns/jscode2session", query))
        if isinstance(answer, Fault) and answer.errcode in BUSY_CODES:
            raise _NoAnswer(answer)
        return answer

    def _get(self, path: str, query: dict[str, str]) -> tuple[int, bytes]:
        """Status and body. Raises _NoAnswer, bare: what requests raises has the whole address in it."""
        try:
            with self._session.get(
                self._base_url + path,
                params=query,
                timeout=(CONNECT_S, READ_S),
                allow_redirects=False,
                stream=True,
            ) as response:
                return response.status_code, _read(response)
        except requests.RequestException:
            pass
        raise _NoAnswer(Fault())


def _read(response: requests.Response) -> bytes:
    """The body, within its time and size. Raises RequestException.

    Byte by byte, as answers are short: a larger piece is waited for until it is whole, and a trickle never ends.
    """
    deadline, body = time.monotonic() + WHOLE_S, bytearray()
    for piece in response.iter_content(1):
        body += piece
        if len(body) > MOST_BYTES or time.monotonic() > deadline:
            raise requests.RequestException
    return bytes(body)


def current() -> WeChatClient:
    """The client of the configuration in force."""
    settings = configuration.current()
    return _client_of(settings.wechat_appid, settings.wechat_secret, settings.wechat_api_base)


@cache
def _client_of(appid: str, secret: str, base_url: str) -> WeChatClient:
    return WeChatClient(appid=appid, secret=secret, base_url=base_url)
