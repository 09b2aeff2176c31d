"""What a page is shown with: as it is, nothing at all, a server in trouble, no signal, text twice as large."""

import json
from enum import StrEnum
from typing import Any

from playwright.sync_api import BrowserContext, Route

from tools import clients

API = "**/api/v1/**"
AXE = clients.CLIENT / "console" / "node_modules" / "axe-core" / "axe.min.js"
WHO_ONE_IS = ("/api/v1/me", "/api/v1/staff/policy")
"""Without an answer to these a page does not even begin."""
PROBLEM: dict[str, Any] = {
    "type": "/docs/errors#service.unavailable", "title": "Service Unavailable", "status": 503,
    "detail": "系统繁忙，请稍后再试", "code": "service.unavailable", "details": {}, "request_id": "0123456789abcdef",
}  # fmt: skip
SERIOUS = ("serious", "critical")
FINDINGS = """async () => {
  const found = await axe.run(document, {
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  })
  return found.violations.map(({ id, impact, nodes }) =>
    ({ id, impact, where: nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + node.failureSummary) }))
}"""


class State(StrEnum):
    """How the world stands while a page is looked at."""

    READY = "ready"
    EMPTY = "empty"
    ERROR = "error"
    OFFLINE = "offline"
    LARGE = "large"


def bring_about(context: BrowserContext, state: State) -> None:
    """Have every page of the context meet the world in this state."""
    context.add_init_script(path=AXE)
    if state is State.EMPTY:
        context.route(API, _emptied)
    elif state is State.ERROR:
        context.route(API, _in_trouble)
    elif state is State.OFFLINE:
        context.route(API, _without_signal)
    elif state is State.LARGE:
        context.add_init_script("location.origin === 'null' || localStorage.setItem('gongyun:text-scale', '2')")


def serious(findings: list[dict[str, Any]]) -> list[str]:
    """What axe found of what keeps people out."""
    return [f"{each['id']}: {'; '.join(each['where'])}" for each in findings if each["impact"] in SERIOUS]


def _is_let_through(route: Route) -> bool:
    return (
        route.request.method != "GET"
        or route.request.url.partition("/api/")[2].startswith(
            tuple(path.partition("/api/")[2] for path in WHO_ONE_IS[1:])
        )
        or route.request.url.endswith(WHO_ONE_IS[0])
    )


def _emptied(route: Route) -> None:
    if _is_let_through(route):
        route.continue_()
        return
    answer = route.fetch()
    body = answer.json() if "json" in answer.headers.get("content-type", "") else None
    if isinstance(body, dict) and "items" in body:
        route.fulfill(response=answer, body=json.dumps({**body, "items": [], "total": 0}))
    else:
        route.fulfill(response=answer)


def _in_trouble(route: Route) -> None:
    if _is_let_through(route):
        route.continue_()
    else:
        headers = {"Content-Type": "application/problem+json", "Retry-After": "1"}
        route.fulfill(status=503, headers=headers, body=json.dumps(PROBLEM))


def _without_signal(route: Route) -> None:
    if _is_let_through(route):
        route.continue_()
    else:
        route.abort("internetdisconnected")
