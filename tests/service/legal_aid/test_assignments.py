"""Who works a case: proposals, conflicts, changes, recusal; the lock; lists and searches of the office."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from sqlalchemy import event, select

from service.audit.models import AuditEntry, AuditSubject
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.lifecycle import WrongState
from service.identity import people
from service.legal_aid import access, applications, assignments, cases, desk, locks, queues
from service.legal_aid.desk_models import AidAssignment
from service.legal_aid.enums import AssignmentEnd, CaseState, Turn
from service.legal_aid.errors import CaseLocked, CaseSealed, CaseUnknown, HandlerBarred, HandlerUnknown, ReasonMissing
from service.legal_aid.queues import Sought, Wanted
from service.organisations.models import Employer
from service.overview import my_data
from tests import make
from tests import make_legal_aid as aid
from tests.service.legal_aid.conftest import Office


def ids(office: Office, *names: str) -> list[int]:
    return [getattr(office, name).worker_id for name in names]


def test_the_proposal_leaves_out_who_works_for_the_employer(office: Office) -> None:
    case = aid.granted(office.worker, office.intake)
    found = assignments.candidates(office.intake, case.id)
    proposed = [each.person_id for each in found]
    assert proposed[:3] == ids(office, "intake", "supervisor", "handler")
    assert set(proposed) == set(ids(office, "intake", "supervisor", "handler", "second_handler", "upper"))
    busy = aid.assigned(office.worker, office.intake, office.handler.worker_id)
    assert busy.handler_id == office.handler.person_id
    again = [each.person_id for each in assignments.candidates(office.intake, case.id)]
    assert again.index(office.handler.worker_id) > again.index(office.supervisor.worker_id)


def test_a_case_goes_to_one_handler_at_a_time_and_the_former_one_loses_it(office: Office) -> None:
    case = aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    assert (case.state, case.turn) == (CaseState.ASSIGNED, Turn.HANDLER)
    assert cases.opened(office.handler, case.id).form["reason"].startswith("干了")
    begun = assignments.begin(actor=office.handler, case_id=case.id)
    assert begun.state is CaseState.WORKING
    changed = assignments.assign(
        actor=office.supervisor, case_id=case.id, version=begun.version, handler_id=office.second_handler.worker_id
    )
    assert (changed.state, changed.supervisor_id) == (CaseState.ASSIGNED, office.supervisor.person_id)
    with pytest.raises(CaseUnknown):
        cases.opened(office.handler, case.id)
    assert cases.opened(office.second_handler, case.id).handler_name
    rows = db.session.scalars(select(AidAssignment).order_by(AidAssignment.assigned_at, AidAssignment.id)).all()
    assert [row.ended_by for row in rows] == [AssignmentEnd.CHANGED, None]


def test_nobody_is_assigned_who_is_not_of_the_office_or_has_to_do_with_the_employer(office: Office) -> None:
    case = aid.granted(office.worker, office.intake)
    for person, refusal in (
        (office.of_employer, HandlerBarred), (office.elsewhere, HandlerUnknown), (office.other_worker, HandlerUnknown),
    ):  # fmt: skip
        with pytest.raises(refusal):
            assignments.assign(actor=office.intake, case_id=case.id, version=case.version, handler_id=person.worker_id)
    with pytest.raises(HandlerUnknown):
        assignments.assign(actor=office.intake, case_id=case.id, version=case.version, handler_id=999_999_999)
    with pytest.raises(HandlerUnknown):
        assignments.assign(
            actor=office.intake, case_id=case.id, version=case.version, handler_id=office.handler.worker_id,
            supervisor_id=office.handler.worker_id,
        )  # fmt: skip


def test_an_employer_that_gets_its_row_later_is_known_by_its_name(office: Office) -> None:
    case = aid.submitted(office.worker, employer={"employer_name": "景谷某林场"})
    assert (case.employer_id, case.employer_index) == (None, access.employer_index("景谷某林场"))
    forest = Employer(name="景谷某林场")
    db.session.add(forest)
    db.session.flush()
    assert not access.is_barred(office.supervisor.worker_id, case)
    people.person(office.supervisor.worker_id).employer_id = forest.id
    db.session.commit()
    assert access.is_barred(office.supervisor.worker_id, case)
    with pytest.raises(CaseUnknown):
        cases.opened(office.supervisor, case.id)
    assert queues.listed(office.supervisor, Wanted(), page=1, per_page=20).total == 0
    assert queues.listed(office.intake, Wanted(), page=1, per_page=20).total == 1


def test_who_is_concerned_says_so_and_knows_of_the_case_no_more(office: Office) -> None:
    case = aid.assigned(office.worker, office.intake, office.handler.worker_id)
    back = assignments.recuse(actor=office.handler, case_id=case.id)
    assert (back.state, back.handler_id, back.turn) == (CaseState.GRANTED, None, Turn.OFFICE)
    with pytest.raises(CaseUnknown):
        cases.opened(office.handler, case.id)
    with pytest.raises(HandlerBarred):
        assignments.assign(
            actor=office.intake, case_id=case.id, version=back.version, handler_id=office.handler.worker_id
        )
    assignments.recuse(actor=office.upper, case_id=case.id)
    assert queues.listed(office.upper, Wanted(), page=1, per_page=20).total == 0


def test_staff_do_not_decide_their_own_case(office: Office) -> None:
    own = aid.submitted(make.actor(office.upper.worker_id))
    with pytest.raises(CaseUnknown):
        desk.take(actor=office.upper, case_id=own.id, version=own.version)
    assert queues.listed(office.upper, Wanted(), page=1, per_page=20).total == 0


def test_aid_ends_with_ground_and_reason(office: Office) -> None:
    case = aid.assigned(office.worker, office.intake, office.handler.worker_id)
    with pytest.raises(ReasonMissing):
        assignments.terminate(actor=office.handler, case_id=case.id, version=case.version, articles=[], reason="")
    ended = assignments.terminate(
        actor=office.handler, case_id=case.id, version=case.version, articles=["法律援助法第四十八条"],
        reason="已自行委托律师",
    )  # fmt: skip
    assert ended.state is CaseState.TERMINATED
    assert ended.ended_at is not None
    assert cases.mine(office.worker, case.id).decisions[-1].reason == "已自行委托律师"


def test_who_withdraws_a_case_in_hand_ends_it_and_its_people_are_told(office: Office) -> None:
    case = aid.assigned(office.worker, office.intake, office.handler.worker_id)
    ended = applications.withdraw(actor=office.worker, case_id=case.id)
    assert ended.state is CaseState.TERMINATED
    assert db.session.scalars(select(AidAssignment)).one().ended_by is AssignmentEnd.ENDED


def test_one_writes_at_a_time_and_the_lock_runs_out(office: Office) -> None:
    case = aid.submitted(office.worker)
    locks.take(actor=office.intake, case_id=case.id)
    locks.take(actor=office.intake, case_id=case.id)
    with pytest.raises(CaseLocked) as locked:
        locks.take(actor=office.supervisor, case_id=case.id)
    assert "until" in locked.value.details
    with pytest.raises(CaseLocked):
        desk.take(actor=office.supervisor, case_id=case.id, version=case.version)
    locks.release(actor=office.supervisor, case_id=case.id)
    with pytest.raises(CaseLocked):
        locks.take(actor=office.supervisor, case_id=case.id)
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1)):
        locks.take(actor=office.supervisor, case_id=case.id)
        with pytest.raises(CaseLocked):
            locks.take(actor=office.intake, case_id=case.id)
        locks.release(actor=office.supervisor, case_id=case.id)
        assert locks.take(actor=office.intake, case_id=case.id).locked_by == office.intake.person_id
    with pytest.raises(CaseSealed):
        locks.take(actor=office.upper, case_id=case.id)


def asked_for(actor: Actor) -> tuple[int, int]:
    """How long the list is, and how many queries it costs whoever has just signed in."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    db.session.rollback()
    db.session.expunge_all()
    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", note)
    page = queues.listed(actor, Wanted(), page=1, per_page=50)
    event.remove(connection, "before_cursor_execute", note)
    return len(page.items), len(asked)


