"""Skill certificates: entered by workers, confirmed by staff, asked for by gates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from service.audit import entries, reads
from service.core import clock
from service.core.access import Actor, Role
from service.core.db import db
from service.core.pages import Page, page_of, page_of_rows
from service.core.transaction import transactional
from service.identity import people
from service.identity.models import Person
from service.messaging import outbox
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.organisations.occupations import occupation_name
from service.skills import rules
from service.skills.enums import level_name
from service.skills.errors import CertificateConfirmed, CertificateEntered, CertificateUnknown, CertificateWrong
from service.skills.models import SkillCertificate
from service.unions.models import Membership, MembershipState

ROLES = (Role.MEMBERSHIP_STAFF, Role.TRAINING_STAFF)


@dataclass(frozen=True, slots=True)
class CertificateInScope:
    """A certificate as staff see it, with its holder's name and union."""

    certificate: SkillCertificate
    person_name: str
    node_name: str


@transactional
def enter(actor: Actor, *, occupation_code: str, level: int, number: str, issued_on: date | None) -> SkillCertificate:
    """A certificate of the actor's own, to be confirmed by staff. Raises CertificateWrong, CertificateEntered."""
    number = rules.normal_number(number)
    found = rules.problems(
        occupation_code=occupation_code, level=level, number=number, issued_on=issued_on, today=clock.today()
    )
    if found:
        raise CertificateWrong(details=found)
    people.lock([actor.worker_id])
    own = select(SkillCertificate.id).where(
        SkillCertificate.person_id == actor.worker_id, SkillCertificate.number == number
    )
    if db.session.scalar(own) is not None:
        raise CertificateEntered
    made = SkillCertificate(
        person_id=actor.worker_id,
        occupation_code=occupation_code,
        level=level,
        number=number,
        issued_on=issued_on,
        entered_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


@transactional
def remove(actor: Actor, certificate_id: int) -> None:
    """Take one's own entry back. Raises CertificateUnknown, CertificateConfirmed."""
    people.lock([actor.worker_id])
    certificate = db.session.get(SkillCertificate, certificate_id)
    if certificate is None or certificate.person_id != actor.worker_id:
        raise CertificateUnknown
    if certificate.confirmed_at is not None:
        raise CertificateConfirmed
    db.session.delete(certificate)


@transactional
def confirm(actor: Actor, certificate_id: int) -> CertificateInScope:
    """Say that the certificate is genuine; from now on it counts. Raises CertificateUnknown, CertificateConfirmed."""
    found = _locked(actor, certificate_id)
    certificate = found.certificate
    if certificate.confirmed_at is None:
        certificate.confirmed_at, certificate.confirmed_by = clock.now(), actor.worker_id
        try:
            db.session.flush()
        except IntegrityError as error:
            raise CertificateConfirmed("这个编号已在另一人名下核验") from error
        entries.record(actor, "skills.certificate_confirmed", "skill_certificate", certificate_id)
        _tell(certificate, "证书已核验", f"您的{_named(certificate)}证书已核验，可用于报名。")
    return found


@transactional
def withdraw(actor: Actor, certificate_id: int, *, reason: str) -> CertificateInScope:
    """Take the confirmation back: it no longer counts. Raises CertificateUnknown."""
    found = _locked(actor, certificate_id)
    certificate = found.certificate
    if certificate.confirmed_at is not None:
        certificate.confirmed_at = certificate.confirmed_by = None
        entries.record(actor, "skills.confirmation_withdrawn", "skill_certificate", certificate_id, reason=reason)
        _tell(certificate, "证书核验已撤回", f"您的{_named(certificate)}证书核验已撤回：{reason}")
    return found


def own(actor: Actor, *, page: int, per_page: int) -> Page[SkillCertificate]:
    """The actor's certificates, newest entry first."""
    query = select(SkillCertificate).where(SkillCertificate.person_id == actor.worker_id)
    return page_of(query.order_by(SkillCertificate.id.desc()), page=page, per_page=per_page)


def listed(
    actor: Actor, *, confirmed: bool | None, person_id: int | None = None, page: int, per_page: int
) -> Page[CertificateInScope]:
    """Certificates of members in the actor's scope, oldest entry first: those waiting longest stand on top."""
    query = _in_scope(actor).order_by(SkillCertificate.entered_at, SkillCertificate.id)
    if confirmed is not None:
        query = query.where(SkillCertificate.confirmed_at.is_not(None) == confirmed)
    if person_id is not None:
        query = query.where(SkillCertificate.person_id == person_id)
    found = page_of_rows(query, page=page, per_page=per_page)
    lines = [CertificateInScope(*row) for row in found.items]
    holders = [line.certificate.person_id for line in lines]
    reads.tell(actor, "skill_certificates", "list", people=holders, fields=("certificates", "name"))
    return Page(lines, found.page, found.per_page, found.total)


def levels_held(person_ids: Iterable[int], occupation_code: str) -> dict[int, int]:
    """Person id -> best confirmed level (1 the highest) in the occupation, for those who hold one."""
    best = (
        select(SkillCertificate.person_id, func.min(SkillCertificate.level))
        .where(
            SkillCertificate.person_id.in_(set(person_ids)),
            SkillCertificate.occupation_code == occupation_code,
            SkillCertificate.confirmed_at.is_not(None),
        )
        .group_by(SkillCertificate.person_id)
    )
    return dict(db.session.execute(best).all())


def _in_scope(actor: Actor) -> Select[SkillCertificate, str, str]:
    return (
        select(SkillCertificate, Person.name, UnionNode.name)
        .join(Person, Person.id == SkillCertificate.person_id)
        .join(Membership, (Membership.person_id == Person.id) & (Membership.state == MembershipState.ACTIVE))
        .join(UnionNode, UnionNode.id == Membership.node_id)
        .where(nodes.scope_filter(actor.paths(*ROLES)))
    )


def _locked(actor: Actor, certificate_id: int) -> CertificateInScope:
    """The certificate in the actor's scope, under the lock of its holder."""
    holder = db.session.scalar(select(SkillCertificate.person_id).where(SkillCertificate.id == certificate_id))
    if holder is not None:
        people.lock([holder])
    row = db.session.execute(_in_scope(actor).where(SkillCertificate.id == certificate_id)).first()
    if row is None:
        raise CertificateUnknown
    return CertificateInScope(*row)


def _named(certificate: SkillCertificate) -> str:
    return f"{occupation_name(certificate.occupation_code)}{level_name(certificate.level)}"


def _tell(certificate: SkillCertificate, title: str, body: str) -> None:
    at = clock.now().timestamp()
    outbox.notice(certificate.person_id, f"certificate:{certificate.id}:{at}", title, body, "/me/certificates")
