"""Who may do what with a case: what somebody is to it, and what each of those may, as tables.

Confidential by rule: only the handler, who covers for her while she is absent, the supervisor, until assignment the
office's intake, and the worker open a case; other staff of the scope see its line in lists (docs/rules.md
`legal_aid.confidential`, `legal_aid.cover`). Who works for the employer, or has said to be concerned, does not even see
that (docs/rules.md `legal_aid.conflict`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from service.core import clock, crypto
from service.core.access import Actor, Role
from service.core.db import db
from service.identity.models import Account, Person, RoleGrant
from service.legal_aid.cover_models import AidCover, absent_for
from service.legal_aid.enums import AidRoute, CaseState
from service.legal_aid.lifecycle import BEFORE_ASSIGNMENT, IN_HAND
from service.legal_aid.models import AidCase, AidRecusal
from service.organisations import nodes
from service.organisations.models import Employer, UnionNode
from service.organisations.settings import here_and_above

STAFF, HANDLERS = Role.LEGAL_STAFF, (Role.LEGAL_AID_OFFICER, Role.LEGAL_STAFF)
EMPLOYER_FIELD = "aid_cases.employer"


class Relation(StrEnum):
    """What somebody is to a case."""

    WORKER = "worker"
    HANDLER = "handler"
    COVER = "cover"
    SUPERVISOR = "supervisor"
    INTAKE = "intake"
    UPPER = "upper"
    LISTED = "listed"
    NOBODY = "nobody"


class Right(StrEnum):
    """What may be done with a case."""

    LIST = "list"
    READ = "read"
    FILE = "file"
    ADD = "add"
    DECIDE = "decide"
    ASSIGN = "assign"
    WORK = "work"
    HEAR = "hear"


R = Right
RIGHTS: dict[Relation, frozenset[Right]] = {
    Relation.WORKER: frozenset({R.READ, R.FILE, R.ADD}),
    Relation.HANDLER: frozenset({R.LIST, R.READ, R.FILE, R.ADD, R.WORK}),
    Relation.COVER: frozenset({R.LIST, R.READ, R.FILE, R.ADD, R.WORK}),
    Relation.SUPERVISOR: frozenset({R.LIST, R.READ, R.FILE, R.ASSIGN, R.WORK}),
    Relation.INTAKE: frozenset({R.LIST, R.READ, R.FILE, R.ADD, R.DECIDE, R.ASSIGN}),
    Relation.UPPER: frozenset({R.LIST, R.READ, R.FILE, R.HEAR}),
    Relation.LISTED: frozenset({R.LIST}),
    Relation.NOBODY: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Employment:
    """Where an actor works: the employer's row, and the blind indexes of its name and code."""

    employer_id: int | None
    indexes: Sequence[str] = ()


def relations(actor: Actor, case: AidCase) -> frozenset[Relation]:
    """Everything the actor is to the case; empty where she may not know of it."""
    if actor.person_id is None:
        return frozenset()
    own = {Relation.WORKER} if case.person_id == actor.person_id else set()
    if case.state is CaseState.DRAFT or is_barred(actor.person_id, case):
        return frozenset(own)
    return frozenset(own | _staff_relations(actor, case))


def rights(actor: Actor, case: AidCase) -> frozenset[Right]:
    """What the actor may do with the case."""
    return frozenset(right for each in relations(actor, case) for right in RIGHTS[each])


def opens(actor: Actor, case: AidCase) -> bool:
    """Whether who sees the case's line in lists may also open it."""
    return any(Right.READ in RIGHTS[each] for each in _staff_relations(actor, case))


def is_barred(person_id: int, case: AidCase) -> bool:
    """Whether a member of staff has to do with the case's employer, is its worker, or has said to be concerned."""
    if case.person_id == person_id:
        return True
    place = employment(person_id)
    if place.employer_id is not None and place.employer_id == case.employer_id:
        return True
    if case.employer_index is not None and case.employer_index in place.indexes:
        return True
    return db.session.get(AidRecusal, (case.id, person_id)) is not None


