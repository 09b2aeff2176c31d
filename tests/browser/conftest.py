"""Phones and desks: real browser contexts, signed in or not, each watched for faults."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import equipment
from tests.browser.watch import Watch
from tests.conftest import Opening
from tests.engines import SQLITE
from tests.house import Caller, House
from tools import clients

ALONE = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Chromium asks nobody anything of its own; root may start it."""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
IN_PUER: dict[str, Any] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
PATIENCE_MS = 15_000
"""Two cores may be busy with the other half of the tests."""

Opened = Callable[..., Page]
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    program = equipment.chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(ALONE))
        yield started
        started.close()


@pytest.fixture(scope="session")
def built() -> None:
    """The phone pages and the console as their sources are."""
    equipment.build(*clients.SERVED)


@pytest.fixture
def engine_name() -> str:
    """Pages do not know which database is below; what hands out places asks for both."""
    return SQLITE


@pytest.fixture
def house(browser: Browser, built: None, open_house: Opening, engine_name: str) -> House:
    """The running product, shared by the tests of a process."""
    return open_house(engine_name)


@pytest.fixture
def watch(house: House) -> Iterator[Watch]:
    """Fails the test for whatever its pages complained of."""
    watching = Watch(house.url)
    yield watching
    assert watching.found == []


@pytest.fixture
def context(browser: Browser, house: House, watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Call it with a kind (PHONE, DESK) and, where somebody is signed in, with a Caller: a browser of their own.

    What opens pages without a signal stands between a page and what a test routes: only a test of it lets it in.
    """
    opened: list[BrowserContext] = []

    def open_one(
        kind: dict[str, Any], who: Caller | None = None, workers: Literal["allow", "block"] = "block"
    ) -> BrowserContext:
        made = browser.new_context(**kind, **IN_PUER, base_url=house.url, service_workers=workers)
        made.set_default_timeout(PATIENCE_MS)
        watch.over(made)
        if who is not None:
            made.add_init_script(remembering(who, kind))
        opened.append(made)
        return made

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def phone(context: Callable[..., BrowserContext]) -> Opened:
    """Call it with a page's path (`pages/class/index?id=7`) and who holds the phone: the page."""

    def open_page(path: str = "pages/index/index", who: Caller | None = None) -> Page:
        page = context(PHONE, who).new_page()
        page.goto(f"/m/#/{path}")
        return page

    return open_page


@pytest.fixture
def desk(context: Callable[..., BrowserContext]) -> Opened:
    """Call it with a path of the console and who sits there: the page."""

    def open_page(path: str = "/", who: Caller | None = None) -> Page:
        page = context(DESK, who).new_page()
        page.goto(f"/console{path}")
        return page

    return open_page


def remembering(who: Caller, kind: dict[str, Any]) -> str:
    """A script that has the browser remember a sign-in, once: what the pages make of it later stays."""
    ends_at = int((time.time() + 3000) * 1000)
    access, refresh = who.tokens["access_token"], who.tokens["refresh_token"]
    if kind is PHONE:
        tokens = {"access": access, "refresh": refresh, "endsAt": ends_at}
        kept = {"gongyun:tokens": tokens, "gongyun:me": who.get("/me")}
    else:
        tokens = {"access": access, "refresh": refresh, "expiresAt": ends_at, "personId": who.person["id"]}
        kept = {"gongyun.console.session": tokens}
    puts = "; ".join(f"localStorage.setItem({json.dumps(k)}, {json.dumps(json.dumps(v))})" for k, v in kept.items())
    # The browser's own viewer of PDFs has no storage.
    once = "location.origin !== 'null' && window.localStorage && !localStorage.getItem('test:begun')"
    return f"if ({once}) {{ localStorage.setItem('test:begun', '1'); {puts} }}"


def button(page: Page, name: str | re.Pattern[str]) -> Any:
    """The button of that name that can be seen: pages below stay in the document."""
    return page.get_by_role("button", name=name, exact=True).locator("visible=true")
