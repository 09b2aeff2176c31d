"""Cases of legal aid for tests: a form that can be handed in, pictures, an application on its way."""

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from PIL import Image

from service.core.access import Actor, Role
from service.core.db import db
from service.legal_aid import applications, assignments, attachments, desk, objections
from service.legal_aid.attachments import Announced
from service.legal_aid.enums import FileKind, Matter, Paper
from service.legal_aid.file_models import AidFile
from service.legal_aid.models import AidCase
from tests import make

ARTICLES = ("法律援助法第三十一条",)
STEPS: dict[str, dict[str, Any]] = {
    "matter": {"matter": "wages", "reason": "干了三个月活没有给钱", "claims": "要回三个月工资"},
    "person": {"name": "岩温", "phone": "13900007777", "address": "思茅区", "worker_category": "migrant"},
    "employer": {"employer_name": "思茅某茶厂", "employer_address": "思茅区工业园"},
    "means": {"hardship": "none"},
    "people": {"people_count": 1},
}
"""A form that is complete: a migrant worker asks for pay, so that no hardship has to be shown."""


def draft(worker: Actor, **changed: Mapping[str, Any]) -> AidCase:
    """A draft with a complete form; `matter={...}` changes a step."""
    case = applications.begin(actor=worker, matter=Matter.WAGES, county_code=None, answers={})
    for step, part in STEPS.items():
        whole = part | dict(changed.get(step, {}))
        case = applications.save(actor=worker, case_id=case.id, step=step, part=whole, version=case.version)
    return case


def submitted(worker: Actor | None = None, **changed: Mapping[str, Any]) -> AidCase:
    """A case handed in."""
    by = worker or make.actor(make.person().id)
    case = draft(by, **changed)
    return applications.submit(actor=by, case_id=case.id, version=case.version)


def reviewing(worker: Actor, intake: Actor, **changed: Mapping[str, Any]) -> AidCase:
    """A case the office has taken up."""
    case = submitted(worker, **changed)
    return desk.take(actor=intake, case_id=case.id, version=case.version)


def granted(worker: Actor, intake: Actor, **changed: Mapping[str, Any]) -> AidCase:
    """A case that waits for a handler."""
    case = reviewing(worker, intake, **changed)
    return desk.grant(actor=intake, case_id=case.id, version=case.version, articles=ARTICLES, reason="符合条件")


def refused(worker: Actor, intake: Actor) -> AidCase:
    """A case in which aid was refused."""
    case = reviewing(worker, intake)
    return desk.refuse(actor=intake, case_id=case.id, version=case.version, articles=ARTICLES, reason="不属于范围")


def told(worker: Actor, intake: Actor) -> AidCase:
    """A case in which papers are missing."""
    case = submitted(worker)
    missing = desk.Missing([Paper.WAGES, Paper.CONTRACT], "工资条要三个月的")
    return desk.tell_missing(actor=intake, case_id=case.id, version=case.version, missing=missing)


def assigned(worker: Actor, intake: Actor, handler_id: int, supervisor_id: int | None = None) -> AidCase:
    """A case in a handler's hands."""
    case = granted(worker, intake)
    return assignments.assign(
        actor=intake, case_id=case.id, version=case.version, handler_id=handler_id, supervisor_id=supervisor_id
    )


def working(worker: Actor, intake: Actor, handler_id: int) -> AidCase:
    """A case that is being worked."""
    case = assigned(worker, intake, handler_id)
    grants = tuple(replace(each, role=Role.LEGAL_AID_OFFICER) for each in intake.grants)
    return assignments.begin(actor=Actor(handler_id, grants=grants), case_id=case.id)


def on_their_way(worker: Actor, intake: Actor, handler_id: int) -> dict[str, AidCase]:
    """One case in each state that a door asks for."""
    objected = refused(worker, intake)
    return {
        "aid_reviewing": reviewing(worker, intake),
        "aid_told": told(worker, intake),
        "aid_granted": granted(worker, intake),
        "aid_refused": refused(worker, intake),
        "aid_objecting": objections.file(actor=worker, case_id=objected.id, words="我不同意"),
        "aid_assigned": assigned(worker, intake, handler_id),
        "aid_working": working(worker, intake, handler_id),
        "aid_lapsed": applications.withdraw(actor=worker, case_id=submitted(worker).id),
    }


def picture(colour: str = "red", kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """A small picture; `exif=` puts tags on it."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def announced(by: Actor, case_id: UUID, content: bytes, paper: Paper = Paper.WAGES, **how: Any) -> AidFile:
    """A file that is about to come."""
    coming = Announced(how.get("kind", FileKind.PAPER), paper, how.get("name", "工资条.jpg"), len(content))
    return attachments.announce(actor=by, case_id=case_id, coming=coming)


def attached(by: Actor, case_id: UUID, content: bytes | None = None, paper: Paper = Paper.WAGES, **how: Any) -> AidFile:
    """A file that has come whole."""
    whole = content if content is not None else picture()
    file = announced(by, case_id, whole, paper, **how)
    return attachments.receive(actor=by, file_id=file.id, start=0, content=whole)


def reread(case_id: UUID) -> AidCase:
    """The case as it stands in the database."""
    db.session.expire_all()
    return db.session.get_one(AidCase, case_id)
