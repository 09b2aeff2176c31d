"""A clock that ran out is told up the tree, step by step, each once."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from service.core import clock
from service.core.access import Role
from service.core.db import db
from service.legal_aid import cases, escalations, feedback, objections, queues, settings
from service.legal_aid.consultation import answering, consultations
from service.legal_aid.enums import EscalatedTo, EscalationKind, Matter
from service.legal_aid.escalation_models import AidEscalation
from service.legal_aid.models import AidCase
from service.legal_aid.queues import Wanted
from service.messaging.models import OutboxRow
from service.organisations.errors import NodeUnknown
from tests import make_legal_aid as aid
from tests.service.legal_aid.conftest import Office, clerk

DAY = timedelta(days=1)


def after(due_on: date | None, days: int) -> datetime:
    """Noon so many days after a clock's last day."""
    assert due_on is not None
    return clock.day_start(due_on + days * DAY) + timedelta(hours=12)


def run(due_on: date | None, days: int) -> int:
    at = after(due_on, days)
    with time_machine.travel(at, tick=False):
        return escalations.escalate_due(at)


def told() -> list[int]:
    """Who was told of something overdue, in order."""
    db.session.expire_all()
    rows = db.session.scalars(select(OutboxRow).order_by(OutboxRow.id))
    return [row.payload["person_id"] for row in rows if "已超期" in row.payload.get("body", "")]


def taken() -> list[tuple[EscalatedTo, int]]:
    rows = db.session.scalars(select(AidEscalation).order_by(AidEscalation.due_on, AidEscalation.step))
    return [(row.to, row.step) for row in rows]


def test_an_overdue_decision_is_told_to_the_office_and_after_its_days_to_the_union_above(office: Office) -> None:
    case = aid.submitted(office.worker)
    due_on = case.due_on
    assert run(due_on, 0) == 0, "the last day is not over"
    assert run(due_on, 1) == 1
    assert sorted(told()) == sorted([office.intake.worker_id, office.supervisor.worker_id])
    assert [run(due_on, days) for days in (1, 2, 3, 3, 30)] == [0, 0, 1, 0, 0]
    assert told()[-1] == office.upper.person_id
    assert taken() == [(EscalatedTo.OFFICE, 0), (EscalatedTo.UPPER, 1)]
    with time_machine.travel(after(due_on, 4)):
        line = queues.listed(office.intake, Wanted(), page=1, per_page=20).items[0]
        assert line.escalated is not None
        assert (line.escalated.to, line.escalated.node_name) == (EscalatedTo.UPPER, office.city.name)
        assert line.escalated.since == after(due_on, 3)
    steps = [each.text for each in cases.mine(office.worker, case.id).steps]
    assert steps.count("已提醒上级督办") == 1


def test_the_days_between_two_steps_are_a_setting_with_its_label(office: Office) -> None:
    standing = settings.settings(office.intake, office.county.id)
    assert (standing.escalation_days, standing.escalation_source) == (2, settings.EXAMPLE)
    changed = settings.settle_escalation(office.upper, office.city.id, 5)
    assert (changed.escalation_days, changed.escalation_source) == (5, settings.OWN_RULE)
    assert settings.settings(office.intake, office.county.id).escalation_days == 5
    assert settings.settings(office.intake, office.county.id).own.escalation_days is None
    case = aid.submitted(office.worker)
    assert [run(case.due_on, days) for days in (1, 5, 6)] == [1, 0, 1]
    assert settings.settle_escalation(office.upper, office.city.id, None).escalation_days == 2
    with pytest.raises(NodeUnknown):
        settings.settle_escalation(office.elsewhere, office.county.id, 3)


