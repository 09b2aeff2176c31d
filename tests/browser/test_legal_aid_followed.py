"""After filing, on the phone: a refusal is objected to, papers are supplemented, a tip of nobody's is followed."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Opened, button
from tests.house import Caller, House
from tests.make_legal_aid import picture

APPLICANT, TIPPER = 101, 102
ARTICLE, REASON = "法律援助法第三十一条", "您与对方是承揽关系"
FORM: dict[str, dict[str, Any]] = {
    "matter": {"matter": "wages", "reason": "干了三个月活没有给钱", "claims": "要回三个月工资"},
    "person": {"name": "岩温", "phone": "13900007777", "address": "思茅区", "worker_category": "migrant"},
    "employer": {"employer_name": "示例茶厂", "employer_address": "示例工业园"},
    "means": {"hardship": "none"},
    "people": {"people_count": 1},
}


@pytest.fixture
def applicant(house: House) -> Caller:
    """A worker without a case that goes on."""
    worker = house.worker(APPLICANT)
    for case in worker.get("/me/legal-aid/cases")["items"]:
        if case["state"] in ("submitted", "supplementing", "reviewing", "objecting"):
            worker.post(f"/me/legal-aid/cases/{case['id']}/withdraw")
    return worker


def submitted(worker: Caller) -> dict[str, Any]:
    """A case handed in."""
    case = worker.post("/me/legal-aid/cases", {"matter": "wages", "county_code": "530802"})
    for step, part in FORM.items():
        case = worker.put(f"/me/legal-aid/cases/{case['id']}/{step}", part | {"version": case["version"]})
    handed_in: dict[str, Any] = worker.post(f"/me/legal-aid/cases/{case['id']}/submit", {"version": case["version"]})
    return handed_in


def decide(house: House, case: dict[str, Any], *deeds: tuple[str, dict[str, Any]]) -> None:
    """What the office does, one deed after the other."""
    office, version = house.staff("legal2"), case["version"]
    for deed, order in deeds:
        version = office.post(f"/staff/legal-aid/cases/{case['id']}/{deed}", order | {"version": version})["version"]


def text_box(page: Page, name: str) -> Any:
    """The text box of that name that can be seen."""
    return page.get_by_role("textbox", name=name, exact=True).locator("visible=true")


def test_a_refusal_is_read_and_objected_to(phone: Opened, house: House, applicant: Caller) -> None:
    case = submitted(applicant)
    decide(house, case, ("take", {}), ("refuse", {"articles": [ARTICLE], "reason": REASON}))
    page = phone("pages/aid-case/list", applicant)
    expect(page.get_by_text(f"案号 {case['number']}")).to_be_visible()
    button(page, "看进度").first.click()
    expect(page.get_by_text(f"依据：{ARTICLE}")).to_be_visible()
    expect(page.get_by_text(f"理由：{REASON}")).to_be_visible()
    button(page, "我不服，提出异议").click()
    text_box(page, "理由").fill("我每天打卡上班，是劳动关系")
    page.reload()
    expect(text_box(page, "理由")).to_have_value("我每天打卡上班，是劳动关系")
    button(page, "提交异议").click()
    expect(page.get_by_text("您的异议", exact=True).locator("visible=true")).to_be_visible()
    expect(page.get_by_text(re.compile("答复期限：.+还有")).locator("visible=true")).to_be_visible()
    opened = applicant.get(f"/me/legal-aid/cases/{case['id']}")
    assert (opened["case"]["state"], len(opened["objections"])) == ("objecting", 1)


def test_what_is_missing_is_supplemented(phone: Opened, house: House, applicant: Caller) -> None:
    case = submitted(applicant)
    decide(house, case, ("missing", {"papers": ["wages", "contract"], "note": "工资条要三个月的"}))
    page = phone(f"pages/aid-case/index?case={case['id']}", applicant)
    expect(page.get_by_text("还没交", exact=True).locator("visible=true")).to_have_count(2)
    button(page, "去补材料").click()
    button(page, "上传工资凭证").click()
    with page.expect_file_chooser() as chosen:
        button(page, "从相册选").click()
    chosen.value.set_files({"name": "工资条.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    expect(page.get_by_text("已有1份").locator("visible=true")).to_be_visible()
    expect(page.get_by_text(re.compile("正在上传|等待上传")).locator("visible=true")).to_have_count(0)
    button(page, "材料交齐了").click()
    asked = page.get_by_role("dialog")
    expect(asked.get_by_text(re.compile("还没有交：劳动合同"))).to_be_visible()
    asked.get_by_role("button", name="交给援助窗口").click()
    expect(page.get_by_text("审查中", exact=True).locator("visible=true")).to_be_visible()
    expect(page.get_by_text("已交", exact=True).locator("visible=true")).to_have_count(1)
    opened = applicant.get(f"/me/legal-aid/cases/{case['id']}")
    assert opened["case"]["state"] == "reviewing"
    assert [(each["paper"], each["state"]) for each in opened["files"]] == [("wages", "ready")]


def test_a_tip_is_given_as_nobody_and_followed_by_its_code(phone: Opened, house: House) -> None:
    tipper = house.worker(TIPPER)
    page = phone("pages/tips/give", tipper)
    sent: list[Request] = []
    page.context.on("request", lambda each: sent.append(each) if "/api/v1/labour-tips" in each.url else None)
    page.get_by_role("radio", name="拖欠工资").locator("visible=true").click()
    text_box(page, "哪个单位").fill("示例茶厂")
    text_box(page, "发生了什么").fill("拖欠工资两个月")
    button(page, "匿名提交").click()
    shown = page.get_by_label("查询码", exact=True).locator("visible=true")
    expect(shown).to_have_text(re.compile(r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$"))
    code = shown.inner_text()
    ask_the_tipper(house, "还有几个人被拖欠？")

    page.goto("/m/#/pages/tips/claim")
    text_box(page, "查询码").fill(code.lower().replace("-", " "))
    button(page, "查进展").click()
    expect(page.get_by_text("还有几个人被拖欠？").locator("visible=true").first).to_be_visible()
    text_box(page, "您的回答").fill("十二个人")
    button(page, "回答").click()
    expect(page.get_by_text("您回答了问题").locator("visible=true")).to_be_visible()
    expect(page.get_by_text("十二个人").locator("visible=true")).to_be_visible()

    assert len(sent) >= 4
    for each in sent:
        assert_names_nobody(each, tipper)
    assert tipper.get("/me/labour-tips")["items"] == []


def ask_the_tipper(house: House, words: str) -> None:
    """The committee asks about the newest tip of nobody's."""
    supervisor = house.staff("labour1")
    lines = supervisor.get("/staff/labour-tips", state="received", per_page=100)["items"]
    tips = sorted((each["tip"]["received_at"], each["tip"]["id"]) for each in lines if each["tip"]["is_anonymous"])
    supervisor.post(f"/staff/labour-tips/{tips[-1][1]}/ask", {"words": words})


def assert_names_nobody(request: Request, who: Caller) -> None:
    """Neither a token nor a cookie nor anything of the person's is in the request."""
    headers = request.all_headers()
    assert not {"authorization", "cookie"} & headers.keys()
    whole = f"{request.url} {request.post_data} {headers}"
    for secret in (*who.tokens.values(), who.person["name"]):
        assert secret not in whole
    assert "person" not in (request.post_data or "")
