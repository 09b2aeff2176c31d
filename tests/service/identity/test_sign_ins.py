"""Sign-ins: tokens change at each use, a stolen one ends everything, what is taken away is gone at once."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core import clock
from service.core.access import SYSTEM, Actor, Role
from service.core.ids import new_id
from service.identity import accounts, grants, people, refresh_tokens, sign_ins, tokens
from service.identity.enums import Channel
from service.identity.errors import PersonUnknown, RefreshRefused
from service.identity.models import RoleGrant, SignIn
from service.identity.revocations import FRESH_S, RevokedSignIns, ended_sign_ins
from service.identity.sign_ins import Tokens
from service.organisations.enums import NodeKind
from service.organisations.errors import NodeUnknown
from tests import make

PASSWORD = "kafei-2026-menglian"


@pytest.fixture
def traveller(database: SQLAlchemy) -> Iterator[time_machine.Traveller]:
    """The clock stands still until it is moved."""
    with time_machine.travel(clock.now(), tick=False) as moved:
        yield moved


def sign_in_id(given: Tokens) -> UUID:
    """The sign-in a set of tokens belongs to."""
    found = refresh_tokens.sign_in_id(given.refresh_token)
    assert found is not None
    return found


def is_alive(given: Tokens) -> bool:
    """Whether its access token still opens a door."""
    said = tokens.verify(given.access_token)
    return sign_ins.actor_of(said.person_id, said.sign_in_id) is not None


def deeds(database: SQLAlchemy) -> list[str]:
    """What the audit trail holds, in order."""
    return list(database.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_sign_in_makes_an_actor_and_an_audit_row(database: SQLAlchemy) -> None:
    person = make.person()
    given = sign_ins.sign_in(person.id, Channel.WECHAT)
    assert given.expires_in == tokens.lifetime().total_seconds()
    assert sign_ins.actor_of(person.id, sign_in_id(given)) == Actor(person.id, sign_in_id(given), is_verified=True)
    assert deeds(database) == ["auth.signed_in"]


def test_no_refresh_token_stands_in_the_database_in_clear(database: SQLAlchemy) -> None:
    given = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    row = database.session.get_one(SignIn, sign_in_id(given))
    kept = [str(value) for value in (row.refresh_index, row.refresh_sealed, row.previous_index)]
    assert given.refresh_token not in "".join(kept)


def test_a_sign_in_of_another_person_makes_no_actor(database: SQLAlchemy) -> None:
    given = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    assert sign_ins.actor_of(make.person().id, sign_in_id(given)) is None
    assert sign_ins.actor_of(make.person().id, new_id()) is None


def test_each_refresh_gives_other_tokens_of_the_same_sign_in(traveller: time_machine.Traveller) -> None:
    given = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    for _ in range(3):
        traveller.shift(60)
        after = sign_ins.refresh(given.refresh_token)
        assert after.refresh_token != given.refresh_token
        assert sign_in_id(after) == sign_in_id(given)
        assert is_alive(after)
        given = after


def test_the_same_token_again_within_ten_seconds_gets_the_same_answer(traveller: time_machine.Traveller) -> None:
    """A weak network sends twice: both answers hold the same refresh token, whichever arrives last."""
    given = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    first = sign_ins.refresh(given.refresh_token)
    traveller.shift(9)
    again = sign_ins.refresh(given.refresh_token)
    assert again.refresh_token == first.refresh_token
    assert is_alive(again)
    traveller.shift(3600)
    assert is_alive(sign_ins.refresh(again.refresh_token))


def test_a_token_used_before_ends_the_whole_sign_in(database: SQLAlchemy, traveller: time_machine.Traveller) -> None:
    given = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    after = sign_ins.refresh(given.refresh_token)
    traveller.shift(11)
    with pytest.raises(RefreshRefused):
        sign_ins.refresh(given.refresh_token)
    assert not is_alive(after)
    with pytest.raises(RefreshRefused):
        sign_ins.refresh(after.refresh_token)
    assert deeds(database)[-1] == "auth.refresh_reused"


def test_the_one_before_the_last_is_never_a_repeat(traveller: time_machine.Traveller) -> None:
    oldest = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    middle = sign_ins.refresh(oldest.refresh_token)
    newest = sign_ins.refresh(middle.refresh_token)
    with pytest.raises(RefreshRefused):
        sign_ins.refresh(oldest.refresh_token)
    assert not is_alive(newest)


def test_other_sign_ins_of_the_person_live_on_when_one_is_stolen(traveller: time_machine.Traveller) -> None:
    person = make.person()
    stolen, other = (sign_ins.sign_in(person.id, Channel.WECHAT) for _ in range(2))
    sign_ins.refresh(stolen.refresh_token)
    traveller.shift(11)
    with pytest.raises(RefreshRefused):
        sign_ins.refresh(stolen.refresh_token)
    assert is_alive(other)


def test_a_made_up_token_ends_nobody_s_sign_in(database: SQLAlchemy) -> None:
    given = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    for made_up in ("x", given.access_token, given.refresh_token[:-8] + "AAAAAAAA"):
        with pytest.raises(RefreshRefused):
            sign_ins.refresh(made_up)
    assert is_alive(given)


def test_a_sign_in_runs_out_when_it_is_not_used(traveller: time_machine.Traveller) -> None:
    given = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    traveller.shift(timedelta(days=29))
    after = sign_ins.refresh(given.refresh_token)
    traveller.shift(timedelta(days=29))
    after = sign_ins.refresh(after.refresh_token)
    traveller.shift(timedelta(days=31))
    with pytest.raises(RefreshRefused):
        sign_ins.refresh(after.refresh_token)


def test_signing_out_ends_this_sign_in_and_no_other(database: SQLAlchemy) -> None:
    person = make.person()
    here, there = (sign_ins.sign_in(person.id, Channel.WECHAT) for _ in range(2))
    sign_ins.sign_out(Actor(person.id, sign_in_id(here)))
    assert (is_alive(here), is_alive(there)) == (False, True)
    with pytest.raises(RefreshRefused):
        sign_ins.refresh(here.refresh_token)
    assert deeds(database)[-1] == "auth.signed_out"


def test_everything_of_a_person_can_be_ended(database: SQLAlchemy) -> None:
    person = make.person()
    here, there = (sign_ins.sign_in(person.id, Channel.WECHAT) for _ in range(2))
    others = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    sign_ins.revoke(sign_in_id(here))
    assert (is_alive(here), is_alive(there)) == (False, True)
    sign_ins.revoke_all(person.id)
    assert (is_alive(there), is_alive(others)) == (False, True)


def test_roles_come_by_the_staff_door_alone_and_go_at_once(database: SQLAlchemy) -> None:
    root = make.node()
    simao = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=root)
    person = make.person()
    accounts.open_account(SYSTEM, person.id, "simao", PASSWORD)
    grants.grant(SYSTEM, person.id, Role.TRAINING_STAFF, simao.id)
    grants.grant(SYSTEM, person.id, Role.TRAINING_STAFF, simao.id)
    by_password = accounts.sign_in("simao", PASSWORD).tokens
    by_wechat = sign_ins.sign_in(person.id, Channel.WECHAT)

    def actor(given: Tokens) -> Actor:
        found = sign_ins.actor_of(person.id, sign_in_id(given))
        assert found is not None
        return found

    assert [(grant.role, grant.path) for grant in actor(by_password).grants] == [(Role.TRAINING_STAFF, simao.path)]
    assert actor(by_wechat).grants == ()
    grants.withdraw(SYSTEM, person.id, Role.TRAINING_STAFF, simao.id)
    assert actor(by_password).grants == ()


def test_a_role_needs_a_person_and_a_node(database: SQLAlchemy) -> None:
    root = make.node()
    with pytest.raises(PersonUnknown):
        grants.grant(SYSTEM, 999, Role.TRAINER, root.id)
    with pytest.raises(NodeUnknown):
        grants.grant(SYSTEM, make.person().id, Role.TRAINER, 999)
    assert database.session.scalars(select(RoleGrant)).all() == []


def test_a_disabled_account_loses_its_sign_ins_but_not_the_person_s_phone(database: SQLAlchemy) -> None:
    person = make.person()
    accounts.open_account(SYSTEM, person.id, "simao", PASSWORD)
    by_password = accounts.sign_in("simao", PASSWORD).tokens
    by_wechat = sign_ins.sign_in(person.id, Channel.WECHAT)
    accounts.by_login("simao").is_disabled = True
    database.session.commit()
    assert (is_alive(by_password), is_alive(by_wechat)) == (False, True)
    assert sign_in_id(by_password) in ended_sign_ins()
    with pytest.raises(RefreshRefused):
        sign_ins.refresh(by_password.refresh_token)


def test_the_snapshot_is_read_at_most_once_a_second(database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch) -> None:
    given = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    reads: list[int] = []

    def counting() -> frozenset[UUID]:
        reads.append(1)
        return ended_sign_ins()

    monkeypatch.setattr("service.identity.revocations.ended_sign_ins", counting)
    seen = RevokedSignIns()
    assert not any(seen.holds(sign_in_id(given)) for _ in range(100))
    sign_ins.revoke(sign_in_id(given))
    assert not seen.holds(sign_in_id(given))
    assert len(reads) == 1
    seen._read_at -= FRESH_S
    assert seen.holds(sign_in_id(given))
    assert len(reads) == 2
    seen.forget()
    assert seen.holds(sign_in_id(given))
    assert len(reads) == 3


def test_the_snapshot_forgets_what_no_access_token_can_speak_for(traveller: time_machine.Traveller) -> None:
    given = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    sign_ins.revoke(sign_in_id(given))
    traveller.shift(tokens.lifetime())
    assert sign_in_id(given) in ended_sign_ins()
    traveller.shift(3 * tokens.LEEWAY_S)
    assert sign_in_id(given) not in ended_sign_ins()


def test_one_thread_reads_the_snapshot_for_all(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, leave = threading.Event(), threading.Event()
    reads: list[int] = []

    def slow() -> frozenset[UUID]:
        reads.append(1)
        entered.set()
        assert leave.wait(5)
        return frozenset()

    monkeypatch.setattr("service.identity.revocations.ended_sign_ins", slow)
    seen = RevokedSignIns()
    threads = [threading.Thread(target=seen.holds, args=(new_id(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert entered.wait(5)
    leave.set()
    for thread in threads:
        thread.join()
    assert len(reads) == 1


def test_while_one_reads_the_others_go_on_with_what_was_known(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.identity.revocations.ended_sign_ins", frozenset)
    seen = RevokedSignIns()
    assert not seen.holds(new_id())
    seen._read_at -= FRESH_S
    with seen._reading:
        assert not seen.holds(new_id())


def test_people_are_locked_in_ascending_order_and_must_exist(database: SQLAlchemy) -> None:
    first, second = make.person().id, make.person().id
    assert list(people.lock([second, first, second])) == [first, second]
    assert people.lock([]) == {}
    with pytest.raises(PersonUnknown):
        people.lock([first, 999_999])


def test_sign_ins_are_swept_two_days_after_their_end(database: SQLAlchemy, traveller: time_machine.Traveller) -> None:
    ended, idle, living = (sign_ins.sign_in(make.person().id, Channel.WECHAT) for _ in range(3))
    sign_ins.revoke(sign_in_id(ended))
    traveller.shift(timedelta(days=2, seconds=1))
    assert sign_ins.sweep(clock.now()) == 1
    living = sign_ins.refresh(living.refresh_token)
    traveller.shift(timedelta(days=29))
    living = sign_ins.refresh(living.refresh_token)
    traveller.shift(timedelta(days=1))
    assert sign_ins.sweep(clock.now()) == 1
    assert list(database.session.scalars(select(SignIn.id))) == [sign_in_id(living)]
    with pytest.raises(RefreshRefused):
        sign_ins.refresh(idle.refresh_token)
