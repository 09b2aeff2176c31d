"""Into legal aid on the phone: from what happened to an application handed in, over a lost signal and a closed page."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Opened, button
from tests.browser.states import API
from tests.engines import ENGINES
from tests.house import Caller, House

PIECES = re.compile(r"/api/v1/me/legal-aid/files/[\w-]+/pieces$")
START = re.compile(rb'name="start"\r\n\r\n(\d+)')
WORKER = 71


@dataclass
class Cutting:
    """Lets so many pieces of a file through, then none while `is_on`."""

    lets: int
    is_on: bool = True
    starts: list[int] = field(default_factory=list)

    def __call__(self, route: Route) -> None:
        """Handle one piece."""
        found = START.search(route.request.post_data_buffer or b"")
        assert found is not None
        if self.is_on and len(self.starts) >= self.lets:
            route.abort("connectionreset")
            return
        self.starts.append(int(found[1]))
        route.continue_()


@pytest.fixture
def worker(house: House) -> Iterator[Caller]:
    """Who has no application begun, and none in the office's hands afterwards."""
    found = house.worker(WORKER)
    discard_drafts(found)
    yield found
    for case in found.get("/me/legal-aid/cases")["items"]:
        if case["state"] == "submitted":
            found.post(f"/me/legal-aid/cases/{case['id']}/withdraw")


def discard_drafts(worker: Caller) -> None:
    """Throw away what was begun."""
    for case in worker.get("/me/legal-aid/cases")["items"]:
        if case["state"] == "draft":
            worker.session.delete(f"{worker.base}/me/legal-aid/cases/{case['id']}", timeout=30).raise_for_status()


