"""Administrators keep accounts and roles of their own scope, nobody her own, and duties stay apart."""

import threading
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core.access import SYSTEM, Actor, Role
from service.core.db import db
from service.core.errors import Forbidden
from service.identity import accounts, authority, grants, holders, passwords, people, sign_ins, totp
from service.identity.authority_errors import BeyondScope, DutiesConflict, OwnAccount, RoleImplied
from service.identity.enums import Channel
from service.identity.errors import AccountUnknown, LoginTaken, PersonUnknown
from service.identity.models import RoleGrant
from service.organisations.enums import NodeKind
from service.organisations.errors import NodeUnknown
from service.organisations.models import UnionNode
from service.overview import account_desk
from service.overview.account_desk import Opening
from tests import make
from tests.races.test_identity import at_once

PASSWORD = "kafei-2026-menglian"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def plant() -> dict[str, UnionNode]:
    """The city, two counties, a factory in the first."""
    city = make.node()
    simao = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city)
    return {
        "city": city,
        "simao": simao,
        "factory": make.node("茶厂工会", kind=NodeKind.GRASSROOTS, parent=simao),
        "lancang": make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=city),
    }


@pytest.fixture
def tree(database: SQLAlchemy) -> dict[str, UnionNode]:
    """See `plant`."""
    return plant()


def account(node: UnionNode | None, login: str, *roles: Role, on: UnionNode | None = None) -> int:
    """The id of an account of this node, its holder with these roles there or elsewhere."""
    person_id = make.person().id
    made = accounts.open_account(SYSTEM, person_id, login, PASSWORD, node_id=node.id if node else None)
    where = on or node
    for role in roles:
        assert where is not None
        grants.grant(SYSTEM, person_id, role, where.id)
    return made.id


def admin(node: UnionNode) -> Actor:
    """The node's administrator."""
    return make.staff(node, Role.ADMINISTRATOR)


def roles_of(actor: Actor, account_id: int) -> list[tuple[Role, int]]:
    """What the account's holder holds."""
    return [(each.role, each.node.id) for each in authority.one(actor, account_id).roles]


