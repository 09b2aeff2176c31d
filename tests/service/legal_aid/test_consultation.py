"""Consultation: asked in confidence, answered by the clock, published only without identities."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select, text

from service.audit.models import AuditEntry, AuditSubject
from service.core import clock
from service.core.access import Role
from service.core.db import db
from service.core.enums import Unit
from service.core.lifecycle import WrongState
from service.core.pages import Page
from service.identity.models import Person
from service.legal_aid import settings
from service.legal_aid.consultation import answering, consultations, published
from service.legal_aid.consultation.answering import ConsultationLine, Sought
from service.legal_aid.consultation.enums import ConsultationState, WrittenBy
from service.legal_aid.consultation.errors import (
    AnswerUnknown,
    ConsultationUnknown,
    IdentityInside,
    PublishedAlready,
    SameWords,
    TooManyWaiting,
)
from service.legal_aid.consultation.models import Consultation, ConsultationEntry, PublishedAnswer
from service.legal_aid.consultation.published import Publishing
from service.legal_aid.enums import Matter
from service.messaging.models import OutboxRow
from tests.service.legal_aid.conftest import Office, clerk

THURSDAY = "2026-06-04T09:00:00+08:00"
PUBLIC = Publishing("被拖欠工资怎么办", "某职工被拖欠工资，怎么讨要？", "可以投诉，也可以申请劳动仲裁。")
EVERY = Sought()


def ask(office: Office, words: str = "老板欠我三个月工资") -> Consultation:
    """A question of the worker's."""
    return consultations.ask(actor=office.worker, matter=Matter.WAGES, county_code=None, words=words)


def answer(office: Office, found: Consultation, words: str = "带上工资条来仲裁") -> Consultation:
    """A handler's answer."""
    return answering.answer(actor=office.handler, consultation_id=found.id, words=words)


def listed(office: Office, wanted: Sought = EVERY, actor: object = None) -> Page[ConsultationLine]:
    """The list of somebody, the handler unless told."""
    return answering.listed(actor or office.handler, wanted, page=1, per_page=20)  # type: ignore[arg-type]


@time_machine.travel(THURSDAY, tick=False)
def test_a_question_is_answered_by_the_offices_clock(office: Office) -> None:
    found = ask(office)
    assert (found.node_id, found.state, found.due_on) == (
        office.county.id, ConsultationState.WAITING, date(2026, 6, 9),
    )  # fmt: skip
    settings.settle_clock(
        office.intake, office.county.id, "consultation_answer", length=1, unit=Unit.DAY, source="本会规定"
    )
    assert ask(office, "还有社保呢").due_on == date(2026, 6, 5)


def test_what_is_asked_and_answered_is_sealed_and_read_in_order(office: Office) -> None:
    found = ask(office)
    answered = answer(office, found)
    assert (answered.state, answered.lawyer_id, answered.due_on) == (
        ConsultationState.ANSWERED, office.handler.person_id, None,
    )  # fmt: skip
    opened = consultations.my_opened(office.worker, found.id)
    assert [(each.by, each.words) for each in opened.entries] == [
        (WrittenBy.WORKER, "老板欠我三个月工资"), (WrittenBy.LAWYER, "带上工资条来仲裁"),
    ]  # fmt: skip
    kept = db.session.scalars(select(ConsultationEntry.words_sealed)).all()
    assert all(each and "工资".encode() not in each for each in kept)
    db.session.execute(text("UPDATE consultation_entries SET words_sealed = NULL"))
    db.session.expire_all()
    assert [each.words for each in consultations.my_opened(office.worker, found.id).entries] == ["", ""]


def test_the_asker_is_told_of_an_answer_without_a_word_of_it(office: Office) -> None:
    found = answer(office, ask(office))
    row = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "notice")).one()
    assert row.payload["person_id"] == office.worker.person_id
    assert "工资" not in str(row.payload)
    assert row.payload["link"] == f"/legal-aid/consultations/{found.id}"


@time_machine.travel(THURSDAY, tick=False)
def test_asking_on_begins_the_clock_anew_and_adding_does_not(office: Office) -> None:
    found = ask(office)
    before = found.due_on
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert consultations.follow_up(actor=office.worker, consultation_id=found.id, words="补充").due_on == before
        answer(office, found)
        again = consultations.follow_up(actor=office.worker, consultation_id=found.id, words="那仲裁去哪里？")
        assert (again.state, again.due_on) == (ConsultationState.WAITING, date(2026, 6, 10))


def test_a_settled_question_is_closed(office: Office) -> None:
    found = ask(office)
    assert consultations.close(actor=office.worker, consultation_id=found.id).state is ConsultationState.CLOSED
    with pytest.raises(WrongState):
        answer(office, found)
    assert [each.id for each in consultations.mine(office.worker)] == [found.id]


def test_more_than_five_do_not_wait_at_once(office: Office) -> None:
    for _ in range(consultations.MOST_WAITING):
        ask(office)
    with pytest.raises(TooManyWaiting):
        ask(office)


def test_only_ones_own_is_opened_by_a_worker(office: Office) -> None:
    found = ask(office)
    with pytest.raises(ConsultationUnknown):
        consultations.my_opened(office.other_worker, found.id)
    with pytest.raises(ConsultationUnknown):
        consultations.close(actor=office.other_worker, consultation_id=found.id)
    with pytest.raises(ConsultationUnknown):
        consultations.my_opened(office.worker, uuid4())


