"""The dates of a decision, and what supplementing does to them; ending what is in hand.

Rules: docs/rules.md `legal_aid.supplement`, `legal_aid.union_clocks`, `legal_aid.clocks`.
"""

from datetime import date, datetime

from sqlalchemy import select

from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.legal_aid import journal, settings
from service.legal_aid.clocks import decision_dates
from service.legal_aid.desk_models import AidAssignment, AidNotice
from service.legal_aid.enums import AssignmentEnd, CaseEvent
from service.legal_aid.models import AidCase
from service.legal_aid.settings import AidSettings
from service.organisations import holidays, nodes


def settings_of(case: AidCase) -> AidSettings:
    """What holds at the case's office."""
    return settings.at(nodes.node(case.node_id))


def last_day(case: AidCase, what: str, start: date | None = None) -> date:
    """Until when `what` (decision, assignment, objection) has to be done by the clock of the case's route."""
    found = settings_of(case).clock(f"{case.route.value}_{what}")
    return holidays.calendar().last_day(start or clock.today(), found.length, found.unit, moves=found.moves)


def set_decision_dates(case: AidCase) -> None:
    """Write both dates into the case: the plain one, and the one that counts while or after papers were asked for."""
    at = settings_of(case)
    notice = notice_of(case)
    dates = decision_dates(
        at.clock(f"{case.route.value}_decision"),
        _day(case.received_at),
        at.supplement,
        told_on=_day(notice.told_at) if notice else None,
        complete_on=_day(notice.answered_at) if notice and notice.answered_at else None,
        calendar=holidays.calendar(),
    )
    case.plain_due_on, case.due_on = dates.from_receipt, dates.ends_on
    db.session.flush()


def supplemented(actor: Actor, case: AidCase) -> None:
    """What was asked for is there: the case goes on. In the caller's transaction. Raises WrongState."""
    journal.move(actor, case, CaseEvent.SUPPLEMENT)
    notice = notice_of(case)
    if notice is not None:
        notice.answered_at = case.complete_at = clock.now()
    db.session.flush()
    set_decision_dates(case)


def end_assignment(case: AidCase, why: AssignmentEnd = AssignmentEnd.ENDED) -> None:
    """Close the assignment in force, where there is one."""
    active = select(AidAssignment).where(AidAssignment.case_id == case.id, AidAssignment.ended_at.is_(None))
    found = db.session.scalar(active)
    if found is not None:
        found.ended_at, found.ended_by = clock.now(), why
        # Before the next one begins: one in force a case.
        db.session.flush()


def notice_of(case: AidCase) -> AidNotice | None:
    """The one notice of everything missing, where it was given."""
    return db.session.scalar(select(AidNotice).where(AidNotice.case_id == case.id))


def _day(at: datetime | None) -> date:
    return clock.local(at or clock.now()).date()
