"""A phone on slow 3G opens the H5 pages for the first time: home is there within four seconds."""

import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests import engines, equipment
from tests.browser.conftest import ALONE, IN_PUER, PHONE
from tests.drills.scene import Verdict
from tests.house import house
from tools import clients

ENGINES = ("sqlite",)
BITS_PER_SECOND, LATENCY_MS = 400_000, 400
LONGEST_SECONDS = 4.0
TIMES = 5
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
SENT = "performance.getEntries().reduce((sum, each) => sum + (each.transferSize || 0), 0)"


def run(engine: str) -> dict[str, Any]:
    """The middle of several first visits: until something is painted, and until home shows its content."""
    equipment.build(clients.PHONE)
    verdict = Verdict()
    with (
        tempfile.TemporaryDirectory(prefix="gongyun-drill-") as folder,
        house(engines.sqlite_url(Path(folder)), Path(folder) / "house") as running,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=equipment.chromium(), args=list(ALONE))
        visits = sorted(_visit(browser, running.url) for _ in range(TIMES))
        browser.close()
    shown, painted, sent = visits[TIMES // 2]
    verdict.figures.update(content_seconds=shown, painted_seconds=painted, kilobytes=round(sent / 1000))
    verdict.expect(shown <= LONGEST_SECONDS, f"home was there after {shown} s")
    return verdict.outcome()


def _visit(browser: Browser, url: str) -> tuple[float, float, int]:
    context = browser.new_context(**PHONE, **IN_PUER, base_url=url)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    slow = {"downloadThroughput": BITS_PER_SECOND / 8, "uploadThroughput": BITS_PER_SECOND / 8}
    wire.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **slow})
    began = time.monotonic()
    page.goto("/m/", wait_until="commit")
    expect(page.get_by_text("茶艺师（五级）").first).to_be_visible(timeout=60_000)
    shown = time.monotonic() - began
    figures = round(shown, 2), round(page.evaluate(PAINTED), 2), int(page.evaluate(SENT))
    context.close()
    return figures
