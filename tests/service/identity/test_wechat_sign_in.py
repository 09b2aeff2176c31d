"""Whose WeChat account it is that comes through one of our apps: one unionid, one person."""

from flask_sqlalchemy import SQLAlchemy

from service.core import configuration
from service.identity import wechat_sign_in
from tests import make

PAGE_APP = "wxpage"


def came(openid: str, unionid: str | None, *, appid: str | None = None) -> int:
    """The id of who is signed in."""
    return wechat_sign_in.admit(appid or configuration.current().wechat_appid, openid, unionid, None).person.id


def test_an_account_met_in_either_app_is_known_in_the_other(database: SQLAlchemy) -> None:
    first = came("oMini", "u1")
    assert came("oPage", "u1", appid=PAGE_APP) == first
    second = came("oPage2", "u2", appid=PAGE_APP)
    assert came("oMini2", "u2") == second != first


def test_without_a_unionid_or_with_another_they_are_two(database: SQLAlchemy) -> None:
    people = {came("oMini", "u1"), came("oA", None, appid=PAGE_APP), came("oB", "u2", appid=PAGE_APP)}
    assert len(people) == 3


def test_the_same_openid_of_another_app_is_another_account(database: SQLAlchemy) -> None:
    assert came("oSame", None) != came("oSame", None, appid=PAGE_APP)


def test_who_has_an_account_of_this_app_gets_no_second_one(database: SQLAlchemy) -> None:
    """A unionid says that two accounts are one user's; of one app she has one."""
    person = make.person()
    wechat_sign_in.link(person.id, "oMini", "u1")
    assert came("oOther", "u1") != person.id


def test_a_unionid_learnt_later_is_kept(database: SQLAlchemy) -> None:
    first = came("oMini", None)
    assert came("oMini", "u1") == first
    assert came("oPage", "u1", appid=PAGE_APP) == first
