"""One step each of a made-up case of legal aid, on a day of the past, by whoever takes it in a real office."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import update

from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.legal_aid import applications, assignments, attachments, desk
from service.legal_aid.attachments import Announced
from service.legal_aid.desk import Missing
from service.legal_aid.enums import FileKind, Matter, Paper
from service.legal_aid.models import AidCase
from service.messaging.enums import OutboxState
from service.messaging.models import OutboxRow
from service.overview.demo import invention

ARTICLES = ("法律援助法第三十一条",)


@dataclass(frozen=True, slots=True)
class Story:
    """What a made-up worker asks for, in which county."""

    number: int
    county_code: str
    matter: Matter
    reason: str
    claims: str
    people: int = 1
    limitation_on: date | None = None


@contextmanager
def days_ago(days: float) -> Iterator[None]:
    """So many days before this start."""
    with clock.as_of(clock.now() - timedelta(days=days)):
        yield


def drafted(worker: Actor, story: Story) -> AidCase:
    """A form filled in, not handed in."""
    case = applications.begin(actor=worker, matter=story.matter, county_code=story.county_code, answers={})
    for step, part in _form(story).items():
        case = applications.save(actor=worker, case_id=case.id, step=step, part=part, version=case.version)
    return case


def submitted(worker: Actor, story: Story, days: float) -> AidCase:
    """Handed in so many days ago."""
    with days_ago(days):
        case = drafted(worker, story)
        return applications.submit(actor=worker, case_id=case.id, version=case.version)


def taken(intake: Actor, case: AidCase, days: float) -> AidCase:
    """Taken up by the office."""
    with days_ago(days):
        return desk.take(actor=intake, case_id=case.id, version=case.version)


def told_missing(intake: Actor, case: AidCase, days: float) -> AidCase:
    """Told what is missing."""
    missing = Missing([Paper.WAGES, Paper.CONTRACT], "工资条要最近三个月的，拍照就行")
    with days_ago(days):
        return desk.tell_missing(actor=intake, case_id=case.id, version=case.version, missing=missing)


def granted(intake: Actor, case: AidCase, days: float) -> AidCase:
    """Granted."""
    with days_ago(days):
        reason = "请求支付劳动报酬，符合援助条件"
        return desk.grant(actor=intake, case_id=case.id, version=case.version, articles=ARTICLES, reason=reason)


def refused(intake: Actor, case: AidCase, days: float) -> AidCase:
    """Refused, with article and reason."""
    with days_ago(days):
        reason = "您与对方是承揽关系，不属于职工法律援助的范围"
        return desk.refuse(actor=intake, case_id=case.id, version=case.version, articles=ARTICLES, reason=reason)


def assigned(intake: Actor, case: AidCase, handler_id: int, days: float) -> AidCase:
    """Given to a handler."""
    with days_ago(days):
        return assignments.assign(actor=intake, case_id=case.id, version=case.version, handler_id=handler_id)


def begun(handler: Actor, case: AidCase, days: float) -> AidCase:
    """Being worked."""
    with days_ago(days):
        return assignments.begin(actor=handler, case_id=case.id)


def attach(worker: Actor, case: AidCase, content: bytes, paper: Paper, name: str) -> None:
    """Add a picture of a paper."""
    coming = Announced(FileKind.PAPER, paper, name, len(content))
    file = attachments.announce(actor=worker, case_id=case.id, coming=coming)
    attachments.receive(actor=worker, file_id=file.id, start=0, content=content)


def notices_due_now() -> None:
    """What the past left in the outbox is due from now on: no worker process was late with it."""
    now = clock.now()
    late = update(OutboxRow).where(OutboxRow.state == OutboxState.DUE, OutboxRow.due_at < now)
    db.session.execute(late.values(due_at=now).execution_options(synchronize_session=False))


def form(story: Story) -> dict[str, Any]:
    """The whole form, as staff write it down."""
    return {name: value for part in _form(story).values() for name, value in part.items() if name != "matter"}


def _form(story: Story) -> Mapping[str, dict[str, Any]]:
    limit = {}
    if story.limitation_on is not None:
        limit = {"limitation_clock": "arbitration_wages", "limitation_on": story.limitation_on}
    parts: dict[str, dict[str, Any]] = {
        "matter": {"matter": story.matter.value, "reason": story.reason, "claims": story.claims, **limit},
        "person": {
            "name": invention.name(story.number), "phone": invention.phone(story.number), "address": "示例路1号",
            "worker_category": "migrant", "safe_to_call": True, "call_note": "晚上八点以后",
        },
        "employer": {"employer_name": f"示例建筑劳务公司{story.number % 7 + 1}", "employer_address": "示例工业园"},
        "means": {"hardship": "low_income", "is_pledged": True},
    }  # fmt: skip
    if story.people > 1:
        both = [story.number, story.number + 100]
        representatives = [{"name": invention.name(each), "phone": invention.phone(each)} for each in both]
        parts["people"] = {"people_count": story.people, "representatives": representatives}
    return parts
