"""What the office does with an application until it is decided: take it up, tell what is missing, grant, refuse.

Each deed needs the right of `access.py` on the case, which is locked and read again first; decisions carry their
articles and reasons (docs/rules.md `legal_aid.decision`, `legal_aid.notice`, `legal_aid.urgent`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from service.core import clock, crypto
from service.core.access import SYSTEM, Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.lifecycle import WrongState
from service.core.transaction import transactional
from service.legal_aid import deciding, journal, scopes
from service.legal_aid.access import Right
from service.legal_aid.desk_models import AidDecision, AidNotice
from service.legal_aid.enums import AidRoute, CaseEvent, CaseState, DecisionKind, Paper, StepKind, Turn
from service.legal_aid.errors import NotUrgent, ReasonMissing, ToldAlready
from service.legal_aid.lifecycle import CASE, UNDECIDED
from service.legal_aid.models import AidCase
from service.organisations import holidays

URGENT_ARTICLES = ("法律援助法第四十四条",)
AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class Missing:
    """Everything that is missing, told at once."""

    papers: Sequence[Paper]
    note: str


@transactional
def take(*, actor: Actor, case_id: UUID, version: int) -> AidCase:
    """Take an application up. Raises CaseUnknown, CaseSealed, CaseLocked, Stale, WrongState."""
    case = scopes.to_change(actor, case_id, Right.DECIDE, version=version)
    due_on, plain = case.due_on, case.plain_due_on
    journal.move(actor, case, CaseEvent.TAKE, due_on=due_on)
    case.plain_due_on = plain
    journal.tell_worker(case, "工作人员已开始审查您的申请。")
    return case


@transactional
def tell_missing(*, actor: Actor, case_id: UUID, version: int, missing: Missing) -> AidCase:
    """Tell everything that is missing, once (法律援助法 art. 43). Raises as `take`, ToldAlready."""
    case = scopes.to_change(actor, case_id, Right.DECIDE, version=version)
    CASE.next(case.state, CaseEvent.TELL)
    if deciding.notice_of(case) is not None:
        raise ToldAlready
    found = deciding.settings_of(case).clock("supplement_papers")
    due_on = holidays.calendar().last_day(clock.today(), found.length, found.unit, moves=found.moves)
    notice = AidNotice(
        id=new_id(), case_id=case.id, person_id=case.person_id, papers=[each.value for each in missing.papers],
        told_by=actor.worker_id, told_at=clock.now(), due_on=due_on,
    )  # fmt: skip
    notice.note_sealed = crypto.seal(missing.note, field="aid_notices.note", row=notice.id) if missing.note else None
    db.session.add(notice)
    journal.move(actor, case, CaseEvent.TELL, due_on=due_on)
    deciding.set_decision_dates(case)
    # The worker's own term: what is shown as due while it is her turn.
    case.due_on = due_on
    # Which papers would tell what the case is about.
    journal.tell_worker(case, f"还缺材料，请点开看，在{due_on.month}月{due_on.day}日前补齐，只通知这一次。")
    return case


@transactional
def grant(*, actor: Actor, case_id: UUID, version: int, articles: Sequence[str], reason: str) -> AidCase:
    """Grant aid; assigning it is next. Raises as `take`."""
    case = scopes.to_change(actor, case_id, Right.DECIDE, version=version)
    return _granted(actor, case, DecisionKind.GRANT, articles, reason)


@transactional
def grant_first(*, actor: Actor, case_id: UUID, version: int, reason: str) -> AidCase:
    """Grant aid before all papers are there: fewer than seven days are left, or something has to be secured at once.

    Raises as `take`, NotUrgent where neither is the case and no reason says why.
    """
    case = scopes.to_change(actor, case_id, Right.DECIDE, version=version)
    if not is_pressing(case) and not reason:
        raise NotUrgent
    case.is_urgent = True
    return _granted(actor, case, DecisionKind.GRANT_FIRST, URGENT_ARTICLES, reason)


@transactional
def refuse(*, actor: Actor, case_id: UUID, version: int, articles: Sequence[str], reason: str) -> AidCase:
    """Refuse in writing, with article and reason, and say who hears an objection. Raises as `take`, ReasonMissing."""
    case = scopes.to_change(actor, case_id, Right.DECIDE, version=version)
    if not articles or not reason:
        raise ReasonMissing
    journal.move(actor, case, CaseEvent.REFUSE)
    case.decided_at = clock.now()
    body = deciding.settings_of(case).objection_body(case.route)
    decide(actor, case, DecisionKind.REFUSE, articles, reason, objection_body=body)
    journal.tell_worker(case, f"援助申请没有通过，理由请点开看。不服可以向{body}提出异议。")
    return case


@transactional
def hand_to_state(*, actor: Actor, case_id: UUID, version: int) -> AidCase:
    """Go on by the state's aid: its clocks and its objection body count from now on. Raises as `take`."""
    case = scopes.to_change(actor, case_id, Right.DECIDE, version=version)
    if case.state not in UNDECIDED:
        raise WrongState(details={"state": case.state.value, "event": "hand_to_state"})
    case.route = AidRoute.STATE
    case.version += 1
    journal.step(actor, case, StepKind.ROUTE)
    if case.turn is Turn.OFFICE:
        deciding.set_decision_dates(case)
    journal.tell_worker(case, "您的申请改由国家法律援助机构办理。")
    return case


