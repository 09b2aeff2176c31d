"""Who sees a consultation, and what is written in it.

While nobody has answered: legal aid officers and legal staff of the scope. Afterwards who answered, and the scope's
legal staff. Never the asker herself as staff, nor who works for the same employer (docs/rules.md
`legal_aid.consultation`, `legal_aid.conflict`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.identity.models import Person
from service.legal_aid.access import HANDLERS, STAFF, employment
from service.legal_aid.consultation.enums import WrittenBy
from service.legal_aid.consultation.errors import ConsultationUnknown
from service.legal_aid.consultation.models import Consultation, ConsultationEntry
from service.organisations import nodes
from service.organisations.models import UnionNode

WORDS = "consultation_entries.words"


@dataclass(frozen=True, slots=True)
class Written:
    """An entry in clear."""

    at: datetime
    by: WrittenBy
    words: str


@dataclass(frozen=True, slots=True)
class OpenedConsultation:
    """A consultation with everything written in it, oldest first."""

    consultation: Consultation
    entries: Sequence[Written]


def sought(actor: Actor) -> Select[Consultation, UnionNode]:
    """Consultations in the actor's sight, with their unions."""
    return (
        select(Consultation, UnionNode)
        .join(UnionNode, UnionNode.id == Consultation.node_id)
        .join(Person, Person.id == Consultation.person_id)
        .where(_in_sight(actor))
    )


def to_read(actor: Actor, consultation_id: UUID) -> Consultation:
    """The consultation, for staff. Raises ConsultationUnknown."""
    row = db.session.execute(sought(actor).where(Consultation.id == consultation_id)).first()
    if row is None:
        raise ConsultationUnknown
    found: Consultation = row[0]
    return found


def own(actor: Actor, consultation_id: UUID) -> Consultation:
    """The actor's own. Raises ConsultationUnknown."""
    found = db.session.get(Consultation, consultation_id)
    if found is None or found.person_id != actor.worker_id:
        raise ConsultationUnknown
    return found


def locked(consultation_id: UUID) -> Consultation:
    """The consultation locked until the end of the transaction, as it stands now."""
    query = select(Consultation).where(Consultation.id == consultation_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def write(found: Consultation, words: str, lawyer_id: int | None = None) -> None:
    """Add what was written, in the caller's transaction."""
    made = ConsultationEntry(
        id=new_id(), consultation_id=found.id, person_id=found.person_id, lawyer_id=lawyer_id, at=clock.now()
    )
    made.words_sealed = crypto.seal(words, field=WORDS, row=made.id)
    db.session.add(made)
    db.session.flush()


def opened(found: Consultation) -> OpenedConsultation:
    """With what was written in it. Raises SealBroken."""
    query = select(ConsultationEntry).where(ConsultationEntry.consultation_id == found.id)
    rows = db.session.scalars(query.order_by(ConsultationEntry.at, ConsultationEntry.id))
    return OpenedConsultation(found, [_clear(row) for row in rows])


def _clear(row: ConsultationEntry) -> Written:
    words = crypto.unseal(row.words_sealed, field=WORDS, row=row.id) if row.words_sealed else ""
    return Written(row.at, WrittenBy.WORKER if row.lawyer_id is None else WrittenBy.LAWYER, words)


def _in_sight(actor: Actor) -> ColumnElement[bool]:
    if actor.person_id is None or not actor.holds(*HANDLERS):
        return false()
    apart = [Consultation.person_id != actor.person_id, Person.erased_at.is_(None)]
    place = employment(actor.person_id)
    if place.employer_id is not None:
        apart.append(or_(Person.employer_id.is_(None), Person.employer_id != place.employer_id))
    unanswered = and_(Consultation.lawyer_id.is_(None), nodes.scope_filter(actor.paths(*HANDLERS)))
    led = nodes.scope_filter(actor.paths(STAFF))
    return and_(or_(unanswered, led, Consultation.lawyer_id == actor.person_id), *apart)
