"""Cover while a handler is absent: who enters it, what the cover opens on which days, and what she does not."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core import clock
from service.core.access import Role
from service.core.db import db
from service.core.errors import Invalid
from service.core.lifecycle import WrongState
from service.legal_aid import access, assignments, cases, covers, feedback, queues, tasks, work
from service.legal_aid.access import Relation
from service.legal_aid.covers import Absence, CoverLine
from service.legal_aid.errors import CaseSealed, CaseUnknown, CoverOverlaps, CoverUnknown, HandlerUnknown
from service.legal_aid.models import AidCase
from service.legal_aid.queues import Wanted
from service.messaging.models import OutboxRow
from service.overview import my_data
from tests import make
from tests import make_legal_aid as aid
from tests.service.legal_aid.conftest import Office, clerk

DAY = timedelta(days=1)


@pytest.fixture
def case(office: Office) -> AidCase:
    """A case that is being worked, supervised by another than who took it in."""
    assigned = aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    return assignments.begin(actor=office.handler, case_id=assigned.id)


def absence(office: Office, first: int = 0, last: int = 6, **who: int) -> Absence:
    today = clock.today()
    cover_id = who.get("cover_id", office.second_handler.worker_id)
    return Absence(who.get("absent_id"), cover_id, today + first * DAY, today + last * DAY)


def entered(office: Office, first: int = 0, last: int = 6) -> CoverLine:
    return covers.enter(office.handler, absence(office, first, last))


def bodies(person_id: int) -> list[str]:
    db.session.expire_all()
    payloads = [row.payload for row in db.session.scalars(select(OutboxRow).order_by(OutboxRow.id))]
    return [each["body"] for each in payloads if each.get("person_id") == person_id]


def test_within_the_days_the_cover_opens_and_works_the_case_and_before_and_after_it_is_unknown(
    office: Office, case: AidCase
) -> None:
    entered(office, 1, 2)
    cover = office.second_handler
    for days, opens in ((0, False), (1, True), (2, True), (3, False)):
        with time_machine.travel(clock.now() + days * DAY):
            assert (access.relations(cover, case) == {Relation.COVER}) is opens
            if not opens:
                with pytest.raises(CaseUnknown):
                    cases.opened(cover, case.id)
    with time_machine.travel(clock.now() + DAY):
        assert cases.opened(cover, case.id).form["reason"].startswith("干了")
        work.write_to_worker(actor=cover, case_id=case.id, words="我代同事办几天")
    line = covers.listed(cover).items[0]
    assert (line.is_in_force, line.uncovered) == (False, [])


def test_the_cover_has_the_cases_in_her_list_marked_and_the_tasks_with_them(office: Office, case: AidCase) -> None:
    cover = office.second_handler
    tasks.add(actor=office.handler, case_id=case.id, words="去仲裁院", due_on=clock.today())
    assert queues.listed(cover, Wanted(), page=1, per_page=20).total == 0
    entered(office)
    for wanted in (Wanted(), Wanted(handler_id=cover.person_id)):
        lines = queues.listed(cover, wanted, page=1, per_page=20).items
        assert [(each.case.number, each.is_cover) for each in lines] == [(case.number, True)]
    own = queues.listed(office.handler, Wanted(handler_id=office.handler.person_id), page=1, per_page=20).items
    assert [each.is_cover for each in own] == [False]
    assert tasks.mine(cover, page=1, per_page=20).total == 1
    added = tasks.add(actor=cover, case_id=case.id, words="问考勤", due_on=clock.today() + DAY)
    assert {each.assignee_id for each in added} == {office.handler.person_id}


def test_who_is_concerned_keeps_away_from_the_case_and_the_supervisor_sees_which(office: Office, case: AidCase) -> None:
    concerned = clerk(office.county, Role.LEGAL_AID_OFFICER, employer_id=office.employer.id)
    line = covers.enter(
        office.supervisor, absence(office, absent_id=office.handler.worker_id, cover_id=concerned.worker_id)
    )
    assert line.uncovered == [case.number]
    with pytest.raises(CaseUnknown):
        cases.opened(concerned, case.id)
    assert queues.listed(concerned, Wanted(), page=1, per_page=20).total == 0
    work.write_own(actor=office.worker, case_id=case.id, words="在吗")
    assert len([each for each in bodies(concerned.worker_id) if "留言" in each]) == 0
    found = {each.person_id: each.barred for each in covers.candidates(office.supervisor, office.handler.person_id)}
    assert (found[concerned.worker_id], found[office.second_handler.worker_id]) == (1, 0)


def test_a_recused_cover_and_one_of_another_county_stay_outside(office: Office, case: AidCase) -> None:
    entered(office)
    assignments.recuse(actor=office.second_handler, case_id=case.id)
    with pytest.raises(CaseUnknown):
        cases.opened(office.second_handler, case.id)
    assert aid.reread(case.id).handler_id == office.handler.person_id
    with pytest.raises(HandlerUnknown):
        covers.enter(office.handler, absence(office, 10, 11, cover_id=office.elsewhere.worker_id))


def test_the_cover_is_told_what_the_handler_is_told(office: Office, case: AidCase) -> None:
    entered(office)
    work.write_own(actor=office.worker, case_id=case.id, words="老板来了")
    for person in (office.handler, office.second_handler):
        assert f"{case.number}有职工留言，请查看。" in bodies(person.worker_id)
    assert any("同事代办" in each for each in bodies(office.worker.worker_id))
    assert any("由您代办" in each for each in bodies(office.second_handler.worker_id))
    steps = [each.text for each in cases.mine(office.worker, case.id).steps]
    assert any(each.endswith("承办人不在，由同事代办") for each in steps)


def test_every_look_of_the_cover_is_written_down_as_one(office: Office, case: AidCase) -> None:
    entered(office)
    cases.opened(office.second_handler, case.id)
    cases.opened(office.handler, case.id)
    rows = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "personal_data.read").order_by(AuditEntry.id)
    ).all()
    assert [(row.actor_id, row.details["fields"]) for row in rows] == [
        (office.second_handler.person_id, ["case", "cover"]), (office.handler.person_id, ["case"]),
    ]  # fmt: skip
    seen = my_data.looks(office.worker, page=1, per_page=20).items
    assert ["case", "cover"] in [each.fields for each in seen]


def test_a_cover_hears_no_complaint_about_the_handler(office: Office, case: AidCase) -> None:
    covers.enter(office.handler, absence(office, cover_id=office.intake.worker_id))
    complaint = feedback.complain(actor=office.worker, case_id=case.id, words="没人管")
    for deed in (
        lambda: feedback.complaints_of(office.intake, case.id),
        lambda: feedback.answer(actor=office.intake, complaint_id=complaint.id, words="?"),
    ):
        with pytest.raises(CaseSealed):
            deed()


def test_the_absent_one_or_her_supervisor_enters_and_nobody_else(office: Office, case: AidCase) -> None:
    absent_id = office.handler.worker_id
    for by in (office.intake, office.upper, office.elsewhere, office.worker):
        with pytest.raises(HandlerUnknown):
            covers.enter(by, absence(office, absent_id=absent_id))
        with pytest.raises(HandlerUnknown):
            covers.candidates(by, absent_id)
    line = covers.enter(office.supervisor, absence(office, absent_id=absent_id))
    assert line.cover.entered_by == office.supervisor.person_id
    assert {each.id for each in covers.listed(office.supervisor).may_enter_for} == {
        office.supervisor.person_id, absent_id
    }  # fmt: skip
    with pytest.raises(HandlerUnknown):
        covers.enter(office.handler, absence(office, 20, 21, cover_id=999_999))
    with pytest.raises(HandlerUnknown):
        covers.enter(office.handler, absence(office, 20, 21, cover_id=make.person().id))


@pytest.mark.parametrize(
    ("first", "last", "wrong"), [(-1, 3, {"starts_on"}), (3, 2, {"ends_on"}), (0, 367, {"ends_on"})]
)
def test_the_days_have_to_be_right(office: Office, first: int, last: int, wrong: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        entered(office, first, last)
    assert set(refused.value.details) == wrong


def test_nobody_covers_for_herself(office: Office) -> None:
    with pytest.raises(Invalid):
        covers.enter(office.handler, absence(office, cover_id=office.handler.worker_id))


def test_covers_never_overlap_and_who_covers_is_there(office: Office, case: AidCase) -> None:
    first = entered(office, 2, 5)
    for days in ((5, 8), (0, 2), (3, 4), (0, 9)):
        with pytest.raises(CoverOverlaps):
            covers.enter(office.handler, absence(office, *days, cover_id=office.intake.worker_id))
    with pytest.raises(CoverOverlaps):
        covers.enter(office.second_handler, absence(office, 5, 6, cover_id=office.intake.worker_id))
    with pytest.raises(CoverOverlaps):
        covers.enter(office.supervisor, absence(office, 4, 4, cover_id=office.handler.worker_id))
    assert entered(office, 6, 8).cover.starts_on == first.cover.ends_on + DAY
    covers.end(actor=office.handler, cover_id=first.cover.id)
    assert entered(office, 2, 5).cover.id != first.cover.id


def test_a_cover_ends_early_and_once(office: Office, case: AidCase) -> None:
    line = entered(office)
    for stranger in (office.second_handler, office.elsewhere):
        with pytest.raises(CoverUnknown):
            covers.end(actor=stranger, cover_id=line.cover.id)
    with pytest.raises(CoverUnknown):
        covers.end(actor=office.handler, cover_id=case.id)
    ended = covers.end(actor=office.supervisor, cover_id=line.cover.id)
    assert (ended.is_in_force, ended.cover.ended_by) == (False, office.supervisor.person_id)
    with pytest.raises(CaseUnknown):
        cases.opened(office.second_handler, case.id)
    with pytest.raises(WrongState):
        covers.end(actor=office.handler, cover_id=line.cover.id)
    assert covers.listed(office.handler).items == []
    assert isinstance(ended.cover.ends_on, date)
