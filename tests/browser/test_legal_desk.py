"""A case at the desk: from handed in to closed by intake and lawyer, two at once, and who is barred from it."""

import io
import re
import secrets
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.engines import ENGINES
from tests.house import Caller, House

WORKER, COLLEAGUE = 111, 113
REASON = "包工头说下个月再给，已经拖了三个月"
FORM: dict[str, dict[str, Any]] = {
    "matter": {"matter": "wages", "reason": REASON, "claims": "要回三个月工资"},
    "person": {"name": "岩温", "phone": "13900007777", "address": "思茅区", "worker_category": "migrant"},
    "employer": {"employer_name": "示例窗口茶厂", "employer_address": "示例工业园"},
    "means": {"hardship": "none"},
    "people": {"people_count": 1},
}
KEPT = "JSON.stringify([Object.entries(localStorage), location.href, document.title])"
IN_TAB = "JSON.stringify(Object.entries(sessionStorage))"


def handed_in(worker: Caller, begun: dict[str, Any] | None = None, **employer: str) -> dict[str, Any]:
    """A case handed in."""
    case = begun or worker.post("/me/legal-aid/cases", {"matter": "wages", "county_code": "530802"})
    for step, part in FORM.items():
        said = part | (employer if step == "employer" else {}) | {"version": case["version"]}
        case = worker.put(f"/me/legal-aid/cases/{case['id']}/{step}", said)
    sent: dict[str, Any] = worker.post(f"/me/legal-aid/cases/{case['id']}/submit", {"version": case["version"]})
    return sent


@pytest.fixture
def worker(house: House) -> Caller:
    """A worker without a case that goes on."""
    found = house.worker(WORKER)
    for case in found.get("/me/legal-aid/cases")["items"]:
        if case["state"] in ("submitted", "supplementing", "reviewing", "objecting"):
            found.post(f"/me/legal-aid/cases/{case['id']}/withdraw")
    return found


def open_case(desk: Opened, house: House, login: str, case: dict[str, Any]) -> Page:
    """The case's page on somebody's desk."""
    page = desk(f"/legal-aid/cases/{case['id']}", house.staff(login))
    expect(page.get_by_role("heading", level=1)).to_contain_text(case["number"])
    return page


def deed(page: Page, name: str) -> Any:
    """Begin a deed: its dialog."""
    page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()
    dialog = page.get_by_role("dialog").locator("visible=true")
    expect(dialog).to_be_visible()
    return dialog


def send(dialog: Any, name: str) -> None:
    """Do it, and see it done."""
    dialog.get_by_role("button", name=name, exact=True).click()
    expect(dialog).to_be_hidden()


def choose_article(dialog: Any, article: str) -> None:
    """Name the article."""
    box = dialog.get_by_role("combobox", name="依据的条款")
    box.fill(article)
    box.press("Enter")
    box.press("Escape")


@pytest.mark.parametrize("engine_name", ENGINES)
def test_a_case_goes_from_handed_in_to_closed(desk: Opened, house: House, worker: Caller) -> None:
    case = handed_in(worker)
    page = open_case(desk, house, "legal2", case)
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.get_by_text("本地规定")).to_be_visible()
    dialog = deed(page, "开始审查")
    expect(dialog.get_by_text("工作人员已开始审查您的申请。")).to_be_visible()
    send(dialog, "开始审查")
    expect(page.get_by_text("您正在办理")).to_be_visible()
    dialog = deed(page, "给予援助")
    choose_article(dialog, "法律援助法第三十一条")
    dialog.get_by_label("理由").fill("请求支付劳动报酬，符合条件")
    assert "符合条件" not in page.evaluate(KEPT)
    send(dialog, "给予援助")
    dialog = deed(page, "指派承办人")
    dialog.get_by_text("示例思茅律师").first.click()
    send(dialog, "指派承办人")
    assert "符合条件" not in page.evaluate(IN_TAB)

    lawyer = open_case(desk, house, "lawyer2", case)
    send(deed(lawyer, "开始办理"), "开始办理")
    lawyer.get_by_label("写给职工的话").fill("请带上工资条")
    lawyer.get_by_role("button", name="发给职工").click()
    expect(lawyer.get_by_text("请带上工资条")).to_be_visible()
    dialog = deed(lawyer, "办结")
    dialog.get_by_text("和解、调解").click()
    dialog.get_by_label("挽回金额（元）").fill("12,000.50")
    send(dialog, "办结")
    expect(lawyer.get_by_text("挽回 12,000.50 元")).to_be_visible()

    seen = worker.get(f"/me/legal-aid/cases/{case['id']}")
    said = [step["text"] for step in seen["steps"]]
    for words in ("您的申请已收到", "工作人员开始审查", "决定给予援助", "已指派承办人", "案件办结"):
        assert words in said
    assert seen["result"]["amount_fen"] == 1_200_050


