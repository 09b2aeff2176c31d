"""A case as it is read: by the worker in plain words, by staff who may open it, and as a line in lists.

A line holds no word of the case and no name. Opening one is told (docs/rules.md `privacy.reads_audited`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.identity import consents, people
from service.legal_aid import access, attachments, forms, scopes, spoken, standing, work_lines
from service.legal_aid.access import Right
from service.legal_aid.desk_models import AidDecision, AidEvent, AidNotice, AidObjection
from service.legal_aid.enums import CaseSource, DecisionKind
from service.legal_aid.file_models import AidFile
from service.legal_aid.models import AidCase
from service.legal_aid.standing import Standing
from service.legal_aid.work_lines import HandOverLine, HearingLine, ResultLine


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a case, with what its sender called it."""

    file: AidFile
    name: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the timeline, told in plain words. `by`: the worker, the office, or the clock; which colleague, told to
    the office alone."""

    at: Any
    kind: str
    text: str
    by: str
    by_name: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision in clear."""

    kind: DecisionKind
    articles: Sequence[str]
    reason: str
    objection_body: str | None
    decided_at: Any


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """The one notice of everything missing, in clear."""

    papers: Sequence[str]
    note: str
    due_on: date
    told_at: Any
    answered_at: Any


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case with everything in it."""

    case: AidCase
    form: forms.Form
    files: Sequence[FileLine]
    steps: Sequence[StepLine]
    decisions: Sequence[DecisionLine]
    notice: NoticeLine | None
    objections: Sequence[AidObjection]
    hearings: Sequence[HearingLine]
    hand_overs: Sequence[HandOverLine]
    result: ResultLine | None
    handler_name: str | None
    rights: Sequence[str]
    days_left: int | None
    withheld: Sequence[str]
    standing: Standing | None = None


def mine(actor: Actor, case_id: UUID) -> OpenedCase:
    """One's own case, whole. Raises CaseUnknown."""
    case = scopes.own(actor, case_id)
    return _opened(actor, case, forms.read(case), [])


def opened(actor: Actor, case_id: UUID) -> OpenedCase:
    """A case opened by its handler, supervisor, or the office: that is told. Raises CaseUnknown, CaseSealed.

    What needs a consent that was withdrawn is not shown, and named in `withheld`.
    """
    case = scopes.to_read(actor, case_id, Right.READ)
    scopes.tell(actor, case)
    form = forms.read(case)
    refused: set[str] = set()
    if case.source is CaseSource.PHONE and case.person_id is not None:
        refused = {each for each in forms.purposes_of(form) if not consents.is_given(case.person_id, each)}
    shown = forms.without(form, refused)
    read = _opened(actor, case, forms.masked(shown), sorted(set(form) - set(shown)))
    return replace(read, steps=_steps(case, is_office=True), standing=standing.standing(actor, case))


def days_left(case: AidCase) -> int | None:
    """How many days whoever's turn it is has left."""
    return (case.due_on - clock.today()).days if case.due_on else None


def _opened(actor: Actor, case: AidCase, form: forms.Form, withheld: list[str]) -> OpenedCase:
    handler = people.person(case.handler_id) if case.handler_id is not None else None
    return OpenedCase(
        case=case,
        form=form,
        files=[FileLine(each, attachments.name_of(each)) for each in attachments.of_case(case.id)],
        steps=_steps(case),
        decisions=[_decision(each) for each in decisions_of(case.id)],
        notice=_notice(case.id),
        objections=list(db.session.scalars(select(AidObjection).where(AidObjection.case_id == case.id))),
        hearings=work_lines.hearings(case.id),
        hand_overs=work_lines.hand_overs(case.id),
        result=work_lines.result(case.id),
        handler_name=handler.name if handler else None,
        rights=sorted(access.rights(actor, case)),
        days_left=days_left(case),
        withheld=withheld,
    )


def decisions_of(case_id: UUID) -> list[AidDecision]:
    """What was decided, oldest first."""
    query = select(AidDecision).where(AidDecision.case_id == case_id).order_by(AidDecision.decided_at, AidDecision.id)
    return list(db.session.scalars(query))


def _steps(case: AidCase, *, is_office: bool = False) -> list[StepLine]:
    query = select(AidEvent).where(AidEvent.case_id == case.id).order_by(AidEvent.at, AidEvent.id)
    rows = list(db.session.scalars(query))
    colleagues = {row.actor_id for row in rows if row.actor_id not in {None, case.person_id}} if is_office else set()
    names = {person_id: each.name for person_id, each in people.by_ids(colleagues).items()}
    return [
        StepLine(
            row.at, row.kind.value, spoken.step(row.kind, row.details), _by(case, row), names.get(row.actor_id or 0)
        )
        for row in rows
    ]  # fmt: skip


def _by(case: AidCase, row: AidEvent) -> str:
    if row.actor_id is None:
        return "clock"
    return "worker" if row.actor_id == case.person_id else "office"


def _decision(row: AidDecision) -> DecisionLine:
    reason = crypto.unseal(row.reason_sealed, field="aid_decisions.reason", row=row.id) if row.reason_sealed else ""
    return DecisionLine(row.kind, row.articles, reason, row.objection_body, row.decided_at)


def _notice(case_id: UUID) -> NoticeLine | None:
    row = db.session.scalar(select(AidNotice).where(AidNotice.case_id == case_id))
    if row is None:
        return None
    note = crypto.unseal(row.note_sealed, field="aid_notices.note", row=row.id) if row.note_sealed else ""
    return NoticeLine(row.papers, note, row.due_on, row.told_at, row.answered_at)