def employment(person_id: int) -> Employment:
    """Where somebody works, as the roster has it."""
    query = select(Employer).join(Person, Person.employer_id == Employer.id).where(Person.id == person_id)
    found = db.session.scalar(query)
    if found is None:
        return Employment(None)
    known = [found.name, *([found.credit_code] if found.credit_code else [])]
    return Employment(found.id, [employer_index(each) for each in known])


def employer_index(name_or_code: str) -> str:
    """The blind index of an employer's name or credit code."""
    return crypto.blind_index(name_or_code, field=EMPLOYER_FIELD)


def listable(actor: Actor) -> ColumnElement[bool]:
    """The condition "the actor may see the case's line", on `AidCase` joined with `UnionNode`."""
    if actor.person_id is None or not actor.holds(*HANDLERS):
        return false()
    place = employment(actor.person_id)
    mine = or_(AidCase.handler_id == actor.person_id, AidCase.supervisor_id == actor.person_id, covered(actor))
    apart = [
        AidCase.state != CaseState.DRAFT,
        or_(AidCase.person_id.is_(None), AidCase.person_id != actor.person_id),
        ~exists().where(AidRecusal.case_id == AidCase.id, AidRecusal.person_id == actor.person_id),
    ]
    if place.employer_id is not None:
        apart.append(or_(AidCase.employer_id.is_(None), AidCase.employer_id != place.employer_id))
        apart.append(or_(AidCase.employer_index.is_(None), AidCase.employer_index.not_in(place.indexes)))
    return and_(or_(mine, nodes.scope_filter(actor.paths(STAFF))), *apart)


def covered(actor: Actor) -> ColumnElement[bool]:
    """The condition "the actor covers for the case's handler today", on `AidCase` joined with `UnionNode`."""
    absent = AidCase.handler_id.in_(absent_for(actor.person_id, clock.today()))
    return and_(absent, AidCase.state.in_(IN_HAND), nodes.scope_filter(actor.paths(*HANDLERS)))


def intake_path(node: UnionNode) -> str | None:
    """The path of the union whose legal staff take in this node's cases: the deepest with somebody there."""
    query = (
        select(UnionNode.path)
        .join(RoleGrant, RoleGrant.node_id == UnionNode.id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.role == STAFF, Account.is_disabled.is_(False), UnionNode.path.in_(here_and_above(node.path))
        )
        .order_by(UnionNode.path.desc())
    )  # fmt: skip
    return db.session.scalars(query).first()


def _staff_relations(actor: Actor, case: AidCase) -> set[Relation]:
    found: set[Relation] = set()
    if case.handler_id == actor.person_id and actor.holds(*HANDLERS):
        found.add(Relation.HANDLER)
    node = nodes.node(case.node_id)
    if case.state in IN_HAND and actor.reaches(node.path, *HANDLERS) and _covers(actor, case):
        found.add(Relation.COVER)
    if not actor.reaches(node.path, STAFF):
        return found
    found.add(Relation.LISTED)
    if case.supervisor_id == actor.person_id:
        found.add(Relation.SUPERVISOR)
    desk = intake_path(node)
    own = actor.paths(STAFF)
    if case.state in BEFORE_ASSIGNMENT and (desk is None or desk in own):
        found.add(Relation.INTAKE)
    if case.state is CaseState.OBJECTING and _hears(case, desk, own):
        found.add(Relation.UPPER)
    return found


def _covers(actor: Actor, case: AidCase) -> bool:
    absent = absent_for(actor.person_id, clock.today())
    return db.session.scalar(absent.where(AidCover.absent_id == case.handler_id)) is not None


def _hears(case: AidCase, desk: str | None, own: Sequence[str]) -> bool:
    """Whether staff with these paths answer an objection: the union above; for the state's aid the office writes down
    what the bureau has said. There is nothing above the city."""
    if desk is None or case.route is AidRoute.STATE or desk.count("/") == 2:
        return desk is None or desk in own
    return any(path != desk and desk.startswith(path) for path in own)