def lapse_due(now: datetime) -> int:
    """Let those lapse whose papers did not come in time (法律援助法 art. 43); how many. By the clock."""
    today = clock.local(now).date()
    query = select(AidCase.id).where(AidCase.state == CaseState.SUPPLEMENTING, AidCase.due_on < today)
    return sum(_lapse(case_id, now) for case_id in db.session.scalars(query.limit(AT_A_TIME)).all())


@transactional
def _lapse(case_id: UUID, now: datetime) -> bool:
    case = scopes.locked(case_id)
    today = clock.local(now).date()
    if case.state is not CaseState.SUPPLEMENTING or case.due_on is None or case.due_on >= today:
        return False
    journal.move(SYSTEM, case, CaseEvent.LAPSE)
    case.decided_at = now
    decide(SYSTEM, case, DecisionKind.LAPSE, ("法律援助法第四十三条",), "")
    journal.tell_worker(case, "材料没有按期补齐，视为撤回申请。需要的话可以重新申请。")
    return True


def is_pressing(case: AidCase) -> bool:
    """Whether the worker's own claim lapses in fewer than seven days."""
    return case.limitation_on is not None and 0 <= (case.limitation_on - clock.today()).days < 7


def decide(
    actor: Actor,
    case: AidCase,
    kind: DecisionKind,
    articles: Sequence[str],
    reason: str,
    *,
    objection_body: str | None = None,
) -> AidDecision:
    """Write a decision down, its reason sealed. In the caller's transaction."""
    made = AidDecision(
        id=new_id(), case_id=case.id, person_id=case.person_id, kind=kind, articles=list(articles),
        objection_body=objection_body, decided_by=actor.person_id, decided_at=clock.now(),
    )  # fmt: skip
    made.reason_sealed = crypto.seal(reason, field="aid_decisions.reason", row=made.id) if reason else None
    db.session.add(made)
    db.session.flush()
    return made


def _granted(actor: Actor, case: AidCase, kind: DecisionKind, articles: Sequence[str], reason: str) -> AidCase:
    due_on = deciding.last_day(case, "assignment")
    journal.move(actor, case, CaseEvent(kind.value), due_on=due_on)
    case.decided_at = clock.now()
    decide(actor, case, kind, articles, reason)
    journal.tell_worker(case, f"决定给予您法律援助，{due_on.month}月{due_on.day}日前指派承办人。")
    return case
