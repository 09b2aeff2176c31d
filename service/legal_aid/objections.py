"""Objections against a refusal: filed once by the worker, answered by the body of the route within its clock.

Of the union's aid the union above answers; of the state's the judicial bureau does, and the office writes down what it
said (docs/rules.md `legal_aid.objection`).
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.legal_aid import cases, deciding, desk, journal, scopes
from service.legal_aid.access import Right
from service.legal_aid.desk_models import AidObjection
from service.legal_aid.enums import CaseEvent, DecisionKind
from service.legal_aid.errors import ObjectedAlready, ReasonMissing
from service.legal_aid.lifecycle import CASE
from service.legal_aid.models import AidCase


@transactional
def file(*, actor: Actor, case_id: UUID, words: str) -> AidCase:
    """Object to the refusal of one's own case. Raises CaseUnknown, WrongState, ObjectedAlready."""
    case = scopes.own_to_change(actor, case_id)
    CASE.next(case.state, CaseEvent.OBJECT)
    refused = next(each for each in reversed(cases.decisions_of(case.id)) if each.kind is DecisionKind.REFUSE)
    if db.session.scalar(select(AidObjection.id).where(AidObjection.decision_id == refused.id)) is not None:
        raise ObjectedAlready
    due_on = deciding.last_day(case, "objection")
    body = refused.objection_body or deciding.settings_of(case).objection_body(case.route)
    made = AidObjection(
        id=new_id(), case_id=case.id, person_id=case.person_id, decision_id=refused.id, body=body,
        filed_at=clock.now(), due_on=due_on,
    )  # fmt: skip
    made.words_sealed = crypto.seal(words, field="aid_objections.words", row=made.id)
    db.session.add(made)
    journal.move(actor, case, CaseEvent.OBJECT, due_on=due_on)
    journal.tell_worker(case, f"已收到您的异议，{due_on.month}月{due_on.day}日前由{body}答复。")
    return case


@transactional
def answer(
    *, actor: Actor, case_id: UUID, version: int, is_upheld: bool, articles: Sequence[str], reason: str
) -> AidCase:
    """Answer the objection: uphold the refusal, or correct it, whereupon aid is granted.

    Raises CaseUnknown, CaseSealed, CaseLocked, Stale, WrongState, ReasonMissing.
    """
    case = scopes.to_change(actor, case_id, Right.HEAR, version=version)
    if not reason:
        raise ReasonMissing
    event = CaseEvent.UPHOLD if is_upheld else CaseEvent.CORRECT
    due_on = None if is_upheld else deciding.last_day(case, "assignment")
    journal.move(actor, case, event, due_on=due_on)
    kind = DecisionKind.UPHOLD if is_upheld else DecisionKind.CORRECT
    case.decided_at = clock.now()
    desk.decide(actor, case, kind, articles, reason)
    open_one = select(AidObjection).where(AidObjection.case_id == case.id, AidObjection.outcome.is_(None))
    for row in db.session.scalars(open_one):
        row.outcome, row.decided_at, row.decided_by = kind, clock.now(), actor.person_id
    db.session.flush()
    said = "维持原决定，可以依法申请行政复议或者起诉。" if is_upheld else "异议成立，改为给予援助。"
    journal.tell_worker(case, f"异议审查完毕：{said}")
    return case
