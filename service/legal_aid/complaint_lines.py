"""Complaints in clear, for those who answer them and the worker who made them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from service.core.access import Actor
from service.legal_aid import feedback
from service.legal_aid.work_models import AidComplaint


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    """A complaint with its answer."""

    id: UUID
    words: str
    filed_at: datetime
    due_on: date
    answer: str
    answered_at: datetime | None


def line(complaint: AidComplaint) -> ComplaintLine:
    """One in clear. Raises SealBroken."""
    words, answer = feedback.words_of(complaint)
    return ComplaintLine(complaint.id, words, complaint.filed_at, complaint.due_on, answer, complaint.answered_at)


def of_case(actor: Actor, case_id: UUID) -> list[ComplaintLine]:
    """Those about a case. Raises CaseUnknown, CaseSealed."""
    return [line(each) for each in feedback.complaints_of(actor, case_id)]


def mine(actor: Actor, case_id: UUID) -> list[ComplaintLine]:
    """One's own about one's own case. Raises CaseUnknown."""
    return [line(each) for each in feedback.own_complaints(actor, case_id)]