def test_before_an_answer_the_offices_lawyers_open_it_and_afterwards_who_answered(office: Office) -> None:
    found = ask(office)
    for each in (office.handler, office.second_handler, office.intake, office.upper):
        assert answering.opened(each, found.id).consultation.id == found.id
    answer(office, found)
    for each in (office.handler, office.intake, office.upper):
        assert answering.opened(each, found.id).consultation.id == found.id
    for each in (office.second_handler, office.elsewhere, office.worker):
        with pytest.raises(ConsultationUnknown):
            answering.opened(each, found.id)


def test_who_works_for_the_askers_employer_does_not_see_it(office: Office) -> None:
    free = ask(office)
    assert answering.opened(office.of_employer, free.id).consultation.id == free.id
    asker = db.session.get_one(Person, office.worker.person_id)
    asker.employer_id = office.employer.id
    db.session.commit()
    with pytest.raises(ConsultationUnknown):
        answering.opened(office.of_employer, free.id)
    assert listed(office, actor=office.of_employer).total == 0


def test_a_lawyer_does_not_answer_her_own_question(office: Office) -> None:
    own = consultations.ask(actor=office.handler, matter=Matter.OTHER, county_code="530802", words="我自己的事")
    with pytest.raises(ConsultationUnknown):
        answer(office, own)


def test_opening_is_told_to_the_asker(office: Office) -> None:
    found = ask(office)
    answering.opened(office.handler, found.id)
    query = (
        select(AuditEntry)
        .join(AuditSubject, AuditSubject.entry_id == AuditEntry.id)
        .where(AuditSubject.person_id == office.worker.person_id)
    )
    row = db.session.scalars(query).one()
    assert (row.actor_id, row.subject_kind) == (office.handler.person_id, "consultation")


@time_machine.travel(THURSDAY, tick=False)
def test_what_is_due_soon_and_overdue_is_listed_without_words_or_names(office: Office) -> None:
    late = ask(office)
    with time_machine.travel(clock.now() + timedelta(days=7), tick=False):
        soon = ask(office)
        done = answer(
            office, consultations.ask(actor=office.worker, matter=Matter.INJURY, county_code=None, words="伤")
        )
        assert [each.consultation.id for each in listed(office).items] == [late.id, soon.id, done.id]
        assert [each.consultation.id for each in listed(office, Sought(pressing="overdue")).items] == [late.id]
        with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
            assert [each.consultation.id for each in listed(office, Sought(pressing="soon")).items] == [soon.id]
        assert [each.consultation.id for each in listed(office, Sought(matter=Matter.INJURY)).items] == [done.id]
        line = listed(office, Sought(state=ConsultationState.ANSWERED)).items[0]
        assert (line.lawyer_name, line.days_left, line.node_name) == (
            db.session.get_one(Person, office.handler.person_id).name, None, "思茅区总工会",
        )  # fmt: skip
        assert listed(office).items[0].days_left == -2


def test_a_published_answer_is_found_by_words_and_initials(office: Office) -> None:
    found = answer(office, ask(office))
    made = published.publish(actor=office.handler, consultation_id=found.id, text=PUBLIC)
    for sought in ("工资", "btqgz", "仲裁 投诉", None):
        assert published.search(sought, None, page=1, per_page=20).items == [made]
    for sought in ("三个月", "工资条", "工伤"):
        assert published.search(sought, None, page=1, per_page=20).items == []
    assert published.search(None, Matter.INJURY, page=1, per_page=20).items == []
    assert published.search(None, Matter.WAGES, page=1, per_page=20).items == [made]
    assert published.shown(made.id) == made
    assert published.of_consultation(office.handler, found.id) == [made]


def test_what_tells_who_it_is_about_is_not_published(office: Office) -> None:
    asker = db.session.get_one(Person, office.worker.person_id)
    asker.name, asker.employer_id = "岩温", office.employer.id
    db.session.commit()
    found = answer(office, ask(office))
    for inside, by in (
        ("岩温被欠薪", "name"), ("思茅某茶厂欠薪", "employer"), ("打139 0000 7777", "phone"),
        ("身份证53080219900101000X", "id_number"),
    ):  # fmt: skip
        telling = Publishing(PUBLIC.title, inside, PUBLIC.answer)
        with pytest.raises(IdentityInside) as refused:
            published.publish(actor=office.handler, consultation_id=found.id, text=telling)
        assert refused.value.details == {"found": [by]}
    for same in (Publishing("一", "老板欠我三个月工资", "答"), Publishing("一", "问", "带上工资条来仲裁")):
        with pytest.raises(SameWords):
            published.publish(actor=office.handler, consultation_id=found.id, text=same)
    assert db.session.scalars(select(PublishedAnswer)).all() == []


def test_an_answer_is_published_once_and_taken_down(office: Office) -> None:
    found = ask(office)
    with pytest.raises(WrongState):
        published.publish(actor=office.handler, consultation_id=found.id, text=PUBLIC)
    answer(office, found)
    made = published.publish(actor=office.handler, consultation_id=found.id, text=PUBLIC)
    with pytest.raises(PublishedAlready):
        published.publish(actor=office.handler, consultation_id=found.id, text=PUBLIC)
    with pytest.raises(AnswerUnknown):
        published.withdraw(actor=office.elsewhere, answer_id=made.id)
    published.withdraw(actor=office.intake, answer_id=made.id)
    assert published.search(None, None, page=1, per_page=20).items == []
    for call in (lambda: published.shown(made.id), lambda: published.withdraw(actor=office.intake, answer_id=made.id)):
        with pytest.raises(AnswerUnknown):
            call()
    assert published.publish(actor=office.handler, consultation_id=found.id, text=PUBLIC).id != made.id


def test_nobody_without_an_office_sees_any(office: Office) -> None:
    ask(office)
    for who in (office.worker, clerk(office.county, Role.TRAINING_STAFF)):
        assert listed(office, actor=who).total == 0
