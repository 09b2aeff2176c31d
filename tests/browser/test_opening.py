"""Twenty phones at the opening of a class: each learns for certain what it got, and the database says the same."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.engines import ENGINES
from tests.house import House, lesson

PHONES = 20
OPENS_IN = timedelta(seconds=40)
GET_READY = """address => {
  location.hash = address
  const names = ['准备好，到点自动报名', '立即报名']
  const found = () => [...document.querySelectorAll('uni-button')].find(
    (each) => each.offsetParent && names.includes(each.innerText.trim()))
  const look = () => { const button = found(); button ? button.click() : setTimeout(look, 50) }
  look()
}"""
"""To be done on all phones at once: nobody waits for the phone before."""
TOLD = re.compile(r"报上了|候补第 \d+ 位|没有报上")
OUTCOMES_MS = 90_000


@pytest.fixture
def pages(phone: Opened, house: House) -> list[Page]:
    """Twenty workers, each with a phone in hand."""
    opened = [phone("pages/index/index", house.worker(number)) for number in range(1, PHONES + 1)]
    for page in opened:
        page.wait_for_load_state("networkidle")
    return opened


def rush(house: House, pages: list[Page], **plan: Any) -> tuple[list[str], Counter[str]]:
    """All of them get ready for the opening of a new class: what each is told, and what staff see in the roster."""
    for page in pages:
        page.evaluate("location.hash = '#/pages/index/index'; location.reload()")
    for page in pages:
        expect(page.get_by_role("heading", level=1, name="您好").locator("visible=true")).to_be_visible()
    made = house.publish_class(opens_in=OPENS_IN, **plan)
    for page in pages:
        page.evaluate(GET_READY, f"#/pages/class/index?id={made['id']}")
    said = [told(page, made["title"]) for page in pages]
    path = f"/staff/training/classes/{made['id']}/bookings"
    booked = house.staff("city").get(path, per_page=100)["items"]
    return said, Counter(each["state"] for each in booked)


def told(page: Page, title: str) -> str:
    """What the phone says became of that class, once it is certain."""
    heading = page.get_by_role("heading", level=1, name=title).locator("visible=true")
    expect(heading).to_be_visible(timeout=OUTCOMES_MS)
    alert = page.get_by_role("alert").filter(has_text=TOLD).locator("visible=true")
    expect(alert).to_be_visible(timeout=OUTCOMES_MS)
    return alert.inner_text()


@pytest.mark.parametrize("engine_name", ENGINES)
def test_at_an_opening_each_phone_learns_for_certain_what_it_got(house: House, pages: list[Page]) -> None:
    said, seen = rush(house, pages, capacity=50)
    assert [each for each in said if "报上了" not in each] == []
    assert seen == {"booked": PHONES}
    numbers = {number[1] for each in said if (number := re.search(r"流水号\s*(\d+)", each))}
    assert len(numbers) == PHONES

    said, seen = rush(house, pages, capacity=5, waiting_capacity=10, lessons=[lesson(timedelta(days=35))])
    assert sum("报上了" in each for each in said) == 5
    positions = sorted(int(found[1]) for each in said if (found := re.search(r"候补第 (\d+) 位", each)))
    assert positions == list(range(1, 11))
    refused = [each for each in said if "没有报上" in each]
    assert len(refused) == 5
    assert all("满" in each for each in refused)
    assert seen == {"booked": 5, "waitlisted": 10}
    house.server.flask("audit", "bookings")
