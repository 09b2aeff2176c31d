"""An announcement reaches everybody it is for, once, by day; it may be called off at any time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from blueprints import worker
from schemas.announcements import StaffAnnouncementView
from service.announcements import announcements, fan_out
from service.announcements.announcements import Writing
from service.announcements.enums import AnnouncementState
from service.announcements.errors import (
    AnnouncementStale,
    AnnouncementUnknown,
    ApprovalNeeded,
    AudienceEmpty,
    AudienceInvalid,
    OwnApproval,
    TimePast,
)
from service.announcements.models import Announcement
from service.core.access import Actor, Role
from service.core.lifecycle import WrongState
from service.messaging import delivery, phones, subscriptions, templates
from service.messaging.enums import OutboxState, Purpose
from service.messaging.models import InboxMessage, OutboxRow
from service.messaging.templates import NONE
from service.organisations.enums import Industry, NodeKind, WorkerCategory
from service.organisations.errors import NodeUnknown
from service.organisations.models import UnionNode
from service.organisations.setting_models import NodeSetting
from tests import make

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
SIMAO, LANCANG = "530802", "530828"


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """Noon in Pu'er, until moved."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(database: SQLAlchemy, time: time_machine.Traveller) -> UnionNode:
    """The root."""
    worker.register_handlers()
    return make.node()


@pytest.fixture
def simao(city: UnionNode) -> UnionNode:
    """A county with three members."""
    node = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city, county=SIMAO)
    for industry in (Industry.TEA, Industry.TEA, Industry.COFFEE):
        make.person(member_of=node, industry=industry)
    return node


@pytest.fixture
def staff(simao: UnionNode) -> Actor:
    """Publishing staff of the county."""
    return make.staff(simao, Role.PUBLISHING_STAFF)


def write(staff: Actor, node: UnionNode, **changed: Any) -> Announcement:
    """A draft to the node's members."""
    chosen = {"node_id": node.id, "title": "茶艺师培训", "body": "本周六起报名", **changed}
    return announcements.create(staff, Writing(**chosen))


def deliver() -> None:
    """Deliver until nothing is due."""
    while delivery.deliver_due():
        pass


def fresh(database: SQLAlchemy, of: Announcement) -> Announcement:
    """As it stands now."""
    database.session.expire_all()
    return database.session.get_one(Announcement, of.id)


def told(database: SQLAlchemy) -> list[int]:
    """Whom the inbox tells of something."""
    return sorted(database.session.scalars(select(InboxMessage.person_id)))


def test_everybody_of_the_node_is_told_once(
    database: SQLAlchemy, simao: UnionNode, staff: Actor, city: UnionNode
) -> None:
    make.person(member_of=city)
    draft = write(staff, simao)
    announcements.send(staff, draft.id, 1)
    deliver()
    sent = fresh(database, draft)
    assert (sent.state, sent.total, sent.reached) == (AnnouncementState.SENT, 3, 3)
    assert sent.finished_at is not None
    assert len(set(told(database))) == len(told(database)) == 3


def test_pieces_go_one_after_the_other_and_a_repeated_one_tells_nobody_again(
    database: SQLAlchemy, simao: UnionNode, staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fan_out, "PIECE", 2)
    draft = write(staff, simao)
    announcements.send(staff, draft.id, 1)
    assert delivery.deliver_due() == 1
    halfway = fresh(database, draft)
    assert (halfway.state, halfway.total, halfway.reached) == (AnnouncementState.SENDING, 3, 2)
    fan_out.tell_piece({"announcement_id": draft.id, "after": 0})
    deliver()
    assert fresh(database, draft).reached == 3
    fan_out.tell_piece({"announcement_id": draft.id, "after": 0})
    fan_out.tell_piece({"announcement_id": 987_654, "after": 0})
    assert len(told(database)) == 3


def test_a_last_piece_of_nobody_ends_it(
    database: SQLAlchemy, simao: UnionNode, staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fan_out, "PIECE", 3)
    draft = write(staff, simao)
    announcements.send(staff, draft.id, 1)
    deliver()
    assert (fresh(database, draft).state, fresh(database, draft).reached) == (AnnouncementState.SENT, 3)


def test_called_off_halfway_the_rest_is_never_told(
    database: SQLAlchemy, simao: UnionNode, staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fan_out, "PIECE", 2)
    draft = write(staff, simao)
    announcements.send(staff, draft.id, 1)
    delivery.deliver_due()
    announcements.cancel(staff, draft.id, "写错了日期")
    deliver()
    off = fresh(database, draft)
    assert (off.state, off.reached, len(told(database))) == (AnnouncementState.CANCELLED, 2, 2)
    assert database.session.scalars(select(OutboxRow.id).where(OutboxRow.state == OutboxState.DUE)).all() == []
    with pytest.raises(WrongState):
        announcements.cancel(staff, draft.id, "再来")