def test_roles_are_given_and_taken_within_ones_own_scope(tree: dict[str, UnionNode], database: SQLAlchemy) -> None:
    actor, of = admin(tree["simao"]), account(tree["factory"], "zhang")
    authority.grant(actor, of, Role.TRAINER, tree["factory"].id)
    authority.grant(actor, of, Role.TRAINING_STAFF, tree["simao"].id)
    assert roles_of(actor, of) == [(Role.TRAINER, tree["factory"].id), (Role.TRAINING_STAFF, tree["simao"].id)]
    authority.withdraw(actor, of, Role.TRAINER, tree["factory"].id)
    assert roles_of(actor, of) == [(Role.TRAINING_STAFF, tree["simao"].id)]
    for node in (tree["city"], tree["lancang"]):
        with pytest.raises(NodeUnknown):
            authority.grant(actor, of, Role.JUDGE, node.id)
        with pytest.raises(NodeUnknown):
            authority.withdraw(actor, of, Role.TRAINING_STAFF, node.id)
    trail = [each.action for each in database.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert trail[-3:] == ["identity.role_granted", "identity.role_granted", "identity.role_withdrawn"]


def test_an_account_of_elsewhere_is_not_known(tree: dict[str, UnionNode]) -> None:
    of = account(tree["lancang"], "lancang")
    actor = admin(tree["simao"])
    assert authority.listed(actor, None, page=1, per_page=20).total == 0
    for act in (authority.one, authority.disable, authority.enable, authority.reset_password, authority.reset_totp):
        with pytest.raises(AccountUnknown):
            act(actor, of)
    with pytest.raises(AccountUnknown):
        authority.grant(actor, of, Role.TRAINER, tree["simao"].id)
    assert authority.listed(admin(tree["city"]), "LANC", page=1, per_page=20).total == 1


def test_who_has_a_role_further_up_is_left_to_those_above(tree: dict[str, UnionNode]) -> None:
    """Else a county's administrator could reset a password and walk in as somebody of the city."""
    of = account(tree["simao"], "zhang", Role.TRAINING_STAFF, on=tree["city"])
    actor = admin(tree["simao"])
    assert authority.one(actor, of).account.login == "zhang"
    for act in (authority.disable, authority.enable, authority.reset_password, authority.reset_totp):
        with pytest.raises(BeyondScope):
            act(actor, of)
    for change in (authority.grant, authority.withdraw):
        with pytest.raises(BeyondScope):
            change(actor, of, Role.TRAINER, tree["simao"].id)
    assert authority.disable(admin(tree["city"]), of).account.is_disabled


def test_nobody_does_it_to_herself(tree: dict[str, UnionNode]) -> None:
    of = account(tree["city"], "chief", Role.ADMINISTRATOR)
    person_id = accounts.by_login("chief").person_id
    herself = Actor(person_id, grants=grants.of(person_id))
    for act in (authority.disable, authority.enable, authority.reset_password, authority.reset_totp):
        with pytest.raises(OwnAccount):
            act(herself, of)
    for change in (authority.grant, authority.withdraw):
        with pytest.raises(OwnAccount):
            change(herself, of, Role.ADMINISTRATOR, tree["city"].id)


def test_other_roles_keep_no_accounts(tree: dict[str, UnionNode]) -> None:
    account(tree["simao"], "zhang")
    clerk = make.staff(tree["city"], Role.TRAINING_STAFF, Role.MEMBERSHIP_STAFF)
    assert authority.listed(clerk, None, page=1, per_page=20).total == 0
    with pytest.raises(Forbidden):
        account_desk.open_account(clerk, Opening(login="x1", name="x"))


def test_an_account_of_no_union_is_kept_by_those_of_the_whole_tree(tree: dict[str, UnionNode]) -> None:
    of = account(None, "old")
    assert authority.one(admin(tree["city"]), of).node is None
    with pytest.raises(AccountUnknown):
        authority.one(admin(tree["simao"]), of)


def test_duties_stay_apart_at_each_grant(tree: dict[str, UnionNode]) -> None:
    actor, of = admin(tree["city"]), account(tree["city"], "zhang", Role.AUDITOR)
    with pytest.raises(DutiesConflict) as refused:
        authority.grant(actor, of, Role.ADMINISTRATOR, tree["lancang"].id)
    assert refused.value.details == {"role": "administrator", "held": ["auditor"]}
    with pytest.raises(DutiesConflict):
        authority.grant(actor, of, Role.TRAINING_STAFF, tree["city"].id)
    authority.grant(actor, of, Role.REPORTING_OFFICER, tree["city"].id)
    with pytest.raises(DutiesConflict):
        grants.grant(SYSTEM, accounts.by_login("zhang").person_id, Role.ADMINISTRATOR, tree["city"].id)
    for implied in (Role.WORKER, Role.MEMBER):
        with pytest.raises(RoleImplied):
            authority.grant(actor, of, implied, tree["city"].id)


def both_at_once(app: Flask, person_id: int, node_id: int) -> list[Any]:
    """What comes of granting two roles that are kept apart at the same moment."""
    calls = [
        lambda role=role: grants.grant(SYSTEM, person_id, role, node_id) for role in (Role.ADMINISTRATOR, Role.AUDITOR)
    ]
    db.session.remove()
    return at_once(app, calls)


def test_two_grants_at_once_do_not_join_what_is_apart(app: Flask, committed_database: SQLAlchemy) -> None:
    person_id, node_id = make.person().id, make.node().id
    outcomes = both_at_once(app, person_id, node_id)
    assert [type(each) for each in outcomes if each is not None] == [DutiesConflict]
    assert len(committed_database.session.scalars(select(RoleGrant)).all()) == 1


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_without_the_lock_they_would(
    app: Flask, committed_database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control. On SQLite the writer's lock is the database's, which cannot be left out."""
    person_id, node_id = make.person().id, make.node().id
    meet = threading.Barrier(2)
    check = grants._check_separation

    def late(*given: Any) -> None:
        check(*given)
        meet.wait(10)

    monkeypatch.setattr(people, "lock", people.by_ids)
    monkeypatch.setattr(grants, "_check_separation", late)
    assert both_at_once(app, person_id, node_id) == [None, None]


def test_an_account_is_opened_for_somebody_new_or_for_a_member(tree: dict[str, UnionNode]) -> None:
    actor = admin(tree["simao"])
    made = account_desk.open_account(actor, Opening(login="Simao-Zhang", name="张三"))
    assert (made.kept.account.login, made.kept.person.name) == ("simao-zhang", "张三")
    assert made.kept.account.node_id == tree["simao"].id
    assert accounts.sign_in("simao-zhang", made.password).must_change
    member = make.person(member_of=tree["factory"])
    theirs = account_desk.open_account(actor, Opening(login="li", person_id=member.id, node_id=tree["factory"].id))
    assert theirs.kept.person.id == member.id
    with pytest.raises(LoginTaken):
        account_desk.open_account(actor, Opening(login="li", name="李四"))
    with pytest.raises(LoginTaken):
        account_desk.open_account(actor, Opening(login="li2", person_id=member.id))
    for stranger in (make.person(member_of=tree["lancang"]).id, make.person().id, 999_999):
        with pytest.raises(PersonUnknown):
            account_desk.open_account(actor, Opening(login="other", person_id=stranger))
    with pytest.raises(NodeUnknown):
        account_desk.open_account(actor, Opening(login="other", name="x", node_id=tree["city"].id))


def test_a_reset_password_is_told_once_and_changed_at_once(tree: dict[str, UnionNode], database: SQLAlchemy) -> None:
    of = account(tree["factory"], "zhang")
    before = accounts.sign_in("zhang", PASSWORD).tokens
    told = authority.reset_password(admin(tree["simao"]), of)
    sign_in_id = sign_ins.refresh_tokens.sign_in_id(before.refresh_token)
    assert sign_in_id is not None
    assert sign_ins.actor_of(told.kept.person.id, sign_in_id) is None
    assert accounts.sign_in("zhang", told.password).must_change
    assert told.password not in str([each.details for each in database.session.scalars(select(AuditEntry))])


def test_a_lost_authenticator_is_taken_away(tree: dict[str, UnionNode]) -> None:
    of = account(tree["factory"], "zhang")
    person_id = accounts.by_login("zhang").person_id
    secret = totp.pyotp.TOTP(totp.enrol(Actor(person_id)).secret)
    totp.confirm(Actor(person_id), secret.now())
    assert authority.one(admin(tree["simao"]), of).has_totp
    assert not authority.reset_totp(admin(tree["simao"]), of).has_totp
    assert accounts.sign_in("zhang", PASSWORD)


def test_switching_off_ends_sign_ins_and_on_again_lets_in(tree: dict[str, UnionNode]) -> None:
    of = account(tree["factory"], "zhang")
    person_id = accounts.by_login("zhang").person_id
    given = sign_ins.sign_in(person_id, Channel.STAFF)
    assert authority.disable(admin(tree["simao"]), of).account.is_disabled
    sign_in_id = sign_ins.refresh_tokens.sign_in_id(given.refresh_token)
    assert sign_in_id is not None
    assert sign_ins.actor_of(person_id, sign_in_id) is None
    assert not authority.enable(admin(tree["simao"]), of).account.is_disabled


def test_holders_are_those_whose_roles_reach_the_node(tree: dict[str, UnionNode]) -> None:
    account(tree["city"], "a", Role.TRAINING_STAFF)
    account(tree["simao"], "b", Role.TRAINER)
    account(tree["factory"], "c", Role.JUDGE)
    account(tree["lancang"], "d", Role.TRAINER)
    authority.disable(admin(tree["city"]), account(tree["city"], "e", Role.JUDGE))
    asking = make.staff(tree["simao"], Role.WELFARE_STAFF)
    found = holders.at(asking, None)
    assert found.node.id == tree["simao"].id
    assert [(each.role, each.node.id) for each in found.people] == [
        (Role.TRAINING_STAFF, tree["city"].id),
        (Role.TRAINER, tree["simao"].id),
    ]
    assert [each.role for each in holders.at(asking, tree["factory"].id).people][-1] is Role.JUDGE
    with pytest.raises(NodeUnknown):
        holders.at(asking, tree["lancang"].id)
    with pytest.raises(Forbidden):
        holders.at(Actor(1), None)
