"""The trail as auditors read it: in their scope, filtered, and the reading written down."""

from datetime import timedelta

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit import entries, sealing
from service.audit.models import AuditEntry
from service.core import clock
from service.core.access import SYSTEM, Actor, Role
from service.core.db import db
from service.core.errors import Forbidden
from service.core.transaction import transactional
from service.identity import denials
from service.identity.models import RoleGrant
from service.organisations.enums import NodeKind
from service.organisations.models import UnionNode
from service.overview import audit_trail
from service.overview.audit_trail import Filter
from tests import make


@transactional
def deed(actor: Actor, action: str, subject: int = 1) -> None:
    entries.record(actor, action, "thing", subject)


@pytest.fixture
def city(database: SQLAlchemy) -> UnionNode:
    return make.node()


def actions(auditor: Actor, **looked_for: object) -> list[str]:
    found = audit_trail.listed(auditor, Filter(**looked_for), page=1, per_page=50)  # type: ignore[arg-type]
    return [each.action for each in found.items if each.action != "audit.read"]


def test_the_auditor_of_all_reads_everything_by_every_filter(city: UnionNode) -> None:
    worker = make.actor(make.person().id)
    deed(SYSTEM, "retention.run")
    deed(worker, "auth.signed_in", 7)
    deed(worker, "authority.x", 8)
    sealing.seal_all()
    auditor = make.staff(city, Role.AUDITOR)
    assert actions(auditor) == ["authority.x", "auth.signed_in", "retention.run"]
    assert actions(auditor, action="auth.") == ["auth.signed_in"]
    assert actions(auditor, action="auth.signed_in") == ["auth.signed_in"]
    assert actions(auditor, actor_id=worker.worker_id, subject_kind="thing", subject_id="8") == ["authority.x"]
    assert actions(auditor, since=clock.now() + timedelta(minutes=1)) == []
    assert len(actions(auditor, until=clock.now() + timedelta(minutes=1))) == 3
    found = audit_trail.listed(auditor, Filter(action="retention.run"), page=1, per_page=1)
    assert found.items[0].sequence == 1


def test_the_auditor_of_a_county_reads_what_its_own_people_did(city: UnionNode) -> None:
    county = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city)
    member = make.actor(make.person(member_of=county).id)
    clerk = make.actor(make.person().id)
    db.session.add(
        RoleGrant(person_id=clerk.worker_id, role=Role.TRAINING_STAFF, node_id=county.id, granted_at=clock.now())
    )
    db.session.commit()
    for actor, action in ((member, "a.member"), (clerk, "a.clerk"), (SYSTEM, "a.clock")):
        deed(actor, action)
    deed(make.actor(make.person(member_of=city).id), "a.stranger")
    assert actions(make.staff(county, Role.AUDITOR)) == ["a.clerk", "a.member"]


def test_reading_the_trail_is_a_deed(city: UnionNode) -> None:
    auditor = make.staff(city, Role.AUDITOR)
    audit_trail.listed(auditor, Filter(), page=1, per_page=20)
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "audit.read"))
    assert entry.actor_id == auditor.worker_id


def test_a_shut_door_is_written_down_once_a_minute(database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch) -> None:
    denials.forget()
    worker = make.actor(make.person().id)
    refusal = Forbidden()
    for _ in range(3):
        denials.tell(worker, "staff_audit.list_audit_entries", refusal)
    denials.tell(worker, "another.door", refusal)
    query = select(AuditEntry.subject_id).where(AuditEntry.action == "auth.door_denied").order_by(AuditEntry.id)
    assert db.session.scalars(query).all() == ["staff_audit.list_audit_entries", "another.door"]
    monkeypatch.setattr(denials, "MOST", 1)
    denials.tell(worker, "third.door", refusal)
    denials.tell(worker, "another.door", refusal)
    assert len(db.session.scalars(query).all()) == 4
    denials.forget()
