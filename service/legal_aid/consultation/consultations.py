"""A worker's own consultations: ask, add, say that it is settled.

The office is the one an application would go to; its answer clock is a setting (docs/rules.md
`legal_aid.consultation`, `legal_aid.office`, `legal_aid.union_clocks`).
"""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.identity import people
from service.legal_aid import offices, settings
from service.legal_aid.consultation import sight
from service.legal_aid.consultation.enums import ConsultationEvent, ConsultationState
from service.legal_aid.consultation.errors import TooManyWaiting
from service.legal_aid.consultation.lifecycle import CONSULTATION
from service.legal_aid.consultation.models import Consultation
from service.legal_aid.consultation.sight import OpenedConsultation
from service.legal_aid.enums import Matter
from service.organisations import holidays, nodes
from service.organisations.models import UnionNode

MOST_WAITING = 5


@transactional
def ask(*, actor: Actor, matter: Matter, county_code: str | None, words: str) -> Consultation:
    """Ask the lawyers of the office. Raises NoOffice, TooManyWaiting."""
    people.lock([actor.worker_id])
    waiting = select(func.count()).where(
        Consultation.person_id == actor.worker_id, Consultation.state == ConsultationState.WAITING
    )
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise TooManyWaiting
    office = offices.office_of(actor.worker_id, county_code)
    made = Consultation(
        id=new_id(), person_id=actor.worker_id, node_id=office.id, matter=matter, asked_at=clock.now(),
        due_on=_due_on(office),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    sight.write(made, words)
    return made


@transactional
def follow_up(*, actor: Actor, consultation_id: UUID, words: str) -> Consultation:
    """Ask on, or add to what waits. The clock begins anew after an answer only.

    Raises ConsultationUnknown, WrongState.
    """
    found = sight.locked(sight.own(actor, consultation_id).id)
    state = CONSULTATION.next(found.state, ConsultationEvent.FOLLOW_UP)
    if found.state is not state:
        found.state, found.due_on = state, _due_on(nodes.node(found.node_id))
    sight.write(found, words)
    return found


@transactional
def close(*, actor: Actor, consultation_id: UUID) -> Consultation:
    """Say that it is settled. Raises ConsultationUnknown, WrongState."""
    found = sight.locked(sight.own(actor, consultation_id).id)
    found.state, found.due_on = CONSULTATION.next(found.state, ConsultationEvent.CLOSE), None
    db.session.flush()
    return found


def mine(actor: Actor) -> list[Consultation]:
    """One's own, newest first."""
    query = select(Consultation).where(Consultation.person_id == actor.worker_id)
    return list(db.session.scalars(query.order_by(Consultation.asked_at.desc(), Consultation.id)))


def my_opened(actor: Actor, consultation_id: UUID) -> OpenedConsultation:
    """One's own, whole. Raises ConsultationUnknown."""
    return sight.opened(sight.own(actor, consultation_id))


def _due_on(office: UnionNode) -> date:
    found = settings.at(office).clock("consultation_answer")
    return holidays.calendar().last_day(clock.today(), found.length, found.unit, moves=found.moves)
