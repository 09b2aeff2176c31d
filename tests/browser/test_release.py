"""A release under an open page: who still has the old start gets the new one, in the same place."""

import re

from playwright.sync_api import Route, expect

from tests.browser.conftest import Opened
from tests.browser.watch import Watch
from tests.house import House

CODE_OF_CALENDAR = re.compile(r"/assets/pages-calendar-index[^/]*\.js$")
GONE = re.compile("404|dynamically imported module|preload", re.IGNORECASE)


def test_a_phone_with_the_old_start_gets_the_new_one(phone: Opened, house: House, watch: Watch) -> None:
    page = phone("pages/sign-in/index")
    starts: list[str] = []
    page.on("framenavigated", lambda frame: starts.append(frame.url))

    def gone_once(route: Route) -> None:
        if starts and starts[-1].endswith("calendar/index") and len(starts) > 1:
            route.continue_()
        else:
            route.fulfill(status=404, content_type="application/problem+json", body="{}")

    page.context.route(CODE_OF_CALENDAR, gone_once)
    page.evaluate("location.hash = '#/pages/calendar/index'")
    expect(page.get_by_text("请先登录").locator("visible=true")).to_be_visible()
    watch.found[:] = [each for each in watch.found if not GONE.search(each)]
