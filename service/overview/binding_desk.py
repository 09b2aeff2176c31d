"""The desk for disputed bindings: which union's staff a case goes to, what they see of it, what they decide.

A case goes to the union of who is claimed to be, to the union the claimant names where the roster has nobody, else to
the whole tree's. Numbers are masked (docs/rules.md `privacy.masking`).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from service.core import clock
from service.core.access import Actor, Role
from service.core.db import db
from service.core.pages import Page, page_of
from service.core.transaction import transactional
from service.identity import binding, binding_cases, own_phone, people, wechat_sign_in
from service.identity import id_number as id_numbers
from service.identity import phone as phones
from service.identity.binding import Claim
from service.identity.binding_errors import CaseUnknown
from service.identity.binding_models import BindingCase
from service.identity.enums import BindingCaseKind, BindingCaseState, Channel
from service.identity.masking import mask_id_number, mask_phone
from service.identity.models import SignIn
from service.identity.rules import normal_name
from service.organisations import nodes
from service.organisations.errors import NodeUnknown
from service.organisations.models import UnionNode
from service.unions import memberships

ROLES = (Role.MEMBERSHIP_STAFF,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """What somebody says when the roster alone does not settle who she is."""

    kind: BindingCaseKind
    name: str
    id_number: str
    phone: str
    note: str
    node_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in the desk's list."""

    case: BindingCase
    name: str
    node: UnionNode


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the roster has of who is claimed to be, and where it differs from the claim."""

    person_id: int
    name: str
    phone: str | None
    node: UnionNode | None
    is_bound: bool
    last_signed_in_at: datetime | None
    is_name_same: bool
    is_phone_same: bool


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """One case with what staff have to weigh; numbers masked."""

    case: BindingCase
    name: str
    node: UnionNode
    id_number: str | None
    phone: str | None
    note: str
    is_phone_proved: bool
    claimant_since: datetime
    evidence: Evidence | None


def dispute(actor: Actor, said: Dispute) -> BindingCase:
    """Ask staff to decide who the actor is.

    Raises IdNumberWrong, PhoneWrong, PhoneNotProved, TooManyTries, AlreadyVerified, NoWeChat, DisputeOpen, NodeUnknown.
    """
    number, mobile = id_numbers.checked(said.id_number, clock.today()), phones.checked(said.phone)
    own_phone.check_proved(people.person(actor.worker_id), mobile)
    binding.count_try(actor)
    return _open(actor, said, Claim(said.name, number, mobile))


@transactional
def decide(actor: Actor, case_id: int, *, is_moved: bool, reason: str) -> CaseDetail:
    """Move the binding to the claimant, or refuse, and tell both why.

    Raises CaseUnknown, CaseDecided, OwnCase.
    """
    _in_scope(actor, case_id)
    return _detail(binding_cases.decide(actor, case_id, is_moved=is_moved, reason=reason))


def mine(actor: Actor, *, page: int, per_page: int) -> Page[BindingCase]:
    """The actor's own cases, newest first."""
    own = select(BindingCase).where(BindingCase.claimant_id == actor.worker_id)
    return page_of(own.order_by(BindingCase.id.desc()), page=page, per_page=per_page)


def listed(actor: Actor, state: BindingCaseState | None, *, page: int, per_page: int) -> Page[CaseLine]:
    """The cases of the scope, oldest first; of one state where named."""
    query = _cases(actor).order_by(BindingCase.id)
    if state is not None:
        query = query.where(BindingCase.state == state)
    found = page_of(query, page=page, per_page=per_page)
    where = nodes.by_ids(case.node_id for case in found.items)
    lines = [CaseLine(case, binding_cases.claimed_of(case).name, where[case.node_id]) for case in found.items]
    return Page(lines, page, per_page, found.total)


def one(actor: Actor, case_id: int) -> CaseDetail:
    """One case of the scope. Raises CaseUnknown."""
    return _detail(_in_scope(actor, case_id))


@transactional
def _open(actor: Actor, said: Dispute, claim: Claim) -> BindingCase:
    return binding_cases.open_case(actor, said.kind, claim, said.note, _desk_of(claim, said.node_id))


def _desk_of(claim: Claim, node_id: int | None) -> int:
    subject = people.by_id_number(claim.id_number)
    membership = memberships.active_membership(subject.id) if subject else None
    if membership is not None:
        return membership.node_id
    if node_id is not None and subject is None:
        return nodes.node(node_id).id
    root = nodes.root()
    if root is None:
        raise NodeUnknown
    return root.id


def _cases(actor: Actor) -> Select[BindingCase]:
    query = select(BindingCase).join(UnionNode, UnionNode.id == BindingCase.node_id)
    return query.where(nodes.scope_filter(actor.paths(*ROLES)))


def _in_scope(actor: Actor, case_id: int) -> BindingCase:
    found = db.session.scalar(_cases(actor).where(BindingCase.id == case_id))
    if found is None:
        raise CaseUnknown
    return found


def _detail(case: BindingCase) -> CaseDetail:
    claimed, claimant = binding_cases.claimed_of(case), people.person(case.claimant_id)
    return CaseDetail(
        case=case,
        name=claimed.name,
        node=nodes.node(case.node_id),
        id_number=mask_id_number(claimed.id_number),
        phone=mask_phone(claimed.phone),
        note=claimed.note,
        is_phone_proved=claimant.phone_proved_at is not None and claimant.phone == claimed.phone,
        claimant_since=claimant.created_at,
        evidence=_evidence(case.subject_id, claimed) if case.subject_id else None,
    )


def _evidence(person_id: int, claimed: binding_cases.Claimed) -> Evidence:
    person = people.person(person_id)
    membership = memberships.active_membership(person_id)
    as_worker = (SignIn.person_id == person_id) & (SignIn.channel != Channel.STAFF)
    return Evidence(
        person_id=person_id,
        name=person.name,
        phone=mask_phone(person.phone),
        node=nodes.node(membership.node_id) if membership else None,
        is_bound=wechat_sign_in.has_any(person_id),
        last_signed_in_at=db.session.scalar(
            select(func.max(SignIn.created_at, type_=SignIn.created_at.type)).where(as_worker)
        ),
        is_name_same=normal_name(person.name) == normal_name(claimed.name),
        is_phone_same=person.phone == claimed.phone,
    )
