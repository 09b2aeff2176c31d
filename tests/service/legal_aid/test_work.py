"""Work on a case: messages, hearings with reminders, hand-over, result, rating, complaints."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from service.core import clock
from service.core.db import db
from service.core.errors import Invalid
from service.core.ids import new_id
from service.core.lifecycle import WrongState
from service.legal_aid import applications, assignments, cases, complaint_lines, feedback, work
from service.legal_aid.enums import CaseState, HandOverTo, HearingKind, Outcome
from service.legal_aid.errors import CaseSealed, CaseUnknown, ComplaintUnknown, RatedAlready
from service.legal_aid.models import AidCase
from service.legal_aid.work_models import AidHearing, AidMessage, AidResult
from service.messaging.models import OutboxRow
from tests import make_legal_aid as aid
from tests.service.legal_aid.conftest import Office


@pytest.fixture
def case(office: Office) -> AidCase:
    """A case that is being worked, supervised by another than who took it in."""
    assigned = aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    return assignments.begin(actor=office.handler, case_id=assigned.id)


def notices() -> str:
    db.session.expire_all()
    return str([row.payload for row in db.session.scalars(select(OutboxRow))])


def test_both_write_and_each_reads_the_others(office: Office, case: AidCase) -> None:
    work.write_own(actor=office.worker, case_id=case.id, words="老板昨天搬走了")
    seen = work.read_as_staff(office.handler, case.id)
    assert [(line.words, line.is_from_worker) for line in seen] == [("老板昨天搬走了", True)]
    assert seen[0].read_at is not None
    work.write_to_worker(actor=office.handler, case_id=case.id, words="我去申请保全")
    assert work.read_own(actor=office.worker, case_id=case.id)[1].read_at is not None
    assert all("老板".encode() not in (row.words_sealed or b"") for row in db.session.scalars(select(AidMessage)))
    assert "老板" not in notices()
    assert "保全" not in notices()
    for stranger, refusal in ((office.intake, CaseSealed), (office.of_employer, CaseUnknown)):
        with pytest.raises(refusal):
            work.read_as_staff(stranger, case.id)
        with pytest.raises(refusal):
            work.write_to_worker(actor=stranger, case_id=case.id, words="?")
    with pytest.raises(CaseUnknown):
        work.read_own(actor=office.other_worker, case_id=case.id)
    draft = aid.draft(office.worker)
    with pytest.raises(WrongState):
        work.write_own(actor=office.worker, case_id=draft.id, words="在吗")


def test_a_worker_is_reminded_five_days_and_one_day_ahead_each_once(office: Office, case: AidCase) -> None:
    at = clock.now().replace(microsecond=0) + timedelta(days=10)
    work.set_hearing(actor=office.handler, case_id=case.id, kind=HearingKind.ARBITRATION, at=at, place="仲裁院一庭")
    with pytest.raises(Invalid):
        work.set_hearing(actor=office.handler, case_id=case.id, kind=HearingKind.COURT, at=clock.now(), place="法院")
    assert cases.mine(office.worker, case.id).hearings[0].place == "仲裁院一庭"

    def reminded(before: timedelta) -> int:
        with time_machine.travel(at - before):
            return work.remind_due(clock.now())

    assert [reminded(timedelta(days=days)) for days in (6, 4.9, 4, 0.9, 0.5)] == [0, 1, 0, 1, 0]
    assert "仲裁院" not in notices()
    row = db.session.scalars(select(AidHearing)).one()
    assert row.told_before == 1
    with time_machine.travel(at + timedelta(hours=1)):
        assert work.remind_due(clock.now()) == 0


def test_a_hearing_of_a_case_that_has_ended_is_not_told(office: Office, case: AidCase) -> None:
    at = clock.now() + timedelta(days=2)
    work.set_hearing(actor=office.handler, case_id=case.id, kind=HearingKind.MEDIATION, at=at, place="工会")
    applications.withdraw(actor=office.worker, case_id=case.id)
    work.remind_due(clock.now())
    assert "提醒" not in notices()


def test_what_was_handed_over_is_kept_with_what_was_sent(office: Office, case: AidCase) -> None:
    file = aid.attached(office.worker, case.id)
    with pytest.raises(Invalid):
        work.hand_over(actor=office.handler, case_id=case.id, to=HandOverTo.INSPECTION, files=[new_id()], note="")
    work.hand_over(actor=office.handler, case_id=case.id, to=HandOverTo.INSPECTION, files=[file.id], note="请立案")
    line = cases.mine(office.worker, case.id).hand_overs[0]
    assert (line.to, line.files, line.note) == (HandOverTo.INSPECTION, [str(file.id)], "请立案")


def closed(office: Office, case: AidCase) -> AidCase:
    version = aid.reread(case.id).version
    return work.close(
        actor=office.handler, case_id=case.id, version=version, outcome=Outcome.SETTLED, amount_fen=900_000,
        note="当场付清",
    )  # fmt: skip


def test_a_case_is_closed_with_what_was_recovered_and_rated_once(office: Office, case: AidCase) -> None:
    with pytest.raises(WrongState):
        feedback.rate(actor=office.worker, case_id=case.id, stars=5, words="")
    assert closed(office, case).state is CaseState.CLOSED
    result = cases.mine(office.worker, case.id).result
    assert result is not None
    assert (result.outcome, result.amount_fen, result.note) == (Outcome.SETTLED, 900_000, "当场付清")
    row = db.session.scalars(select(AidResult)).one()
    assert b"900000" not in (row.amount_sealed or b"")
    assert cases.opened(office.handler, case.id).result == result
    assert feedback.rate(actor=office.worker, case_id=case.id, stars=5, words="谢谢").stars == 5
    with pytest.raises(RatedAlready):
        feedback.rate(actor=office.worker, case_id=case.id, stars=1, words="")
    with pytest.raises(WrongState):
        closed(office, case)


@time_machine.travel("2026-06-01T09:00:00+08:00", tick=False)
def test_a_complaint_is_answered_by_another_than_the_handler(office: Office) -> None:
    case = aid.working(office.worker, office.intake, office.handler.worker_id)
    complaint = feedback.complain(actor=office.worker, case_id=case.id, words="一个月没人理我")
    assert complaint.due_on == date(2026, 6, 23)  # fifteen workdays, 端午 among them
    with pytest.raises(CaseSealed):
        feedback.answer(actor=office.handler, complaint_id=complaint.id, words="我忙")
    for stranger in (office.of_employer, office.elsewhere):
        with pytest.raises(ComplaintUnknown):
            feedback.answer(actor=stranger, complaint_id=complaint.id, words="?")
    with pytest.raises(ComplaintUnknown):
        feedback.answer(actor=office.upper, complaint_id=new_id(), words="?")
    assert complaint_lines.of_case(office.upper, case.id)[0].words == "一个月没人理我"
    feedback.answer(actor=office.upper, complaint_id=complaint.id, words="已更换承办人")
    with pytest.raises(WrongState):
        feedback.answer(actor=office.upper, complaint_id=complaint.id, words="再答")
    line = complaint_lines.mine(office.worker, case.id)[0]
    assert (line.answer, isinstance(line.answered_at, datetime)) == ("已更换承办人", True)
    with pytest.raises(CaseUnknown):
        complaint_lines.mine(office.other_worker, case.id)
    with pytest.raises(WrongState):
        feedback.complain(actor=office.worker, case_id=aid.draft(office.worker).id, words="?")
    assert "没人理我" not in notices()
