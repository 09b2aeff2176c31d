"""Tasks on a case: sealed, of one person, ticked off and reopened, reminded of once, passed on with the case."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.core import clock
from service.core.db import db
from service.core.lifecycle import WrongState
from service.legal_aid import assignments, tasks, work
from service.legal_aid.enums import CaseState, Outcome
from service.legal_aid.errors import CaseSealed, CaseUnknown, HandlerUnknown, TaskUnknown
from service.legal_aid.models import AidCase
from service.legal_aid.tasks import TaskLine
from service.legal_aid.work_models import AidTask
from service.messaging.models import OutboxRow
from tests import make_legal_aid as aid
from tests.service.legal_aid.conftest import Office

DAY = timedelta(days=1)


@pytest.fixture
def case(office: Office) -> AidCase:
    """A case that is being worked, supervised by another than who took it in."""
    assigned = aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    return assignments.begin(actor=office.handler, case_id=assigned.id)


def added(office: Office, case: AidCase, words: str = "去仲裁院交材料", in_days: int = 0, **how: int) -> list[TaskLine]:
    due_on = clock.today() + in_days * DAY
    return tasks.add(actor=office.handler, case_id=case.id, words=words, due_on=due_on, **how)


def told(person_id: int) -> list[str]:
    db.session.expire_all()
    payloads = [row.payload for row in db.session.scalars(select(OutboxRow).order_by(OutboxRow.id))]
    return [each["body"] for each in payloads if each.get("person_id") == person_id and "办理事项" in each["body"]]


def test_a_task_is_sealed_listed_with_its_case_and_across_cases_without_a_word(office: Office, case: AidCase) -> None:
    added(office, case, "问老板要考勤", in_days=3)
    line = added(office, case, in_days=1)[0]
    assert (line.words, line.days_left, line.assignee_id) == ("去仲裁院交材料", 1, office.handler.person_id)
    assert [each.words for each in tasks.of_case(office.supervisor, case.id)] == ["去仲裁院交材料", "问老板要考勤"]
    assert all("考勤".encode() not in (row.words_sealed or b"") for row in db.session.scalars(select(AidTask)))
    mine = tasks.mine(office.handler, page=1, per_page=20)
    assert [(each.case.number, each.days_left) for each in mine.items] == [(case.number, 1), (case.number, 3)]
    assert not any(hasattr(each, "words") for each in mine.items)
    assert tasks.mine(office.supervisor, page=1, per_page=20).total == 0


def test_a_task_is_ticked_off_and_opened_again(office: Office, case: AidCase) -> None:
    task_id = added(office, case)[0].id
    assert tasks.tick_off(actor=office.handler, task_id=task_id)[0].done_at is not None
    with pytest.raises(WrongState):
        tasks.tick_off(actor=office.handler, task_id=task_id)
    assert tasks.mine(office.handler, page=1, per_page=20).total == 0
    assert tasks.reopen(actor=office.supervisor, task_id=task_id)[0].done_at is None
    with pytest.raises(WrongState):
        tasks.reopen(actor=office.handler, task_id=task_id)


def test_a_task_is_of_somebody_who_opens_the_case(office: Office, case: AidCase) -> None:
    line = added(office, case, assignee_id=office.supervisor.worker_id)[0]
    assert line.assignee_id == office.supervisor.person_id
    assert tasks.mine(office.supervisor, page=1, per_page=20).total == 1
    assert len(told(office.supervisor.worker_id)) == 1
    with pytest.raises(HandlerUnknown):
        added(office, case, assignee_id=office.second_handler.worker_id)


def test_who_may_not_open_the_case_reads_and_changes_no_task(office: Office, case: AidCase) -> None:
    task_id = added(office, case)[0].id
    for stranger, refusal in ((office.intake, CaseSealed), (office.of_employer, CaseUnknown)):
        with pytest.raises(refusal):
            tasks.of_case(stranger, case.id)
        with pytest.raises(refusal):
            tasks.add(actor=stranger, case_id=case.id, words="?", due_on=clock.today())
    with pytest.raises(TaskUnknown):
        tasks.tick_off(actor=office.of_employer, task_id=task_id)
    with pytest.raises(CaseSealed):
        tasks.tick_off(actor=office.intake, task_id=task_id)
    with pytest.raises(TaskUnknown):
        tasks.reopen(actor=office.handler, task_id=case.id)


def test_whose_task_it_is_is_reminded_on_the_day_once(office: Office, case: AidCase) -> None:
    added(office, case)
    added(office, case, in_days=1)
    done = next(each.id for each in added(office, case, "办完了的") if each.words == "办完了的")
    tasks.tick_off(actor=office.handler, task_id=done)
    assert [tasks.remind_due(clock.now()) for _ in range(2)] == [1, 0]
    assert tasks.remind_due(clock.now() + DAY) == 1
    assert told(office.handler.worker_id) == [f"{case.number}有一项办理事项到期，请查看。"] * 2


def test_a_reminder_that_was_overtaken_does_nothing(office: Office, case: AidCase) -> None:
    task_id = added(office, case)[0].id
    tasks.tick_off(actor=office.handler, task_id=task_id)
    assert not tasks._remind(task_id, clock.now())
    assert not tasks._remind(case.id, clock.now())


def test_a_case_that_ended_calls_for_nothing_more(office: Office, case: AidCase) -> None:
    task_id = added(office, case)[0].id
    kept = aid.reread(case.id)
    work.close(
        actor=office.handler, case_id=case.id, version=kept.version, outcome=Outcome.SETTLED, amount_fen=1, note=""
    )
    assert aid.reread(case.id).state is CaseState.CLOSED
    assert tasks.remind_due(clock.now()) == 0
    assert tasks.mine(office.handler, page=1, per_page=20).total == 0
    with pytest.raises(WrongState):
        tasks.tick_off(actor=office.handler, task_id=task_id)


def test_what_a_former_handler_left_undone_is_the_new_ones(office: Office, case: AidCase) -> None:
    added(office, case)
    added(office, case, assignee_id=office.supervisor.worker_id)
    kept = aid.reread(case.id)
    assignments.assign(
        actor=office.supervisor, case_id=case.id, version=kept.version, handler_id=office.second_handler.worker_id
    )
    assert tasks.mine(office.handler, page=1, per_page=20).total == 0
    assert tasks.mine(office.second_handler, page=1, per_page=20).total == 1
    assert tasks.mine(office.supervisor, page=1, per_page=20).total == 1
