"""Labour-law supervision: tips by name and by nobody, the committee in charge, letters and their clocks, checks."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from service.audit.models import AuditEntry, AuditSubject
from service.core import clock
from service.core.access import Actor, Role
from service.core.db import db
from service.core.enums import Unit
from service.core.lifecycle import WrongState
from service.legal_aid import settings
from service.legal_aid.enums import Matter
from service.legal_aid.errors import Stale
from service.legal_aid.supervision import claim_codes, handling, letters, site_checks, tips
from service.legal_aid.supervision.enums import LetterKind, TipEvent, TipOutcome, TipState, TipStep
from service.legal_aid.supervision.errors import (
    CheckersTooFew,
    LetterUnknown,
    NothingAsked,
    RepliedAlready,
    TipUnknown,
)
from service.legal_aid.supervision.handling import SoughtTips
from service.legal_aid.supervision.letters import Letter
from service.legal_aid.supervision.lifecycle import TIP
from service.legal_aid.supervision.models import LabourTip, LabourTipEntry
from service.legal_aid.supervision.tips import Place, Told
from service.messaging.models import OutboxRow
from service.organisations.errors import NodeUnknown
from tests.service.legal_aid.conftest import Office, clerk

THURSDAY = "2026-06-04T09:00:00+08:00"
TOLD = Told(Matter.WAGES, "思茅某茶厂", "工业园3号", "拖欠十二个人的工资")
HERE = Place()
LETTER = Letter("思茅某茶厂", "拖欠工资", "工会法第二十三条", "补发工资")
SUPERVISOR = Role.LABOUR_LAW_SUPERVISOR


@dataclass
class Committee:
    """A county's committee, the city's above, another county's, and one of the employer's own people."""

    office: Office
    first: Actor
    second: Actor
    upper: Actor
    elsewhere: Actor
    of_employer: Actor


@pytest.fixture
def committee(office: Office) -> Committee:
    """The committee, with nothing to do yet."""
    return Committee(
        office, clerk(office.county, SUPERVISOR), clerk(office.county, SUPERVISOR), clerk(office.city, SUPERVISOR),
        clerk(office.other_county, SUPERVISOR),
        clerk(office.county, SUPERVISOR, employer_id=office.employer.id),
    )  # fmt: skip


def given(committee: Committee, place: Place = HERE) -> LabourTip:
    """A tip by name."""
    return tips.give(actor=committee.office.worker, told=TOLD, place=place)


def checking(committee: Committee) -> LabourTip:
    """A tip that is being checked."""
    tip = given(committee)
    return handling.begin(actor=committee.first, tip_id=tip.id, version=tip.version)


def issued(committee: Committee, tip: LabourTip, kind: LetterKind) -> letters.LabourLetter:
    """A letter on the tip as it stands now."""
    version = db.session.get_one(LabourTip, tip.id).version
    return letters.issue(actor=committee.first, tip_id=tip.id, version=version, kind=kind, letter=LETTER)


def reread(tip_id: object) -> LabourTip:
    """The tip as it stands in the database."""
    db.session.expire_all()
    return db.session.get_one(LabourTip, tip_id)


def test_a_tip_goes_to_the_countys_committee_or_the_one_named(committee: Committee) -> None:
    office = committee.office
    tip = given(committee)
    assert (tip.node_id, tip.state, tip.number) == (
        office.county.id, TipState.RECEIVED, f"XS{office.county.code[-12:]}-{clock.today().year}-0001",
    )  # fmt: skip
    assert given(committee, Place(county_code="530828")).node_id == office.other_county.id
    assert given(committee, Place(node_id=office.factory.id)).node_id == office.county.id
    own = clerk(office.factory, SUPERVISOR)
    assert given(committee, Place(node_id=office.factory.id)).node_id == office.factory.id
    assert own.person_id
    with pytest.raises(NodeUnknown):
        given(committee, Place(node_id=987_654))


def test_without_a_supervisor_a_tip_waits_where_it_belongs(office: Office) -> None:
    tip = tips.give(actor=office.worker, told=TOLD, place=Place())
    assert tip.node_id == office.county.id
    assert db.session.scalars(select(OutboxRow)).all() == []


def test_the_committee_is_told_that_there_is_a_tip_and_no_more(committee: Committee) -> None:
    tip = given(committee)
    rows = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "notice")).all()
    expected = {committee.first.person_id, committee.second.person_id, committee.of_employer.person_id}
    assert {row.payload["person_id"] for row in rows} == expected - {committee.of_employer.person_id}
    assert all("工资" not in str(row.payload) and tip.number in row.payload["body"] for row in rows)


def test_an_anonymous_tip_names_nobody_and_is_opened_by_its_code(committee: Committee) -> None:
    made = tips.give_anonymously(told=TOLD, place=HERE, request_key=None)
    tip = tips.claimed(made.claim_code.lower().replace("-", " "))
    assert (tip.number, tip.is_anonymous, tip.person_id) == (made.number, True, None)
    assert tip.claim_digest is not None
    assert made.claim_code.replace("-", "") not in tip.claim_digest.upper()
    assert tip.node_id == committee.office.city.id
    for wrong in ("0000-0000-0000-0000", "x", made.claim_code[:-1]):
        with pytest.raises(TipUnknown):
            tips.claimed(wrong)
    followed = tips.followed(tip)
    assert [(each.step, each.words) for each in followed.steps] == [(TipStep.RECEIVE, "")]
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_the_same_anonymous_request_twice_is_one_tip_with_one_code(
    committee: Committee, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tips.give_anonymously(told=TOLD, place=HERE, request_key="k1")
    assert tips.give_anonymously(told=TOLD, place=HERE, request_key="k1") == first
    other = tips.give_anonymously(told=TOLD, place=HERE, request_key="k2")
    assert other.claim_code != first.claim_code
    assert tips.give_anonymously(told=TOLD, place=Place(county_code="530802"), request_key="k1") != first
    # Two at the same moment: the second finds nothing yet, and the database refuses it.
    look, seen = tips._by_code, []
    monkeypatch.setattr(tips, "_by_code", lambda code: seen.append(code) or None if not seen else look(code))
    assert tips.give_anonymously(told=TOLD, place=HERE, request_key="k1") == first
    assert len(db.session.scalars(select(LabourTip)).all()) == 3


def test_a_claim_code_reads_alike_letters_as_one() -> None:
    assert claim_codes.digest("O1lI-u000") == claim_codes.digest("0111V000")
    codes = {claim_codes.made(None, "一样的话") for _ in range(50)}
    assert len(codes) == 50
    assert all(len(code) == 19 and set(code) <= set(claim_codes.LETTERS + "-") for code in codes)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE labour_tips SET person_id = (SELECT min(id) FROM people)",
        "UPDATE labour_tips SET claim_digest = NULL",
        "UPDATE labour_tip_entries SET actor_id = (SELECT min(id) FROM people)",
    ],
)
def test_the_database_itself_names_nobody_beside_an_anonymous_tip(committee: Committee, statement: str) -> None:
    tips.give_anonymously(told=TOLD, place=HERE, request_key=None)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text(statement))


def test_questions_are_answered_by_name_and_by_code(committee: Committee) -> None:
    made = tips.give_anonymously(told=TOLD, place=HERE, request_key=None)
    tip = tips.claimed(made.claim_code)
    with pytest.raises(NothingAsked):
        tips.answer_claimed(claim_code=made.claim_code, words="还有")
    handling.ask(actor=committee.upper, tip_id=tip.id, words="有几个人？")
    assert tips.followed(tips.claimed(made.claim_code)).can_answer
    tips.answer_claimed(claim_code=made.claim_code, words="十二个")
    with pytest.raises(NothingAsked):
        tips.answer_claimed(claim_code=made.claim_code, words="还有")
    opened = handling.opened(committee.upper, tip.id)
    assert [(each.step, each.words) for each in opened.steps[1:]] == [
        (TipStep.ASK, "有几个人？"), (TipStep.ANSWER, "十二个"),
    ]  # fmt: skip
    assert opened.told == {
        "employer_name": "思茅某茶厂",
        "employer_address": "工业园3号",
        "words": "拖欠十二个人的工资",
    }
    by_name = given(committee)
    handling.ask(actor=committee.first, tip_id=by_name.id, words="哪个月？")
    tips.answer(actor=committee.office.worker, tip_id=by_name.id, words="五月")
    with pytest.raises(TipUnknown):
        tips.answer(actor=committee.office.other_worker, tip_id=by_name.id, words="五月")
    assert [each.id for each in tips.mine(committee.office.worker)] == [by_name.id]


def test_what_is_written_is_sealed_and_gone_when_erased(committee: Committee) -> None:
    tip = given(committee)
    handling.ask(actor=committee.first, tip_id=tip.id, words="哪个月拖欠的？")
    kept = [reread(tip.id).told_sealed, *db.session.scalars(select(LabourTipEntry.words_sealed))]
    assert all("拖欠".encode() not in each for each in kept if each)
    db.session.execute(text("UPDATE labour_tips SET told_sealed = NULL"))
    assert handling.opened(committee.first, reread(tip.id).id).told == {}


def test_only_the_committee_above_it_sees_a_tip(committee: Committee) -> None:
    tip = given(committee)
    for each in (committee.first, committee.second, committee.upper):
        assert handling.opened(each, tip.id).tip.id == tip.id
    for each in (committee.elsewhere, committee.of_employer, committee.office.intake, committee.office.worker, Actor()):
        with pytest.raises(TipUnknown):
            handling.opened(each, tip.id)
        assert handling.listed(each, SoughtTips(), page=1, per_page=20).total == 0


def test_a_supervisor_handles_no_tip_of_her_own(committee: Committee) -> None:
    tip = tips.give(actor=committee.first, told=TOLD, place=Place(county_code="530802"))
    with pytest.raises(TipUnknown):
        handling.opened(committee.first, tip.id)
    assert tips.followed(tips.own(committee.first, tip.id)).tip.id == tip.id


def test_opening_is_written_down_and_told_to_who_gave_a_name(committee: Committee) -> None:
    handling.opened(committee.first, given(committee).id)
    made = tips.give_anonymously(told=TOLD, place=Place(county_code="530802"), request_key=None)
    handling.opened(committee.first, tips.claimed(made.claim_code).id)
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "labour_tip")).all()
    assert [row.actor_id for row in rows] == [committee.first.person_id] * 2
    assert db.session.scalars(select(AuditSubject.person_id)).all() == [committee.office.worker.person_id]


@time_machine.travel(THURSDAY, tick=False)
def test_letters_go_out_in_order_each_with_its_reply_clock(committee: Committee) -> None:
    tip = checking(committee)
    with pytest.raises(WrongState):
        issued(committee, tip, LetterKind.OPINION)
    hint = issued(committee, tip, LetterKind.HINT)
    assert (hint.due_on, reread(tip.id).state, reread(tip.id).due_on) == (
        date(2026, 6, 26), TipState.HINTED, date(2026, 6, 26),
    )  # fmt: skip
    assert hint.number == f"{committee.office.county.code[-12:]}工会劳监提示函〔2026〕1号"
    letters.reply(actor=committee.second, letter_id=hint.id, replied_on=date(2026, 6, 10), words="正在筹钱")
    assert reread(tip.id).due_on is None
    with pytest.raises(RepliedAlready):
        letters.reply(actor=committee.second, letter_id=hint.id, replied_on=date(2026, 6, 10), words="再说")
    settings.settle_clock(
        committee.office.intake, committee.office.county.id, "opinion_reply", length=5, unit=Unit.DAY, source="省规定"
    )
    opinion = issued(committee, tip, LetterKind.OPINION)
    assert opinion.due_on == date(2026, 6, 9)
    advice = issued(committee, tip, LetterKind.ADVICE)
    letters.reply(actor=committee.second, letter_id=opinion.id, replied_on=date(2026, 6, 11), words="迟到的回复")
    assert reread(tip.id).due_on == advice.due_on
    lines = handling.opened(committee.first, tip.id).letters
    assert [(each.letter.kind, each.reply, each.days_left) for each in lines] == [
        (LetterKind.HINT, "正在筹钱", None), (LetterKind.OPINION, "迟到的回复", None), (LetterKind.ADVICE, "", 60),
    ]  # fmt: skip
    assert lines[0].content["demands"] == "补发工资"
    for who, letter_id in ((committee.elsewhere, hint.id), (committee.first, uuid4())):
        with pytest.raises(LetterUnknown):
            letters.reply(actor=who, letter_id=letter_id, replied_on=date(2026, 6, 10), words="x")


@time_machine.travel(THURSDAY, tick=False)
def test_what_is_due_soon_and_overdue_is_listed(committee: Committee) -> None:
    tip = checking(committee)
    issued(committee, tip, LetterKind.HINT)
    fresh = given(committee)

    def found(wanted: SoughtTips) -> list[object]:
        page = handling.listed(committee.first, wanted, page=1, per_page=20)
        return [line.tip.id for line in page.items]

    assert found(SoughtTips()) == [tip.id, fresh.id]
    assert found(SoughtTips(state=TipState.RECEIVED)) == [fresh.id]
    assert found(SoughtTips(matter=Matter.INJURY)) == []
    assert found(SoughtTips(pressing="soon")) == found(SoughtTips(pressing="overdue")) == []
    with time_machine.travel(clock.now() + timedelta(days=20), tick=False):
        assert found(SoughtTips(pressing="soon")) == [tip.id]
    with time_machine.travel(clock.now() + timedelta(days=23), tick=False):
        assert found(SoughtTips(pressing="overdue")) == [tip.id]
        line = handling.listed(committee.first, SoughtTips(), page=1, per_page=20).items[0]
        assert (line.days_left, line.node_name) == (-1, "思茅区总工会")
    handling.end(actor=committee.first, tip_id=fresh.id, version=1, event=TipEvent.HAND_OVER, words="移交劳动监察")
    assert found(SoughtTips(is_open=True)) == [tip.id]


def test_an_on_site_check_takes_two_in_charge_who_showed_their_cards(committee: Committee) -> None:
    tip = checking(committee)
    first, second = committee.first.worker_id, committee.second.worker_id

    def check(*ids: int, is_card_shown: bool = True) -> LabourTip:
        return site_checks.record(
            actor=committee.first, tip_id=tip.id, checked_on=date(2026, 6, 5), checker_ids=ids,
            is_card_shown=is_card_shown, found="工资表有十二人未发",
        )  # fmt: skip

    for ids in ((first,), (first, first), (first, committee.elsewhere.worker_id)):
        with pytest.raises(CheckersTooFew):
            check(*ids)
    for barred in (committee.of_employer.worker_id, committee.office.worker.worker_id):
        with pytest.raises(CheckersTooFew):
            check(first, second, barred)
    with pytest.raises(CheckersTooFew):
        check(first, second, is_card_shown=False)
    check(first, second)
    line = handling.opened(committee.first, tip.id).site_checks[0]
    assert (line.checked_on, len(line.checkers), line.found) == (date(2026, 6, 5), 2, "工资表有十二人未发")
    with pytest.raises(WrongState):
        site_checks.record(
            actor=committee.first, tip_id=given(committee).id, checked_on=date(2026, 6, 5), checker_ids=[first, second],
            is_card_shown=True, found="x",
        )  # fmt: skip
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text("UPDATE labour_site_checks SET people_count = 1"))


def test_who_may_check_a_tip_is_told_by_name(committee: Committee) -> None:
    tip = given(committee)
    may = {each.id for each in site_checks.may_check(committee.first, tip.id)}
    assert {committee.first.worker_id, committee.second.worker_id} <= may
    assert may.isdisjoint({committee.of_employer.worker_id, committee.elsewhere.worker_id})
    with pytest.raises(TipUnknown):
        site_checks.may_check(committee.elsewhere, tip.id)


def test_who_gave_a_tip_does_not_check_it(committee: Committee) -> None:
    tip = tips.give(actor=committee.second, told=TOLD, place=Place(county_code="530802"))
    handling.begin(actor=committee.first, tip_id=tip.id, version=1)
    with pytest.raises(CheckersTooFew):
        site_checks.record(
            actor=committee.first, tip_id=tip.id, checked_on=date(2026, 6, 5),
            checker_ids=[committee.first.worker_id, committee.second.worker_id], is_card_shown=True, found="x",
        )  # fmt: skip


def test_a_closed_tip_has_its_outcome_and_the_tipper_reads_it(committee: Committee) -> None:
    tip = given(committee)
    with pytest.raises(WrongState):
        handling.close(actor=committee.first, tip_id=tip.id, version=1, outcome=TipOutcome.RECTIFIED, words="已补发")
    tip = handling.begin(actor=committee.first, tip_id=tip.id, version=1)
    with pytest.raises(Stale):
        handling.close(actor=committee.first, tip_id=tip.id, version=1, outcome=TipOutcome.RECTIFIED, words="已补发")
    done = handling.close(actor=committee.first, tip_id=tip.id, version=2, outcome=TipOutcome.RECTIFIED, words="已补发")
    assert (done.state, done.outcome, done.ended_at is not None) == (TipState.CLOSED, TipOutcome.RECTIFIED, True)
    followed = tips.followed(tips.own(committee.office.worker, tip.id))
    assert (followed.steps[-1].step, followed.steps[-1].words) == (TipStep.CLOSE, "已补发")
    assert not followed.can_answer
    with pytest.raises(WrongState):
        handling.ask(actor=committee.first, tip_id=tip.id, words="还有吗？")


def test_a_tip_may_be_unfounded(committee: Committee) -> None:
    tip = given(committee)
    ended = handling.end(actor=committee.first, tip_id=tip.id, version=1, event=TipEvent.DISMISS, words="查无此事")
    assert (ended.state, ended.outcome) == (TipState.UNFOUNDED, None)


def test_the_table_of_states_is_the_one_of_the_rule() -> None:
    order = [TipState.CHECKING, TipState.HINTED, TipState.OPINED, TipState.ADVISED]
    for before, event, after in zip(order, (TipEvent.HINT, TipEvent.OPINION, TipEvent.ADVICE), order[1:], strict=False):
        assert TIP.sources(event) == [before]
        assert TIP.next(before, event) is after
