"""The office decides: taking up, the one notice, granting, granting first, refusing, objections, and their dates."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core import clock
from service.core.db import db
from service.core.enums import Unit
from service.core.errors import Invalid
from service.core.lifecycle import WrongState
from service.legal_aid import applications, cases, desk, intake, objections, settings
from service.legal_aid.enums import AidRoute, CaseSource, CaseState, DecisionKind, Matter, Paper, Supplement, Turn
from service.legal_aid.errors import (
    CaseSealed,
    CaseUnknown,
    ClockFixed,
    DuplicateWrong,
    HandlerBarred,
    NotUrgent,
    ObjectedAlready,
    ReasonMissing,
    Stale,
    ToldAlready,
)
from service.legal_aid.models import AidCase
from service.legal_aid.settings import OwnSettings
from service.messaging.models import OutboxRow
from service.organisations import holidays
from service.organisations.enums import WorkerCategory
from service.organisations.errors import NodeUnknown
from service.organisations.holidays import SpecialDay
from service.organisations.statutory_days import statutory_days
from tests import make
from tests import make_legal_aid as aid
from tests.service.legal_aid.conftest import Office

MONDAY = "2026-06-01T09:00:00+08:00"
THURSDAY = "2026-06-04T09:00:00+08:00"
NEXT_THURSDAY = "2026-06-11T09:00:00+08:00"
MISSING = desk.Missing([Paper.WAGES, Paper.CONTRACT], "要三个月的工资条")


def tell(office: Office, case: AidCase) -> AidCase:
    """Tell what is missing."""
    return desk.tell_missing(actor=office.intake, case_id=case.id, version=case.version, missing=MISSING)


@time_machine.travel(MONDAY, tick=False)
def test_the_notice_says_that_papers_are_missing_and_not_which(office: Office) -> None:
    tell(office, aid.reviewing(office.worker, office.intake))
    db.session.commit()
    said = [row.payload.get("body", "") for row in db.session.scalars(select(OutboxRow))]
    assert any(each.startswith("还缺材料，请点开看") for each in said)
    assert not any(word in each for each in said for word in ("工资", "劳动合同", "工资条"))


@time_machine.travel(MONDAY, tick=False)
def test_taking_up_keeps_the_clock_and_tells_the_worker(office: Office) -> None:
    case = aid.submitted(office.worker)
    taken = desk.take(actor=office.intake, case_id=case.id, version=case.version)
    assert (taken.state, taken.turn, taken.due_on) == (CaseState.REVIEWING, Turn.OFFICE, date(2026, 6, 8))
    with pytest.raises(Stale):
        desk.take(actor=office.intake, case_id=case.id, version=case.version - 1)
    with pytest.raises(WrongState):
        desk.take(actor=office.intake, case_id=case.id, version=taken.version)


@pytest.mark.parametrize(
    ("mode", "waiting", "after"),
    [
        (Supplement.RUNS, date(2026, 6, 8), date(2026, 6, 8)),
        (Supplement.PAUSES, None, date(2026, 6, 15)),
        (Supplement.RESTARTS, None, date(2026, 6, 18)),
    ],
)
def test_both_dates_are_kept_whatever_supplementing_does(
    office: Office, mode: Supplement, waiting: date | None, after: date
) -> None:
    settings.change(office.intake, office.county.id, supplement=mode, union_body=None, state_body=None)
    with time_machine.travel(MONDAY, tick=False):
        case = aid.submitted(office.worker)
    with time_machine.travel(THURSDAY, tick=False):
        told = tell(office, case)
        assert (told.state, told.turn, told.due_on) == (CaseState.SUPPLEMENTING, Turn.WORKER, date(2026, 6, 22))
        assert told.plain_due_on == date(2026, 6, 8)
    with time_machine.travel(NEXT_THURSDAY, tick=False):
        done = applications.supplement(actor=office.worker, case_id=case.id)
        assert (done.state, done.turn) == (CaseState.REVIEWING, Turn.OFFICE)
        assert (done.plain_due_on, done.due_on) == (date(2026, 6, 8), after)
    seen = cases.mine(office.worker, case.id)
    assert seen.notice is not None
    assert (seen.notice.papers, seen.notice.note) == (["wages", "contract"], "要三个月的工资条")
    assert [each.kind for each in seen.steps] == ["submit", "tell", "supplement"]
    assert "补齐" in seen.steps[1].text
    assert waiting is None or waiting == seen.case.plain_due_on


def test_what_is_missing_is_told_once(office: Office) -> None:
    case = tell(office, aid.submitted(office.worker))
    back = applications.supplement(actor=office.worker, case_id=case.id)
    with pytest.raises(ToldAlready):
        tell(office, back)


def test_papers_that_do_not_come_in_time_let_the_application_lapse(office: Office) -> None:
    with time_machine.travel(MONDAY, tick=False):
        case = tell(office, aid.submitted(office.worker))
        assert case.due_on == date(2026, 6, 16)
    with time_machine.travel("2026-06-16T23:00:00+08:00", tick=False):
        assert desk.lapse_due(clock.now()) == 0
    with time_machine.travel("2026-06-17T00:10:00+08:00", tick=False):
        assert desk.lapse_due(clock.now()) == 1
        assert desk.lapse_due(clock.now()) == 0
    seen = cases.mine(office.worker, case.id)
    assert seen.case.state is CaseState.LAPSED
    assert seen.case.turn is Turn.NOBODY
    assert seen.decisions[0].articles == ["法律援助法第四十三条"]
    assert seen.steps[-1].by == "clock"


@time_machine.travel(MONDAY, tick=False)
def test_a_grant_starts_the_three_days_of_assignment(office: Office) -> None:
    case = aid.granted(office.worker, office.intake)
    assert (case.state, case.turn, case.due_on) == (CaseState.GRANTED, Turn.OFFICE, date(2026, 6, 4))
    assert cases.mine(office.worker, case.id).decisions[0].reason == "符合条件"


@time_machine.travel(MONDAY, tick=False)
def test_with_six_days_left_aid_is_granted_before_the_papers_are_there(office: Office) -> None:
    for days, is_pressing in ((7, False), (6, True), (0, True)):
        limit = (clock.today() + timedelta(days=days)).isoformat()
        worker = office.worker if days == 7 else office.other_worker
        case = aid.submitted(worker, matter={"limitation_clock": "arbitration_wages", "limitation_on": limit})
        assert desk.is_pressing(case) is is_pressing
    case = aid.reread(case.id)
    assert desk.grant_first(actor=office.upper, case_id=case.id, version=case.version, reason="").is_urgent
    calm = aid.submitted(office.worker)
    with pytest.raises(NotUrgent):
        desk.grant_first(actor=office.intake, case_id=calm.id, version=calm.version, reason="")
    first = desk.grant_first(actor=office.intake, case_id=calm.id, version=calm.version, reason="老板在搬设备")
    assert first.state is CaseState.GRANTED
    assert cases.mine(office.worker, calm.id).decisions[0].articles == ["法律援助法第四十四条"]


def test_a_refusal_says_article_reason_and_who_hears_an_objection(office: Office) -> None:
    settings.change(office.upper, office.city.id, supplement=None, union_body="普洱市总工会", state_body=None)
    case = aid.reviewing(office.worker, office.intake)
    with pytest.raises(ReasonMissing):
        desk.refuse(actor=office.intake, case_id=case.id, version=case.version, articles=[], reason="不符合")
    refused = desk.refuse(
        actor=office.intake, case_id=case.id, version=case.version, articles=aid.ARTICLES, reason="不属于援助范围"
    )
    told = cases.mine(office.worker, refused.id).decisions[0]
    assert (told.kind, told.reason, told.objection_body) == (DecisionKind.REFUSE, "不属于援助范围", "普洱市总工会")


@time_machine.travel(MONDAY, tick=False)
def test_an_objection_is_heard_by_the_union_above_within_five_days(office: Office) -> None:
    case = aid.refused(office.worker, office.intake)
    filed = objections.file(actor=office.worker, case_id=case.id, words="我确实在那里上班")
    assert (filed.state, filed.turn, filed.due_on) == (CaseState.OBJECTING, Turn.OBJECTION_BODY, date(2026, 6, 8))
    order: dict[str, Any] = {"version": filed.version, "is_upheld": False, "articles": aid.ARTICLES, "reason": "有证据"}
    with pytest.raises(CaseSealed):
        objections.answer(actor=office.intake, case_id=case.id, **order)
    with pytest.raises(ReasonMissing):
        objections.answer(actor=office.upper, case_id=case.id, **order | {"reason": ""})
    corrected = objections.answer(actor=office.upper, case_id=case.id, **order)
    assert (corrected.state, corrected.due_on) == (CaseState.GRANTED, date(2026, 6, 4))
    assert cases.mine(office.worker, case.id).objections[0].outcome is DecisionKind.CORRECT


def test_a_refusal_that_is_upheld_is_final_here(office: Office) -> None:
    case = aid.refused(office.worker, office.intake)
    filed = objections.file(actor=office.worker, case_id=case.id, words="不服")
    upheld = objections.answer(
        actor=office.upper, case_id=case.id, version=filed.version, is_upheld=True, articles=[], reason="查无证据"
    )
    assert (upheld.state, upheld.turn) == (CaseState.REFUSED, Turn.NOBODY)
    with pytest.raises(ObjectedAlready):
        objections.file(actor=office.worker, case_id=case.id, words="还是不服")
    with pytest.raises(CaseUnknown):
        objections.file(actor=office.other_worker, case_id=case.id, words="不服")


@time_machine.travel(MONDAY, tick=False)
def test_the_states_aid_has_clocks_and_an_objection_body_of_its_own(office: Office) -> None:
    settings.settle_clock(
        office.intake, office.county.id, "union_decision", length=3, unit=Unit.WORKDAY, source="本级工会规定"
    )
    case = aid.submitted(office.worker)
    assert case.due_on == date(2026, 6, 4)
    handed = desk.hand_to_state(actor=office.intake, case_id=case.id, version=case.version)
    assert (handed.route, handed.due_on) == (AidRoute.STATE, date(2026, 6, 8))
    taken = desk.take(actor=office.intake, case_id=case.id, version=handed.version)
    refused = desk.refuse(
        actor=office.intake, case_id=case.id, version=taken.version, articles=aid.ARTICLES, reason="不符合"
    )
    filed = objections.file(actor=office.worker, case_id=refused.id, words="不服")
    assert cases.mine(office.worker, case.id).objections[0].body == settings.JUDICIAL_BUREAU
    # The office writes down what the bureau has said.
    assert objections.answer(
        actor=office.intake, case_id=case.id, version=filed.version, is_upheld=True, articles=[], reason="司法局维持"
    ).state is CaseState.REFUSED  # fmt: skip
    with pytest.raises(WrongState):
        desk.hand_to_state(actor=office.intake, case_id=case.id, version=aid.reread(case.id).version)


def test_the_laws_clocks_are_nobodys_to_change(office: Office) -> None:
    for code in ("state_decision", "arbitration", "nothing"):
        with pytest.raises(ClockFixed):
            settings.settle_clock(office.intake, office.county.id, code, length=3, unit=Unit.DAY, source="自定")
    with pytest.raises(NodeUnknown):
        settings.settle_clock(
            office.elsewhere, office.county.id, "union_decision", length=3, unit=Unit.DAY, source="自定"
        )


def test_what_a_union_settles_holds_below_until_one_settles_it_itself(office: Office) -> None:
    settle: Callable[..., Any] = settings.settle_clock
    settle(office.upper, office.city.id, "union_decision", length=5, unit=Unit.DAY, source="市总规定")
    assert settings.at(office.factory).clock("union_decision").length == 5
    settle(office.intake, office.county.id, "union_decision", length=4, unit=Unit.WORKDAY, source="区总规定")
    at = settings.settings(office.intake, office.county.id)
    assert (at.clock("union_decision").length, at.clock("union_decision").source) == (4, "区总规定")
    assert settings.at(office.other_county).clock("union_decision").length == 5
    settings.change(office.upper, office.city.id, supplement=Supplement.RUNS, union_body=None, state_body="市司法局")
    settings.change(office.intake, office.county.id, supplement=None, union_body="市总", state_body=None)
    at = settings.settings(office.intake, office.county.id)
    assert (at.supplement, at.union_body, at.state_body) == (Supplement.RUNS, "市总", "市司法局")
    assert at.own == OwnSettings(None, "市总", None, ["union_decision"])
    assert settings.at(office.factory).own == OwnSettings(None, None, None, [])


def entered(office: Office, **changed: Any) -> intake.Entered:
    """An application told by the worker."""
    form = {name: value for step in aid.STEPS.values() for name, value in step.items()}
    whole: dict[str, Any] = {
        "source": CaseSource.ORAL, "node_id": office.county.id, "person_id": office.worker.person_id,
        "received_on": clock.today(), "matter": Matter.WAGES, "form": form | changed.pop("form", {}),
    }  # fmt: skip
    return intake.Entered(**whole | changed)


@time_machine.travel(MONDAY, tick=False)
def test_what_is_told_by_word_of_mouth_is_written_down_and_is_the_workers_own(office: Office) -> None:
    case = intake.enter(office.intake, entered(office))
    assert (case.state, case.recorded_by) == (CaseState.SUBMITTED, office.intake.person_id)
    assert [each.id for each in applications.mine(office.worker)] == [case.id]
    assert cases.mine(office.worker, case.id).steps[0].by == "office"


@time_machine.travel(MONDAY, tick=False)
def test_a_paper_case_counts_from_the_day_the_paper_came(office: Office) -> None:
    paper = entered(office, source=CaseSource.PAPER, person_id=None, received_on=date(2026, 5, 28))
    case = intake.enter(office.intake, paper)
    assert case.due_on == date(2026, 6, 4)
    assert cases.opened(office.intake, case.id).form["name"] == "岩温"
    told = select(AuditEntry).where(AuditEntry.action == "personal_data.read", AuditEntry.subject_id == str(case.id))
    assert db.session.scalars(told).one().actor_id == office.intake.person_id
    with pytest.raises(Exception, match="填写的内容有误"):
        intake.enter(office.intake, entered(office, received_on=date(2026, 6, 2)))
    with pytest.raises(HandlerBarred):
        intake.enter(office.of_employer, entered(office))
    with pytest.raises(NodeUnknown):
        intake.enter(office.elsewhere, entered(office))


def test_a_category_that_was_not_asked_is_the_rosters_or_another(office: Office) -> None:
    form = {"worker_category": None, "is_pledged": True}
    assert intake.enter(office.intake, entered(office, form=form)).worker_category is WorkerCategory.EMPLOYEE
    stranger = entered(office, person_id=None, form=form)
    assert intake.enter(office.intake, stranger).worker_category is WorkerCategory.OTHER


def test_a_case_is_that_persons_whose_id_number_stands_on_the_paper(office: Office) -> None:
    worker, other = make.person(), make.person()
    unverified = make.person(is_verified=False)
    paper = entered(office, source=CaseSource.PAPER, person_id=None, form={"id_number": worker.id_number})
    assert intake.enter(office.intake, paper).person_id == worker.id
    assert [each.source for each in applications.mine(make.actor(worker.id))] == [CaseSource.PAPER]
    for number in (unverified.id_number, make.id_number(4999), None):
        unlinked = entered(office, person_id=None, form={"id_number": number})
        assert intake.enter(office.intake, unlinked).person_id is None
    same = entered(office, person_id=worker.id, form={"id_number": worker.id_number})
    assert intake.enter(office.intake, same).person_id == worker.id
    with pytest.raises(Invalid) as refused:
        intake.enter(office.intake, entered(office, person_id=other.id, form={"id_number": worker.id_number}))
    assert list(refused.value.details) == ["form.id_number"]
    assert applications.mine(make.actor(other.id)) == []


def test_a_duplicate_ends_in_the_case_that_goes_on(office: Office) -> None:
    first, second = aid.submitted(office.worker), aid.submitted(office.worker)
    assert [each.id for each in intake.duplicates(office.intake, second.id)] == [first.id]
    merged = intake.merge(actor=office.intake, case_id=second.id, version=second.version, into_id=first.id)
    assert (merged.state, merged.merged_into_id, merged.number) == (CaseState.MERGED, first.id, second.number)
    stranger = aid.submitted(office.other_worker)
    for into in (first.id, second.id, stranger.id):
        with pytest.raises(DuplicateWrong):
            intake.merge(actor=office.intake, case_id=first.id, version=first.version, into_id=into)


@time_machine.travel("2026-09-25T09:00:00+08:00", tick=False)
def test_the_holiday_table_moves_the_dates_of_the_desk(office: Office) -> None:
    days = [SpecialDay(day, is_worked=False, name=name) for day, name in statutory_days(2026).items()]
    days += [SpecialDay(date(2026, 10, number), is_worked=False, name="国庆节") for number in range(4, 8)]
    holidays.enter(office.upper, 2026, "示例", days)
    # The 25th is the 中秋 itself; seven days on is the 2nd of October.
    assert aid.submitted(office.worker).due_on == date(2026, 10, 8)
