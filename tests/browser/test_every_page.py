"""Every page of both clients, in every state: no complaint of the browser, no serious finding of axe, nothing cut off.

Pictures of all of them are in var/screens afterwards.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import workbooks
from tests.browser import page_tables, states
from tests.browser.conftest import DESK, PHONE
from tests.browser.states import State
from tests.engines import ROOT
from tests.house import Caller, House, lesson, wire

SCREENS = ROOT / "var" / "screens"
REFUSED = re.compile("您的角色打不开这个页面")
BUSY = "[aria-busy=true], .bones, .el-skeleton, .el-loading-mask"
TRAINERS = ("pages/lesson", "pages/duties")
NOBODYS = ("pages/sign-in", "/sign-in")
WIDER = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
WORKER = 21
"""In the running class."""
REFUSED_AID, AIDED, ASKER, TIPPER = 50, 52, 65, 62
"""Of the demo data: aid was refused; a case in hand with files, a hearing, messages; a consultation; a tip by name."""
OWN_PAGES = {
    "pages/aid-case/objection": "refused_aid",
    "pages/aid-case": "aided",
    "pages/consultations": "asker",
    "pages/tips": "tipper",
}
"""The beginning of a phone's page -> whose it is; what is first here counts."""
DESKS = {
    "/audit": "auditor",
    "/labour-tips": "supervisor",
    **dict.fromkeys(("/consultations", "/holidays", "/legal-", "/published-answers"), "legal"),
}
"""The beginning of a console's path -> whose desk it is on."""


@dataclass(frozen=True, slots=True)
class World:
    """One of everything, and who looks at it."""

    people: dict[str, Caller]
    queries: dict[str, str]
    ids: dict[str, object]

    def who(self, path: str) -> Caller | None:
        """Whose page it is."""
        if path.startswith(NOBODYS):
            return None
        if path.startswith("/"):
            return self.people[next((name for beginning, name in DESKS.items() if path.startswith(beginning)), "city")]
        found = next((name for beginning, name in OWN_PAGES.items() if path.startswith(beginning)), "worker")
        return self.people["trainer" if path.startswith(TRAINERS) else found]


worlds: dict[str, World] = {}


@pytest.fixture
def world(house: House) -> World:
    """Made once in a process."""
    if house.url not in worlds:
        worlds[house.url] = one_of_everything(house)
    return worlds[house.url]


def one_of_everything(house: House) -> World:
    """What the pages that show one thing are opened with."""
    city, worker = house.staff("city"), house.worker(WORKER)
    node = city.get("/me")["roles"][0]["node"]["id"]
    made = house.publish_class(closes_at=wire(timedelta(minutes=40)), lessons=[lesson(timedelta(minutes=50))])
    told = city.post("/staff/announcements", {"node_id": node, "title": "放假通知", "body": "国庆放假三天"})
    city.post(f"/staff/announcements/{told['id']}/send", {"version": told["version"]})
    draft = city.post("/staff/announcements", {"node_id": node, "title": "培训预告", "body": "下月开班"})
    case = house.newcomer("newcomer-0001").post(
        "/me/binding/disputes",
        {"kind": "not_listed", "name": "张三", "id_number": "53080219900101000X", "phone": "13900005678",
         "note": "刚入职", "node_id": node},
    )  # fmt: skip
    people = {"city": city, "worker": worker, "auditor": house.staff("auditor"), "trainer": house.staff("trainer1")}
    people |= {
        "refused_aid": house.worker(REFUSED_AID), "aided": house.worker(AIDED), "asker": house.worker(ASKER),
        "tipper": house.worker(TIPPER),
    }  # fmt: skip
    people |= {"legal": house.staff("legal1"), "supervisor": house.staff("labour2")}
    lesson_id = made["lessons"][0]["id"]
    return World(
        people,
        {
            "pages/class/index": f"id={made['id']}",
            "pages/announcement/index": f"id={told['id']}",
            "pages/lesson/index": f"id={lesson_id}",
            "pages/lesson/code": f"id={lesson_id}",
        }
        | legal_aid_queries(people),
        {
            "classes": made["id"],
            "lessons": lesson_id,
            "courses": made["course_id"],
            "people": worker.person["id"],
            "binding-cases": case["id"],
            "announcements": draft["id"],
            "imports": upload(city, node),
            "accounts": city.get("/staff/accounts")["items"][0]["person_id"],
            "legal-aid": opening(people["legal"]),
            "consultations": first(people["legal"], "/staff/legal-aid/consultations")["consultation"]["id"],
            "labour-tips": first(people["supervisor"], "/staff/labour-tips")["tip"]["id"],
        },
    )