def test_who_comes_second_sees_who_has_it(desk: Opened, house: House, worker: Caller) -> None:
    case = handed_in(worker)
    intake, path = house.staff("legal2"), f"/staff/legal-aid/cases/{case['id']}"
    version = intake.post(f"{path}/take", {"version": case["version"]})["version"]
    order = {"articles": ["法律援助法第三十一条"], "reason": "符合条件", "version": version}
    version = intake.post(f"{path}/grant", order)["version"]
    intake.post(f"{path}/assign", {"handler_id": house.staff("lawyer2").person["id"], "version": version})
    lawyer = open_case(desk, house, "lawyer2", case)
    deed(lawyer, "开始办理")
    supervisor = open_case(desk, house, "legal2", case)
    expect(supervisor.get_by_text("示例思茅律师正在办理")).to_be_visible()
    expect(supervisor.get_by_role("button", name="更换承办人")).to_have_count(0)
    lawyer.get_by_role("dialog").get_by_role("button", name="先不").click()
    lawyer.get_by_role("button", name="交还").click()
    expect(lawyer.get_by_text("现在没有人在办理")).to_be_visible()
    supervisor.reload()
    supervisor.get_by_role("button", name="我来办理").click()
    expect(supervisor.get_by_text("您正在办理")).to_be_visible()
    listed = desk("/legal-aid/cases", house.staff("legal1"))
    listed.goto(f"/console/legal-aid/cases?number={case['number']}")
    expect(listed.get_by_text("不能打开，找示例思茅律师")).to_be_visible()
    sealed = desk(f"/legal-aid/cases/{case['id']}", house.staff("legal1"))
    expect(sealed.get_by_text("这个案件您只能看到编号和日期")).to_be_visible()
    assert REASON not in sealed.content()


def test_a_change_meanwhile_is_told_and_no_word_is_lost(desk: Opened, house: House, worker: Caller) -> None:
    case = handed_in(worker)
    page = open_case(desk, house, "legal2", case)
    send(deed(page, "开始审查"), "开始审查")
    dialog = deed(page, "不予援助")
    dialog.get_by_label("理由").fill("先写在这里")
    choose_article(dialog, "法律援助法第三十一条")
    office, path = house.staff("legal2"), f"/staff/legal-aid/cases/{case['id']}"
    version = office.get(path)["case"]["version"]
    office.post(f"{path}/missing", {"papers": ["wages"], "note": "", "version": version})
    dialog.get_by_role("button", name="不予援助", exact=True).click()
    expect(dialog.get_by_text("这期间同事动过这个案件")).to_be_visible()
    expect(dialog.get_by_text(re.compile("示例思茅法援窗口：还缺材料"))).to_be_visible()
    expect(dialog.get_by_label("理由")).to_have_value("先写在这里")


def a_paper(kind: str) -> bytes:
    """A small picture, or a PDF of one page."""
    file = io.BytesIO()
    Image.new("RGB", (320, 200), (90, 120, 160)).save(file, kind)
    return file.getvalue()


def test_a_picture_is_looked_at_in_place_and_a_pdf_in_a_tab_of_its_own(
    desk: Opened, house: House, worker: Caller
) -> None:
    begun = worker.post("/me/legal-aid/cases", {"matter": "wages", "county_code": "530802"})
    papers = {"工资条.jpg": a_paper("JPEG"), "劳动合同.pdf": a_paper("PDF")}
    for name, content in papers.items():
        said = {"kind": "paper", "paper": "wages", "name": name, "size": len(content)}
        file = worker.post(f"/me/legal-aid/cases/{begun['id']}/files", said)
        pieces = f"{worker.base}/me/legal-aid/files/{file['id']}/pieces"
        sent = worker.session.post(pieces, data={"start": 0}, files={"piece": ("p", content)}, timeout=30)
        assert sent.json()["state"] == "ready"
    page = open_case(desk, house, "legal2", handed_in(worker, begun))
    page.get_by_role("button", name="看工资条.jpg").click()
    picture = page.get_by_role("dialog").get_by_role("img", name="工资条.jpg")
    expect(picture).to_be_visible()
    assert picture.evaluate("(seen) => seen.decode().then(() => seen.naturalWidth)") == 320
    page.keyboard.press("Escape")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="看劳动合同.pdf").click()
    assert opened.value.url.startswith("blob:")
    assert opened.value.evaluate("document.contentType") == "application/pdf"
    opened.value.close()
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载劳动合同.pdf").click()
    assert saved.value.path().read_bytes() == papers["劳动合同.pdf"]
    assert saved.value.suggested_filename.endswith(".pdf")


def of_the_employer(house: House, worker: Caller) -> Caller:
    """Somebody in the roster of an employer who is given the office's role."""
    city = house.staff("city")
    login = f"clerk-{secrets.token_hex(3)}"
    opened = city.post(
        "/staff/accounts", {"login": login, "name": None, "person_id": worker.person["id"], "node_id": None}
    )
    node = house.staff("legal2").get("/me")["roles"][0]["node"]["id"]
    account = opened["account"]["id"]
    city.post(f"/staff/accounts/{account}/roles", {"role": "legal_staff", "node_id": node})
    first = replace(house, password=opened["password"]).staff(login)
    first.put("/auth/password", {"current": opened["password"], "new": house.password})
    return house.staff(login)


def test_a_member_of_the_employers_staff_does_not_even_see_the_line(desk: Opened, house: House, worker: Caller) -> None:
    colleague = house.worker(COLLEAGUE)
    employer = colleague.get("/me")["person"]["employer"]["name"]
    case = handed_in(worker, employer_name=employer)
    barred = of_the_employer(house, colleague)
    page = desk(f"/legal-aid/cases/{case['id']}", barred)
    expect(page.get_by_role("heading", level=1)).to_have_text("这个案件您看不到")
    listed = desk("/legal-aid/cases", barred)
    expect(listed.get_by_role("link", name=re.compile("530802-")).first).to_be_visible()
    page.goto(f"/console/legal-aid/cases?number={case['number']}")
    expect(page.get_by_text("没有符合条件的")).to_be_visible()
