"""What the office enters itself: told by word of mouth and written down on the spot, or taken from paper.

The day of receipt is the day the worker came or the paper did; the case is the worker's own where she is in the roster
(docs/rules.md `legal_aid.form`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.errors import Invalid
from service.core.ids import new_id
from service.core.transaction import transactional
from service.identity import people
from service.identity.models import Person
from service.legal_aid import access, applications, deciding, facts, forms, journal, scopes
from service.legal_aid.access import Right
from service.legal_aid.enums import CaseEvent, CaseSource, Matter, Turn
from service.legal_aid.errors import CaseUnknown, DuplicateWrong, HandlerBarred
from service.legal_aid.models import AidCase
from service.organisations import nodes
from service.organisations.enums import WorkerCategory


@dataclass(frozen=True, slots=True)
class Entered:
    """What staff enter: for whom, how it came, when, and the form whole."""

    source: CaseSource
    node_id: int
    person_id: int | None
    received_on: date
    matter: Matter
    form: Mapping[str, Any]


@transactional
def enter(actor: Actor, entered: Entered) -> AidCase:
    """Enter an application for somebody who cannot do it on a phone; she is told, and sees it as her own.

    Raises NodeUnknown, PersonUnknown, FormInvalid, MeansUnshown, HandlerBarred for one's own employer's, Invalid for
    an ID number that is another person's.
    """
    node = nodes.node_in_scope(actor, entered.node_id, access.STAFF)
    if entered.received_on > clock.today():
        raise Invalid(details={"received_on": ["不能晚于今天"]})
    person = _whose(entered)
    now = clock.now()
    case = AidCase(
        id=new_id(), person_id=person.id if person else None, node_id=node.id, source=entered.source,
        recorded_by=actor.worker_id, matter=entered.matter, turn=Turn.WORKER, turn_since=now, created_at=now,
        county_code=node.county_code,
        worker_category=person.worker_category if person else WorkerCategory.OTHER,
    )  # fmt: skip
    form = {name: value for name, value in entered.form.items() if value is not None} | {"matter": entered.matter.value}
    facts.take_over(case, form)
    if access.is_barred(actor.worker_id, case):
        raise HandlerBarred
    forms.write(case, form)
    db.session.add(case)
    db.session.flush()
    applications.hand_in(actor, case, form)
    case.received_at = case.complete_at = received_at(entered.received_on)
    deciding.set_decision_dates(case)
    journal.tell_worker(case, f"工会已为您登记援助申请，编号{case.number}。")
    return case


@transactional
def merge(*, actor: Actor, case_id: UUID, version: int, into_id: UUID) -> AidCase:
    """Let a duplicate end in the other case of the same worker; both keep their numbers.

    Raises CaseUnknown, CaseSealed, CaseLocked, Stale, WrongState, DuplicateWrong.
    """
    case = scopes.to_change(actor, case_id, Right.DECIDE, version=version)
    try:
        other = scopes.to_read(actor, into_id, Right.LIST)
    except CaseUnknown as error:
        raise DuplicateWrong from error
    is_same = case.person_id is not None and case.person_id == other.person_id and case.id != other.id
    if not is_same or other.merged_into_id is not None:
        raise DuplicateWrong
    case.merged_into_id = other.id
    journal.move(actor, case, CaseEvent.MERGE)
    entries.record(actor, "legal_aid.merged", "aid_case", other.id, about=journal.about(other), merged=str(case.id))
    journal.tell_worker(case, f"您的申请{case.number}与{other.number}合并办理。")
    return case


def duplicates(actor: Actor, case_id: UUID) -> list[AidCase]:
    """Other cases of the same worker that are not ended by a merge. Raises CaseUnknown, CaseSealed."""
    case = scopes.to_read(actor, case_id, Right.READ)
    if case.person_id is None:
        return []
    return [
        each
        for each in applications.of_person(case.person_id)
        if each.id != case.id and Right.LIST in access.rights(actor, each)
    ]


def _whose(entered: Entered) -> Person | None:
    """Whose case it is: who was chosen from the roster, or whom the ID number on the form names there, if verified."""
    number = entered.form.get("id_number")
    named = people.by_id_number(number) if number else None
    if named is not None and not named.is_verified:
        named = None
    if entered.person_id is None:
        return people.lock([named.id])[named.id] if named else None
    if named is not None and named.id != entered.person_id:
        raise Invalid(details={"form.id_number": ["这个身份证号是名单里另一个人的"]})
    return people.lock([entered.person_id])[entered.person_id]


def received_at(day: date) -> datetime:
    """Noon of the day of receipt; now, where it is today."""
    return clock.now() if day == clock.today() else datetime.combine(day, time(12), clock.SHANGHAI)
