"""What the worker says of the service: a rating after the end, a complaint at any time, answered within its clock.

Neither the handler nor her cover sees who complained and what about; the supervisor and the union above do
(docs/rules.md `legal_aid.union_clocks`).
"""

from uuid import UUID

from sqlalchemy import select

from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.lifecycle import WrongState
from service.core.transaction import transactional
from service.legal_aid import access, deciding, journal, scopes
from service.legal_aid.access import Relation, Right
from service.legal_aid.enums import CaseState, StepKind
from service.legal_aid.errors import CaseSealed, ComplaintUnknown, RatedAlready
from service.legal_aid.lifecycle import ENDED
from service.legal_aid.models import AidCase
from service.legal_aid.work_models import AidComplaint, AidRating
from service.organisations import holidays


@transactional
def rate(*, actor: Actor, case_id: UUID, stars: int, words: str) -> AidRating:
    """Rate the service, once, after the end. Raises CaseUnknown, WrongState, RatedAlready."""
    case = scopes.own_to_change(actor, case_id)
    if case.state not in ENDED:
        raise WrongState(details={"state": case.state.value, "event": "rate"})
    if db.session.get(AidRating, case.id) is not None:
        raise RatedAlready
    made = AidRating(case_id=case.id, person_id=case.person_id, stars=stars, rated_at=clock.now())
    made.words_sealed = crypto.seal(words, field="aid_ratings.words", row=case.id) if words else None
    db.session.add(made)
    journal.step(actor, case, StepKind.RATE)
    return made


@transactional
def complain(*, actor: Actor, case_id: UUID, words: str) -> AidComplaint:
    """Complain about the service. Raises CaseUnknown, WrongState for a draft."""
    case = scopes.own_to_change(actor, case_id)
    if case.state is CaseState.DRAFT:
        raise WrongState(details={"state": case.state.value, "event": "complain"})
    found = deciding.settings_of(case).clock("complaint_answer")
    due_on = holidays.calendar().last_day(clock.today(), found.length, found.unit, moves=found.moves)
    made = AidComplaint(id=new_id(), case_id=case.id, person_id=case.person_id, filed_at=clock.now(), due_on=due_on)
    made.words_sealed = crypto.seal(words, field="aid_complaints.words", row=made.id)
    db.session.add(made)
    journal.step(actor, case, StepKind.COMPLAIN)
    if case.supervisor_id is not None:
        journal.tell_staff(case.supervisor_id, case, f"{case.number}有投诉，请在{due_on}前答复。")
    return made


@transactional
def answer(*, actor: Actor, complaint_id: UUID, words: str) -> AidComplaint:
    """Answer a complaint, as supervisor or as legal staff above the office; never as the handler.

    Raises ComplaintUnknown, CaseSealed, WrongState.
    """
    complaint = db.session.get(AidComplaint, complaint_id, with_for_update=True)
    if complaint is None:
        raise ComplaintUnknown
    case = db.session.get_one(AidCase, complaint.case_id)
    _check_may_answer(actor, case)
    if complaint.answered_at is not None:
        raise WrongState(details={"state": "answered", "event": "answer"})
    complaint.answer_sealed = crypto.seal(words, field="aid_complaints.answer", row=complaint.id)
    complaint.answered_at, complaint.answered_by = clock.now(), actor.worker_id
    journal.tell_worker(case, "您的投诉已有答复，请点开看。")
    db.session.flush()
    return complaint


def own_complaints(actor: Actor, case_id: UUID) -> list[AidComplaint]:
    """One's own complaints about one's own case. Raises CaseUnknown."""
    return _of(scopes.own(actor, case_id))


def complaints_of(actor: Actor, case_id: UUID) -> list[AidComplaint]:
    """The complaints about a case, for who answers them; that is told. Raises CaseUnknown, CaseSealed."""
    case = scopes.to_read(actor, case_id, Right.LIST)
    _check_may_answer(actor, case)
    scopes.tell(actor, case, "complaint")
    return _of(case)


def words_of(complaint: AidComplaint) -> tuple[str, str]:
    """What was complained about, and the answer, in clear. Raises SealBroken."""
    said, answered = complaint.words_sealed, complaint.answer_sealed
    return (
        crypto.unseal(said, field="aid_complaints.words", row=complaint.id) if said else "",
        crypto.unseal(answered, field="aid_complaints.answer", row=complaint.id) if answered else "",
    )


def _check_may_answer(actor: Actor, case: AidCase) -> None:
    held = access.rights(actor, case)
    if Right.LIST not in held:
        raise ComplaintUnknown
    works_it = {Relation.HANDLER, Relation.COVER} & access.relations(actor, case)
    if works_it or not actor.holds(access.STAFF):
        raise CaseSealed


def _of(case: AidCase) -> list[AidComplaint]:
    query = select(AidComplaint).where(AidComplaint.case_id == case.id).order_by(AidComplaint.filed_at)
    return list(db.session.scalars(query))
