"""One person a number: a second WeChat account, a new phone, a lost account go to staff, who decide with a reason."""

from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core import clock
from service.core.access import Actor, Role
from service.identity import binding, people, sign_ins, wechat_sign_in
from service.identity.binding_errors import CaseDecided, CaseUnknown, DisputeOpen, OwnCase
from service.identity.binding_models import BindingCase
from service.identity.enums import BindingCaseKind, BindingCaseState, Channel
from service.identity.errors import AlreadyVerified, BoundElsewhere, IdNumberWrong, NoWeChat, TooManyTries
from service.identity.models import Person, WeChatIdentity
from service.messaging import delivery
from service.messaging.models import InboxMessage
from service.organisations.enums import NodeKind
from service.organisations.errors import NodeUnknown
from service.organisations.models import UnionNode
from service.overview import binding_desk
from service.overview.binding_desk import CaseDetail, Dispute
from tests import make

PHONE = "13900005678"


@pytest.fixture
def tree(database: SQLAlchemy) -> dict[str, UnionNode]:
    """The city and two counties."""
    city = make.node()
    return {
        "city": city,
        "simao": make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city),
        "lancang": make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=city),
    }


def stranger(openid: str) -> Actor:
    """Somebody who has come by WeChat, signed in."""
    person_id = people.newcomer().id
    wechat_sign_in.db.session.commit()
    wechat_sign_in.link(person_id, openid)
    sign_ins.sign_in(person_id, Channel.WECHAT)
    return Actor(person_id)


def bound(person: Person, openid: str) -> Any:
    """The sign-in of somebody who was bound in the ordinary way."""
    form = {"name": person.name, "id_number": str(person.id_number), "phone": str(person.phone)}
    return binding.bind(stranger(openid), **form).tokens


def said(person: Person, **changed: Any) -> Dispute:
    """A dispute about this person."""
    form: dict[str, Any] = {
        "kind": BindingCaseKind.BOUND_ELSEWHERE, "name": person.name, "id_number": str(person.id_number),
        "phone": PHONE, "note": "换了微信",
    }  # fmt: skip
    return Dispute(**form | changed)


def clerk(node: UnionNode) -> Actor:
    """Membership staff of the node."""
    return make.staff(node, Role.MEMBERSHIP_STAFF)


def told(person_id: int) -> list[str]:
    """The titles of a person's messages."""
    while delivery.deliver_due():
        pass
    query = select(InboxMessage.title).where(InboxMessage.person_id == person_id).order_by(InboxMessage.id)
    return list(wechat_sign_in.db.session.scalars(query))


def holder(openid: str) -> int:
    """Whose the WeChat account is."""
    query = select(WeChatIdentity.person_id).where(WeChatIdentity.openid == openid)
    return int(wechat_sign_in.db.session.scalars(query).one())


