"""Skill certificates: entered by workers, confirmed within scope, counted once confirmed."""

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.booking import gates
from service.core.access import SYSTEM, Actor, Role
from service.core.db import db
from service.core.errors import Forbidden
from service.identity.models import Person
from service.messaging.models import OutboxRow
from service.organisations.enums import NodeKind
from service.organisations.models import UnionNode
from service.skills import certificates, gate
from service.skills.errors import CertificateConfirmed, CertificateEntered, CertificateUnknown, CertificateWrong
from service.skills.models import SkillCertificate
from tests import make

TEA = "4-03-02-07"


def number(level: int, serial: int = 1) -> str:
    return f"S00015300000124{level}{serial:06d}"


def enter(person: Person, level: int = 4, serial: int = 1, occupation: str = TEA) -> SkillCertificate:
    return certificates.enter(
        make.actor(person.id), occupation_code=occupation, level=level, number=number(level, serial), issued_on=None
    )


class Scene:
    """Two counties with a member each, and staff of the first."""

    def __init__(self) -> None:
        city = make.node()
        self.counties = [make.node(f"县{n}", kind=NodeKind.COUNTY, parent=city) for n in range(2)]
        self.members = [
            make.person(member_of=make.node(f"厂{n}", kind=NodeKind.GRASSROOTS, parent=county))
            for n, county in enumerate(self.counties)
        ]
        self.staff = make.staff(self.counties[0], Role.MEMBERSHIP_STAFF)

    def staff_of(self, node: UnionNode, role: Role) -> Actor:
        return make.staff(node, role)


@pytest.fixture
def scene(database: SQLAlchemy) -> Scene:
    return Scene()


def test_an_entry_does_not_count_until_it_is_confirmed(scene: Scene) -> None:
    person = scene.members[0]
    entered = enter(person)
    assert certificates.levels_held([person.id], TEA) == {}
    confirmed = certificates.confirm(scene.staff, entered.id)
    assert confirmed.certificate.confirmed_by == scene.staff.person_id
    assert (confirmed.person_name, confirmed.node_name) == (person.name, "厂0")
    assert certificates.levels_held([person.id], TEA) == {person.id: 4}


def test_the_best_confirmed_level_is_held(scene: Scene) -> None:
    person = scene.members[0]
    for level, serial in ((5, 1), (3, 2), (4, 3)):
        certificates.confirm(scene.staff, enter(person, level, serial).id)
    enter(person, 1, 4)
    assert certificates.levels_held([person.id, scene.members[1].id], TEA) == {person.id: 3}
    assert certificates.levels_held([person.id], "4-03-02-08") == {}


def test_a_withdrawn_confirmation_no_longer_counts_and_the_reason_is_told(scene: Scene) -> None:
    entered = enter(scene.members[0])
    certificates.confirm(scene.staff, entered.id)
    certificates.withdraw(scene.staff, entered.id, reason="查无此证")
    certificates.withdraw(scene.staff, entered.id, reason="查无此证")
    assert certificates.levels_held([scene.members[0].id], TEA) == {}
    certificates.confirm(scene.staff, entered.id)
    certificates.confirm(scene.staff, entered.id)
    actions = list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "skill_certificate")))
    assert actions == [
        "skills.certificate_confirmed", "skills.confirmation_withdrawn", "skills.certificate_confirmed",
    ]  # fmt: skip
    told = [row.payload["body"] for row in db.session.scalars(select(OutboxRow).order_by(OutboxRow.id))]
    assert told[1] == "您的茶艺师四级/中级工证书核验已撤回：查无此证"


def test_a_number_is_entered_once_a_person_but_squatting_blocks_nobody(scene: Scene) -> None:
    squatter, holder = scene.members
    enter(squatter)
    with pytest.raises(CertificateEntered):
        enter(squatter)
    own = enter(holder)
    certificates.confirm(scene.staff_of(scene.counties[1], Role.TRAINING_STAFF), own.id)
    assert certificates.levels_held([squatter.id, holder.id], TEA) == {holder.id: 4}


def test_a_number_is_confirmed_for_one_person_only(scene: Scene) -> None:
    entries = [enter(member) for member in scene.members]
    certificates.confirm(scene.staff, entries[0].id)
    with pytest.raises(CertificateConfirmed):
        certificates.confirm(scene.staff_of(scene.counties[1], Role.MEMBERSHIP_STAFF), entries[1].id)
    assert certificates.levels_held([each.id for each in scene.members], TEA) == {scene.members[0].id: 4}


def test_what_cannot_be_is_refused_naming_the_field(scene: Scene) -> None:
    with pytest.raises(CertificateWrong) as refused:
        certificates.enter(
            make.actor(scene.members[0].id), occupation_code=TEA, level=3, number=number(4), issued_on=None
        )
    assert set(refused.value.details) == {"level"}
    with pytest.raises(Forbidden):
        certificates.enter(SYSTEM, occupation_code=TEA, level=4, number=number(4), issued_on=None)


def test_staff_see_and_confirm_members_of_their_scope_only(scene: Scene) -> None:
    entries = [enter(member) for member in scene.members]
    with pytest.raises(CertificateUnknown):
        certificates.confirm(scene.staff, entries[1].id)
    with pytest.raises(CertificateUnknown):
        certificates.withdraw(scene.staff, 999_999, reason="x")
    with pytest.raises(CertificateUnknown):
        certificates.confirm(scene.staff_of(scene.counties[0], Role.JUDGE), entries[0].id)
    seen = certificates.listed(scene.staff, confirmed=None, page=1, per_page=20)
    assert [each.certificate.id for each in seen.items] == [entries[0].id]
    assert certificates.listed(scene.staff, confirmed=True, page=1, per_page=20).total == 0
    assert certificates.listed(scene.staff, confirmed=False, page=1, per_page=20).total == 1


def test_ones_own_entry_may_be_taken_back_until_it_is_confirmed(scene: Scene) -> None:
    person, other = scene.members
    entered = enter(person)
    with pytest.raises(CertificateUnknown):
        certificates.remove(make.actor(other.id), entered.id)
    certificates.remove(make.actor(person.id), entered.id)
    assert certificates.own(make.actor(person.id), page=1, per_page=20).total == 0
    with pytest.raises(CertificateUnknown):
        certificates.remove(make.actor(person.id), entered.id)
    confirmed = enter(person)
    certificates.confirm(scene.staff, confirmed.id)
    with pytest.raises(CertificateConfirmed):
        certificates.remove(make.actor(person.id), confirmed.id)


def test_the_gate_is_hung_and_asks_for_many_at_once(scene: Scene) -> None:
    certificates.confirm(scene.staff, enter(scene.members[0]).id)
    assert gates.GATES[gate.KIND] is gate.GATE
    rule = {"kind": "level", "occupation_code": TEA, "at_least": 4}
    ids = [each.id for each in scene.members]
    assert gates.facts_for([rule], ids) == {(0, ids[0]): 4}