def test_phones_that_have_not_rung_stay_silent_when_it_is_called_off(
    database: SQLAlchemy, simao: UnionNode, staff: Actor
) -> None:
    template = templates.current().by_purpose[Purpose.ANNOUNCEMENT]
    person = make.person(member_of=simao).id
    subscriptions.report(make.actor(person), [template.template_id])
    draft = write(staff, simao)
    assert announcements.preview(staff, draft.id).phones == 1
    announcements.send(staff, draft.id, 1)
    delivery.deliver_due(kinds=[fan_out.KIND])
    query = select(OutboxRow.key).where(OutboxRow.kind == phones.KIND)
    assert database.session.scalars(query).all() == [f"wechat:announcement:{draft.id}:{person}"]
    with pytest.raises(WrongState):
        announcements.cancel(staff, draft.id, "已发完")
    running = fresh(database, draft)
    running.state = AnnouncementState.SENDING
    database.session.commit()
    announcements.cancel(staff, draft.id, "写错了")
    assert database.session.scalars(query).all() == []


def test_at_night_it_waits_for_the_morning(
    database: SQLAlchemy, simao: UnionNode, staff: Actor, time: time_machine.Traveller
) -> None:
    time.move_to(NIGHT, tick=False)
    draft = write(staff, simao)
    assert announcements.preview(staff, draft.id).earliest_at == NIGHT + timedelta(hours=8)
    assert announcements.send(staff, draft.id, 1).send_at == NIGHT + timedelta(hours=8)
    deliver()
    assert told(database) == []
    time.move_to(NIGHT + timedelta(hours=8), tick=False)
    deliver()
    assert len(told(database)) == 3


def test_it_goes_out_at_its_time(
    database: SQLAlchemy, simao: UnionNode, staff: Actor, time: time_machine.Traveller
) -> None:
    draft = write(staff, simao)
    for wrong in (NOON - timedelta(minutes=1), NOON + timedelta(days=400)):
        with pytest.raises(TimePast):
            announcements.send(staff, draft.id, 1, wrong)
    at = NOON + timedelta(days=9)
    assert announcements.send(staff, draft.id, 1, at).state is AnnouncementState.SCHEDULED
    deliver()
    assert told(database) == []
    time.move_to(at, tick=False)
    deliver()
    assert len(told(database)) == 3


def test_the_audience_is_narrowed_by_what_people_are(simao: UnionNode, city: UnionNode, staff: Actor) -> None:
    make.person(member_of=simao, industry=Industry.TEA, worker_category=WorkerCategory.COURIER)
    make.person(member_of=simao, occupation_code="4-03-02-07")
    make.person(member_of=make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=city, county=LANCANG))
    whole = make.staff(city, Role.PUBLISHING_STAFF)
    for audience, total in (
        ({}, 6),
        ({"counties": [SIMAO]}, 5),
        ({"counties": [SIMAO, LANCANG]}, 6),
        ({"industries": ["coffee"]}, 1),
        ({"categories": ["courier"]}, 1),
        ({"occupations": ["4-03-02-07"]}, 1),
        ({"industries": ["tea"], "categories": ["courier"]}, 1),
        ({"industries": ["coffee"], "categories": ["courier"]}, 0),
    ):
        draft = write(whole, city, audience=audience)
        assert announcements.preview(whole, draft.id).total == total, audience


