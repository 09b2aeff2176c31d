"""A clock of the office that ran out is told up the tree: first to who has it, after some days to the supervisor, then
to the legal staff of one union above after the other, up to the city; each step once.

How many days lie between two steps is a setting (docs/rules.md `legal_aid.escalation`). What is told is a number and a
date, never a word of the matter (docs/rules.md `legal_aid.confidential`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from service.core import clock
from service.core.access import SYSTEM
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.core.upsert import insert_new
from service.identity import people
from service.identity.models import Account, RoleGrant
from service.legal_aid import access, journal, settings
from service.legal_aid.consultation.enums import ConsultationState
from service.legal_aid.consultation.models import Consultation
from service.legal_aid.enums import AidRoute, CaseState, EscalatedTo, EscalationKind, StepKind
from service.legal_aid.escalation_models import AidEscalation
from service.legal_aid.models import AidCase
from service.legal_aid.work_models import AidComplaint
from service.messaging import outbox
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.organisations.settings import here_and_above

OVERDUE_CASES = {
    CaseState.SUBMITTED: EscalationKind.DECISION,
    CaseState.REVIEWING: EscalationKind.DECISION,
    CaseState.GRANTED: EscalationKind.ASSIGNMENT,
    CaseState.OBJECTING: EscalationKind.OBJECTION,
}
"""State -> whose clock runs in it."""
NAMES = {
    EscalationKind.DECISION: "决定",
    EscalationKind.ASSIGNMENT: "指派",
    EscalationKind.OBJECTION: "异议答复",
    EscalationKind.CONSULTATION: "咨询答复",
    EscalationKind.COMPLAINT: "投诉答复",
}


@dataclass(frozen=True, slots=True)
class Overdue:
    """A clock that ran out. For a consultation `case` is None, and `asker_id` who asked."""

    kind: EscalationKind
    subject_id: UUID
    node: UnionNode
    due_on: date
    case: AidCase | None
    asker_id: int | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """Whom a step tells."""

    to: EscalatedTo
    node: UnionNode
    people: Sequence[int]


@dataclass(frozen=True, slots=True)
class Escalated:
    """How far an overdue case was told up, and since when."""

    to: EscalatedTo
    node_name: str
    since: datetime


def escalate_due(now: datetime) -> int:
    """Tell of every clock that ran out whom its days have come to; how many steps were taken. By the clock."""
    today = clock.local(now).date()
    return sum(_escalate(kind, subject_id, today) for kind, subject_id in list(_sought(today)))


def of_cases(cases: Iterable[AidCase]) -> dict[UUID, Escalated]:
    """How far each case was told up for the clock that runs now."""
    due = {case.id: case.due_on for case in cases if case.state in OVERDUE_CASES and case.due_on is not None}
    rows = db.session.execute(
        select(AidEscalation, UnionNode.name)
        .join(UnionNode, UnionNode.id == AidEscalation.node_id)
        .where(AidEscalation.case_id.in_(due), AidEscalation.kind != EscalationKind.COMPLAINT)
        .order_by(AidEscalation.step)
    )
    return {
        row.case_id: Escalated(row.to, name, row.told_at)
        for row, name in rows
        if row.case_id is not None and row.due_on == due[row.case_id]
    }


@transactional
def _escalate(kind: EscalationKind, subject_id: UUID, today: date) -> int:
    found = _overdue(kind, subject_id, today)
    if found is None:
        return 0
    days = settings.at(found.node).escalation_days
    reached = (today - found.due_on).days - 1
    return sum(_tell(found, step, level) for step, level in enumerate(_levels(found)) if step * days <= reached)


def _tell(found: Overdue, step: int, level: Level) -> int:
    """Take the step unless it was taken: whoever writes its row tells."""
    case = found.case
    row = {
        "id": new_id(), "kind": found.kind, "subject_id": found.subject_id, "case_id": case.id if case else None,
        "due_on": found.due_on, "step": step, "to": level.to, "node_id": level.node.id, "told_at": clock.now(),
    }  # fmt: skip
    unique = ("kind", "subject_id", "due_on", "step")
    if not db.session.scalars(insert_new(AidEscalation, *unique).returning(AidEscalation.id), [row]).all():
        return 0
    body = f"{case.number if case else '一件咨询'}：{NAMES[found.kind]}应在{found.due_on}前完成，已超期。"
    for person_id in level.people:
        if case is not None:
            journal.tell_staff(person_id, case, body)
        else:
            link = f"/staff/legal-aid/consultations/{found.subject_id}"
            outbox.notice(person_id, f"legal_aid:{new_id()}", "法律援助待办", body, link)
    if case is not None and step:
        journal.step(SYSTEM, case, StepKind.ESCALATE, clock=found.kind.value, to=level.to.value)
    return 1


def _sought(today: date) -> Iterator[tuple[EscalationKind, UUID]]:
    cases = select(AidCase.id, AidCase.state).where(AidCase.state.in_(OVERDUE_CASES), AidCase.due_on < today)
    for case_id, state in db.session.execute(cases).all():
        yield OVERDUE_CASES[state], case_id
    waiting = (Consultation.state == ConsultationState.WAITING) & (Consultation.due_on < today)
    for consultation_id in db.session.scalars(select(Consultation.id).where(waiting)).all():
        yield EscalationKind.CONSULTATION, consultation_id
    unanswered = AidComplaint.answered_at.is_(None) & (AidComplaint.due_on < today)
    for complaint_id in db.session.scalars(select(AidComplaint.id).where(unanswered)).all():
        yield EscalationKind.COMPLAINT, complaint_id


def _overdue(kind: EscalationKind, subject_id: UUID, today: date) -> Overdue | None:
    """The clock as it stands now; None where somebody has acted meanwhile."""
    if kind is EscalationKind.CONSULTATION:
        asked = db.session.get(Consultation, subject_id)
        if asked is None or asked.due_on is None or asked.due_on >= today:
            return None
        return Overdue(kind, asked.id, nodes.node(asked.node_id), asked.due_on, None, asked.person_id)
    if kind is EscalationKind.COMPLAINT:
        complaint = db.session.get(AidComplaint, subject_id)
        if complaint is None or complaint.answered_at is not None:
            return None
        case = db.session.get_one(AidCase, complaint.case_id)
        return Overdue(kind, complaint.id, nodes.node(case.node_id), complaint.due_on, case)
    found = db.session.get(AidCase, subject_id)
    if found is None or OVERDUE_CASES.get(found.state) is not kind or found.due_on is None or found.due_on >= today:
        return None
    return Overdue(kind, found.id, nodes.node(found.node_id), found.due_on, found)


def _levels(found: Overdue) -> list[Level]:
    """Whom each step tells, from who has it in hand up to the city; nobody twice."""
    above = db.session.scalars(
        select(UnionNode).where(UnionNode.path.in_(here_and_above(found.node.path))).order_by(UnionNode.path.desc())
    )
    offices = [Level(EscalatedTo.UPPER, node, _legal_staff(node, found)) for node in above]
    staffed = [each for each in offices if each.people]
    first = 1 if _is_heard_above(found) and len(staffed) > 1 else 0
    levels = [Level(EscalatedTo.OFFICE, each.node, each.people) for each in staffed[first : first + 1]]
    supervisor_id = found.case.supervisor_id if found.case else None
    if supervisor_id is not None and found.kind is EscalationKind.COMPLAINT:
        levels = [Level(EscalatedTo.SUPERVISOR, found.node, [supervisor_id]), *levels]
    elif supervisor_id is not None:
        levels = [*levels, Level(EscalatedTo.SUPERVISOR, found.node, [supervisor_id])]
    return [*levels, *staffed[first + 1 :]]


def _is_heard_above(found: Overdue) -> bool:
    return found.kind is EscalationKind.OBJECTION and found.case is not None and found.case.route is AidRoute.UNION


def _legal_staff(node: UnionNode, found: Overdue) -> list[int]:
    """The legal staff of this very union who have nothing to do with it."""
    query = (
        select(RoleGrant.person_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(RoleGrant.role == access.STAFF, RoleGrant.node_id == node.id, Account.is_disabled.is_(False))
    )
    return [each for each in sorted(set(db.session.scalars(query))) if not _is_away(each, found)]


def _is_away(person_id: int, found: Overdue) -> bool:
    if found.case is not None:
        return access.is_barred(person_id, found.case)
    if found.asker_id is None or person_id == found.asker_id:
        return True
    employer_id = access.employment(person_id).employer_id
    return employer_id is not None and employer_id == people.person(found.asker_id).employer_id
