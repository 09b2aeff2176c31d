"""Demo data: members with fictitious numbers who can sign in, staff, classes for every start, tokens for load tools."""

from datetime import timedelta

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from service.booking import recount
from service.core import clock, configuration
from service.core.access import Role
from service.core.db import db
from service.identity import accounts, id_number, people, phone, sign_ins, tokens
from service.identity.models import Person, WeChatIdentity
from service.legal_aid import queues
from service.legal_aid.consultation import published
from service.legal_aid.consultation.enums import ConsultationState
from service.legal_aid.consultation.models import Consultation
from service.legal_aid.enums import CaseState
from service.legal_aid.models import AidCase
from service.legal_aid.supervision import handling, tips
from service.legal_aid.supervision.enums import TipState
from service.messaging import sweeping
from service.organisations import nodes, settings
from service.organisations.divisions import COUNTIES
from service.organisations.models import UnionNode
from service.overview.demo import classes, invention, register, staff, start
from service.overview.demo.tokens import access_tokens
from service.training import states
from service.training.enums import ClassState
from service.training.models import Course, TrainingClass
from service.unions import memberships
from service.unions.models import Membership
from service.wechat.personas import sandbox_openid

UNIONS = 20


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A smaller small scale: enough workers for the classes."""
    monkeypatch.setitem(register.SCALES, "small", (110, UNIONS))


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def by_title(title: str) -> list[TrainingClass]:
    query = select(TrainingClass).join(Course).where(Course.title == title).order_by(TrainingClass.id)
    query = query.options(selectinload(TrainingClass.lessons))
    return list(db.session.scalars(query))


def states_of(title: str, *, later: timedelta = timedelta()) -> list[ClassState]:
    return [states.effective(each, clock.now() + later) for each in by_title(title)]


def test_every_sort_of_demo_class_lies_in_a_county() -> None:
    assert {
        each.county_code for each in (classes.GRAB, classes.OPEN, classes.SOON, classes.FULL, classes.RUNNING)
    } < set(COUNTIES)


def test_invented_numbers_are_right_fictitious_and_all_different() -> None:
    numbers = [invention.id_number(number) for number in range(1, 3000)]
    assert len(set(numbers)) == len(numbers)
    assert all(id_number.is_right(number, clock.today()) and number[14:17] == "000" for number in numbers)
    assert id_number.is_right(invention.id_number(invention.MOST_WORKERS - 1), clock.today())
    assert register.SCALES["puer10"][0] < invention.MOST_WORKERS
    assert all(phone.is_right(invention.phone(number)) for number in (1, 1_145_000))
    assert invention.persona(1) == "worker-0001"


def test_demo_workers_are_verified_members_in_all_counties_and_known_to_the_sandbox(database: SQLAlchemy) -> None:
    register.plant(25, UNIONS)
    ids = register.worker_ids(range(1, 26), UNIONS)
    assert len(set(ids)) == 25
    active = memberships.active_memberships(ids)
    counties = {nodes.node(active[person_id].node_id).county_code for person_id in ids}
    assert counties == set(COUNTIES)
    person = people.person(ids[0])
    assert (person.is_verified, person.name, person.id_number) == (True, invention.name(1), invention.id_number(1))
    known = db.session.scalar(select(WeChatIdentity).where(WeChatIdentity.openid == sandbox_openid("worker-0001")))
    assert known is not None
    assert (known.person_id, known.appid) == (ids[0], configuration.current().wechat_appid)


def test_planting_again_adds_only_what_is_missing(database: SQLAlchemy) -> None:
    said: list[str] = []
    register.plant(10, UNIONS, said.append)
    before = register.worker_ids(range(1, 11), UNIONS)
    register.plant(12, UNIONS, said.append)
    assert register.worker_ids(range(1, 11), UNIONS) == before
    assert (count(Person), count(Membership)) == (12, 12)
    assert said == ["10/10", "12/12"]
    register.plant(12, UNIONS + 5)
    grassroots = select(func.count()).select_from(UnionNode).where(UnionNode.code.like("%-DEMO-%"))
    assert db.session.scalar(grassroots) == UNIONS + 5


def test_staff_have_their_roles_scopes_and_one_password(database: SQLAlchemy) -> None:
    staff.plant("first-password")
    staff.plant("first-password")
    assert accounts.sign_in("simao", "first-password").person.name == "示例思茅管理员"
    simao = staff.actor("simao")
    town, other = nodes.by_code("530802"), nodes.by_code("530828")
    assert town is not None
    assert other is not None
    assert simao.reaches(town.path, Role.TRAINING_STAFF)
    assert not simao.reaches(other.path, Role.TRAINING_STAFF)
    assert {clerk.login for clerk in staff.CLERKS} == {
        "city", "simao", "lancang", "trainer1", "trainer2", "legal1", "legal2", "lawyer1", "lawyer2",
        "labour1", "labour2", "judge1", "judge2", "judge3", "judge4",
        "judge5", "auditor",
    }  # fmt: skip


def test_another_password_is_set_for_all(database: SQLAlchemy) -> None:
    staff.plant("first-password")
    staff.plant("second-password")
    assert accounts.sign_in("auditor", "second-password").person.name == "示例审计员"


def test_the_password_of_a_data_directory_stays(app: Flask) -> None:
    first = staff.kept_password()
    assert staff.kept_password() == first
    assert len(first) >= 13
    path = configuration.current().data_dir / staff.PASSWORD_FILE
    assert path.stat().st_mode & 0o077 == 0


def test_every_start_has_something_to_grab_something_open_full_and_running(database: SQLAlchemy, few: None) -> None:
    said = start.refresh()
    assert said["password"] == staff.kept_password()
    assert "city" in said["staff"]
    [grab] = by_title(classes.GRAB.title)
    assert (grab.capacity, grab.waiting_capacity) == (50, 450)
    assert timedelta(seconds=60) < grab.opens_at - clock.now() <= timedelta(minutes=2)
    assert states_of(classes.GRAB.title) == [ClassState.PUBLISHED]
    assert states_of(classes.GRAB.title, later=timedelta(minutes=2)) == [ClassState.OPEN]
    assert states_of(classes.OPEN.title) == [ClassState.OPEN]
    assert states_of(classes.SOON.title) == [ClassState.OPEN]
    [soon] = by_title(classes.SOON.title)
    opens = timedelta(minutes=configuration.current().attendance_opens_minutes)
    assert soon.lessons[0].starts_at - opens < clock.now() < soon.closes_at
    assert states_of(classes.FULL.title) == [ClassState.FULL]
    [full] = by_title(classes.FULL.title)
    assert full.offering is not None
    assert (full.offering.taken, full.offering.waiting) == (4, 3)
    [running] = by_title(classes.RUNNING.title)
    assert running.offering is not None
    assert running.offering.taken == 20
    assert states_of(classes.RUNNING.title, later=classes.STARTS_IN) == [ClassState.RUNNING]
    assert [clock.local(each.starts_at).date() for each in running.lessons] == [
        clock.local(clock.now() + classes.STARTS_IN).date()
    ]
    assert recount.recount() == []


def test_another_start_makes_only_what_is_no_longer_there(database: SQLAlchemy, few: None) -> None:
    start.refresh()
    start.refresh()
    assert states_of(classes.GRAB.title) == [ClassState.CANCELLED, ClassState.PUBLISHED]
    for sort in (classes.OPEN, classes.SOON, classes.FULL, classes.RUNNING):
        assert len(by_title(sort.title)) == 1
    assert recount.recount() == []


def test_a_second_person_demanded_while_trying_things_out_does_not_keep_it_from_starting(
    database: SQLAlchemy, few: None
) -> None:
    start.refresh()
    root = nodes.root()
    assert root is not None
    settings.change(staff.actor("city"), root.id, needs_approval=True)
    start.refresh()
    assert states_of(classes.GRAB.title) == [ClassState.CANCELLED, ClassState.PUBLISHED]


def test_a_grabbed_class_is_not_called_off(database: SQLAlchemy, few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    start.refresh()
    monkeypatch.setattr(classes, "OPENS_IN", timedelta(minutes=-1))
    start.refresh()
    grab = by_title(classes.GRAB.title)[-1]
    classes._book(grab, register.worker_ids(range(1, 3), UNIONS))
    start.refresh()
    assert states_of(classes.GRAB.title) == [ClassState.CANCELLED, ClassState.OPEN, ClassState.OPEN]


def test_the_office_of_legal_aid_has_cases_in_their_states_and_they_are_planted_once(
    database: SQLAlchemy, few: None
) -> None:
    said = start.refresh()["legal aid"]
    assert {row.state for row in db.session.scalars(select(AidCase))} == set(CaseState) - {
        CaseState.TERMINATED, CaseState.MERGED
    }  # fmt: skip
    at_desk = queues.at_a_glance(staff.actor("legal2"))
    assert (at_desk.overdue > 0, at_desk.soon > 0, at_desk.limitation_red) == (True, True, 1)
    assert start.refresh()["legal aid"] == said
    assert count(AidCase) == 20


def test_consultations_and_tips_wait_are_answered_and_published(database: SQLAlchemy, few: None) -> None:
    said = start.refresh()["legal aid"]
    states = {row.state for row in db.session.scalars(select(Consultation))}
    assert states == {ConsultationState.WAITING, ConsultationState.ANSWERED}
    assert published.search("工资", None, page=1, per_page=20).total == 1
    anonymous = tips.claimed(said.rsplit(" ", 1)[-1])
    assert (anonymous.person_id, anonymous.state) == (None, TipState.HINTED)
    assert len(handling.opened(staff.actor("labour1"), anonymous.id).letters) == 1


def test_what_the_past_of_the_demo_left_to_be_told_is_not_late(database: SQLAlchemy, few: None) -> None:
    start.refresh()
    assert sweeping.backlog().stuck_due == 0
    assert sweeping.backlog().due > 0


def test_tokens_are_of_different_members_and_open_doors(database: SQLAlchemy) -> None:
    given = list(access_tokens(30))
    claims = [tokens.verify(token) for token in given]
    assert len({claim.person_id for claim in claims}) == 30
    actor = sign_ins.actor_of(claims[0].person_id, claims[0].sign_in_id)
    assert actor is not None
    assert memberships.active_membership(actor.worker_id) is not None
    again = [tokens.verify(token).person_id for token in access_tokens(30)]
    assert again == [claim.person_id for claim in claims]
    assert count(Person) == 30