def test_the_preview_says_whom_it_reaches_and_how_it_looks(
    simao: UnionNode, staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    audience = {
        "counties": [SIMAO], "industries": [Industry.TEA], "occupations": ["4-03-02-07"],
        "categories": [WorkerCategory.EMPLOYEE],
    }  # fmt: skip
    draft = write(staff, simao, audience=audience)
    seen = announcements.preview(staff, draft.id)
    assert seen.audience == "思茅区总工会及下级工会；思茅区；茶叶；茶艺师；企业职工"
    assert (seen.title, seen.body, seen.link) == ("茶艺师培训", "本周六起报名", f"/announcements/{draft.id}")
    assert seen.phone == ["工会通知", "2026年11月22日 12:00", "您有一条新的工会通知"]
    assert seen.needs_approval is False
    monkeypatch.setattr(announcements.templates, "current", lambda: NONE)
    assert announcements.preview(staff, draft.id).phone is None


def test_staff_read_all_four_lists_of_an_audience_also_those_that_leave_nobody_out(
    simao: UnionNode, staff: Actor
) -> None:
    draft = write(staff, simao, audience={"industries": [Industry.TEA]})
    read = StaffAnnouncementView().dump(draft)
    assert read["audience"] == {"counties": [], "industries": ["tea"], "occupations": [], "categories": []}
    assert read["node_name"] == "思茅区总工会"


def test_an_audience_that_does_not_exist_is_refused_by_name(simao: UnionNode, staff: Actor) -> None:
    with pytest.raises(AudienceInvalid) as refused:
        write(staff, simao, audience={"counties": ["110000"], "occupations": ["x"]})
    assert set(refused.value.details["audience"]) == {"counties", "occupations"}


def test_to_nobody_it_is_not_sent(simao: UnionNode, staff: Actor) -> None:
    draft = write(staff, simao, audience={"industries": ["forestry"]})
    with pytest.raises(AudienceEmpty):
        announcements.send(staff, draft.id, 1)


def test_outside_the_scope_there_is_nothing(simao: UnionNode, city: UnionNode, staff: Actor) -> None:
    draft = write(staff, simao)
    lancang = make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=city, county=LANCANG)
    stranger = make.staff(lancang, Role.PUBLISHING_STAFF)
    for deed in (
        lambda: announcements.one(stranger, draft.id),
        lambda: announcements.preview(stranger, draft.id),
        lambda: announcements.send(stranger, draft.id, 1),
        lambda: announcements.one(make.staff(simao, Role.TRAINING_STAFF), draft.id),
    ):
        with pytest.raises(AnnouncementUnknown):
            deed()
    with pytest.raises(NodeUnknown):
        write(staff, city)
    with pytest.raises(NodeUnknown):
        announcements.change(staff, draft.id, Writing(node_id=city.id, title="x", body="y"), 1)
    assert announcements.listed(stranger, page=1, per_page=20).items == []
    assert [each.id for each in announcements.listed(staff, page=1, per_page=20).items] == [draft.id]
    of_state = [
        announcements.listed(staff, state=state, page=1, per_page=20).total
        for state in (AnnouncementState.DRAFT, AnnouncementState.SENT)
    ]
    assert of_state == [1, 0]


def test_a_draft_is_changed_by_who_has_read_it(simao: UnionNode, staff: Actor) -> None:
    draft = write(staff, simao)
    anew = Writing(node_id=simao.id, title="咖啡师培训", body="周日起报名")
    assert announcements.change(staff, draft.id, anew, 1).version == 2
    for deed in (
        lambda: announcements.change(staff, draft.id, anew, 1),
        lambda: announcements.approve(staff, draft.id, 1),
        lambda: announcements.send(staff, draft.id, 1),
    ):
        with pytest.raises(AnnouncementStale) as stale:
            deed()
        assert stale.value.details == {"version": 2}
    announcements.send(staff, draft.id, 2)
    with pytest.raises(WrongState):
        announcements.change(staff, draft.id, anew, 2)
    with pytest.raises(WrongState):
        announcements.send(staff, draft.id, 2)


def test_where_the_union_wants_it_a_second_person_looks_first(
    database: SQLAlchemy, simao: UnionNode, city: UnionNode, staff: Actor
) -> None:
    database.session.add(NodeSetting(node_id=city.id, needs_approval=True))
    database.session.commit()
    colleague = replace(staff, person_id=make.person().id)
    draft = write(staff, simao)
    assert announcements.preview(staff, draft.id).needs_approval is True
    with pytest.raises(ApprovalNeeded):
        announcements.send(staff, draft.id, 1)
    with pytest.raises(OwnApproval):
        announcements.approve(staff, draft.id, 1)
    announcements.approve(colleague, draft.id, 1)
    announcements.change(staff, draft.id, Writing(node_id=simao.id, title="改过", body="改过"), 1)
    with pytest.raises(ApprovalNeeded):
        announcements.send(staff, draft.id, 2)
    assert announcements.approve(colleague, draft.id, 2).approved_by == colleague.person_id
    assert announcements.send(staff, draft.id, 2).state is AnnouncementState.SCHEDULED


def test_who_was_told_reads_it_in_full_and_nobody_else(simao: UnionNode, staff: Actor) -> None:
    person = make.person(member_of=simao).id
    draft = write(staff, simao, text="全文")
    with pytest.raises(AnnouncementUnknown):
        announcements.told(make.actor(person), draft.id)
    announcements.send(staff, draft.id, 1)
    deliver()
    assert announcements.told(make.actor(person), draft.id).text == "全文"
    for who, what in ((make.person().id, draft.id), (person, 987_654)):
        with pytest.raises(AnnouncementUnknown):
            announcements.told(make.actor(who), what)
