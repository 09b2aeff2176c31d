"""Consultation and labour-law supervision at the desk: an answer made public without identities, a tip up to 建议书."""

import re
import secrets
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.house import Caller, House

ASKER = 71
WORDS = "老板欠了三个月工资，打电话13900005678也不接"
KEPT = "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), location.href, document.title])"


def asked(house: House) -> str:
    """The id of a fresh question."""
    order = {"matter": "wages", "county_code": "530802", "words": WORDS}
    found: str = house.worker(ASKER).post("/me/legal-aid/consultations", order)["id"]
    return found


def close_all(worker: Caller) -> None:
    """So many questions may wait at once."""
    for each in worker.get("/me/legal-aid/consultations")["items"]:
        if each["state"] != "closed":
            worker.post(f"/me/legal-aid/consultations/{each['id']}/close")


@pytest.fixture(autouse=True)
def free(house: House) -> None:
    """Nothing of hers waits."""
    close_all(house.worker(ASKER))


def test_an_answer_is_made_public_without_identities(desk: Opened, house: House) -> None:
    page = desk(f"/consultations/{asked(house)}", house.staff("lawyer1"))
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.locator("#answer").fill("先向劳动监察投诉，也可以申请仲裁。")
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.get_by_text("已答复").first).to_be_visible()
    title = f"拖欠工资找谁{secrets.token_hex(3)}"
    publish(page, title, "某职工被欠薪，老板电话13900005678不通，怎么办？")
    expect(page.get_by_role("alert").filter(has_text="文字里有一个手机号")).to_be_visible()
    assert "13900005678" not in page.evaluate(KEPT)
    publish(page, title, "某职工被拖欠三个月工资，老板联系不上，怎么办？")
    shown = page.get_by_role("article").filter(has_text=title)
    expect(shown).to_be_visible()
    shown.get_by_role("button", name=f"撤下“{title}”").click()
    expect(shown).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(shown).to_be_visible()
    assert [each["title"] for each in house.worker(ASKER).get("/legal-aid/answers", q=title)["items"]] == [title]


def publish(page: Page, title: str, question: str) -> None:
    """Fill the second text in and send it."""
    page.get_by_label("标题").fill(title)
    page.locator("#publish-question").fill(question)
    page.locator("#publish-answer").fill("可以向劳动监察投诉，也可以申请劳动仲裁，注意一年的时效。")
    page.get_by_role("button", name="公开", exact=True).click()


def test_what_is_half_written_outlives_the_page_but_is_in_no_store(desk: Opened, house: House) -> None:
    page = desk(f"/consultations/{asked(house)}", house.staff("lawyer1"))
    page.locator("#answer").fill("先收集工资流水")
    page.get_by_role("navigation").get_by_role("link", name="法律咨询").first.click()
    expect(page).to_have_url(re.compile(r"/consultations$"))
    page.go_back()
    expect(page.locator("#answer")).to_have_value("先收集工资流水")
    assert "工资流水" not in page.evaluate(KEPT)


def test_whose_question_it_is_not_is_told_why_it_may_not_open(desk: Opened, house: House) -> None:
    page = desk("/consultations/019ac000-0000-7000-8000-000000000000", house.staff("lawyer1"))
    expect(page.get_by_role("heading", level=1)).to_have_text("这次咨询您看不到")
    expect(page.get_by_text(re.compile("要回避"))).to_be_visible()


@pytest.fixture
def tip(house: House) -> dict[str, Any]:
    """One given by nobody: its number and claim code."""
    order = {"matter": "wages", "employer_name": "示例茶厂", "words": "夜班工资拖了两个月", "county_code": "530802"}
    answer = requests.post(f"{house.url}/api/v1/labour-tips", json=order, timeout=30)
    assert answer.status_code < 300, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_an_anonymous_tip_is_taken_to_the_last_letter_and_closed(
    desk: Opened, house: House, tip: dict[str, Any]
) -> None:
    page = desk("/labour-tips?is_open=true", house.staff("labour2"))
    page.get_by_role("link", name=tip["number"]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(tip["number"])
    expect(page.get_by_text(re.compile("系统里没有记下是谁"))).to_be_visible()
    page.get_by_role("button", name="开始核查").click()
    page.get_by_role("button", name="问反映人").click()
    in_dialog(page, "欠的是哪几个月？", "发出")
    check_on_site(page)
    for name in ("提示函", "意见书"):
        issue(page, name, "示例茶厂")
        page.get_by_role("button", name=f"登记回复：{name}").click()
        in_dialog(page, "正在筹款", "登记")
    issue(page, "建议书", "人力资源和社会保障局")
    paper = page.get_by_role("button", name="下载 Word：建议书")
    with page.expect_download() as taken:
        paper.click()
    assert taken.value.suggested_filename.endswith(".docx")
    page.get_by_role("button", name="结案", exact=True).click()
    page.get_by_role("dialog").get_by_text("部分整改").click()
    in_dialog(page, "已补发一个月", "结案")
    expect(page.get_by_text("结案：部分整改")).to_be_visible()
    claimed = requests.post(
        f"{house.url}/api/v1/labour-tips/claim", json={"claim_code": tip["claim_code"]}, timeout=30
    ).json()
    assert claimed["tip"]["state"] == "closed"
    assert "示例茶厂" not in page.evaluate(KEPT)


def check_on_site(page: Page) -> None:
    """Two supervisors, cards shown."""
    page.get_by_role("button", name="登记现场核查").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("示例市劳动法律监督员").click()
    expect(dialog.get_by_role("button", name="登记", exact=True)).to_be_disabled()
    dialog.get_by_text("示例思茅劳动法律监督员").click()
    dialog.get_by_text("核查时出示了监督员证").click()
    dialog.locator("#check-found").fill("查工资表，十二人未发")
    dialog.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("查工资表，十二人未发")).to_be_visible()


def issue(page: Page, name: str, addressee: str) -> None:
    """Write a letter and send it."""
    page.get_by_role("button", name=f"发{name}", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.locator("#letter-addressee").fill(addressee)
    dialog.locator("#letter-facts").fill("十二人两个月未发工资")
    dialog.locator("#letter-demands").fill("补发工资，书面回复")
    dialog.get_by_role("button", name="发出", exact=True).click()
    expect(page.get_by_role("region", name=name)).to_be_visible()


def in_dialog(page: Page, words: str, deed: str) -> None:
    """Say why and do it."""
    dialog = page.get_by_role("dialog").locator("visible=true")
    dialog.locator("#reason-text").fill(words)
    dialog.get_by_role("button", name=deed, exact=True).click()
    expect(dialog).to_have_count(0)
