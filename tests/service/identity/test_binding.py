"""Binding: who is on the roster becomes somebody, in one place only, and nobody learns by trying."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core import clock, configuration
from service.core.access import Actor
from service.identity import binding, people, sign_ins, wechat_sign_in
from service.identity.enums import Channel
from service.identity.errors import (
    AlreadyVerified,
    BindingRefused,
    BoundElsewhere,
    IdNumberWrong,
    NotVerified,
    NoWeChat,
    OccupationUnknown,
    PersonUnknown,
    PhoneWrong,
    RefreshRefused,
    TooManyTries,
)
from service.identity.models import Person, WeChatIdentity
from service.identity.profiles import change_profile
from service.wechat.login import LoginSession
from tests import make


@pytest.fixture
def traveller(database: SQLAlchemy) -> Iterator[time_machine.Traveller]:
    """The clock stands still until it is moved."""
    with time_machine.travel(clock.now(), tick=False) as moved:
        yield moved


def told_by_the_code(_wechat: object, code: str) -> LoginSession:
    """Who is behind each code: the code itself, `openid/unionid`."""
    openid, _, unionid = code.partition("/")
    return LoginSession(openid, unionid or None)


@pytest.fixture(autouse=True)
def _wechat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_sign_in.login, "exchange_code", told_by_the_code)


def newcomer(openid: str = "oNew") -> Actor:
    """Somebody who has just come by WeChat."""
    return Actor(wechat_sign_in.sign_in(openid).person.id)


def said(person: Person, **changed: str) -> dict[str, Any]:
    """What this person would write into the form, changed."""
    return {"name": person.name, "id_number": person.id_number, "phone": person.phone} | changed


def identities(database: SQLAlchemy) -> dict[str, int]:
    """openid -> person"""
    rows = database.session.execute(select(WeChatIdentity.openid, WeChatIdentity.person_id)).all()
    return dict(rows)


def deeds(database: SQLAlchemy) -> list[str]:
    """What the audit trail holds, sign-ins left out."""
    query = select(AuditEntry.action).order_by(AuditEntry.id)
    return [action for action in database.session.scalars(query) if action != "auth.signed_in"]


def test_an_unknown_openid_becomes_an_unverified_person_once(database: SQLAlchemy) -> None:
    first, again, other = (wechat_sign_in.sign_in(openid) for openid in ("oA", "oA", "oB"))
    assert first.person.id == again.person.id != other.person.id
    assert (first.person.name, first.person.is_verified, first.person.id_number) == ("微信用户", False, None)
    assert first.tokens.refresh_token != again.tokens.refresh_token


def test_a_unionid_is_kept_when_it_is_given(database: SQLAlchemy) -> None:
    for code, kept in (("oA", None), ("oA/uA", "uA"), ("oA", "uA"), ("oB/uB", "uB")):
        wechat_sign_in.sign_in(code)
        query = select(WeChatIdentity.unionid).where(WeChatIdentity.openid == code[:2])
        assert database.session.scalar(query) == kept


def test_two_first_sign_ins_at_once_make_one_person(database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other request committed between our look and our insert."""
    before = newcomer("oA").worker_id
    looks = iter([None])
    known = wechat_sign_in._known
    monkeypatch.setattr(wechat_sign_in, "_known", lambda *account: next(looks, known(*account)))
    assert newcomer("oA").worker_id == before
    assert len(database.session.scalars(select(Person)).all()) == 1


def test_what_cannot_be_linked_for_another_reason_is_not_hidden(
    database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat_sign_in, "_known", lambda *_account: None)
    newcomer("oA")
    with pytest.raises(Exception, match=r"(?i)unique"):
        newcomer("oA")


def test_name_number_and_phone_together_bind(database: SQLAlchemy) -> None:
    person, actor = make.person(is_verified=False), newcomer()
    before = sign_ins.sign_in(actor.worker_id, Channel.WECHAT)
    bound = binding.bind(actor, **said(person))
    assert bound.person.id == person.id
    assert bound.person.is_verified
    assert identities(database) == {"oNew": person.id}
    assert wechat_sign_in.sign_in("oNew").person.id == person.id
    with pytest.raises(RefreshRefused):
        sign_ins.refresh(before.refresh_token)
    assert sign_ins.refresh(bound.tokens.refresh_token)
    assert deeds(database) == ["identity.bound"]


def test_what_was_typed_kindly_still_binds(database: SQLAlchemy) -> None:
    person = make.person(name="岩·温")
    kindly = said(person, name=" 岩•温 ", phone=f"+86 {person.phone}", id_number=f" {str(person.id_number).lower()} ")
    assert binding.bind(newcomer(), **kindly).person.id == person.id


def test_a_refusal_never_says_which_of_the_three_is_wrong(database: SQLAlchemy) -> None:
    person, other = make.person(), make.person()
    told = set()
    for changed in (
        {"name": "别人"},
        {"phone": other.phone},
        {"id_number": other.id_number},
        {"id_number": make.id_number(17_000)},
        {"name": "别人", "phone": other.phone, "id_number": other.id_number},
    ):
        with pytest.raises(BindingRefused) as refused:
            binding.bind(
                newcomer(f"o{len(told)}{changed}"[:60]), **said(person, **{k: str(v) for k, v in changed.items()})
            )
        told.add((refused.value.code, refused.value.message, str(refused.value.details), refused.value.next_step))
    assert len(told) == 1
    assert set(deeds(database)) == {"identity.binding_denied"}


