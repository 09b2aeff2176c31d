"""Legal aid over HTTP: the triage without a token, files as attachments, the same key twice, nothing kept."""

import io
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from service.core.db import db
from service.core.idempotency import StoredAnswer
from service.legal_aid.models import AidCase
from tests import make_legal_aid as aid
from tests.http.scene import LEGAL, NOBODY, WORKER, Scene

ANSWERS = {
    "matter": "wages", "employed": "no", "ended_on": "2026-01-05", "claimed_on": "", "step": "none", "migrant": "yes",
    "hardship": "none", "people": "alone", "escaping": "no",
}  # fmt: skip


def test_the_triage_answers_without_a_token_and_keeps_nothing(scene: Scene) -> None:
    questions = scene.ask(NOBODY, "GET", "~/legal-aid/triage").get_json()["items"]
    assert questions[0]["code"] == "matter"
    assert all(len(each["text"]) <= 40 for each in questions)
    before = db.session.scalar(select(func.count()).select_from(AidCase))
    found = scene.send(NOBODY, "POST", "~/legal-aid/triage", json={"answers": ANSWERS})
    body = found.get_json()
    assert body["means"]["article"] == "法律援助法第四十二条第三项"
    assert {"ends_on", "days_left", "is_red"} <= set(body["terms"][0])
    assert db.session.scalar(select(func.count()).select_from(AidCase)) == before
    wrong = scene.ask(NOBODY, "POST", "~/legal-aid/triage", json={"answers": ANSWERS | {"people": "many"}})
    assert wrong.get_json(force=True)["code"] == "legal_aid.triage_unfinished"


def test_a_file_comes_back_as_an_attachment_under_a_name_of_ours(scene: Scene) -> None:
    names = ("../../etc/passwd", "photo.jpg\r\nX-Evil: 1", "a" * 200, "<script>.jpg")
    for name in names:
        content = aid.picture()
        coming = {"kind": "paper", "paper": "wages", "name": name, "size": len(content)}
        file = scene.send(WORKER, "POST", "~/me/legal-aid/cases/{aid_draft}/files", json=coming).get_json()
        form = {"start": "0", "piece": (io.BytesIO(content), "piece")}
        sent = scene.send(
            WORKER, "POST", f"~/me/legal-aid/files/{file['id']}/pieces", data=form, content_type="multipart/form-data"
        )
        assert sent.get_json()["state"] == "ready"
        answer = scene.ask(WORKER, "GET", f"~/me/legal-aid/files/{file['id']}")
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment;")
        assert "passwd" not in disposition
        assert "script" not in disposition
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.mimetype == "image/jpeg"


def test_what_is_no_picture_is_refused_whatever_it_is_called(scene: Scene) -> None:
    content = b"<html><script>alert(1)</script></html>"
    coming = {"kind": "paper", "paper": "wages", "name": "photo.jpg", "size": len(content)}
    file = scene.send(WORKER, "POST", "~/me/legal-aid/cases/{aid_draft}/files", json=coming).get_json()
    form = {"start": "0", "piece": (io.BytesIO(content), "photo.jpg", "image/jpeg")}
    answer = scene.send(
        WORKER, "POST", f"~/me/legal-aid/files/{file['id']}/pieces", data=form, content_type="multipart/form-data"
    )
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (422, "legal_aid.file_kind")


def test_the_same_key_hands_in_once_and_its_answer_is_sealed(scene: Scene) -> None:
    order: dict[str, Any] = {
        "json": {"version": scene.versions["aid_draft"]}, "headers": {"Idempotency-Key": "submit-1"}
    }  # fmt: skip
    first, again = (scene.send(WORKER, "POST", "~/me/legal-aid/cases/{aid_draft}/submit", **order) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert first.data == again.data
    number = first.get_json()["number"].encode()
    assert all(number not in row.answer_sealed for row in db.session.scalars(select(StoredAnswer)))


def test_the_intake_opens_a_case_and_its_list_tells_no_word_and_no_name(scene: Scene) -> None:
    opened = scene.ask(LEGAL, "GET", "~/staff/legal-aid/cases/{aid_case}").get_json()
    assert opened["form"]["reason"].startswith("干了三个月")
    assert opened["rights"] == ["add", "assign", "decide", "file", "list", "read"]
    listed = scene.ask(LEGAL, "GET", "~/staff/legal-aid/cases?per_page=100").text
    for word in ("干了三个月", "岩温", f"姓名{WORKER}"):
        assert word not in listed


def test_a_field_nobody_asked_for_is_refused_by_name(client: FlaskClient, scene: Scene) -> None:
    order = {"matter": "wages", "state": "granted", "handler_id": 1}
    answer = scene.ask(WORKER, "POST", "~/me/legal-aid/cases", json=order)
    assert answer.status_code == 422
    assert {"state", "handler_id"} <= set(answer.get_json(force=True)["details"])


def test_an_article_is_a_law_and_its_article_and_holds_no_words_of_the_case(scene: Scene) -> None:
    """Articles are kept unsealed; what was told in confidence belongs into the reason."""
    order = {"articles": ["张三三个月没发工资"], "reason": "不符合", "version": 1}
    answer = scene.send(LEGAL, "POST", "~/staff/legal-aid/cases/{aid_reviewing}/refuse", json=order)
    assert answer.status_code == 422
    assert answer.get_json()["details"]["articles"]["0"] == ["请写法律名和条款，例如：法律援助法第三十一条"]
    for citation in ("《劳动争议调解仲裁法》第二十七条第四款", "工伤保险条例第十七条第二款", "民法典第201条"):
        known = scene.send(
            LEGAL, "POST", "~/staff/legal-aid/cases/{aid_reviewing}/refuse", json=order | {"articles": [citation]}
        )
        assert "articles" not in known.get_json().get("details", {})
