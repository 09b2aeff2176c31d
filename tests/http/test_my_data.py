"""One's own data over HTTP: seen, copied, corrected, closed; and what each role sees of whom, field by field."""

import io
import json
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from service.audit.models import AuditEntry, AuditSubject
from service.core.db import db
from service.identity import denials
from service.messaging import delivery
from tests.http import scene as scenes
from tests.http.scene import (
    ADMINISTRATOR,
    AUDITOR,
    MEMBERSHIP,
    NEWCOMER,
    OTHER_WORKER,
    TRAINER,
    TRAINING,
    WORKER,
    Scene,
)


@pytest.fixture
def scene(client: FlaskClient) -> Scene:
    denials.forget()
    return scenes.set_up(client)


def deliver() -> None:
    while delivery.deliver_due():
        pass


def entries_of(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def test_what_is_held_is_told_by_category_with_ground_and_term(scene: Scene) -> None:
    told = scene.ask(WORKER, "GET", "~/me/data").get_json()
    titles = {each["title"] for each in told["categories"]}
    assert {"身份信息", "会籍", "培训", "授权", "登录"} <= titles
    assert all(each["ground"] and each["holdings"] for each in told["categories"])
    assert scene.ask(NEWCOMER, "GET", "~/me/data").status_code == 200


def test_the_download_is_the_callers_own_and_nobody_elses(scene: Scene) -> None:
    answer = scene.ask(WORKER, "GET", "~/me/data/copies/{copy}")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        plain = json.loads(file.read("data.json"))
        page = file.read("我的个人信息.html").decode()
    own = scene.ask(WORKER, "GET", "~/me").get_json()["person"]
    text = json.dumps(plain, ensure_ascii=False) + page
    assert own["id_number"] in text
    others = [number for number, whose in scene.secrets.items() if whose != own["id"]]
    assert not [number for number in others if number in text]
    assert scene.ask(OTHER_WORKER, "GET", "~/me/data/copies/{copy}").status_code == 404


def test_a_copy_asked_for_twice_with_one_key_is_one_copy(scene: Scene) -> None:
    key = {"Idempotency-Key": "copy-1"}
    first, again = (scene.send(OTHER_WORKER, "POST", "~/me/data/copies", headers=key) for _ in range(2))
    assert (first.status_code, first.data) == (202, again.data)
    refused = scene.send(OTHER_WORKER, "POST", "~/me/data/copies")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "my_data.copy_running")
    path = f"~/me/data/copies/{first.get_json()['id']}"
    assert scene.send(OTHER_WORKER, "GET", path).get_json()["code"] == "my_data.copy_not_ready"
    deliver()
    assert scene.send(OTHER_WORKER, "GET", path).status_code == 200
    (line,) = scene.send(OTHER_WORKER, "GET", "~/me/data/copies").get_json()["items"]
    assert (line["state"], line["expires_at"] is not None) == ("ready", True)


def test_closing_signs_out_at_once_and_may_be_taken_back_by_signing_in(scene: Scene) -> None:
    answer = scene.send(WORKER, "POST", "~/me/account/closure")
    assert (answer.status_code, answer.get_json()["state"]) == (202, "waiting")
    assert scene.send(WORKER, "GET", "~/me").status_code == 401
    scene.headers[WORKER] = scenes._header(scene.people[WORKER], scenes.Channel.WECHAT)
    assert scene.send(WORKER, "GET", "~/me/account/closure").get_json()["due_at"] is not None
    assert scene.ask(WORKER, "GET", "~/me").get_json()["closes_at"] == answer.get_json()["due_at"]
    assert scene.send(WORKER, "POST", "~/me/account/closure/withdraw").get_json()["state"] == "withdrawn"
    assert scene.ask(WORKER, "GET", "~/me").get_json()["closes_at"] is None
    assert scene.send(WORKER, "GET", "~/me/account/closure").status_code == 404


def test_a_consent_is_given_on_the_words_that_were_read_and_its_history_kept(scene: Scene) -> None:
    path = "~/me/consents/honours_publication"
    before = scene.send(WORKER, "GET", "~/me/consents/history").get_json()["total"]
    items = scene.send(WORKER, "GET", "~/me/consents").get_json()["items"]
    assert {each["kind"] for each in items} == {"whereabouts", "publication", "health", "finance", "specific_identity"}
    assert scene.send(WORKER, "PUT", path, json={"is_given": True, "version": 9}).status_code == 409
    assert scene.send(WORKER, "PUT", path, json={"is_given": True, "version": 1}).get_json()["is_given"] is True
    assert scene.send(WORKER, "PUT", path, json={"is_given": False}).get_json()["is_given"] is False
    history = scene.send(WORKER, "GET", "~/me/consents/history").get_json()
    assert [each["is_given"] for each in history["items"]][:2] == [False, True]
    assert history["total"] == before + 2
    assert scene.send(OTHER_WORKER, "GET", "~/me/consents/history").get_json()["total"] == 0