def test_a_list_costs_the_same_queries_however_long_it_is(office: Office) -> None:
    def enter() -> None:
        for home in (office.county, office.factory):
            aid.submitted(make.actor(make.person(member_of=home).id))
            aid.refused(make.actor(make.person(member_of=home).id), office.intake)
            working = make.actor(make.person(member_of=home).id)
            aid.working(working, office.intake, office.handler.worker_id)

    enter()
    short, few = asked_for(office.intake)
    for _ in range(3):
        enter()
    assert asked_for(office.intake) == (short * 4, few)
    assert (short, few <= 8) == (6, True)


def test_lists_show_numbers_and_dates_and_search_goes_by_blind_index(office: Office) -> None:
    case = aid.submitted(office.worker)
    aid.submitted(office.other_worker)
    page = queues.listed(office.intake, Wanted(), page=1, per_page=20)
    assert [(line.case.id, line.may_open) for line in page.items] == [(case.id, True)]
    above = queues.listed(office.upper, Wanted(number=case.number), page=1, per_page=20)
    assert [line.may_open for line in above.items] == [False]
    assert queues.listed(office.upper, Wanted(), page=1, per_page=20).total == 2
    assert queues.listed(office.upper, Wanted(number=case.number), page=1, per_page=20).total == 1
    assert queues.listed(office.worker, Wanted(), page=1, per_page=20).total == 0
    person = people.person(office.worker.worker_id)
    found = queues.search(office.intake, Sought(id_number=person.id_number), page=1, per_page=20)
    assert [line.case.id for line in found.items] == [case.id]
    by_phone = queues.search(office.intake, Sought(phone=person.phone), page=1, per_page=20)
    assert by_phone.total == 1
    against = Sought(employer=cases.mine(office.worker, case.id).form["employer_name"])
    assert case.id in [line.case.id for line in queues.search(office.intake, against, page=1, per_page=20).items]
    assert queues.search(office.intake, Sought(), page=1, per_page=20).total == 0
    sought = select(AuditEntry.id).where(AuditEntry.action == "legal_aid.searched")
    about = select(AuditSubject.person_id).where(AuditSubject.entry_id.in_(sought))
    assert set(db.session.scalars(about)) == {office.worker.person_id}


