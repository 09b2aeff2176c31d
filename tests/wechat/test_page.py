"""The sandbox's page: messages of the phones, and buttons, without a script."""

import re
from typing import Any

import pytest
import requests

from blueprints.sandbox import page
from blueprints.sandbox.faults import KINDS
from blueprints.sandbox.state import SWITCHES
from service.wechat import subscribe
from service.wechat.sandbox_templates import BOOKING_RESULT, PROGRESS
from tests.wechat.conftest import Served
from tests.wechat.test_subscribe import message


def shown(sandbox: Served) -> str:
    """The page."""
    answer = requests.get(f"{sandbox.url}/sandbox/", timeout=5)
    assert answer.status_code == 200
    return answer.text


def press(sandbox: Served, door: str, /, **form: Any) -> None:
    """Send a form of the page; the page is shown again."""
    answer = requests.post(f"{sandbox.url}/sandbox{door}", data=form, timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.headers.get("Location")) == (303, "/sandbox/"), answer.text


def test_nothing_is_fetched_from_elsewhere_and_no_script_runs(sandbox: Served) -> None:
    answer = requests.get(f"{sandbox.url}/sandbox/", timeout=5)
    assert answer.headers["Content-Security-Policy"] == page.POLICY
    assert "script" not in page.POLICY.replace("default-src 'none'", "")
    assert not re.search(r"<script|\son\w+=|style=|https?://", answer.text)
    assert re.findall(r'(?:src|href)="([^"]+)"', answer.text) == ["/sandbox/page.css"]
    assert requests.get(f"{sandbox.url}/sandbox/page.css", timeout=5).headers["Content-Type"].startswith("text/css")


def test_a_message_is_seen_as_the_phone_got_it(sandbox: Served) -> None:
    assert "还没有消息" in shown(sandbox)
    press(sandbox, "/wx/subscribe", persona="worker-0001", template_ids=BOOKING_RESULT.template_id, answer="accept")
    press(sandbox, "/wx/subscribe", persona="worker-0001", template_ids=PROGRESS.template_id, answer="accept")
    assert "worker-0001：报名结果通知，1次" in shown(sandbox)
    assert "worker-0001：业务办理进度提醒，长期" in shown(sandbox)
    data = {"thing1": "<b>茶艺师班</b>", "thing2": "报名成功"}
    subscribe.send(sandbox.client(), message(data=data, page="pages/booking/show?id=1"))
    text = shown(sandbox)
    for piece in ("报名结果通知", "&lt;b&gt;茶艺师班&lt;/b&gt;", "报名成功", "pages/booking/show?id=1"):
        assert piece in text
    assert "<b>茶艺师班" not in text
    assert "1次" not in text


def test_faults_switches_clock_and_push_are_set_by_buttons(sandbox: Served) -> None:
    press(sandbox, "/faults", path="/sns/jscode2session", kind="timeout", times="2")
    press(sandbox, "/faults", path="*", kind="45011", times="")
    assert "/sns/jscode2session：不回应，2" in shown(sandbox)
    assert "*：每分钟次数用完（45011），一直" in shown(sandbox)
    press(sandbox, "/faults/clear", all="1")
    assert "不回应，2" not in shown(sandbox)
    press(sandbox, "/switches", is_strict="off")
    assert sandbox.box.switches["is_strict"] is False
    press(sandbox, "/clock", seconds="301")
    assert "快 301 秒" in shown(sandbox)
    press(sandbox, "/push/options", mode="plain", format="xml")
    assert (sandbox.box.push.options.mode, sandbox.box.push.options.format) == ("plain", "xml")
    assert '<option value="xml" selected>' in shown(sandbox)


def test_a_form_that_makes_no_sense_is_told(sandbox: Served) -> None:
    answer = requests.post(f"{sandbox.url}/sandbox/clock", data={"seconds": "-5"}, timeout=5)
    assert answer.status_code == 422


def test_every_fault_and_switch_has_its_words() -> None:
    assert set(page.FAULTS) == set(KINDS)
    assert set(page.SWITCHES) == set(SWITCHES)


@pytest.mark.parametrize("path", page.PATHS[1:])
def test_every_path_of_the_page_is_an_endpoint(sandbox: Served, path: str) -> None:
    assert requests.get(f"{sandbox.url}{path}", timeout=5).status_code == 200


def test_who_opens_a_page_inside_wechat_is_chosen_by_a_button(sandbox: Served) -> None:
    assert "打开网页的是 worker-0001" in shown(sandbox)
    press(sandbox, "/wx/page", persona="worker-0042")
    assert "打开网页的是 worker-0042" in shown(sandbox)
