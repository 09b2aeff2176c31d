"""A poster: the class, its times and place, and a code that leads there; WeChat is asked once."""

from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import IntegrityError

from service.booking import tickets
from service.booking.enums import OfferingKind
from service.booking.tickets import TicketUnknown
from service.core.lifecycle import WrongState
from service.files import shelf
from service.training import posters
from service.training.errors import ClassUnknown
from service.wechat.codes import SCENE
from tests import make, make_training

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""A PNG of one dot."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """(scene, page) of every picture WeChat was asked for."""
    scenes: list[tuple[str, str]] = []

    def unlimited_code(_client: Any, scene: str, page: str, **_given: Any) -> bytes:
        scenes.append((scene, page))
        return PIXEL

    monkeypatch.setattr(posters, "unlimited_code", unlimited_code)
    return scenes


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was set."""
    sheets: list[dict[str, Any]] = []

    def render(_template: Any, data: dict[str, Any]) -> bytes:
        sheets.append(data)
        return b"%PDF-"

    monkeypatch.setattr(posters.pdf, "render", render)
    return sheets


def test_a_poster_says_what_when_where_and_for_whom(
    database: SQLAlchemy, asked: list[tuple[str, str]], printed: list[dict[str, Any]]
) -> None:
    staff = make.staff(make.node())
    made = make_training.published(staff, audience=[{"kind": "industry", "values": ["tea"]}])
    file = posters.poster(staff, made.id)
    assert (file.name, file.media_type, file.content) == (f"{made.title}-海报.pdf", "application/pdf", b"%PDF-")
    facts = dict(printed[0]["facts"])
    assert facts["地点"] == "思茅区职工之家"
    assert facts["名额"] == "2人"
    assert facts["时间"].count("—") == 2
    assert facts["对象"]
    assert bytes(printed[0]["code"]) == PIXEL
    scene, page = asked[0]
    assert SCENE.fullmatch(scene)
    assert page == posters.PAGE
    where = tickets.target(scene)
    assert (where.kind, where.subject_id, where.link) == (
        OfferingKind.TRAINING_CLASS,
        made.id,
        f"/classes/{made.id}",
    )


def test_wechat_is_asked_once_and_the_code_stays(
    database: SQLAlchemy, asked: list[tuple[str, str]], printed: list[dict[str, Any]]
) -> None:
    staff = make.staff(make.node())
    made = make_training.published(staff)
    for _ in range(3):
        posters.poster(staff, made.id)
    assert len(asked) == 1
    shelf.discard(posters.SHELF, tickets.of(OfferingKind.TRAINING_CLASS, made.id).uid)
    posters.poster(staff, made.id)
    assert asked[0] == asked[1], "printed once, the code stays good"


def test_a_draft_and_a_class_of_others_have_no_poster(
    database: SQLAlchemy, asked: list[tuple[str, str]], printed: list[dict[str, Any]]
) -> None:
    staff = make.staff(make.node())
    with pytest.raises(WrongState):
        posters.poster(staff, make_training.draft(staff).id)
    with pytest.raises(ClassUnknown):
        posters.poster(staff, 999_999)
    assert asked == printed == []


@pytest.mark.usefixtures("chinese_font")
def test_a_poster_can_really_be_set(database: SQLAlchemy, asked: list[tuple[str, str]]) -> None:
    staff = make.staff(make.node())
    assert posters.poster(staff, make_training.published(staff).id).content.startswith(b"%PDF-")


def test_a_scene_of_nobody_leads_nowhere(database: SQLAlchemy) -> None:
    with pytest.raises(TicketUnknown):
        tickets.target("made-up")


def test_a_ticket_made_meanwhile_is_the_one_to_print(database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch) -> None:
    first = tickets.of(OfferingKind.TRAINING_CLASS, 7)
    find = tickets._find
    answers = iter([None])

    def late(kind: OfferingKind, subject_id: int) -> Any:
        return next(answers, find(kind, subject_id))

    monkeypatch.setattr(tickets, "_find", late)
    assert tickets.of(OfferingKind.TRAINING_CLASS, 7).scene == first.scene
    monkeypatch.setattr(tickets, "_find", lambda *_given: None)
    with pytest.raises(IntegrityError):
        tickets.of(OfferingKind.TRAINING_CLASS, 7)
