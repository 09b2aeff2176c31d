"""Moving a case on: its state, whose turn it is since when, the step on its timeline, the word to the worker.

Notices say that something happened, never what it is about (docs/rules.md `legal_aid.confidential`).
"""

from datetime import date
from typing import Any

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.legal_aid import access
from service.legal_aid.cover_models import cover_of
from service.legal_aid.desk_models import AidEvent
from service.legal_aid.enums import CaseEvent, StepKind
from service.legal_aid.lifecycle import CASE, ENDED, TURNS
from service.legal_aid.models import AidCase
from service.messaging import outbox

LINK = "/legal-aid/cases/{id}"
TITLE, TOPIC = "您的法律援助有新进展", "legal_aid"


def move(actor: Actor, case: AidCase, event: CaseEvent, *, due_on: date | None = None, **details: Any) -> None:
    """Take the step: raises WrongState where the table has none. In the caller's transaction, who holds the lock."""
    before = case.state
    if due_on is not None:
        details["due_on"] = due_on.isoformat()
    case.state = CASE.next(case.state, event)
    case.turn, case.turn_since, case.due_on, case.plain_due_on = TURNS[case.state], clock.now(), due_on, due_on
    if case.state in ENDED:
        case.ended_at = clock.now()
    case.version += 1
    step(actor, case, StepKind(event.value), **details)
    if actor.person_id != case.person_id:
        entries.record(
            actor, f"legal_aid.{event.value}", "aid_case", case.id, about=about(case), before=before.value, **details
        )


def step(actor: Actor, case: AidCase, kind: StepKind, **details: Any) -> None:
    """Put a step on the timeline. `details`: dates, numbers and codes, never words."""
    db.session.add(
        AidEvent(
            case_id=case.id, person_id=case.person_id, at=clock.now(), kind=kind, actor_id=actor.person_id,
            details=details,
        )
    )  # fmt: skip
    db.session.flush()


def tell_worker(case: AidCase, body: str) -> None:
    """Leave a notice for the worker; `body` is general."""
    if case.person_id is not None:
        outbox.notice(case.person_id, f"{TOPIC}:{new_id()}", TITLE, body, LINK.format(id=case.id))


def tell_staff(person_id: int, case: AidCase, body: str) -> None:
    """Leave a notice for somebody of the office, and for who covers for an absent handler: the number at most."""
    for each in [person_id, *_covers(person_id, case)]:
        outbox.notice(each, f"{TOPIC}:{new_id()}", "法律援助待办", body, f"/staff/legal-aid/cases/{case.id}")


def _covers(person_id: int, case: AidCase) -> list[int]:
    if person_id != case.handler_id:
        return []
    found = db.session.scalars(cover_of(person_id, clock.today()))
    return [each for each in found if not access.is_barred(each, case)]


def about(case: AidCase) -> list[int]:
    """The person the case is about, for the trail."""
    return [case.person_id] if case.person_id is not None else []
