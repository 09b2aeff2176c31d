"""The main job through the pages: sign in, publish, see it, book, give back, take over, check in."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened, button
from tests.house import Caller, House, lesson, wire

GIVER, TAKER = 62, 63


@pytest.fixture(autouse=True)
def free(house: House) -> None:
    """The two hold nothing."""
    for number in (GIVER, TAKER):
        cancel_all(house.worker(number))


def cancel_all(worker: Caller) -> None:
    """Give everything back."""
    for booking in worker.get("/me/bookings")["items"]:
        if booking["state"] in ("booked", "waitlisted"):
            worker.post(f"/bookings/{booking['id']}/cancel")


def test_a_worker_signs_in_and_is_asked_for_consent_once(phone: Opened) -> None:
    page = phone("pages/sign-in/index")
    page.locator("input:visible").fill("worker-0064")
    button(page, "登录").click()
    expect(page).to_have_url(re.compile("pages/consent/index"))
    page.locator("uni-button:visible").last.click()
    expect(page).not_to_have_url(re.compile("pages/(consent|sign-in)"))
    expect(page.get_by_text("首页").first).to_be_visible()


def test_staff_sign_in_with_account_and_password(desk: Opened, house: House) -> None:
    page = desk("/classes")
    expect(page).to_have_url(re.compile(r"/console/sign-in\?next="))
    page.get_by_label("账号").fill("city")
    page.get_by_label("密码").fill(house.password)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile(r"/console/classes$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("班次"))


def test_what_staff_publish_is_seen_on_the_phone(desk: Opened, phone: Opened, house: House) -> None:
    city = house.staff("city")
    draft = house.publish_class()
    copied = city.post(f"/staff/training/classes/{draft['id']}/copy", {"shift_days": 7})
    page = desk(f"/classes/{copied['id']}", city)
    page.get_by_role("button", name="发布", exact=True).click()
    confirmation = page.get_by_role("dialog").get_by_role("button", name=re.compile("发布|确定"))
    confirmation.click()
    expect(page.get_by_text(re.compile("已发布|报名中")).first).to_be_visible()
    on_phone = phone(f"pages/class/index?id={copied['id']}", house.worker(GIVER))
    expect(on_phone.get_by_role("heading", level=1)).to_have_text(draft["title"])


def test_a_place_given_back_is_offered_and_taken(phone: Opened, house: House) -> None:
    giver, taker = house.worker(GIVER), house.worker(TAKER)
    made = house.publish_class(capacity=1, waiting_capacity=5)
    giver.post(f"/training/classes/{made['id']}/bookings")
    taker.post(f"/training/classes/{made['id']}/bookings")
    waiting = phone("pages/bookings/index", taker)
    expect(waiting.get_by_text("候补第 1 位")).to_be_visible()
    giving = phone("pages/bookings/index", giver)
    button(giving, "取消报名").click()
    giving.get_by_role("dialog").get_by_role("button", name="取消报名").click()
    expect(giving.get_by_text("取消报名").locator("visible=true")).to_have_count(0)
    waiting.reload()
    button(waiting, "我要这个名额").click()
    expect(waiting.get_by_text("轮到您了")).to_have_count(0)
    assert [each["state"] for each in taker.get("/me/bookings")["items"] if each["class_id"] == made["id"]] == [
        "booked"
    ]
    house.server.flask("audit", "bookings")


def test_a_worker_checks_in_with_the_code_on_the_screen(phone: Opened, desk: Opened, house: House) -> None:
    worker = house.worker(TAKER)
    made = house.publish_class(closes_at=wire(timedelta(minutes=20)), lessons=[lesson(timedelta(minutes=30))])
    worker.post(f"/training/classes/{made['id']}/bookings")
    screen = desk(f"/lessons/{made['lessons'][0]['id']}/screen", house.staff("trainer1"))
    digits = screen.get_by_text(re.compile(r"^\d{3}\s?\d{3}$"))
    expect(digits).to_be_visible()
    page = phone("pages/check-in/index", worker)
    page.locator("input:visible").fill(re.sub(r"\s", "", digits.inner_text()))
    button(page, "签到").click()
    expect(page.get_by_role("alert").filter(has_text="✓")).to_be_visible()
    expect(screen.get_by_text(re.compile(r"1\s*/\s*1")).first).to_be_visible()


def test_staff_who_follow_a_link_to_nothing_are_told_where_to_go(desk: Opened, house: House) -> None:
    page = desk("/classes/999999999", house.staff("city"))
    expect(page.get_by_role("heading", name="没有找到这个班次")).to_be_visible()
    expect(page.get_by_text("左边的菜单")).to_be_visible()
    expect(page.get_by_role("button", name="再试一次")).to_have_count(0)


def test_a_trainer_finds_todays_lessons_on_the_first_page(phone: Opened, house: House) -> None:
    page = phone("pages/index/index", house.staff("trainer1"))
    button(page, re.compile("今天的课")).click()
    expect(page).to_have_url(re.compile("pages/lessons/index"))
    back = page.get_by_role("button", name="返回").locator("visible=true")
    box = back.bounding_box()
    assert box is not None
    # A finger beside the arrow hits it too.
    page.mouse.click(box["x"] + box["width"] + 8, box["y"] + box["height"] + 7)
    expect(page).to_have_url(re.compile("pages/index/index|/m/#/$"))


@pytest.mark.parametrize("path", ["/classes", "/lessons", "/people"])
def test_at_twice_the_text_size_no_button_leaves_the_console(desk: Opened, house: House, path: str) -> None:
    page = desk(path, house.staff("city"))
    page.set_viewport_size({"width": 720, "height": 450})
    expect(page.get_by_role("table")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
