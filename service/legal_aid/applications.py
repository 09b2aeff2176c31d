"""A worker's application: begun, saved at each step, handed in, taken back.

What is written is sealed with every step; what the desk has to know in the open (matter, employer's blind index,
county, people) is taken from it (docs/rules.md `legal_aid.confidential`).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.lifecycle import WrongState
from service.core.transaction import transactional
from service.identity import consents, people
from service.legal_aid import attachments, deciding, facts, forms, journal, offices, registers, scopes
from service.legal_aid.enums import CaseEvent, CaseSource, CaseState, Matter, Turn
from service.legal_aid.errors import ConsentNeeded, FormInvalid, Stale
from service.legal_aid.lifecycle import CASE, WORKER_WRITES
from service.legal_aid.models import AidCase


@transactional
def begin(*, actor: Actor, matter: Matter, county_code: str | None = None, answers: Mapping[str, str]) -> AidCase:
    """Begin an application; one that was begun and not handed in is gone on with. Triage answers are taken over.

    Raises NoOffice, PersonUnknown.
    """
    people.lock([actor.worker_id])
    draft = db.session.scalar(
        select(AidCase).where(
            AidCase.person_id == actor.worker_id, AidCase.state == CaseState.DRAFT,
            AidCase.source == CaseSource.PHONE,
        )
    )  # fmt: skip
    if draft is not None:
        return draft
    now = clock.now()
    office = offices.office_of(actor.worker_id, county_code)
    made = AidCase(
        id=new_id(), person_id=actor.worker_id, node_id=office.id, matter=matter, turn=Turn.WORKER, turn_since=now,
        created_at=now, county_code=county_code or office.county_code,
    )  # fmt: skip
    forms.write(made, facts.first_form(actor.worker_id, matter, answers))
    db.session.add(made)
    db.session.flush()
    return made


@transactional
def save(*, actor: Actor, case_id: UUID, step: str, part: Mapping[str, Any], version: int) -> AidCase:
    """Save one step of the form. Raises CaseUnknown, WrongState, Stale, ConsentNeeded."""
    case = scopes.own_to_change(actor, case_id)
    _check_writable(case, version)
    form = forms.merged(forms.read(case), step, part)
    # Only what this step brings: who withdrew a consent can still take out what needed it, step by step.
    _check_consents(actor.worker_id, {name: form.get(name) for name in forms.STEPS[step]})
    facts.take_over(case, form)
    forms.write(case, form)
    case.version += 1
    db.session.flush()
    return case


@transactional
def submit(*, actor: Actor, case_id: UUID, version: int) -> AidCase:
    """Hand the application in: it gets its number, and the decision's clock begins today.

    Raises CaseUnknown, WrongState, Stale, FormInvalid, ConsentNeeded, MeansUnshown.
    """
    case = scopes.own_to_change(actor, case_id)
    CASE.next(case.state, CaseEvent.SUBMIT)
    if case.version != version:
        raise Stale(details={"version": case.version})
    form = forms.read(case)
    _check_consents(actor.worker_id, form)
    hand_in(actor, case, form)
    journal.tell_worker(case, f"已收到您的申请，编号{case.number}，{clock_words(case)}前给您答复。")
    return case


def hand_in(actor: Actor, case: AidCase, form: forms.Form) -> None:
    """Number the case and start its clock, in the caller's transaction. Raises FormInvalid, MeansUnshown."""
    wrong = forms.problems(form)
    if wrong:
        raise FormInvalid(details=wrong)
    facts.take_over(case, form)
    facts.settle_means(case, form, has_proof=attachments.has_proof(case.id))
    registers.number(case)
    case.received_at = case.complete_at = clock.now()
    journal.move(actor, case, CaseEvent.SUBMIT)
    deciding.set_decision_dates(case)
    db.session.flush()


@transactional
def supplement(*, actor: Actor, case_id: UUID) -> AidCase:
    """Say that what was asked for is there: the desk goes on. Raises CaseUnknown, WrongState."""
    case = scopes.own_to_change(actor, case_id)
    deciding.supplemented(actor, case)
    return case


@transactional
def withdraw(*, actor: Actor, case_id: UUID) -> AidCase:
    """Take the application back; a case in hand ends. Raises CaseUnknown, WrongState."""
    case = scopes.own_to_change(actor, case_id)
    journal.move(actor, case, CaseEvent.WITHDRAW)
    deciding.end_assignment(case)
    for person_id in {case.handler_id, case.supervisor_id} - {None}:
        journal.tell_staff(int(person_id or 0), case, f"{case.number}：职工已撤回申请。")
    return case


@transactional
def discard(*, actor: Actor, case_id: UUID) -> None:
    """Throw a draft away, with its files. Raises CaseUnknown, WrongState for what was handed in."""
    case = scopes.own_to_change(actor, case_id)
    if case.state is not CaseState.DRAFT:
        raise WrongState(details={"state": case.state.value, "event": "discard"})
    attachments.forget_all(case.id)
    db.session.execute(delete(AidCase).where(AidCase.id == case.id))
    entries.record(actor, "legal_aid.draft_discarded", "aid_case", case.id)


def mine(actor: Actor) -> list[AidCase]:
    """One's own cases, newest first."""
    return of_person(actor.worker_id)


def of_person(person_id: int) -> list[AidCase]:
    """Somebody's cases, newest first."""
    query = select(AidCase).where(AidCase.person_id == person_id).order_by(AidCase.created_at.desc())
    return list(db.session.scalars(query))


def clock_words(case: AidCase) -> str:
    """`12月7日`: until when somebody has to act."""
    return f"{case.due_on.month}月{case.due_on.day}日" if case.due_on else ""


def _check_writable(case: AidCase, version: int) -> None:
    if case.state not in WORKER_WRITES:
        raise WrongState(details={"state": case.state.value, "event": "save"})
    if case.version != version:
        raise Stale(details={"version": case.version})


def _check_consents(person_id: int, form: forms.Form) -> None:
    for purpose in sorted(forms.purposes_of(form)):
        if not consents.is_given(person_id, purpose):
            raise ConsentNeeded(details={"purpose": purpose})
