"""A trainer keeps attendance where there is no signal: nothing marked is lost, nothing arrives twice."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import PHONE, Opened, button
from tests.browser.watch import Watch
from tests.house import Caller, House, lesson, wire

API = re.compile(r"/api/v1/")
MARKS = re.compile(r"/api/v1/staff/training/lessons/\d+/attendance$")
WORKERS = (65, 66)


@pytest.fixture
def trainer(house: House) -> Caller:
    """Who teaches every class of these tests."""
    return house.staff("trainer1")


@pytest.fixture
def sitting(house: House) -> tuple[int, list[dict[str, Any]]]:
    """A lesson that begins soon, and who is expected."""
    made = house.publish_class(closes_at=wire(timedelta(minutes=20)), lessons=[lesson(timedelta(minutes=30))])
    people = []
    for number in WORKERS:
        worker = house.worker(number)
        for booking in worker.get("/me/bookings")["items"]:
            if booking["state"] in ("booked", "waitlisted"):
                worker.post(f"/bookings/{booking['id']}/cancel")
        worker.post(f"/training/classes/{made['id']}/bookings")
        people.append(worker.person)
    return made["lessons"][0]["id"], people


def without_signal(route: Route) -> None:
    """As where no cell is near."""
    route.abort("internetdisconnected")


def marks(trainer: Caller, lesson_id: int) -> dict[int, str | None]:
    """What the server has, by person."""
    lines = trainer.get(f"/staff/training/lessons/{lesson_id}/roster")["lines"]
    return {line["worker_id"]: line["state"] for line in lines}


def mark_all(page: Page, people: list[dict[str, Any]]) -> None:
    """Everybody is there."""
    for person in people:
        button(page, f"{person['name']} 到课").click()


def test_marks_made_offline_survive_a_reload_and_arrive_once(
    phone: Opened, trainer: Caller, sitting: tuple[int, list[dict[str, Any]]]
) -> None:
    lesson_id, people = sitting
    page = phone(f"pages/lesson/index?id={lesson_id}", trainer)
    expect(page.get_by_text(people[0]["name"]).first).to_be_visible()
    page.context.route(API, without_signal)
    mark_all(page, people)
    expect(page.get_by_text("2条待发送")).to_be_visible()
    page.reload()
    expect(page.get_by_text("2条待发送")).to_be_visible()
    expect(page.get_by_text(people[0]["name"]).first).to_be_visible()
    assert set(marks(trainer, lesson_id).values()) == {None}

    cut: list[Any] = []

    def cut_the_first_answer(route: Route) -> None:
        sent = route.request.post_data_json
        if cut:
            route.continue_()
        else:
            route.fetch()
            route.abort("connectionreset")
        cut.append(sent)

    page.context.route(MARKS, cut_the_first_answer)
    page.context.unroute(API)
    # The phone tries by itself from time to time; who does not want to wait taps.
    expect(page.get_by_text(re.compile("待发送，已存在"))).to_have_count(0, timeout=60_000)
    assert marks(trainer, lesson_id) == {person["id"]: "present" for person in people}
    assert len(cut) >= 2
    assert len({mark["client_id"] for sent in cut for mark in sent["marks"]}) == len(people)
    for person in people:
        kept = trainer.get(f"/staff/training/lessons/{lesson_id}/marks/{person['id']}")
        assert (kept["mark"]["version"], kept["corrections"]) == (1, [])


def test_the_lesson_opens_where_there_is_no_signal_at_all(
    context: Callable[..., BrowserContext],
    watch: Watch,
    trainer: Caller,
    sitting: tuple[int, list[dict[str, Any]]],
) -> None:
    """Closed in the cellar and opened again there: the page itself comes without the network, with what was marked."""
    lesson_id, people = sitting
    browser = context(PHONE, trainer, workers="allow")
    page = browser.new_page()
    page.goto(f"/m/#/pages/lesson/index?id={lesson_id}")
    expect(page.get_by_text(people[0]["name"]).first).to_be_visible()
    page.evaluate("() => navigator.serviceWorker.ready")
    browser.set_offline(True)
    mark_all(page, people)
    expect(page.get_by_text("2条待发送")).to_be_visible()
    page.close()
    again = browser.new_page()
    again.goto(f"/m/#/pages/lesson/index?id={lesson_id}")
    expect(again.get_by_text(people[0]["name"]).first).to_be_visible()
    expect(again.get_by_text("2条待发送")).to_be_visible()
    browser.set_offline(False)
    expect(again.get_by_text(re.compile("待发送，已存在"))).to_have_count(0, timeout=60_000)
    assert marks(trainer, lesson_id) == {person["id"]: "present" for person in people}
    # Nothing got through meanwhile, which browsers write down.
    watch.found = [line for line in watch.found if "net::ERR_" not in line or "/assets/" in line]
