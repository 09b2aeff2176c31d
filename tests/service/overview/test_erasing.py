"""Closing an account, and what time does to what is kept: tried by moving the clock."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from service.audit import entries, sealing, verifying
from service.audit.models import AuditEntry, AuditPrivate
from service.booking.enums import BookingState
from service.booking.models import Booking
from service.core import clock
from service.core.access import SYSTEM, Actor, Role
from service.core.db import Base, db
from service.core.transaction import transactional
from service.files import shelf
from service.identity import closures, consents, copies, corrections, people, sign_ins, wechat_sign_in
from service.identity.enums import Channel, ClosureState, CorrectionField, CorrectionState
from service.identity.models import Account, Person, RoleGrant, SignIn
from service.identity.request_errors import ClosureUnknown, HoldsRoles
from service.identity.request_models import AccountClosure, DataCopy
from service.legal_aid.consultation import consultations
from service.legal_aid.enums import Matter
from service.messaging import delivery, outbox
from service.messaging.models import InboxMessage
from service.organisations.models import UnionNode
from service.overview import erasing, retention
from service.overview.holdings import HOLDINGS, Erasure
from service.skills.models import SkillCertificate
from service.unions.models import Membership, MembershipState
from tests import make, make_legal_aid, make_training

DAY = timedelta(days=1)


@pytest.fixture
def city(database: SQLAlchemy) -> UnionNode:
    return make.node()


@transactional
def tell(person_id: int, key: str = "k") -> None:
    outbox.notice(person_id, key, "消息", "内容")
    entries.record(SYSTEM, "test.deed", "person", person_id, about=[person_id], private={"why": "查档"})


def deliver() -> None:
    while delivery.deliver_due():
        pass


@pytest.fixture
def worker(city: UnionNode) -> Actor:
    """A member with something of everything."""
    person = make.person(member_of=city, name="岩温甲")
    wechat_sign_in.link(person.id, "openid-1")
    sign_ins.sign_in(person.id, Channel.WECHAT)
    actor = make.actor(person.id)
    consents.decide(actor=actor, purpose="health", is_given=True)
    corrections.request(actor=actor, field=CorrectionField.NAME, wanted="岩温乙", note="x")
    copies.request(actor=actor)
    db.session.add(SkillCertificate(person_id=person.id, occupation_code="4-03-02-07", level=5, number="S1",
                                    entered_at=clock.now()))  # fmt: skip
    db.session.commit()
    tell(person.id)
    deliver()
    return actor


def count(model: Any, **where: object) -> int:
    query = select(func.count()).select_from(model).filter_by(**where)
    return db.session.scalar(query) or 0


def test_asking_for_the_end_ends_every_sign_in_at_once(worker: Actor) -> None:
    asked = closures.request(actor=worker)
    assert closures.request(actor=worker).id == asked.id
    assert closures.mine(actor=worker).due_at == asked.requested_at + 7 * DAY
    live = select(func.count()).select_from(SignIn).where(SignIn.revoked_at.is_(None))
    assert db.session.scalar(live) == 0
    assert erasing.erase_due(clock.now()) == 0
    assert people.person(worker.worker_id).erased_at is None


def test_it_may_be_taken_back_within_the_days(worker: Actor) -> None:
    with pytest.raises(ClosureUnknown):
        closures.withdraw(actor=worker)
    closures.request(actor=worker)
    assert closures.withdraw(actor=worker).state == ClosureState.WITHDRAWN
    with pytest.raises(ClosureUnknown):
        closures.mine(actor=worker)
    with time_machine.travel(clock.now() + 8 * DAY):
        assert erasing.erase_due(clock.now()) == 0
        assert erasing._erase_closed(worker.worker_id) == 0
    assert people.person(worker.worker_id).name == "岩温甲"
    assert closures.request(actor=worker).state == ClosureState.WAITING


def test_staff_give_their_roles_back_first(worker: Actor, city: UnionNode) -> None:
    grant = RoleGrant(person_id=worker.worker_id, role=Role.TRAINING_STAFF, node_id=city.id, granted_at=clock.now())
    db.session.add(grant)
    db.session.commit()
    with pytest.raises(HoldsRoles):
        closures.request(actor=worker)
    db.session.delete(grant)
    db.session.add(Account(person_id=worker.worker_id, login="yanwen", password_hash="x", is_disabled=False))
    db.session.commit()
    with pytest.raises(HoldsRoles):
        closures.request(actor=worker)


def test_after_the_days_nothing_personal_is_left(worker: Actor, city: UnionNode) -> None:
    person = people.person(worker.worker_id)
    numbers = [str(person.phone), str(person.id_number), "岩温甲", "岩温乙", "openid-1"]
    copy_id = db.session.scalars(select(DataCopy.id)).one()
    db.session.add(Account(person_id=worker.worker_id, login="yanwen", password_hash="x", is_disabled=True))
    db.session.commit()
    closures.request(actor=worker)
    with time_machine.travel(clock.now() + 8 * DAY):
        assert erasing.erase_due(clock.now()) == 1
        deliver()
        assert erasing.erase_due(clock.now()) == 0
    db.session.expire_all()
    person = people.person(worker.worker_id)
    assert (person.name, person.phone, person.id_number, person.is_verified) == ("岩**", None, None, False)
    assert person.erased_at is not None
    for model in (InboxMessage, SkillCertificate, AuditPrivate):
        assert count(model) == 0, model
    with pytest.raises(FileNotFoundError):
        shelf.fetch(copies.SHELF, copy_id)
    assert not consents.is_given(person.id, "health")
    assert [each.state for each in corrections.mine(actor=worker)] == [CorrectionState.REFUSED]
    assert db.session.scalars(select(Account.login)).one() == f"closed-{person.id}"
    assert _anywhere(numbers) == []
    assert people.by_id_number(numbers[1]) is None


def _anywhere(words: list[str]) -> list[str]:
    """Tables in which any of the words still stands in clear."""
    found = []
    for table in Base.metadata.sorted_tables:
        text = repr(db.session.execute(select(table)).all())
        found += [f"{table.name}: {word}" for word in words if word in text]
    return found


def test_what_the_law_keeps_stays_without_a_name(worker: Actor, city: UnionNode) -> None:
    closures.request(actor=worker)
    with time_machine.travel(clock.now() + 8 * DAY):
        erasing.erase_due(clock.now())
    (membership,) = db.session.scalars(select(Membership).where(Membership.person_id == worker.worker_id))
    assert membership.state == MembershipState.ENDED
    assert count(AuditEntry, action="personal_data.erased") == 1
    kept = [each.table for each in HOLDINGS if each.erasure == Erasure.KEEP]
    assert {"memberships", "completions", "booking_events", "consent_decisions"} <= set(kept)
    sealing.seal_all()
    assert verifying.verify().findings == []


def test_places_go_to_the_next_in_line_before_the_person_goes(worker: Actor, city: UnionNode) -> None:
    staff = make.staff(city)
    training_class = make_training.published(staff, make_training.course(staff), capacity=1, waiting_capacity=5)
    make_training.book(worker.worker_id, training_class)
    next_one = make.person(member_of=city).id
    make_training.book(next_one, training_class)
    closures.request(actor=worker)
    with time_machine.travel(clock.now() + 8 * DAY):
        assert erasing.erase_due(clock.now()) == 0
        states = dict(db.session.execute(select(Booking.person_id, Booking.state)).all())
        assert states[worker.worker_id] == BookingState.REMOVED
        deliver()
        assert erasing.erase_due(clock.now()) == 1
    assert count(InboxMessage, person_id=worker.worker_id) == 0


def test_after_the_archive_years_not_even_a_masked_name_is_left(worker: Actor) -> None:
    closures.request(actor=worker)
    with time_machine.travel(clock.now() + 8 * DAY):
        erasing.erase_due(clock.now())
    with time_machine.travel(clock.now() + timedelta(days=3640)):
        assert retention.run(clock.now())["archive"] == 0
    with time_machine.travel(clock.now() + timedelta(days=3680)):
        assert retention.run(clock.now())["archive"] == 1
    assert db.session.scalar(select(Person.name).where(Person.id == worker.worker_id)) == erasing.NOBODY


def test_whoever_came_by_wechat_and_never_proved_anything_is_erased(city: UnionNode) -> None:
    shell, busy, wronged, asking = (people.newcomer() for _ in range(4))
    db.session.commit()
    wechat_sign_in.link(shell.id, "openid-2")
    make_legal_aid.submitted(make.actor(wronged.id))
    consultations.ask(actor=make.actor(asking.id), matter=Matter.WAGES, county_code=None, words="工资三个月没发")
    sign_ins.sign_in(busy.id, Channel.WECHAT)
    verified = make.person()
    db.session.commit()
    with time_machine.travel(clock.now() + 300 * DAY):
        assert retention.run(clock.now())["unverified"] == 0
    with time_machine.travel(clock.now() + 367 * DAY):
        assert retention.run(clock.now())["unverified"] == 1
        assert retention.run(clock.now())["unverified"] == 0
    db.session.expire_all()
    assert people.person(shell.id).erased_at is not None
    assert not [each.id for each in (busy, wronged, asking) if people.person(each.id).erased_at is not None]
    assert people.person(verified.id).erased_at is None


def test_messages_and_requests_go_when_their_days_are_over(worker: Actor) -> None:
    closures.request(actor=worker)
    closures.withdraw(actor=worker)
    with time_machine.travel(clock.now() + 8 * DAY):
        copies.expire(clock.now())
    with time_machine.travel(clock.now() + 365 * DAY):
        done = retention.run(clock.now())
        assert (done["inbox"], done["requests"]) == (0, 0)
    with time_machine.travel(clock.now() + 367 * DAY):
        assert retention.run(clock.now())["inbox"] >= 1
        assert count(InboxMessage) == 0
    with time_machine.travel(clock.now() + 1100 * DAY):
        assert retention.run(clock.now())["requests"] == 2  # the closure and the copy; the correction is still open
        assert (count(AccountClosure), count(DataCopy)) == (0, 0)


def test_security_logs_are_kept_half_a_year_at_least_and_go_when_theirs_is_over(city: UnionNode) -> None:
    with time_machine.travel(clock.now() - 1090 * DAY):
        tell(make.person().id)
        sealing.seal_all()
    assert retention.run(clock.now())["security_log"] == 0
    with time_machine.travel(clock.now() + 10 * DAY):
        assert retention.run(clock.now())["security_log"] >= 1
    sealing.seal_all()
    assert verifying.verify().findings == []


def test_the_table_is_gone_through_at_night_only(database: SQLAlchemy) -> None:
    for hour, expected in ((2, False), (3, True), (4, False)):
        at = clock.local(clock.now()).replace(hour=hour, tzinfo=ZoneInfo("Asia/Shanghai"))
        with time_machine.travel(at):
            assert bool(retention.tonight()) is expected
    assert count(AuditEntry, action="retention.run") == 1


def test_a_class_that_fails_does_not_keep_the_others(
    database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    def broken(_now: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(erasing, "erase_unverified", broken)
    done = retention.run(clock.now())
    assert "unverified" not in done
    assert {"security_log", "inbox", "archive"} <= set(done)


def test_a_leap_day_has_an_anniversary(database: SQLAlchemy) -> None:
    with time_machine.travel("2028-02-29T12:00:00+08:00"):
        assert retention._archive(clock.now()) == 0
