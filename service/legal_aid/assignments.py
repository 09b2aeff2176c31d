"""Who works a case: proposed by load, field and county, checked for conflicts, changed, given back.

Nobody who has to do with the employer is proposed or assigned (docs/rules.md `legal_aid.conflict`,
`legal_aid.assignment`).
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from service.audit import entries
from service.core import clock
from service.core.access import Actor, Role
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.identity import people
from service.identity.errors import PersonUnknown
from service.identity.models import Account, Person, RoleGrant
from service.legal_aid import access, deciding, desk, journal, scopes, tasks
from service.legal_aid.access import Right
from service.legal_aid.desk_models import AidAssignment
from service.legal_aid.enums import AssignmentEnd, CaseEvent, CaseState, DecisionKind
from service.legal_aid.errors import HandlerBarred, HandlerUnknown, ReasonMissing
from service.legal_aid.lifecycle import CASE, IN_HAND
from service.legal_aid.models import AidCase, AidRecusal
from service.legal_aid.weights import Candidate, weighed
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.organisations.settings import here_and_above


@transactional
def assign(*, actor: Actor, case_id: UUID, version: int, handler_id: int, supervisor_id: int | None = None) -> AidCase:
    """Give a case to a handler; the supervisor is who assigns it, unless another is named.

    Raises CaseUnknown, CaseSealed, CaseLocked, Stale, WrongState, HandlerUnknown, HandlerBarred.
    """
    _lock(handler_id)
    case = scopes.to_change(actor, case_id, Right.ASSIGN, version=version)
    event = CaseEvent.ASSIGN if case.state is CaseState.GRANTED else CaseEvent.REASSIGN
    CASE.next(case.state, event)
    _check(case, handler_id, access.HANDLERS)
    if supervisor_id is not None:
        _check(case, supervisor_id, (access.STAFF,))
    former = case.handler_id
    deciding.end_assignment(case, AssignmentEnd.CHANGED)
    case.handler_id = handler_id
    case.supervisor_id = supervisor_id or case.supervisor_id or actor.worker_id
    case.locked_by = case.locked_until = None
    journal.move(actor, case, event, due_on=case.limitation_on, handler=handler_id)
    case.assigned_at = clock.now()
    db.session.add(
        AidAssignment(
            id=new_id(), case_id=case.id, handler_id=handler_id, assigned_by=actor.worker_id, assigned_at=clock.now()
        )
    )
    db.session.flush()
    tasks.pass_on(case, handler_id)
    journal.tell_worker(case, "已指派承办人，会尽快联系您。" if former is None else "已更换承办人，会尽快联系您。")
    journal.tell_staff(handler_id, case, f"新指派案件{case.number}，请查看。")
    return case


@transactional
def begin(*, actor: Actor, case_id: UUID) -> AidCase:
    """Begin work on it, as its handler. Raises CaseUnknown, CaseSealed, CaseLocked, WrongState."""
    case = scopes.to_change(actor, case_id, Right.WORK)
    journal.move(actor, case, CaseEvent.BEGIN, due_on=case.limitation_on)
    journal.tell_worker(case, "承办人已开始办理。")
    return case


@transactional
def recuse(*, actor: Actor, case_id: UUID) -> AidCase:
    """Say that one has to do with the employer or the worker: from now on the case is not known to one.

    A handler's case goes back to be assigned. Raises CaseUnknown, CaseSealed, CaseLocked.
    """
    case = scopes.to_change(actor, case_id, Right.LIST)
    db.session.add(AidRecusal(case_id=case.id, person_id=actor.worker_id, declared_at=clock.now()))
    entries.record(actor, "legal_aid.recused", "aid_case", case.id)
    if case.handler_id == actor.person_id:
        give_back(actor, case)
    if case.supervisor_id == actor.person_id:
        case.supervisor_id = None
    case.locked_by = case.locked_until = None
    db.session.flush()
    return case


@transactional
def terminate(*, actor: Actor, case_id: UUID, version: int, articles: Sequence[str], reason: str) -> AidCase:
    """End the aid for one of the grounds of 法律援助法 art. 48, told with its reason.

    Raises CaseUnknown, CaseSealed, CaseLocked, Stale, WrongState, ReasonMissing.
    """
    case = scopes.to_change(actor, case_id, Right.WORK, Right.ASSIGN, version=version)
    if not articles or not reason:
        raise ReasonMissing
    journal.move(actor, case, CaseEvent.TERMINATE)
    deciding.end_assignment(case)
    body = deciding.settings_of(case).objection_body(case.route)
    desk.decide(actor, case, DecisionKind.TERMINATE, articles, reason, objection_body=body)
    journal.tell_worker(case, f"援助已终止，理由请点开看。不服可以向{body}提出。")
    return case


def give_back(actor: Actor, case: AidCase) -> None:
    """Put a case back to be assigned, in the caller's transaction."""
    deciding.end_assignment(case, AssignmentEnd.RECUSED)
    due_on = deciding.last_day(case, "assignment")
    case.handler_id = None
    journal.move(actor, case, CaseEvent.GIVE_BACK, due_on=due_on)
    if case.supervisor_id is not None:
        journal.tell_staff(case.supervisor_id, case, f"{case.number}承办人回避，请另行指派。")