def test_a_second_account_is_moved_by_staff_and_the_first_is_nobodys_again(
    tree: dict[str, UnionNode], database: SQLAlchemy
) -> None:
    person = make.person(member_of=tree["simao"])
    old = bound(person, "oOld")
    claimant = stranger("oNew")
    with pytest.raises(BoundElsewhere):
        binding.bind(claimant, name=person.name, id_number=str(person.id_number), phone=str(person.phone))
    case = binding_desk.dispute(claimant, said(person))
    assert (case.state, case.subject_id, case.node_id) == (BindingCaseState.OPEN, person.id, tree["simao"].id)
    assert told(person.id) == ["有人申请绑定您的身份"]
    assert holder("oNew") == claimant.person_id, "nothing moves before staff say so"
    decided = binding_desk.decide(clerk(tree["simao"]), case.id, is_moved=True, reason="已核对身份证原件")
    assert decided.case.state is BindingCaseState.MOVED
    assert holder("oNew") == person.id
    displaced = people.person(holder("oOld"))
    assert displaced.id not in (person.id, claimant.person_id)
    assert not displaced.is_verified
    assert people.person(person.id).phone == PHONE
    ended = sign_ins.refresh_tokens.sign_in_id(old.refresh_token)
    assert ended is not None
    assert sign_ins.actor_of(person.id, ended) is None
    assert told(displaced.id) == ["身份绑定已解除"]
    assert told(person.id)[-1] == "身份绑定已完成"
    trail = [each.action for each in database.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert [action for action in trail if "case" in action] == ["identity.case_opened", "identity.case_moved"]


def test_the_claimants_sign_ins_end_with_the_move(tree: dict[str, UnionNode]) -> None:
    person, claimant = make.person(member_of=tree["simao"]), stranger("oNew")
    given = sign_ins.sign_in(claimant.worker_id, Channel.WECHAT)
    case = binding_desk.dispute(claimant, said(person, kind=BindingCaseKind.NEW_PHONE))
    binding_desk.decide(clerk(tree["city"]), case.id, is_moved=True, reason="已核对")
    sign_in_id = sign_ins.refresh_tokens.sign_in_id(given.refresh_token)
    assert sign_in_id is not None
    assert sign_ins.actor_of(claimant.worker_id, sign_in_id) is None
    assert people.person(person.id).is_verified


def test_a_refusal_moves_nothing_and_says_why(tree: dict[str, UnionNode]) -> None:
    person = make.person(member_of=tree["simao"])
    bound(person, "oOld")
    claimant = stranger("oNew")
    case = binding_desk.dispute(claimant, said(person))
    binding_desk.decide(clerk(tree["simao"]), case.id, is_moved=False, reason="姓名与身份证不符")
    assert (holder("oOld"), holder("oNew")) == (person.id, claimant.person_id)
    assert told(claimant.worker_id) == ["身份申诉未通过"]
    mine = binding_desk.mine(claimant, page=1, per_page=20).items
    assert [(each.state, each.reason) for each in mine] == [(BindingCaseState.REFUSED, "姓名与身份证不符")]
    assert binding_desk.dispute(claimant, said(person)).id != case.id


def test_a_case_is_decided_once_and_not_by_who_it_is_about(tree: dict[str, UnionNode]) -> None:
    person, claimant = make.person(member_of=tree["simao"]), stranger("oNew")
    case = binding_desk.dispute(claimant, said(person))
    grants = clerk(tree["simao"]).grants
    for herself in (Actor(person.id, grants=grants), Actor(claimant.person_id, grants=grants)):
        with pytest.raises(OwnCase):
            binding_desk.decide(herself, case.id, is_moved=True, reason="x")
    binding_desk.decide(clerk(tree["simao"]), case.id, is_moved=False, reason="x")
    with pytest.raises(CaseDecided):
        binding_desk.decide(clerk(tree["simao"]), case.id, is_moved=True, reason="x")


def test_who_is_bound_meanwhile_needs_no_decision(tree: dict[str, UnionNode]) -> None:
    person, claimant = make.person(member_of=tree["simao"]), stranger("oNew")
    case = binding_desk.dispute(claimant, said(person))
    people.person(claimant.worker_id).id_number = make.id_number(17_600)
    people.person(claimant.worker_id).is_verified = True
    wechat_sign_in.db.session.commit()
    with pytest.raises(CaseDecided):
        binding_desk.decide(clerk(tree["simao"]), case.id, is_moved=True, reason="x")


def test_who_stands_in_no_roster_is_verified_by_staff(tree: dict[str, UnionNode]) -> None:
    claimant = stranger("oNew")
    number = make.id_number(17_601)
    form = Dispute(
        kind=BindingCaseKind.NOT_LISTED, name="新来的", id_number=number, phone=PHONE, note="",
        node_id=tree["lancang"].id,
    )  # fmt: skip
    case = binding_desk.dispute(claimant, form)
    assert (case.node_id, case.subject_id) == (tree["lancang"].id, None)
    assert binding_desk.one(clerk(tree["lancang"]), case.id).evidence is None
    binding_desk.decide(clerk(tree["lancang"]), case.id, is_moved=True, reason="已核对")
    person = people.by_id_number(number)
    assert person is not None
    assert (person.id, person.name, person.is_verified, person.phone) == (claimant.person_id, "新来的", True, PHONE)


def test_without_membership_or_wish_a_case_goes_to_the_root(tree: dict[str, UnionNode]) -> None:
    listed = binding_desk.dispute(stranger("o1"), said(make.person(), node_id=tree["simao"].id))
    unlisted = Dispute(
        kind=BindingCaseKind.NOT_LISTED, name="新来的", id_number=make.id_number(17_602), phone=PHONE, note=""
    )  # fmt: skip
    assert {listed.node_id, binding_desk.dispute(stranger("o2"), unlisted).node_id} == {tree["city"].id}


def test_staff_see_the_cases_of_their_scope_alone(tree: dict[str, UnionNode]) -> None:
    person = make.person(member_of=tree["simao"])
    case = binding_desk.dispute(stranger("oNew"), said(person))
    found = binding_desk.listed(clerk(tree["simao"]), BindingCaseState.OPEN, page=1, per_page=20)
    assert [(line.case.id, line.name, line.node.id) for line in found.items] == [
        (case.id, person.name, tree["simao"].id)
    ]
    assert binding_desk.listed(clerk(tree["simao"]), BindingCaseState.MOVED, page=1, per_page=20).total == 0
    for other in (clerk(tree["lancang"]), make.staff(tree["simao"], Role.TRAINING_STAFF)):
        assert binding_desk.listed(other, None, page=1, per_page=20).total == 0
        with pytest.raises(CaseUnknown):
            binding_desk.one(other, case.id)
        with pytest.raises(CaseUnknown):
            binding_desk.decide(other, case.id, is_moved=True, reason="x")


def test_the_evidence_is_masked_and_says_what_differs(tree: dict[str, UnionNode], database: SQLAlchemy) -> None:
    person = make.person(member_of=tree["simao"])
    bound(person, "oOld")
    case = binding_desk.dispute(stranger("oNew"), said(person, name="别 人"))
    seen: CaseDetail = binding_desk.one(clerk(tree["simao"]), case.id)
    assert seen.id_number == f"{str(person.id_number)[:4]}**********{str(person.id_number)[-4:]}"
    assert (seen.phone, seen.note, seen.is_phone_proved) == ("139****5678", "换了微信", False)
    assert seen.evidence is not None
    evidence = seen.evidence
    assert (evidence.is_bound, evidence.is_name_same, evidence.is_phone_same) == (True, False, False)
    assert evidence.phone == f"{str(person.phone)[:3]}****{str(person.phone)[-4:]}"
    assert evidence.last_signed_in_at is not None
    assert evidence.last_signed_in_at <= clock.now()
    stored = str(database.session.connection().exec_driver_sql("SELECT * FROM binding_cases").all())
    for secret in (person.id_number, PHONE, "换了微信"):
        assert str(secret) not in stored


def test_one_open_case_a_claimant_and_only_who_is_nobody_yet(tree: dict[str, UnionNode]) -> None:
    person, claimant = make.person(member_of=tree["simao"]), stranger("oNew")
    first = binding_desk.dispute(claimant, said(person))
    with pytest.raises(DisputeOpen) as refused:
        binding_desk.dispute(claimant, said(person))
    assert refused.value.details == {"id": first.id}
    with pytest.raises(AlreadyVerified):
        binding_desk.dispute(Actor(person.id), said(person))
    nobody = people.newcomer().id
    wechat_sign_in.db.session.commit()
    with pytest.raises(NoWeChat):
        binding_desk.dispute(Actor(nobody), said(person))
    with pytest.raises(IdNumberWrong):
        binding_desk.dispute(stranger("oOther"), said(person, id_number="1"))


def test_disputing_is_tried_as_often_as_binding(tree: dict[str, UnionNode]) -> None:
    person, claimant = make.person(member_of=tree["simao"]), stranger("oNew")
    binding_desk.dispute(claimant, said(person))
    for _ in range(4):
        with pytest.raises(DisputeOpen):
            binding_desk.dispute(claimant, said(person))
    with pytest.raises(TooManyTries):
        binding_desk.dispute(claimant, said(person))


def test_an_erased_case_still_stands(tree: dict[str, UnionNode], database: SQLAlchemy) -> None:
    person = make.person(member_of=tree["simao"])
    case = binding_desk.dispute(stranger("oNew"), said(person))
    row = database.session.get_one(BindingCase, case.id)
    row.name_sealed = row.id_number_sealed = row.phone_sealed = row.note_sealed = None
    database.session.commit()
    assert binding_desk.one(clerk(tree["simao"]), case.id).name == ""


def test_without_a_tree_there_is_no_desk(database: SQLAlchemy) -> None:
    unlisted = Dispute(
        kind=BindingCaseKind.NOT_LISTED, name="新来的", id_number=make.id_number(17_603), phone=PHONE, note=""
    )  # fmt: skip
    with pytest.raises(NodeUnknown):
        binding_desk.dispute(stranger("oNew"), unlisted)


def test_a_number_somebody_gets_meanwhile_is_looked_at_again(
    tree: dict[str, UnionNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the case's opening and its decision an import entered the person, in the very moment of deciding."""
    number = make.id_number(17_604)
    form = Dispute(
        kind=BindingCaseKind.NOT_LISTED, name="新来的", id_number=number, phone=PHONE, note="",
        node_id=tree["lancang"].id,
    )  # fmt: skip
    case = binding_desk.dispute(stranger("oNew"), form)
    entered = make.person(name="新来的", id_number=number)
    by_id_number, asked = people.by_id_number, [0]

    def late(given: str) -> Person | None:
        asked[0] += 1
        return None if asked[0] == 1 else by_id_number(given)

    monkeypatch.setattr(people, "by_id_number", late)
    decided = binding_desk.decide(clerk(tree["lancang"]), case.id, is_moved=True, reason="已核对")
    assert decided.case.subject_id == entered.id
    assert holder("oNew") == entered.id


def test_a_number_somebody_gets_in_the_same_instant_is_tried_again(
    tree: dict[str, UnionNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = make.id_number(17_605)
    form = Dispute(
        kind=BindingCaseKind.NOT_LISTED, name="新来的", id_number=number, phone=PHONE, note="",
        node_id=tree["lancang"].id,
    )  # fmt: skip
    case = binding_desk.dispute(stranger("oNew"), form)
    entered = make.person(name="新来的", id_number=number)
    by_id_number, asked = people.by_id_number, [0]

    def later(given: str) -> Person | None:
        asked[0] += 1
        return None if asked[0] <= 2 else by_id_number(given)

    monkeypatch.setattr(people, "by_id_number", later)
    binding_desk.decide(clerk(tree["lancang"]), case.id, is_moved=True, reason="已核对")
    assert holder("oNew") == entered.id
