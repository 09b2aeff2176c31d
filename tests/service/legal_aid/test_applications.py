"""An application from a phone: begun, saved at each step, handed in, supplemented, taken back."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from service.core import clock
from service.core.db import db
from service.core.lifecycle import WrongState
from service.identity import consents, purposes
from service.legal_aid import applications, attachments, cases, forms
from service.legal_aid.enums import AidRoute, CaseState, Matter, MeansBasis, Paper, Turn
from service.legal_aid.errors import CaseUnknown, ConsentNeeded, FormInvalid, MeansUnshown, Stale
from service.legal_aid.file_models import AidFile
from service.legal_aid.models import AidCase
from service.messaging.models import OutboxRow
from tests import make_legal_aid as aid
from tests.service.legal_aid.conftest import Office

MONDAY = "2026-06-01T09:00:00+08:00"


def test_a_draft_goes_to_the_office_of_ones_county_and_knows_what_the_roster_knows(office: Office) -> None:
    answers = {"matter": "wages", "migrant": "yes", "employed": "no", "ended_on": "2026-05-05"}
    case = applications.begin(actor=office.worker, matter=Matter.WAGES, answers=answers)
    assert (case.node_id, case.state, case.turn) == (office.county.id, CaseState.DRAFT, Turn.WORKER)
    form = cases.mine(office.worker, case.id).form
    assert form["worker_category"] == "migrant"
    assert form["ended_on"] == "2026-05-05"
    assert form["triage"] == answers
    assert form["name"].startswith("测试")
    again = applications.begin(actor=office.worker, matter=Matter.INJURY, answers={})
    assert again.id == case.id


def test_a_worker_without_a_union_names_a_county_or_asks_the_city(office: Office) -> None:
    named = applications.begin(actor=office.other_worker, matter=Matter.WAGES, county_code="530828", answers={})
    assert named.node_id == office.other_county.id
    applications.discard(actor=office.other_worker, case_id=named.id)
    assert applications.begin(actor=office.other_worker, matter=Matter.WAGES, answers={}).node_id == office.city.id


def test_each_step_is_saved_sealed_and_replaces_itself_alone(office: Office) -> None:
    case = aid.draft(office.worker)
    saved = applications.save(
        actor=office.worker, case_id=case.id, step="matter", part={"matter": "wages", "reason": "换了说法"},
        version=case.version,
    )  # fmt: skip
    form = forms.read(saved)
    assert form["reason"] == "换了说法"
    assert "claims" not in form
    assert form["employer_name"] == "思茅某茶厂"
    assert "换了说法".encode() not in (saved.form_sealed or b"")
    assert saved.employer_id == office.employer.id
    with pytest.raises(Stale):
        applications.save(actor=office.worker, case_id=case.id, step="matter", part={}, version=case.version - 1)
    with pytest.raises(CaseUnknown):
        applications.save(actor=office.other_worker, case_id=case.id, step="matter", part={}, version=saved.version)


@time_machine.travel(MONDAY, tick=False)
def test_handing_in_gives_a_number_and_starts_the_clock_of_the_decision(office: Office) -> None:
    case = aid.submitted(office.worker)
    assert case.number == f"{office.county.code}-2026-0001"
    assert (case.state, case.turn, case.due_on, case.plain_due_on) == (
        CaseState.SUBMITTED, Turn.OFFICE, date(2026, 6, 8), date(2026, 6, 8),
    )  # fmt: skip
    assert case.turn_since == clock.now()
    assert (case.means_basis, case.means_article) == (MeansBasis.EXEMPT, "法律援助法第四十二条第三项")
    assert case.route is AidRoute.UNION
    assert aid.submitted(office.worker).number == f"{office.county.code}-2026-0002"
    elsewhere = aid.submitted(office.other_worker)
    assert elsewhere.number == f"{office.city.code}-2026-0001"


def test_the_next_year_has_a_register_of_its_own(office: Office) -> None:
    with time_machine.travel("2026-12-31T15:59:00+00:00", tick=False):
        assert aid.submitted(office.worker).number == f"{office.county.code}-2026-0001"
    with time_machine.travel("2026-12-31T16:01:00+00:00", tick=False):
        assert aid.submitted(office.worker).number == f"{office.county.code}-2027-0001"


def test_what_is_missing_is_named_and_takes_no_number(office: Office) -> None:
    wrong = {"matter": {"reason": None, "claims": None}, "person": {"id_number": "530802199001010001"}}
    case = aid.draft(office.worker, **wrong, people={"people_count": 12})
    with pytest.raises(FormInvalid) as refused:
        applications.submit(actor=office.worker, case_id=case.id, version=case.version)
    assert set(refused.value.details) == {"reason", "claims", "representatives", "id_number"}
    assert aid.reread(case.id).number is None
    assert aid.submitted(office.other_worker).register_sequence == 1


def test_ten_may_send_representatives_and_nine_may_not(office: Office) -> None:
    speaks = [{"name": "岩温", "phone": "13900000001"}]
    case = aid.draft(office.worker, people={"people_count": 9, "representatives": speaks})
    with pytest.raises(FormInvalid):
        applications.submit(actor=office.worker, case_id=case.id, version=case.version)
    case = applications.save(
        actor=office.worker, case_id=case.id, step="people",
        part={"people_count": 10, "representatives": speaks}, version=case.version,
    )  # fmt: skip
    assert applications.submit(actor=office.worker, case_id=case.id, version=case.version).people_count == 10


NOT_EXEMPT = {"matter": {"matter": "dismissal"}}


def test_hardship_is_shown_by_a_pledge_or_by_proof(office: Office) -> None:
    case = aid.draft(office.worker, **NOT_EXEMPT)
    with pytest.raises(MeansUnshown):
        applications.submit(actor=office.worker, case_id=case.id, version=case.version)
    case = applications.save(
        actor=office.worker, case_id=case.id, step="means", part={"is_pledged": True}, version=case.version
    )
    pledged = applications.submit(actor=office.worker, case_id=case.id, version=case.version)
    assert pledged.means_basis is MeansBasis.PLEDGE
    assert pledged.pledged_at is not None
    proved = aid.draft(office.worker, **NOT_EXEMPT)
    aid.attached(office.worker, proved.id, paper=Paper.HARDSHIP)
    proved = applications.submit(actor=office.worker, case_id=proved.id, version=proved.version)
    assert (proved.means_basis, proved.pledged_at) == (MeansBasis.PROOF, None)


def test_income_and_health_need_their_separate_consents(office: Office) -> None:
    case = aid.draft(office.worker)
    for step, part, purpose in (
        ("means", {"income": "每月两千"}, purposes.FINANCE),
        ("person", aid.STEPS["person"] | {"health": "腰伤"}, purposes.HEALTH),
    ):
        with pytest.raises(ConsentNeeded) as refused:
            applications.save(actor=office.worker, case_id=case.id, step=step, part=part, version=case.version)
        assert refused.value.details == {"purpose": purpose}
        consents.decide(actor=office.worker, purpose=purpose, is_given=True)
        case = applications.save(actor=office.worker, case_id=case.id, step=step, part=part, version=case.version)
    case = applications.submit(actor=office.worker, case_id=case.id, version=case.version)
    assert cases.opened(office.intake, case.id).form["income"] == "每月两千"
    consents.decide(actor=office.worker, purpose=purposes.FINANCE, is_given=False)
    opened = cases.opened(office.intake, case.id)
    assert "income" not in opened.form
    assert opened.withheld == ["income"]
    assert cases.mine(office.worker, case.id).form["income"] == "每月两千"


def test_who_withdrew_both_consents_takes_out_what_needed_them_step_by_step(office: Office) -> None:
    case = aid.draft(office.worker)
    parts = {"means": {"income": "每月两千"}, "person": aid.STEPS["person"] | {"health": "腰伤"}}
    for purpose in (purposes.FINANCE, purposes.HEALTH):
        consents.decide(actor=office.worker, purpose=purpose, is_given=True)
    for step, part in parts.items():
        case = applications.save(actor=office.worker, case_id=case.id, step=step, part=part, version=case.version)
    for purpose in (purposes.FINANCE, purposes.HEALTH):
        consents.decide(actor=office.worker, purpose=purpose, is_given=False)
    with pytest.raises(ConsentNeeded):
        applications.submit(actor=office.worker, case_id=case.id, version=case.version)
    for step, part in {"means": {}, "person": aid.STEPS["person"]}.items():
        case = applications.save(actor=office.worker, case_id=case.id, step=step, part=part, version=case.version)
    assert applications.submit(actor=office.worker, case_id=case.id, version=case.version).number


def test_a_draft_is_thrown_away_with_its_files_and_what_was_handed_in_is_not(office: Office) -> None:
    case = aid.draft(office.worker)
    aid.attached(office.worker, case.id)
    applications.discard(actor=office.worker, case_id=case.id)
    assert db.session.scalar(select(func.count()).select_from(AidFile)) == 0
    assert db.session.get(AidCase, case.id) is None
    handed_in = aid.submitted(office.worker)
    with pytest.raises(WrongState):
        applications.discard(actor=office.worker, case_id=handed_in.id)


def test_an_application_is_taken_back_once(office: Office) -> None:
    case = aid.submitted(office.worker)
    with pytest.raises(CaseUnknown):
        applications.withdraw(actor=office.other_worker, case_id=case.id)
    assert applications.withdraw(actor=office.worker, case_id=case.id).state is CaseState.WITHDRAWN
    with pytest.raises(WrongState):
        applications.withdraw(actor=office.worker, case_id=case.id)


def test_the_outbox_says_that_something_happened_and_never_what(office: Office) -> None:
    case = aid.submitted(office.worker, matter={"reason": "老板王某不给钱"})
    attachments.forget_all(case.id)
    db.session.commit()
    said = str([row.payload for row in db.session.scalars(select(OutboxRow))])
    assert str(case.number) in said
    for word in ("王某", "思茅某茶厂", "13900007777", "岩温", "wages", "工资条"):
        assert word not in said


def test_what_stands_in_the_open_beside_the_form_is_no_free_text(office: Office) -> None:
    case = aid.draft(office.worker, matter={"limitation_clock": "老板叫王五"})
    assert aid.reread(case.id).limitation_clock is None
    case = aid.draft(office.worker, matter={"limitation_clock": "arbitration_wages"})
    assert aid.reread(case.id).limitation_clock == "arbitration_wages"