def legal_aid_queries(people: dict[str, Caller]) -> dict[str, str]:
    """What the pages of a worker's case, consultation and tip are opened with."""
    case = f"case={first(people['aided'], '/me/legal-aid/cases')['id']}"
    refused = first(people["refused_aid"], "/me/legal-aid/cases")
    asked = first(people["asker"], "/me/legal-aid/consultations")
    begun = people["worker"].post("/me/legal-aid/cases", {"matter": "wages"})
    return {f"pages/aid-case/{each}": case for each in ("complaints", "index", "messages", "papers")} | {
        "pages/aid-case/objection": f"case={refused['id']}",
        "pages/answers/answer": f"answer={first(people['asker'], '/legal-aid/answers')['id']}",
        "pages/consultations/index": f"consultation={asked['id']}",
        "pages/legal-aid/apply": f"case={begun['id']}",
        "pages/tips/tip": f"tip={first(people['tipper'], '/me/labour-tips')['id']}",
    }


def opening(office: Caller) -> object:
    """The id of a case that may be opened."""
    lines = office.get("/staff/legal-aid/cases", per_page=100)["items"]
    return next(line["case"]["id"] for line in lines if line["may_open"])


def first(who: Caller, path: str) -> Any:
    """The first line of a list."""
    return who.get(path)["items"][0]


def upload(city: Caller, node: int) -> str:
    """The id of an import that waits to be accepted."""
    file = {"file": ("职工.xlsx", workbooks.workers(workbooks.worker(1, "530802")))}
    form = {"kind": "workers", "node": str(node)}
    answer = city.session.post(f"{city.base}/staff/imports", data=form, files=file, timeout=30)
    assert answer.status_code < 300, answer.text
    found: str = answer.json()["id"]
    return found


def settle(page: Page) -> None:
    """Return once the page has what it asked for."""
    page.wait_for_load_state("networkidle")
    expect(page.locator(BUSY).locator("visible=true")).to_have_count(0)


def look(page: Page, path: str, state: State, kind: str) -> list[str]:
    """What is wrong with the page in this state."""
    settle(page)
    picture = SCREENS / kind / state / f"{page_tables.file_name(path)}.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=picture)
    wrong = states.serious(page.evaluate(states.FINDINGS))
    if (wider := page.evaluate(WIDER)) > 0:
        wrong.append(f"{wider} px wider than the screen")
    if page.get_by_text(REFUSED).count():
        wrong.append("refused to who was to see it")
    return [f"{path} {state}: {each}" for each in wrong]


Contexts = Callable[..., BrowserContext]


def sweep(context: Contexts, world: World, kind: str, state: State, paths: list[str]) -> list[str]:
    """Look at these pages, each with an empty memory; what they ask for is cached between them."""
    wrong: list[str] = []
    size, prefix = (PHONE, "/m/#/") if kind == "phone" else (DESK, "/console")
    people: dict[Any, BrowserContext] = {}
    for path in paths:
        who = world.who(path)
        if who not in people:
            people[who] = context(size, who)
            states.bring_about(people[who], state)
        page = people[who].new_page()
        try:
            page.goto(f"{prefix}{path}")
            wrong += look(page, path, state, kind)
        finally:
            page.close()
    return wrong


@pytest.mark.parametrize("state", State)
def test_every_page_of_the_phone(context: Contexts, world: World, state: State) -> None:
    wrong = sweep(context, world, "phone", state, page_tables.phone_pages(world.queries))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("state", [each for each in State if each is not State.LARGE])
def test_every_page_of_the_console(context: Contexts, world: World, state: State) -> None:
    wrong = sweep(context, world, "console", state, page_tables.console_paths(world.ids))
    assert not wrong, "\n".join(wrong)


def test_the_pictures_are_not_committed() -> None:
    assert "var/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert Path("var/screens") == SCREENS.relative_to(ROOT)