def test_a_person_without_a_phone_on_the_roster_cannot_be_bound(database: SQLAlchemy) -> None:
    person = make.person()
    form = said(person)
    person.phone = None
    database.session.commit()
    with pytest.raises(BindingRefused):
        binding.bind(newcomer(), **form)


def test_somebody_bound_already_is_sent_to_the_union_and_only_if_all_three_agree(database: SQLAlchemy) -> None:
    person = make.person()
    binding.bind(newcomer("oFirst"), **said(person))
    with pytest.raises(BoundElsewhere) as refused:
        binding.bind(newcomer("oSecond"), **said(person))
    assert "工会" in str(refused.value.next_step)
    with pytest.raises(BindingRefused):
        binding.bind(newcomer("oThird"), **said(person, name="别人"))
    assert identities(database)["oFirst"] == person.id


def test_who_is_verified_is_not_bound_again(database: SQLAlchemy) -> None:
    first, second = make.person(), make.person()
    bound = binding.bind(newcomer(), **said(first))
    with pytest.raises(AlreadyVerified):
        binding.bind(Actor(bound.person.id), **said(second))


def test_without_a_wechat_account_there_is_nothing_to_bind(database: SQLAlchemy) -> None:
    """Staff with an unverified record would otherwise walk into somebody else's."""
    staff = people.newcomer()
    database.session.commit()
    with pytest.raises(NoWeChat):
        binding.bind(Actor(staff.id), **said(make.person()))


def test_five_tries_an_hour_even_with_the_right_answer_at_last(traveller: time_machine.Traveller) -> None:
    person, actor = make.person(), newcomer()
    for _ in range(5):
        with pytest.raises(BindingRefused):
            binding.bind(actor, **said(person, name="别人"))
    with pytest.raises(TooManyTries) as refused:
        binding.bind(actor, **said(person))
    assert refused.value.details == {"retry_after_s": 3601}
    traveller.shift(3600)
    assert binding.bind(actor, **said(person)).person.id == person.id


def test_a_mistyped_number_is_told_and_costs_no_try(database: SQLAlchemy) -> None:
    person, actor = make.person(), newcomer()
    for _ in range(6):
        with pytest.raises(IdNumberWrong):
            binding.bind(actor, **said(person, id_number="530802199001010001"))
        with pytest.raises(PhoneWrong):
            binding.bind(actor, **said(person, phone="1380000"))
    assert binding.bind(actor, **said(person)).person.id == person.id


def test_nothing_personal_stays_with_the_one_who_was_nobody(database: SQLAlchemy) -> None:
    actor = newcomer()
    people.person(actor.worker_id).phone = "13800000000"
    database.session.commit()
    binding.bind(actor, **said(make.person()))
    assert people.person(actor.worker_id).phone is None


PROFILE = {"occupation_code": "4-03-02-07"}


def test_a_profile_is_changed_and_the_phone_is_not(database: SQLAlchemy) -> None:
    """A phone is proved, by WeChat or by a code: `own_phone.py`."""
    person = make.person()
    sealed = person.phone_sealed
    changed = change_profile(Actor(person.id), **PROFILE)
    assert changed.occupation_code == "4-03-02-07"
    assert changed.phone_sealed == sealed
    entry = database.session.scalars(select(AuditEntry)).one()
    assert entry.action == "identity.profile_changed"
    assert entry.details["fields"] == ["occupation_code"]
    assert change_profile(Actor(person.id), occupation_code=None).occupation_code is None


def test_a_profile_needs_a_verified_person_and_a_known_occupation(database: SQLAlchemy) -> None:
    with pytest.raises(NotVerified):
        change_profile(newcomer(), **PROFILE)
    with pytest.raises(OccupationUnknown):
        change_profile(Actor(make.person().id), occupation_code="9-99-99-99")


def test_people_are_found_by_number_and_only_by_theirs(database: SQLAlchemy) -> None:
    person = make.person()
    number = str(person.id_number)
    assert people.by_id_number(f" {number.lower()}") == person
    assert people.by_id_number(make.id_number(17_001)) is None
    assert people.by_id_numbers([number, make.id_number(17_001)]) == {number: person}
    assert people.by_id_numbers([]) == {}
    assert people.by_ids([person.id, 999_999]) == {person.id: person}


def test_a_verified_person_is_told_from_a_newcomer(database: SQLAlchemy) -> None:
    person = make.person()
    assert people.verified(person.id) == person
    with pytest.raises(NotVerified):
        people.verified(newcomer().worker_id)
    with pytest.raises(PersonUnknown):
        people.verified(999_999)


def test_a_new_name_is_found_by_its_initials(database: SQLAlchemy) -> None:
    person = make.person()
    people.rename(person, "曾小茶")
    assert "cxc" in person.search
    assert "zxc" in person.search


def test_one_wechat_account_a_person_is_kept_by_the_database(database: SQLAlchemy) -> None:
    person = make.person()
    wechat_sign_in.link(person.id, "oA")
    assert configuration.current().wechat_appid
    with pytest.raises(Exception, match=r"(?i)unique"):
        wechat_sign_in.link(person.id, "oB")
