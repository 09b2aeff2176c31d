"""Addresses from outside: no order takes one, and no answer of WeChat's or the SMS gateway's leads us elsewhere.

A WeChat that redirects to a server inside our network: nothing arrives there. The control follows redirects.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from service.core import clock
from service.core.errors import ServiceError
from service.identity.sms import Gateway
from service.wechat import client, login
from tests.bench.stage import Stage, stage
from tests.drills.scene import Verdict, control
from tests.wechat.servers import RawServer, raw_server, says

ADDRESS = re.compile(r"(^|_)(url|uri|href|host|callback|redirect|webhook)s?($|_)")
ELSEWHERE = ("https://evil.example/x", "http://169.254.169.254/latest", "file:///etc/passwd", "//evil.example")


def run(engine: str) -> dict[str, Any]:
    """How many fields were looked at, what was asked of the inner server, where redirects lead."""
    verdict = Verdict()
    inner_says = says({"openid": "o" * 28, "session_key": "x" * 24})
    with raw_server(inner_says) as inner:
        away = says(b"", status="302 Found", more=f"Location: {inner.url}/inside\r\n")
        with raw_server(away) as wechat, stage(engine, WECHAT_API_BASE=wechat.url) as made:
            _takes_no_address(verdict, made)
            made.server.start("web")
            _leads_nowhere(verdict, made)
            answer = requests.post(f"{made.server.url}/api/v1/auth/wechat", json={"code": "c0de"}, timeout=20)
            verdict.figures["sign_in"] = answer.json()["code"]
            verdict.expect(answer.status_code == 503, f"a redirected WeChat was answered {answer.status_code}")
            _text(wechat)
            verdict.figures.update(redirects=len(wechat.requests), asked_inside=len(inner.requests))
            verdict.expect(len(wechat.requests) >= 2, "WeChat and the gateway were not asked")
            verdict.expect(not inner.requests, f"asked inside: {inner.requests[:1]}")
            with made.app.app_context(), control(verdict, "following", lambda: _is_led(inner)):
                pass
    return verdict.outcome()


def _takes_no_address(verdict: Verdict, made: Stage) -> None:
    """Nothing that comes in is an address: by its name or by what it says it is."""
    with made.app.app_context():
        document = made.app.test_client().get("/openapi.json").get_json()
    names = list(_incoming(document))
    taken = sorted({name for name, form in names if ADDRESS.search(name) or form in ("uri", "url", "hostname")})
    verdict.figures.update(fields=len(names), addresses=taken)
    verdict.expect(len(names) > 100, f"{len(names)} fields found")
    verdict.expect(not taken, f"taken from outside: {taken}")


def _incoming(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, format) of every parameter and of every field of a body."""
    for path in document["paths"].values():
        for name, operation in path.items():
            if name == "parameters":
                yield from ((each["name"], each["schema"].get("format", "")) for each in operation if "name" in each)
                continue
            for each in operation.get("parameters", ()):
                if "name" in each:
                    yield each["name"], each["schema"].get("format", "")
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield from _fields(document, content["schema"])


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    schema = _resolved(document, schema)
    for name, field in schema.get("properties", {}).items():
        inner = _resolved(document, field)
        yield name, str(inner.get("format", ""))
        yield from _fields(document, _resolved(document, inner.get("items", inner)))


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    named: str = schema.get("$ref", "")
    found: dict[str, Any] = document["components"]["schemas"][named.rpartition("/")[2]] if named else schema
    return found


def _leads_nowhere(verdict: Verdict, made: Stage) -> None:
    """Whatever address is asked for, a redirect of ours stays with us."""
    led = []
    for elsewhere in ELSEWHERE:
        for path in (f"/?next={elsewhere}", f"//{elsewhere.rpartition('//')[2]}", f"/docs?url={elsewhere}", "/docs/"):
            answer = requests.get(made.server.url + path, allow_redirects=False, timeout=10)
            target = answer.headers.get("Location", "")
            if target.startswith(("//", "http")) and not target.startswith(made.server.url):
                led.append(f"{path} -> {target}")
    verdict.expect(not led, f"led elsewhere: {led[:3]}")


def _text(gateway: RawServer) -> None:
    """A gateway that redirects has sent nothing, and the number goes nowhere else."""
    try:
        Gateway(gateway.url, "s" * 32).send("13800001234", "482913", minutes=5)
    except ServiceError:
        return
    raise AssertionError(f"a redirect was taken for sent at {clock.now()}")


def _is_led(inner: RawServer) -> bool:
    with _following():
        login.exchange_code(client.current(), "c0de")
    return bool(inner.requests)


@contextmanager
def _following() -> Iterator[None]:
    """The guard off: redirects are followed."""
    guard = requests.Session.request

    def request(self: Any, *given: Any, **named: Any) -> requests.Response:
        return guard(self, *given, **{**named, "allow_redirects": True})

    requests.Session.request = request  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        requests.Session.request = guard  # type: ignore[method-assign]