def photo() -> dict[str, Any]:
    """A photo as a phone takes it: large, with much in it."""
    written = io.BytesIO()
    Image.effect_noise((2600, 1900), 90).convert("RGB").save(written, "JPEG", quality=90)
    return {"name": "工资条.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def a_year_ago_but(days: int) -> str:
    """The day on which she left, so that a year's limit runs out in so many days or a little more."""
    return (datetime.now(UTC) + timedelta(hours=8) - timedelta(days=365 - days)).date().isoformat()


def answer_questions(page: Page) -> None:
    """Wages, left almost a year ago, nothing begun, from the country, alone."""
    button(page, "拖欠工资").click()
    button(page, "不在了").click()
    page.locator("input:visible").fill(a_year_ago_but(4))
    button(page, "下一题").click()
    button(page, "没有，跳过").click()
    for answer in ("还没开始", "是", "都没有", "就我一个", "不是"):
        button(page, answer).click()
    expect(page.get_by_text("只剩").locator("visible=true")).to_be_visible()


def case_id(page: Page) -> str:
    """The id of the case whose application is on the screen."""
    expect(page).to_have_url(re.compile(r"pages/legal-aid/apply\?case="))
    return page.url.partition("case=")[2]


def fill_in(page: Page) -> None:
    """Every step up to the papers."""
    page.locator("textarea:visible").nth(0).fill("在工地干了三个月，老板说没钱。")
    page.locator("textarea:visible").nth(1).fill("要回三个月工资9000元")
    button(page, "下一步").click()
    expect(page.get_by_text("身份已认证").locator("visible=true")).to_be_visible()
    button(page, "下一步").click()
    page.locator("input:visible").first.fill("普洱某建筑公司")
    button(page, "下一步").click()
    expect(page.get_by_text("法律援助法第四十二条第三项").locator("visible=true")).to_be_visible()
    button(page, "下一步").click()
    button(page, "就我一个人").click()
    button(page, "下一步").click()
    expect(page.get_by_text("要准备的材料").locator("visible=true")).to_be_visible()


def send_photo(page: Page) -> None:
    """Choose a photo of the wage slip."""
    button(page, "上传工资凭证").click()
    with page.expect_file_chooser() as choosing:
        button(page, "从相册选").click()
    choosing.value.set_files([photo()])


def test_the_questions_are_answered_by_nobody_and_kept_over_a_closed_page(phone: Opened) -> None:
    page = phone("pages/legal-aid/index")
    button(page, "被辞退").click()
    expect(page.get_by_text("哪天被辞退").locator("visible=true")).to_be_visible()
    page.locator("input:visible").fill("2099-01-01")
    button(page, "下一题").click()
    expect(page.get_by_role("alert").filter(has_text="不能晚于今天")).to_be_visible()
    page.locator("input:visible").fill(a_year_ago_but(100))
    button(page, "下一题").click()
    button(page, "没有，跳过").click()
    button(page, "上一题").click()
    button(page, "上一题").click()
    expect(page.locator("input:visible")).to_have_value(a_year_ago_but(100))
    button(page, "下一题").click()
    button(page, "没有，跳过").click()
    again = page.context.new_page()
    page.close()
    again.goto("/m/#/pages/legal-aid/index")
    button(again, "接着上次的回答").click()
    for answer in ("还没开始", "不是", "收入低，日子紧", "10个人以上", "是"):
        button(again, answer).click()
    expect(again.get_by_role("heading", name="被辞退、被逼离职")).to_be_visible()
    expect(again.get_by_role("alert").filter(has_text="先行提供援助")).to_be_visible()
    expect(again.get_by_text("要说明", exact=True)).to_be_visible()
    paper = again.get_by_role("checkbox").filter(has_text="离职材料")
    paper.click()
    again.reload()
    expect(again.get_by_role("checkbox").filter(has_text="离职材料")).to_have_attribute("aria-checked", "true")
    expect(button(again, "登录，申请援助")).to_be_visible()


@pytest.mark.parametrize("engine_name", ENGINES)
def test_wages_are_claimed_with_a_photo_sent_over_a_lost_signal_and_a_closed_page(
    phone: Opened, worker: Caller
) -> None:
    page = phone("pages/legal-aid/index", worker)
    answer_questions(page)
    button(page, "申请援助（免费）").click()
    case = case_id(page)
    fill_in(page)
    cutting = Cutting(lets=2)
    page.context.route(PIECES, cutting)
    send_photo(page)
    expect(page.get_by_text(re.compile(r"等待上传，已传 [1-9]\d?%"))).to_be_visible(timeout=30_000)
    assert len(cutting.starts) == 2

    again = page.context.new_page()
    page.close()
    cutting.is_on = False
    again.goto("/m/#/pages/legal-aid/index")
    again.get_by_role("link").filter(has_text="接着填").click()
    expect(again.get_by_text("已有1份")).to_be_visible(timeout=30_000)
    # Nothing that had arrived was sent again.
    assert cutting.starts == sorted(set(cutting.starts))
    assert len(cutting.starts) > 2

    button(again, "下一步").click()
    expect(again.get_by_text("在工地干了三个月，老板说没钱。")).to_be_visible()
    button(again, "提交申请").click()
    expect(again.get_by_role("alert").filter(has_text="申请已收到")).to_be_visible()
    kept = worker.get(f"/me/legal-aid/cases/{case}")
    expect(again.get_by_text(kept["case"]["number"])).to_be_visible()
    assert kept["case"]["state"] == "submitted"
    assert kept["case"]["limitation_on"] is not None
    assert [(each["paper"], each["media_type"], each["state"]) for each in kept["files"]] == [
        ("wages", "image/jpeg", "ready")
    ]
    button(again, "看我的案件").click()
    expect(again).to_have_url(re.compile(rf"pages/aid-case/index\?case={case}"))


def test_what_is_written_without_a_signal_is_kept_and_sent_later(phone: Opened, worker: Caller) -> None:
    case = worker.post("/me/legal-aid/cases", {"matter": "wages"})["id"]
    page = phone(f"pages/legal-aid/apply?case={case}", worker)
    page.locator("textarea:visible").nth(0).fill("工资拖了半年")
    page.context.route(API, lambda route: route.abort("internetdisconnected"))
    button(page, "下一步").click()
    expect(page.get_by_text("先存在这部手机里")).to_be_visible(timeout=30_000)
    page.context.unroute(API)
    page.reload()
    button(page, "上一步").click()
    expect(page.locator("textarea:visible").nth(0)).to_have_value("工资拖了半年")
    button(page, "下一步").click()
    expect(page.get_by_text("身份已认证").locator("visible=true")).to_be_visible()
    assert worker.get(f"/me/legal-aid/cases/{case}")["form"]["reason"] == "工资拖了半年"
    discard_drafts(worker)


def test_a_step_changed_elsewhere_is_offered_not_written_over(phone: Opened, worker: Caller) -> None:
    case = worker.post("/me/legal-aid/cases", {"matter": "wages"})
    page = phone(f"pages/legal-aid/apply?case={case['id']}", worker)
    page.locator("textarea:visible").nth(0).fill("这部手机上写的")
    worker.put(
        f"/me/legal-aid/cases/{case['id']}/matter",
        {"version": case["version"], "matter": "wages", "reason": "另一部手机上写的"},
    )
    button(page, "下一步").click()
    asked = page.get_by_role("dialog").filter(has_text="这一步在别处改过了")
    expect(asked).to_contain_text("另一部手机上写的")
    expect(asked).to_contain_text("这部手机上写的")
    button(page, "用这部手机上写的").click()
    expect(page.get_by_text("身份已认证").locator("visible=true")).to_be_visible()
    assert worker.get(f"/me/legal-aid/cases/{case['id']}")["form"]["reason"] == "这部手机上写的"
    discard_drafts(worker)
