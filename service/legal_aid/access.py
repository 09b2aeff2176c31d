"""Who may do what with a case: what somebody is to it, and what each of those may, as tables.

Confidential by rule: only the handler, who covers for her while she is absent, the supervisor, until assignment the
office's intake, and the worker open a case; other staff of the scope see its line in lists (docs/rules.md
`legal_aid.confidential`, `legal_aid.cover`). Who works for the employer, or has said to be concerned, does not even see
that (docs/rules.md `legal_aid.conflict`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from service.core import clock, crypto
from service.core.access import Actor, Role
from service.core.db import db
from service.identity.models import Account, Person, RoleGrant
from service.legal_aid.cover_models import absent_for
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
    path = nodes.node(case.node_id).path
    return frozenset(own | _staff_relations(actor, case, path, _absent(actor), intake_paths([path])))


def rights(actor: Actor, case: AidCase) -> frozenset[Right]:
    """What the actor may do with the case."""
    return frozenset(right for each in relations(actor, case) for right in RIGHTS[each])


def opened_of(actor: Actor, lines: Sequence[tuple[AidCase, UnionNode]]) -> set[UUID]:
    """Which of the cases whose lines somebody sees she may also open: two queries, however many they are."""
    absent = _absent(actor)
    desks = intake_paths({node.path for _, node in lines})
    found = ((case, _staff_relations(actor, case, node.path, absent, desks)) for case, node in lines)
    return {case.id for case, relations_ in found if any(Right.READ in RIGHTS[each] for each in relations_)}


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


def intake_paths(paths: Collection[str]) -> dict[str, str]:
    """By a union's path, the path of the union whose legal staff take in its cases: the deepest with somebody there.

    Not there where nobody above it has the role.
    """
    above = {path: here_and_above(path) for path in paths}
    query = (
        select(UnionNode.path)
        .distinct()
        .join(RoleGrant, RoleGrant.node_id == UnionNode.id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.role == STAFF, Account.is_disabled.is_(False),
            UnionNode.path.in_({each for line in above.values() for each in line}),
        )
    )  # fmt: skip
    staffed = set(db.session.scalars(query))
    deepest = {path: [each for each in line if each in staffed] for path, line in above.items()}
    return {path: line[-1] for path, line in deepest.items() if line}


def _staff_relations(
    actor: Actor, case: AidCase, path: str, absent: Collection[int], desks: Mapping[str, str]
) -> set[Relation]:
    found: set[Relation] = set()
    if case.handler_id == actor.person_id and actor.holds(*HANDLERS):
        found.add(Relation.HANDLER)
    if case.state in IN_HAND and actor.reaches(path, *HANDLERS) and case.handler_id in absent:
        found.add(Relation.COVER)
    if not actor.reaches(path, STAFF):
        return found
    found.add(Relation.LISTED)
    if case.supervisor_id == actor.person_id:
        found.add(Relation.SUPERVISOR)
    desk = desks.get(path)
    own = actor.paths(STAFF)
    if case.state in BEFORE_ASSIGNMENT and (desk is None or desk in own):
        found.add(Relation.INTAKE)
    if case.state is CaseState.OBJECTING and _hears(case, desk, own):
        found.add(Relation.UPPER)
    return found


def _absent(actor: Actor) -> set[int]:
    """For whom the actor covers today."""
    return set(db.session.scalars(absent_for(actor.person_id, clock.today())))


def _hears(case: AidCase, desk: str | None, own: Sequence[str]) -> bool:
    """Whether staff with these paths answer an objection: the union above; for the state's aid the office writes down
    what the bureau has said. There is nothing above the city."""
    if desk is None or case.route is AidRoute.STATE or desk.count("/") == 2:
        return desk is None or desk in own
    return any(path != desk and desk.startswith(path) for path in own)