def readable(content: bytes) -> str:
    """The text of an answer; of a workbook's parts."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return "".join(file.read(name).decode(errors="replace") for name in file.namelist())


LOOKS = (
    (MEMBERSHIP, "~/staff/people"),
    (MEMBERSHIP, "~/staff/people/{person}"),
    (TRAINING, "~/staff/training/classes/{running}/bookings"),
    (TRAINER, "~/staff/training/lessons/{lesson}/roster"),
    (TRAINER, "~/staff/training/lessons/{lesson}/sheet.xlsx"),
    (TRAINER, "~/staff/training/classes/{running}/attendance.xlsx"),
    (TRAINING, "~/staff/certificates"),
    (MEMBERSHIP, "~/staff/data-corrections"),
)


@pytest.mark.parametrize(("who", "path"), LOOKS)
def test_whoever_looks_is_written_down_and_seen_by_the_person(scene: Scene, who: str, path: str) -> None:
    about = select(AuditSubject.entry_id).where(AuditSubject.person_id == scene.people[WORKER])
    earlier = set(db.session.scalars(about))
    seen = scene.send(WORKER, "GET", "~/me/data/access-log").get_json()["total"]
    assert scene.send(who, "GET", path).status_code == 200
    about = about.where(AuditSubject.entry_id.not_in(earlier))
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.id.in_(about)))
    assert entry.actor_id == scene.people[who]
    assert entry.details["fields"]
    told = json.dumps(entry.details, ensure_ascii=False)
    assert not [number for number in scene.secrets if number in told]
    assert scene.marks["person"] not in told
    log = scene.send(WORKER, "GET", "~/me/data/access-log").get_json()
    assert (log["total"], log["items"][0]["fields"]) == (seen + 1, entry.details["fields"])
    assert log["items"][0]["unions"] == ["思茅区总工会"]


def test_a_shut_door_is_written_down(scene: Scene) -> None:
    assert scene.send(WORKER, "GET", "~/staff/people").status_code == 403
    assert scene.send(WORKER, "GET", "~/staff/people").status_code == 403
    (entry,) = entries_of("auth.door_denied")
    assert (entry.actor_id, entry.subject_id) == (scene.people[WORKER], "staff_people.list_people")


def test_auditors_read_the_trail_and_administrators_do_not(scene: Scene) -> None:
    page = scene.send(AUDITOR, "GET", "~/staff/audit?action=auth.&per_page=100")
    assert page.status_code == 200
    assert {each["action"] for each in page.get_json()["items"]} <= {"auth.signed_in", "auth.door_denied"}
    text = page.get_data(as_text=True)
    assert not [number for number in scene.secrets if number in text]
    assert scene.send(ADMINISTRATOR, "GET", "~/staff/audit").status_code == 403
    since = scene.send(AUDITOR, "GET", f"~/staff/audit?since={scene.at(days=1)}".replace("+", "%2B"))
    assert since.get_json()["total"] == 0
    assert scene.send(AUDITOR, "GET", "~/staff/audit?since=yesterday").status_code == 422
    assert scene.send(AUDITOR, "GET", "~/staff/audit?actor=0").status_code == 422


# What each role sees of a person, and nothing more (row by row: who, where, path to the object, its keys).
MASKED_PERSON = {
    "id", "name", "is_verified", "id_number", "phone", "employer", "node", "occupation_code", "occupation_name",
    "industry", "worker_category",
}  # fmt: skip
FIELDS: tuple[tuple[str, str, tuple[Any, ...], set[str]], ...] = (
    (MEMBERSHIP, "~/staff/people", ("items", 0), MASKED_PERSON),
    (TRAINING, "~/staff/people", ("items", 0), MASKED_PERSON),
    (MEMBERSHIP, "~/staff/people/{person}", (), MASKED_PERSON),
    (
        MEMBERSHIP, "~/staff/data-corrections", ("items", 0),
        {"id", "person_id", "person_name", "field", "state", "wanted", "note", "requested_at", "decided_at", "reason"},
    ),
    (WORKER, "~/me/data/corrections", ("items", 0), {"id", "field", "state", "requested_at", "decided_at", "reason"}),
    (
        AUDITOR, "~/staff/audit", ("items", 0),
        {"id", "at", "actor_id", "action", "subject_kind", "subject_id", "details", "sequence"},
    ),
)  # fmt: skip


@pytest.mark.parametrize(("who", "path", "way", "keys"), FIELDS)
def test_no_role_sees_a_field_more_than_the_table_says(
    scene: Scene, who: str, path: str, way: tuple[Any, ...], keys: set[str]
) -> None:
    found = scene.send(who, "GET", path).get_json()
    for step in way:
        found = found[step]
    assert set(found) == keys


def test_staff_see_masked_numbers_wherever_they_look(scene: Scene) -> None:
    """Every reading door of staff, as somebody it opens for: no clear number of anybody but the reader."""
    wrong = []
    for who, path in (*LOOKS, (AUDITOR, "~/staff/audit?per_page=100")):
        text = readable(scene.send(who, "GET", path).data)
        own = scene.people[who]
        wrong += [f"{who} {path}" for number, whose in scene.secrets.items() if whose != own and number in text]
    assert wrong == []
