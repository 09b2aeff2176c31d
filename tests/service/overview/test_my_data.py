"""What is held about a person: told, copied, corrected, and who looked at it."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit import reads
from service.audit.models import AuditEntry
from service.core import clock, reference
from service.core.access import Actor, Role
from service.core.crypto import SealBroken
from service.core.db import db
from service.files import shelf
from service.identity import consents, copies, corrections, people, sign_ins
from service.identity.enums import Channel, CopyState, CorrectionField, CorrectionState
from service.identity.errors import IdNumberWrong, NotVerified
from service.identity.models import RoleGrant
from service.identity.request_errors import (
    CopyNotReady,
    CopyRunning,
    CopyUnknown,
    CorrectionDecided,
    CorrectionOpen,
    CorrectionUnknown,
    IdNumberTaken,
)
from service.messaging import delivery
from service.messaging.models import InboxMessage
from service.organisations.enums import NodeKind
from service.organisations.models import UnionNode
from service.overview import collecting, copying, my_data, retention
from service.overview import corrections as desk
from service.overview import people as staff_people
from tests import make

DAY = timedelta(days=1)


@pytest.fixture
def city(database: SQLAlchemy) -> UnionNode:
    return make.node()


@pytest.fixture
def worker(city: UnionNode) -> Actor:
    """A member with a sign-in and a consent."""
    person = make.person(member_of=city, name="岩·温<b>")
    sign_ins.sign_in(person.id, Channel.WECHAT)
    consents.decide(actor=make.actor(person.id), purpose="health", is_given=True)
    return make.actor(person.id)


def deliver() -> None:
    while delivery.deliver_due():
        pass


def unpacked(content: bytes) -> tuple[dict[str, object], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        return json.loads(file.read("data.json")), file.read("我的个人信息.html").decode()


def test_the_summary_names_ground_and_term_of_everything(worker: Actor) -> None:
    told = my_data.summary(worker)
    held = {each.title: each for chapter in told.categories for each in chapter.holdings}
    assert (held["基本信息"].count, held["会籍"].count, held["授权"].count, held["登录记录"].count) == (1, 1, 1, 1)
    assert held["会籍"].kept == "账号存续期间，注销后10年"
    assert all(chapter.ground and chapter.title for chapter in told.categories)
    assert all(each.kept and each.action for each in held.values())
    assert told.deeds == 2  # the sign-in and the consent, in the audit trail


def test_the_copy_has_everything_in_both_forms_and_nobody_elses(worker: Actor) -> None:
    person, other = people.person(worker.worker_id), make.person()
    plain, page = unpacked(copying.packed(worker.worker_id))
    tables = plain["tables"]
    assert isinstance(tables, dict)
    (basic,) = tables["people"]["rows"]
    assert (basic["姓名"], basic["身份证号"], basic["手机号"]) == (person.name, person.id_number, person.phone)
    assert tables["memberships"]["rows"][0]["工会"] == "普洱市总工会"
    assert tables["consents"]["rows"][0]["用途"] == "使用健康信息"
    assert str(person.id_number) in page
    assert "岩·温&lt;b&gt;" in page
    assert "<b>" not in page
    for text in (json.dumps(plain, ensure_ascii=False), page):
        assert str(other.phone) not in text
        assert str(other.id_number) not in text


def test_a_copy_is_prepared_told_sealed_fetched_and_gone_again(worker: Actor) -> None:
    asked = copies.request(actor=worker)
    with pytest.raises(CopyNotReady):
        copies.content(actor=worker, copy_id=asked.id)
    with pytest.raises(CopyRunning):
        copies.request(actor=worker)
    deliver()
    (ready,) = copies.mine(actor=worker)
    assert ready.state == CopyState.READY
    download = copying.download(worker, asked.id)
    assert (download.name, len(download.content)) == ("我的个人信息.zip", ready.size_bytes)
    assert [each.title for each in db.session.scalars(select(InboxMessage))] == ["个人信息副本"]
    raw = shelf._path(copies.SHELF, asked.id).read_bytes()
    assert b"PK\x03\x04" not in raw
    with pytest.raises(CopyUnknown):
        copies.content(actor=make.actor(make.person().id), copy_id=asked.id)
    with pytest.raises(CopyUnknown):
        copies.content(actor=worker, copy_id=uuid4())
    with time_machine.travel(clock.now() + 8 * DAY):
        with pytest.raises(CopyUnknown):
            copies.content(actor=worker, copy_id=asked.id)
        assert copies.expire(clock.now()) == 1
        deliver()
        with pytest.raises(CopyUnknown):
            copies.content(actor=worker, copy_id=asked.id)
    with pytest.raises(FileNotFoundError):
        shelf.fetch(copies.SHELF, asked.id)
    assert copies.request(actor=worker).state == CopyState.PREPARING


def test_preparing_twice_does_no_harm(worker: Actor) -> None:
    asked = copies.request(actor=worker)
    for _ in range(2):
        copying.prepare({"copy_id": asked.id.hex})
    copies.finish(asked.id, 1)
    copies.finish(UUID(int=0), 1)
    (ready,) = copies.mine(actor=worker)
    assert ready.size_bytes is not None
    assert ready.size_bytes > 1


def test_what_does_not_open_is_never_copied_as_somebody_elses(worker: Actor) -> None:
    other = make.person()
    db.session.get_one(type(other), worker.worker_id).phone_sealed = other.phone_sealed
    db.session.commit()
    with pytest.raises(SealBroken):
        list(collecting.everything(worker.worker_id))


def test_a_correction_goes_to_the_desk_of_the_union_and_comes_back(worker: Actor, city: UnionNode) -> None:
    wish = corrections.request(actor=worker, field=CorrectionField.NAME, wanted="岩温", note="登记时写错了")
    with pytest.raises(CorrectionOpen):
        corrections.request(actor=worker, field=CorrectionField.NAME, wanted="岩文", note="")
    assert "岩温".encode() not in (wish.wanted_sealed or b"")
    clerk = make.staff(city, Role.MEMBERSHIP_STAFF)
    (line,) = desk.listed(clerk, state=CorrectionState.OPEN, page=1, per_page=20).items
    assert (line.wanted, line.note, line.person_id) == ("岩温", "登记时写错了", worker.worker_id)
    decided = desk.decide(clerk, wish.id, is_accepted=True, reason="已核对原件")
    assert decided == desk.decide(clerk, wish.id, is_accepted=True, reason="再点一次")
    assert people.person(worker.worker_id).name == "岩温"
    with pytest.raises(CorrectionDecided):
        desk.decide(clerk, wish.id, is_accepted=False, reason="反悔")
    deliver()
    assert "姓名已更正" in [each.body for each in db.session.scalars(select(InboxMessage))]
    assert [each.state for each in corrections.mine(actor=worker)] == [CorrectionState.ACCEPTED]
    assert desk.listed(clerk, state=None, page=1, per_page=20).total == 1


def test_a_refused_correction_changes_nothing_and_says_why(worker: Actor, city: UnionNode) -> None:
    wish = corrections.request(actor=worker, field=CorrectionField.EMPLOYER, wanted="茶厂", note="")
    clerk = make.staff(city, Role.MEMBERSHIP_STAFF)
    desk.decide(clerk, wish.id, is_accepted=False, reason="请到窗口办理")
    deliver()
    assert "工作单位未采纳：请到窗口办理" in [each.body for each in db.session.scalars(select(InboxMessage))]
    assert people.person(worker.worker_id).name == "岩·温<b>"


def test_an_accepted_correction_of_the_register_is_done_there(worker: Actor, city: UnionNode) -> None:
    wish = corrections.request(actor=worker, field=CorrectionField.MEMBERSHIP, wanted="市总工会", note="")
    clerk = make.staff(city, Role.MEMBERSHIP_STAFF)
    assert desk.decide(clerk, wish.id, is_accepted=True, reason="已在会籍里更正").state == CorrectionState.ACCEPTED


def test_a_wish_whose_words_are_gone_changes_nothing(worker: Actor, city: UnionNode) -> None:
    wish = corrections.request(actor=worker, field=CorrectionField.NAME, wanted="岩温", note="")
    db.session.get_one(type(wish), wish.id).wanted_sealed = None
    db.session.commit()
    assert desk.decide(make.staff(city, Role.MEMBERSHIP_STAFF), wish.id, is_accepted=True, reason="核对").wanted is None
    assert people.person(worker.worker_id).name == "岩·温<b>"


def test_an_id_number_is_checked_and_belongs_to_one_person(worker: Actor, city: UnionNode) -> None:
    taken = str(make.person().id_number)
    with pytest.raises(IdNumberWrong):
        corrections.request(actor=worker, field=CorrectionField.ID_NUMBER, wanted="123", note="")
    wish = corrections.request(actor=worker, field=CorrectionField.ID_NUMBER, wanted=taken, note="")
    clerk = make.staff(city, Role.MEMBERSHIP_STAFF)
    with pytest.raises(IdNumberTaken):
        desk.decide(clerk, wish.id, is_accepted=True, reason="核对")
    desk.decide(clerk, wish.id, is_accepted=False, reason="号码已登记")
    free = corrections.request(actor=worker, field=CorrectionField.ID_NUMBER, wanted=make.id_number(17_999), note="")
    desk.decide(clerk, free.id, is_accepted=True, reason="核对")
    found = people.by_id_number(make.id_number(17_999))
    assert found is not None
    assert found.id == worker.worker_id


def test_a_desk_sees_the_wishes_of_its_own_members_only(worker: Actor, city: UnionNode) -> None:
    county = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city)
    wish = corrections.request(actor=worker, field=CorrectionField.NAME, wanted="岩温", note="")
    clerk = make.staff(county, Role.MEMBERSHIP_STAFF)
    assert desk.listed(clerk, state=None, page=1, per_page=20).total == 0
    with pytest.raises(CorrectionUnknown):
        desk.decide(clerk, wish.id, is_accepted=True, reason="核对")
    nobodys = make.actor(make.person().id)
    corrections.request(actor=nobodys, field=CorrectionField.OTHER, wanted="x", note="")
    whole = make.staff(city, Role.MEMBERSHIP_STAFF)
    assert desk.listed(whole, state=None, page=1, per_page=20).total == 2


def test_who_is_not_verified_asks_for_no_correction(database: SQLAlchemy) -> None:
    newcomer = people.newcomer()
    db.session.commit()
    with pytest.raises(NotVerified):
        corrections.request(actor=make.actor(newcomer.id), field=CorrectionField.NAME, wanted="x", note="")


def test_a_person_sees_who_looked_and_what_they_saw(worker: Actor, city: UnionNode) -> None:
    clerk = make.staff(city, Role.MEMBERSHIP_STAFF)
    db.session.add(make_grant(clerk, city))
    db.session.commit()
    staff_people.one_in_scope(clerk, worker.worker_id)
    staff_people.in_scope(clerk, staff_people.Narrowed(), page=1, per_page=20)
    seen = my_data.looks(worker, page=1, per_page=20)
    assert seen.total == 2
    assert seen.items[0].roles == ["membership_staff"]
    assert seen.items[0].unions == ["普洱市总工会"]
    assert "phone_masked" in seen.items[0].fields
    assert my_data.looks(make.actor(make.person().id), page=1, per_page=20).total == 0


def make_grant(who: Actor, node: UnionNode) -> RoleGrant:
    return RoleGrant(person_id=who.worker_id, role=Role.MEMBERSHIP_STAFF, node_id=node.id, granted_at=clock.now())


def test_every_look_is_written_and_only_one_requests_looks_are_one(worker: Actor, city: UnionNode) -> None:
    clerk = make.staff(city, Role.MEMBERSHIP_STAFF)
    for number in range(1, 4):
        staff_people.one_in_scope(clerk, worker.worker_id)
        assert my_data.looks(worker, page=1, per_page=20).total == number
    for request_id, looks in (("a", 4), ("b", 5)):
        token = reference.request_id.set(request_id)
        for _ in range(2):
            staff_people.one_in_scope(clerk, worker.worker_id)
        reference.request_id.reset(token)
        assert my_data.looks(worker, page=1, per_page=20).total == looks


@pytest.mark.parametrize(
    ("days", "said"),
    [(7, "7天"), (364, "364天"), (365, "1年"), (366, "1年"), (367, "367天"), (1096, "3年"), (3653, "10年")],
)
def test_a_term_of_whole_years_is_told_in_years(days: int, said: str) -> None:
    assert retention.spoken_term(days) == said


def test_a_look_tells_ids_and_fields_and_no_values(worker: Actor, city: UnionNode) -> None:
    clerk = make.staff(city, Role.MEMBERSHIP_STAFF)
    staff_people.one_in_scope(clerk, worker.worker_id)
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == reads.READ))
    person = people.person(worker.worker_id)
    told = json.dumps([entry.details, entry.subject_id, entry.subject_kind], ensure_ascii=False)
    assert entry.details["people"] == [person.id]
    assert not [value for value in (person.name, person.phone, person.id_number) if str(value) in told]


def test_looking_at_oneself_is_nobodys_business(worker: Actor) -> None:
    reads.tell(worker, "person", worker.worker_id, people=[worker.worker_id], fields=["phone"])
    reads.write_down(worker, "person", worker.worker_id, people=[worker.worker_id], fields=["phone"])
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == reads.READ)).all() == []


def test_why_somebody_looked_is_kept_apart(worker: Actor, city: UnionNode) -> None:
    clerk = make.staff(city)
    reads.tell(clerk, "person", 1, people=[worker.worker_id], fields=["phone"], why="本人来电")
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == reads.READ))
    assert entry.private_hash is not None
    assert "来电" not in json.dumps(entry.details, ensure_ascii=False)
