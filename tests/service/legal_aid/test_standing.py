"""How a case stands for the office: the clock that runs, who writes on it, whom to ask, who did what."""

import pytest

from service.legal_aid import cases, desk, locks, scopes
from service.legal_aid.access import Right
from service.legal_aid.enums import Force, Paper
from service.legal_aid.errors import CaseLocked, CaseSealed
from tests import make_legal_aid as aid
from tests.service.legal_aid.conftest import Office


def test_each_state_shows_the_clock_that_runs_and_on_what_it_rests(office: Office) -> None:
    case = aid.submitted(office.worker)
    stands = cases.opened(office.intake, case.id).standing
    assert stands
    assert stands.clock
    assert stands.clock.code == "union_decision"
    assert (stands.clock.force, stands.lock, stands.supervisor_name) == (Force.LOCAL, None, None)
    taken = desk.take(actor=office.intake, case_id=case.id, version=case.version)
    state = desk.hand_to_state(actor=office.intake, case_id=case.id, version=taken.version)
    stands = cases.opened(office.intake, case.id).standing
    assert stands
    assert stands.clock
    assert (stands.clock.code, stands.clock.force) == ("state_decision", Force.LAW)
    missing = desk.Missing([Paper.WAGES], "")
    desk.tell_missing(actor=office.intake, case_id=case.id, version=state.version, missing=missing)
    stands = cases.opened(office.intake, case.id).standing
    assert stands
    assert stands.clock
    assert stands.clock.code == "supplement_papers"


def test_a_case_in_hand_counts_by_the_workers_own_claim(office: Office) -> None:
    case = aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    opened = cases.opened(office.handler, case.id)
    assert opened.standing
    assert opened.standing.supervisor_name
    assert (opened.standing.clock is None) == (case.limitation_clock is None)
    assert cases.mine(office.worker, case.id).standing is None


def test_a_colleague_is_told_who_writes_on_it_and_the_worker_is_not_told_names(office: Office) -> None:
    case = aid.submitted(office.worker)
    locks.take(actor=office.intake, case_id=case.id)
    mine = cases.opened(office.intake, case.id).standing
    other = cases.opened(office.supervisor, case.id).standing
    assert mine
    assert mine.lock
    assert mine.lock.is_mine
    assert other
    assert other.lock
    assert not other.lock.is_mine
    with pytest.raises(CaseLocked) as refused:
        locks.take(actor=office.supervisor, case_id=case.id)
    assert refused.value.details["by"] == other.lock.by_name
    desk.take(actor=office.intake, case_id=case.id, version=case.version)
    assert other.lock.by_name in [step.by_name for step in cases.opened(office.intake, case.id).steps]
    assert {step.by_name for step in cases.mine(office.worker, case.id).steps} == {None}


def test_who_only_sees_the_line_is_told_whom_to_ask(office: Office) -> None:
    case = aid.submitted(office.worker)
    with pytest.raises(CaseSealed) as sealed:
        scopes.to_read(office.upper, case.id)
    assert sealed.value.details["ask"] == cases.opened(office.intake, case.id).standing.node_name  # type: ignore[union-attr]
    with pytest.raises(CaseSealed):
        scopes.to_change(office.upper, case.id, Right.DECIDE)
    mine = aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    with pytest.raises(CaseSealed) as sealed:
        scopes.to_read(office.intake, mine.id)
    assert sealed.value.details["ask"] == cases.opened(office.handler, mine.id).handler_name