def test_what_was_done_in_time_or_meanwhile_is_told_to_nobody(office: Office) -> None:
    case = aid.reviewing(office.worker, office.intake)
    answered = consultations.ask(actor=office.worker, matter=Matter.WAGES, county_code=None, words="怎么办")
    answering.answer(actor=office.intake, consultation_id=answered.id, words="去仲裁")
    assert escalations.escalate_due(clock.now()) == 0
    today = clock.today()
    assert escalations._overdue(EscalationKind.ASSIGNMENT, case.id, today + 90 * DAY) is None
    assert escalations._overdue(EscalationKind.CONSULTATION, answered.id, today + 90 * DAY) is None
    assert escalations._escalate(EscalationKind.DECISION, case.id, today) == 0


def test_an_assignment_overdue_is_told_and_begins_anew_with_another_clock(office: Office) -> None:
    case = aid.submitted(office.worker)
    assert run(case.due_on, 1) == 1
    with time_machine.travel(after(case.due_on, 1)):
        granted = aid.desk.take(actor=office.intake, case_id=case.id, version=aid.reread(case.id).version)
        granted = aid.desk.grant(
            actor=office.intake, case_id=case.id, version=granted.version, articles=aid.ARTICLES, reason="符合"
        )
        assert queues.listed(office.intake, Wanted(), page=1, per_page=20).items[0].escalated is None
    assert run(granted.due_on, 1) == 1
    assert {row.kind for row in db.session.scalars(select(AidEscalation))} == {
        EscalationKind.DECISION, EscalationKind.ASSIGNMENT
    }  # fmt: skip


def test_an_objection_overdue_is_told_to_the_union_that_hears_it(office: Office) -> None:
    refused = aid.refused(office.worker, office.intake)
    case = objections.file(actor=office.worker, case_id=refused.id, words="不对")
    assert run(case.due_on, 1) == 1
    assert told() == [office.upper.person_id]


def test_a_complaint_overdue_is_told_to_the_supervisor_then_the_office_then_above(office: Office) -> None:
    case = aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    complaint = feedback.complain(actor=office.worker, case_id=case.id, words="没人管")
    for days, to in ((1, EscalatedTo.SUPERVISOR), (3, EscalatedTo.OFFICE), (5, EscalatedTo.UPPER)):
        assert run(complaint.due_on, days) == 1
        assert taken()[-1][0] is to
    assert told()[0] == office.supervisor.person_id
    assert office.handler.person_id not in told()
    feedback.answer(actor=office.supervisor, complaint_id=complaint.id, words="已换人")
    assert escalations._overdue(EscalationKind.COMPLAINT, complaint.id, complaint.due_on + DAY) is None


def test_a_case_that_went_back_to_be_assigned_is_told_to_its_supervisor_too(office: Office) -> None:
    case = aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    aid.assignments.recuse(actor=office.handler, case_id=case.id)
    due_on = aid.reread(case.id).due_on
    assert [run(due_on, days) for days in (1, 3, 5)] == [1, 1, 1]
    assert [to for to, _ in taken()] == [EscalatedTo.OFFICE, EscalatedTo.SUPERVISOR, EscalatedTo.UPPER]


def test_a_question_overdue_is_told_without_a_word_and_not_to_the_askers_own_colleagues(office: Office) -> None:
    colleague = clerk(office.county, Role.LEGAL_STAFF, employer_id=office.employer.id)
    people = escalations.people.person(office.worker.worker_id)
    people.employer_id = office.employer.id
    db.session.commit()
    asked = consultations.ask(actor=office.worker, matter=Matter.WAGES, county_code=None, words="老板跑了")
    assert [run(asked.due_on, days) for days in (1, 3)] == [1, 1]
    assert set(told()) == {office.intake.person_id, office.supervisor.person_id, office.upper.person_id}
    assert colleague.person_id not in told()
    bodies = str([row.payload for row in db.session.scalars(select(OutboxRow))])
    assert "老板" not in bodies


def test_staff_who_have_to_do_with_the_employer_are_told_nothing(office: Office) -> None:
    case: AidCase = aid.submitted(office.worker)
    assert run(case.due_on, 9) == 2
    assert office.of_employer.person_id not in told()