def candidates(actor: Actor, case_id: UUID) -> list[Candidate]:
    """Who might take the case, best first. Raises CaseUnknown, CaseSealed."""
    case = scopes.to_read(actor, case_id, Right.ASSIGN)
    node = nodes.node(case.node_id)
    rows = db.session.execute(_handlers(node)).all()
    loads = _counts(AidCase.state.in_(IN_HAND))
    practised = _counts((AidCase.state == CaseState.CLOSED) & (AidCase.matter == case.matter))
    found = [
        Candidate(
            person_id=person.id, name=person.name, node_name=where.name, in_hand=loads.get(person.id, 0),
            practised=practised.get(person.id, 0), is_of_county=where.county_code == case.county_code,
        )
        for person, where in rows
        if not access.is_barred(person.id, case)
    ]  # fmt: skip
    return weighed(found)


def _lock(handler_id: int) -> None:
    """People come before cases in the order of locks. Raises HandlerUnknown."""
    try:
        people.lock([handler_id])
    except PersonUnknown as error:
        raise HandlerUnknown from error


def _check(case: AidCase, person_id: int, roles: Sequence[Role]) -> None:
    held = select(RoleGrant.role).join(Account, Account.person_id == RoleGrant.person_id)
    held = held.join(UnionNode, UnionNode.id == RoleGrant.node_id).where(
        RoleGrant.person_id == person_id, RoleGrant.role.in_(roles), Account.is_disabled.is_(False),
        UnionNode.path.in_(here_and_above(nodes.node(case.node_id).path)),
    )  # fmt: skip
    if db.session.scalars(held).first() is None:
        raise HandlerUnknown
    if access.is_barred(person_id, case):
        raise HandlerBarred


def _handlers(node: UnionNode) -> Select[Person, UnionNode]:
    return (
        select(Person, UnionNode)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .join(UnionNode, UnionNode.id == RoleGrant.node_id)
        .where(
            RoleGrant.role.in_(access.HANDLERS), Account.is_disabled.is_(False),
            UnionNode.path.in_(here_and_above(node.path)),
        )
        .order_by(Person.id, UnionNode.path.desc())
    )  # fmt: skip


def _counts(condition: ColumnElement[bool]) -> dict[int, int]:
    query = select(AidCase.handler_id, func.count()).where(condition, AidCase.handler_id.is_not(None))
    return {
        person_id: count
        for person_id, count in db.session.execute(query.group_by(AidCase.handler_id))
        if person_id is not None
    }
