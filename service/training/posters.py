"""A poster of a class to print: title, times, place, and a mini-program code that opens the class.

WeChat is asked for the picture once a class; it is kept on the shelf, and stays good as long as the class.
"""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from service.booking import tickets
from service.booking.enums import OfferingKind
from service.core import clock
from service.core.access import Actor
from service.core.lifecycle import WrongState
from service.files import pdf, shelf
from service.training import audience, scopes
from service.training.exports import PDF, File
from service.training.models import TrainingClass
from service.wechat import client
from service.wechat.codes import unlimited_code

TEMPLATE = Path(__file__).parent / "templates" / "poster.typ"
SHELF = "codes"
PAGE = "pages/ticket/index"
"""The mini-program's page that looks a scene up and goes where it leads."""
WIDTH = 860


def poster(actor: Actor, class_id: int) -> File:
    """The poster of a published class, A4 upright, as PDF.

    Raises ClassUnknown, WrongState for a draft, NoChineseFont, WeChatBusy, WeChatUnavailable and their kin.
    """
    found = scopes.class_to_read(actor, class_id)
    if found.offering_id is None:
        raise WrongState(details={"state": found.state.value})
    ticket = tickets.of(OfferingKind.TRAINING_CLASS, found.id)
    picture = _picture(ticket.uid, ticket.scene)
    return File(f"{found.title}-海报.pdf", PDF, pdf.render(TEMPLATE, _data(found, picture)))


def _picture(uid: UUID, scene: str) -> bytes:
    try:
        return shelf.fetch(SHELF, uid)
    except FileNotFoundError:
        picture = unlimited_code(client.current(), scene, PAGE, width=WIDTH, is_checked=False)
        shelf.keep(SHELF, uid, picture)
        return picture


def _data(found: TrainingClass, picture: bytes) -> dict[str, object]:
    facts = [
        (
            "时间",
            "，".join(f"{_moment(lesson.starts_at)}—{clock.local(lesson.ends_at):%H:%M}" for lesson in found.lessons),
        ),
        ("地点", found.place),
        ("报名", f"{_moment(found.opens_at)} 至 {_moment(found.closes_at)}"),
        ("名额", f"{found.capacity}人"),
        ("课时", f"{found.course.hours}课时"),
    ]
    if found.audience:
        facts.append(("对象", "；".join(audience.said(rule) for rule in found.audience)))
    return {
        "title": found.title,
        "summary": found.course.summary,
        "facts": facts,
        "hint": "微信扫码报名",
        "code": list(picture),
    }


def _moment(instant: datetime) -> str:
    return f"{clock.local(instant):%Y年%m月%d日 %H:%M}"
