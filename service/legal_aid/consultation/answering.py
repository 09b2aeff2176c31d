"""The lawyers' side: what is due soon or overdue, opening a question, answering it. A line holds no word and no name.

Opening is told to the asker (docs/rules.md `privacy.reads_audited`).
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from service.audit import entries, reads
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.pages import Page, page_of_rows
from service.core.transaction import transactional
from service.identity import people
from service.legal_aid.consultation import sight
from service.legal_aid.consultation.enums import ConsultationEvent, ConsultationState
from service.legal_aid.consultation.lifecycle import CONSULTATION
from service.legal_aid.consultation.models import Consultation
from service.legal_aid.consultation.sight import OpenedConsultation
from service.legal_aid.enums import Matter
from service.legal_aid.queues import SOON_DAYS
from service.messaging import outbox

SUBJECT = "consultation"
LINK = "/legal-aid/consultations/{id}"


@dataclass(frozen=True, slots=True)
class Sought:
    """Which consultations. `pressing`: `overdue`, or `soon` (three days or fewer)."""

    state: ConsultationState | None = None
    matter: Matter | None = None
    pressing: str | None = None


@dataclass(frozen=True, slots=True)
class ConsultationLine:
    """A consultation in the lawyers' list."""

    consultation: Consultation
    node_name: str
    lawyer_name: str | None
    days_left: int | None


@transactional
def answer(*, actor: Actor, consultation_id: UUID, words: str) -> Consultation:
    """Answer, or add to an answer. Raises ConsultationUnknown, WrongState."""
    found = sight.locked(sight.to_read(actor, consultation_id).id)
    found.state = CONSULTATION.next(found.state, ConsultationEvent.ANSWER)
    found.lawyer_id, found.answered_at, found.due_on = actor.worker_id, clock.now(), None
    sight.write(found, words, actor.worker_id)
    entries.record(actor, "consultation.answered", SUBJECT, found.id, about=[found.person_id])
    outbox.notice(
        found.person_id, f"legal_aid:{new_id()}", "您的法律咨询有答复了", "律师已答复，请点开看。",
        LINK.format(id=found.id),
    )  # fmt: skip
    db.session.flush()
    return found


def listed(actor: Actor, wanted: Sought, *, page: int, per_page: int) -> Page[ConsultationLine]:
    """What is in sight, what is due first in front."""
    today = clock.today()
    pressing = {
        "overdue": Consultation.due_on < today,
        "soon": Consultation.due_on.between(today, today + timedelta(days=SOON_DAYS)),
    }
    query = sight.sought(actor)
    if wanted.pressing is not None:
        query = query.where(pressing[wanted.pressing])
    if wanted.state is not None:
        query = query.where(Consultation.state == wanted.state)
    if wanted.matter is not None:
        query = query.where(Consultation.matter == wanted.matter)
    order = (Consultation.due_on.is_(None), Consultation.due_on, Consultation.asked_at.desc(), Consultation.id)
    found = page_of_rows(query.order_by(*order), page=page, per_page=per_page)
    names = people.by_ids({row[0].lawyer_id for row in found.items if row[0].lawyer_id is not None})
    lines = [
        ConsultationLine(
            each, node.name, names[each.lawyer_id].name if each.lawyer_id in names else None,
            (each.due_on - today).days if each.due_on else None,
        )
        for each, node in found.items
    ]  # fmt: skip
    return Page(lines, page, per_page, found.total)


def opened(actor: Actor, consultation_id: UUID) -> OpenedConsultation:
    """A question with what followed; that it was opened is told. Raises ConsultationUnknown."""
    found = sight.to_read(actor, consultation_id)
    reads.tell(actor, SUBJECT, found.id, people=[found.person_id], fields=["consultation"])
    return sight.opened(found)
