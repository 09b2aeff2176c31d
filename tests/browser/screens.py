"""`make screens`: the README's pictures, taken from demo data into docs/screens."""

import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import engines, equipment
from tests.browser.conftest import ALONE, DESK, IN_PUER, PHONE, button, remembering
from tests.engines import ROOT
from tests.house import Caller, House, house, lesson, wire
from tools import clients

FOLDER = ROOT / "docs" / "screens"
COLOURS = 128
"""Few enough for a small file, enough for flat colours and text."""
Deed = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Camera:
    """Opens pages of the running product and takes their pictures."""

    browser: Browser
    url: str

    def take(self, name: str, path: str, who: Caller, do: Deed | None = None) -> None:
        """The picture of that name: the page as `who` sees it, once `do` has been done on it."""
        kind = PHONE if path.startswith("/m/") else DESK
        context = self.browser.new_context(**kind, **IN_PUER, base_url=self.url)
        context.add_init_script(remembering(who, kind))
        page = context.new_page()
        page.goto(path)
        page.wait_for_load_state("networkidle")
        if do is not None:
            do(page)
        file = FOLDER / f"{name}.png"
        page.screenshot(path=file)
        context.close()
        with Image.open(file) as picture:
            small = picture.convert("RGB").quantize(COLOURS)
        small.save(file, optimize=True)


def main() -> int:
    """Take them all; a second run writes over the first."""
    equipment.build(*clients.SERVED)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="gongyun-screens-") as folder,
        house(engines.sqlite_url(Path(folder)), Path(folder) / "house") as running,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=equipment.chromium(), args=list(ALONE))
        _take_all(browser, running)
        browser.close()
    return 0


def _take_all(browser: Browser, running: House) -> None:
    worker, city, trainer = running.worker(1), running.staff("city"), running.staff("trainer1")
    soon = running.publish_class(
        title="茶艺师夜校", closes_at=wire(timedelta(minutes=40)), lessons=[lesson(timedelta(minutes=50))]
    )
    for number in range(2, 14):
        running.worker(number).post(f"/training/classes/{soon['id']}/bookings")
    grabbed = running.publish_class(
        title="茶艺师周末班", closes_at=wire(timedelta(days=5)), lessons=[lesson(timedelta(days=9))]
    )
    first = soon["lessons"][0]["id"]
    wronged, case = _case_in_hand(running)

    camera = Camera(browser, running.url)
    camera.take("phone-home", "/m/#/pages/index/index", worker)
    camera.take("phone-classes", "/m/#/pages/classes/index", worker)
    camera.take("phone-grabbed", f"/m/#/pages/class/index?id={grabbed['id']}", worker, _grab)
    camera.take("phone-roster", f"/m/#/pages/lesson/index?id={first}", trainer)
    camera.take("phone-legal-aid", "/m/#/pages/legal-aid/index", wronged)
    camera.take("phone-case", f"/m/#/pages/aid-case/index?case={case}", wronged)
    camera.take("console-overview", "/console/", city)
    camera.take("console-class", f"/console/classes/{soon['id']}/roster", city)
    camera.take("console-screen", f"/console/lessons/{first}/screen", trainer)
    camera.take("console-legal-desk", "/console/legal-aid", running.staff("legal1"))


def _case_in_hand(running: House) -> tuple[Caller, str]:
    """A demo worker whose case a lawyer works on, and its id."""
    for number in range(41, 60):
        worker = running.worker(number)
        for case in worker.get("/me/legal-aid/cases")["items"]:
            if case["state"] == "working":
                return worker, case["id"]
    raise LookupError("no demo case is being worked on")


def _grab(page: Page) -> None:
    button(page, "立即报名").click()
    page.get_by_role("alert").filter(has_text=re.compile("报上了")).wait_for()


if __name__ == "__main__":
    sys.exit(main())
