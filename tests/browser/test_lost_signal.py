"""A signal lost in the middle: the phone never says what it does not know, and asks until it knows."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Opened, button
from tests.house import Caller, House

BOOKING = re.compile(r"/api/v1/training/classes/\d+/bookings$")
WORKER = 61


@dataclass
class Cutting:
    """Lets booking requests reach the server and cuts their answers: so many of them, or all while `is_on`."""

    times: int
    is_on: bool = True
    keys: list[str] = field(default_factory=list)
    answers: list[dict[str, object]] = field(default_factory=list)

    def __call__(self, route: Route) -> None:
        """Handle one request."""
        self.keys.append(route.request.headers["idempotency-key"])
        if not self.is_on or len(self.keys) > self.times:
            route.continue_()
            return
        self.answers.append(route.fetch().json())
        route.abort("connectionreset")


@pytest.fixture
def worker(house: House) -> Caller:
    """Whose bookings begin empty."""
    found = house.worker(WORKER)
    for booking in found.get("/me/bookings")["items"]:
        if booking["state"] in ("booked", "waitlisted"):
            found.post(f"/bookings/{booking['id']}/cancel")
    return found


@pytest.fixture
def at_class(phone: Opened, house: House, worker: Caller) -> Callable[[Cutting], tuple[Page, int]]:
    """Opens the page of a new class on a phone whose answers are cut: the page and the class's id."""

    def open_page(cutting: Cutting) -> tuple[Page, int]:
        class_id = house.publish_class()["id"]
        page = phone(f"pages/class/index?id={class_id}", worker)
        page.context.route(BOOKING, cutting)
        button(page, "立即报名").click()
        return page, class_id

    return open_page


def assert_same_receipt(page: Page, cutting: Cutting, worker: Caller, class_id: int) -> None:
    """The phone shows the receipt of the request whose answer was lost; there is one booking."""
    won = page.get_by_role("alert").filter(has_text="报上了")
    expect(won).to_be_visible(timeout=30_000)
    receipt = cutting.answers[0]["receipt"]
    assert isinstance(receipt, dict)
    expect(won).to_contain_text(str(receipt["sequence"]))
    mine = [each for each in worker.get("/me/bookings")["items"] if each["class_id"] == class_id]
    assert [each["receipt"]["hash"] for each in mine] == [receipt["hash"]]
    assert len(set(cutting.keys)) == 1
    assert all(answer == cutting.answers[0] for answer in cutting.answers)


def test_cut_after_the_server_committed_the_phone_shows_the_same_receipt(
    at_class: Callable[[Cutting], tuple[Page, int]], worker: Caller
) -> None:
    cutting = Cutting(times=2)
    page, class_id = at_class(cutting)
    assert_same_receipt(page, cutting, worker, class_id)
    assert len(cutting.keys) == 3


def test_while_nobody_knows_the_phone_says_so(at_class: Callable[[Cutting], tuple[Page, int]], worker: Caller) -> None:
    cutting = Cutting(times=100)
    page, class_id = at_class(cutting)
    expect(page.get_by_role("alert").filter(has_text="还在确认")).to_be_visible()
    expect(page.get_by_text("没有报上")).to_have_count(0)
    cutting.is_on = False
    assert_same_receipt(page, cutting, worker, class_id)


def test_closed_in_the_middle_it_goes_on_where_it_was(
    at_class: Callable[[Cutting], tuple[Page, int]], worker: Caller
) -> None:
    cutting = Cutting(times=100)
    page, class_id = at_class(cutting)
    expect(page.get_by_role("alert").filter(has_text="还在确认")).to_be_visible()
    cutting.is_on = False
    page.reload()
    assert_same_receipt(page, cutting, worker, class_id)


def test_without_any_signal_it_books_when_the_signal_is_back(phone: Opened, house: House, worker: Caller) -> None:
    class_id = house.publish_class()["id"]
    page = phone(f"pages/class/index?id={class_id}", worker)
    expect(button(page, "立即报名")).to_be_visible()
    page.context.set_offline(True)
    button(page, "立即报名").click()
    expect(page.get_by_role("alert").filter(has_text="还在确认")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("alert").filter(has_text="报上了")).to_be_visible(timeout=30_000)
    assert [each["class_id"] for each in worker.get("/me/bookings")["items"] if each["state"] == "booked"] == [class_id]