def test_overdue_soon_and_red_are_told_apart(office: Office) -> None:
    with time_machine.travel("2026-06-01T09:00:00+08:00", tick=False):
        limit = {"limitation_clock": "suing", "limitation_on": "2026-06-16"}
        case = aid.submitted(office.worker, matter=limit)
    for day, expected in (
        ("04", (0, 0, 0)), ("05", (0, 1, 0)), ("08", (0, 1, 0)), ("09", (1, 0, 1)), ("17", (1, 0, 0)),
    ):  # fmt: skip
        with time_machine.travel(f"2026-06-{day}T09:00:00+08:00", tick=False):
            glance = queues.at_a_glance(office.intake)
            assert (glance.overdue, glance.soon, glance.limitation_red) == expected, day
            assert glance.by_turn == {"office": 1}
            line = queues.listed(office.intake, Wanted(is_open=True), page=1, per_page=9).items[0]
            assert line.days_left == 8 - int(day)
    between = Wanted(received_from=date(2026, 6, 1), received_to=date(2026, 6, 1))
    assert queues.listed(office.intake, between, page=1, per_page=9).total == 1
    before = Wanted(received_to=date(2026, 5, 31))
    assert queues.listed(office.intake, before, page=1, per_page=9).total == 0
    applications.withdraw(actor=office.worker, case_id=case.id)
    assert queues.listed(office.intake, Wanted(is_open=True), page=1, per_page=9).total == 0


def test_the_exported_list_holds_no_word_of_a_case(office: Office) -> None:
    case = aid.submitted(office.worker, matter={"reason": "老板王某不给钱"})
    book = openpyxl.load_workbook(io.BytesIO(queues.export(office.intake, Wanted())))
    said = str([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()])
    assert str(case.number) in said
    for word in ("王某", "思茅某茶厂", "岩温", people.person(office.worker.worker_id).name):
        assert word not in said
    assert db.session.scalar(select(AuditEntry).where(AuditEntry.action == "legal_aid.exported")) is not None


def test_every_look_is_written_down_and_the_worker_sees_it(office: Office) -> None:
    case = aid.submitted(office.worker)
    cases.mine(office.worker, case.id)
    assert my_data.looks(office.worker, page=1, per_page=9).total == 0
    cases.opened(office.intake, case.id)
    look = my_data.looks(office.worker, page=1, per_page=9).items[0]
    assert (look.fields, look.unions) == (["case"], ["思茅区总工会"])


def test_a_case_in_the_wrong_state_is_not_begun(office: Office) -> None:
    case = aid.assigned(office.worker, office.intake, office.handler.worker_id)
    assignments.begin(actor=office.handler, case_id=case.id)
    with pytest.raises(WrongState):
        assignments.begin(actor=office.handler, case_id=case.id)
    with pytest.raises(CaseSealed):
        assignments.begin(actor=office.upper, case_id=case.id)
