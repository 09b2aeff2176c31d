"""Members as staff see them: those in their scope, numbers masked (docs/rules.md `privacy.masking`)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from service.audit import reads
from service.core import clock
from service.core.access import Actor, Role
from service.core.db import db
from service.core.ids import new_id
from service.core.pages import Page, page_of_rows
from service.core.search import like_pattern
from service.core.transaction import transactional
from service.identity import id_number, people, phone, profiles, roster
from service.identity.errors import PersonUnknown
from service.identity.masking import mask_id_number, mask_phone
from service.identity.models import Person
from service.identity.profiles import Work
from service.messaging import outbox
from service.organisations import nodes
from service.organisations.enums import Industry, WorkerCategory
from service.organisations.models import Employer, UnionNode
from service.organisations.occupations import occupation_name
from service.unions.models import Membership, MembershipState

ROLES = (Role.MEMBERSHIP_STAFF, Role.TRAINING_STAFF)
MASKED = ("employer", "id_number_masked", "name", "phone_masked")


@dataclass(frozen=True, slots=True)
class PersonInScope:
    """A member as staff see one."""

    id: int
    name: str
    is_verified: bool
    id_number: str | None
    phone: str | None
    employer: Employer | None
    node: UnionNode
    occupation_code: str | None
    occupation_name: str | None
    industry: str
    worker_category: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which members a list shows: part of the name, a node with all below it, what their work is; None is anything."""

    q: str | None = None
    node: int | None = None
    industry: Industry | None = None
    category: WorkerCategory | None = None
    occupation: str | None = None
    verified: bool | None = None


def in_scope(actor: Actor, narrowed: Narrowed, *, page: int, per_page: int) -> Page[PersonInScope]:
    """Members below the actor's nodes by id. Raises NodeUnknown for a node out of scope."""
    query = _members(actor)
    if narrowed.node is not None:
        query = query.where(nodes.subtree_filter(nodes.node_in_scope(actor, narrowed.node, *ROLES).path))
    if narrowed.q:
        query = query.where(Person.search.like(like_pattern(narrowed.q), escape="\\"))
    if narrowed.verified is not None:
        query = query.where(Person.is_verified.is_(narrowed.verified))
    for column, value in (
        (Person.industry, narrowed.industry),
        (Person.worker_category, narrowed.category),
        (Person.occupation_code, narrowed.occupation),
    ):
        if value is not None:
            query = query.where(column == value)
    return _told(actor, query, page, per_page)


def _told(actor: Actor, query: Any, page: int, per_page: int) -> Page[PersonInScope]:
    found = page_of_rows(query, page=page, per_page=per_page)
    lines = [_line(row) for row in found.items]
    reads.tell(actor, "people", "list", people=[line.id for line in lines], fields=MASKED)
    return Page(lines, page, per_page, found.total)


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom staff look for: who has all of what is given, whole numbers and part of a name."""

    id_number: str | None = None
    phone: str | None = None
    name: str | None = None


def search(actor: Actor, sought: Sought, *, page: int, per_page: int) -> Page[PersonInScope]:
    """Members in scope with this number or name; numbers are looked up by their blind index. That it was read is kept.

    Raises IdNumberWrong, PhoneWrong.
    """
    query = _members(actor)
    if sought.id_number is not None:
        number = id_number.checked(sought.id_number, clock.today())
        query = query.where(Person.id_number_index == people.id_number_index(number))
    if sought.phone is not None:
        query = query.where(Person.phone_index == roster.phone_index(phone.checked(sought.phone)))
    if sought.name is not None:
        query = query.where(Person.search.like(like_pattern(sought.name), escape="\\"))
    return _told(actor, query, page, per_page)


@transactional
def set_work(actor: Actor, person_id: int, work: Work) -> PersonInScope:
    """Write what a member works as into the register; she is told. Membership staff of her union alone.

    Raises PersonUnknown, OwnWork, OccupationUnknown.
    """
    if _member(actor, person_id, Role.MEMBERSHIP_STAFF) is None:
        raise PersonUnknown
    if profiles.set_work(actor, person_id, work):
        said = "工会更正了您登记的职业、产业或职工类别，如有疑问请申请更正"
        outbox.notice(person_id, f"work:{new_id()}", "登记信息已更正", said, "/me/data")
    row = _member(actor, person_id, Role.MEMBERSHIP_STAFF)
    return _line(row)


def one_in_scope(actor: Actor, person_id: int) -> PersonInScope:
    """The member. Raises PersonUnknown for one who does not exist or is out of scope."""
    row = _member(actor, person_id)
    if row is None:
        raise PersonUnknown
    line = _line(row)
    reads.tell(actor, "person", person_id, people=[person_id], fields=MASKED)
    return line


def _member(actor: Actor, person_id: int, *roles: Role) -> Any:
    return db.session.execute(_members(actor, *roles).where(Person.id == person_id)).one_or_none()


def _members(actor: Actor, *roles: Role) -> Any:
    return (
        select(Person, UnionNode, Employer)
        .join(Membership, Membership.person_id == Person.id)
        .join(UnionNode, UnionNode.id == Membership.node_id)
        .outerjoin(Employer, Employer.id == Person.employer_id)
        .where(Membership.state == MembershipState.ACTIVE, nodes.scope_filter(actor.paths(*(roles or ROLES))))
        .order_by(Person.id)
    )


def _line(row: Any) -> PersonInScope:
    person = row.Person
    return PersonInScope(
        id=person.id,
        name=person.name,
        is_verified=person.is_verified,
        id_number=mask_id_number(person.id_number),
        phone=mask_phone(person.phone),
        employer=row.Employer,
        node=row.UnionNode,
        occupation_code=person.occupation_code,
        occupation_name=occupation_name(person.occupation_code),
        industry=person.industry,
        worker_category=person.worker_category,
    )
