"""Many at once: one person for one WeChat account, tries counted to the last, a refresh that locks nobody out."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from service.core.access import Actor
from service.core.db import db
from service.core.errors import ServiceError
from service.identity import attempts, binding, people, sign_ins, wechat_sign_in
from service.identity.enums import AttemptKind, Channel
from service.identity.errors import BoundElsewhere
from service.identity.models import Attempt, Person, WeChatIdentity
from service.wechat.login import LoginSession
from tests import make
from tests.engines import POSTGRESQL

T = TypeVar("T")
THREADS = 8


def at_once(app: Flask, calls: list[Callable[[], Any]]) -> list[Any]:
    """What each call gave or raised; all start together, each in a thread and an app context of its own."""
    outcomes: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(index: int) -> None:
        with app.app_context():
            start.wait(10)
            try:
                outcomes[index] = calls[index]()
            except Exception as error:  # noqa: BLE001  the outcome is what the test is about
                outcomes[index] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def strangers(count: int) -> list[Actor]:
    """People who have come by WeChat, each with an account of her own."""
    actors = []
    for number in range(count):
        person = people.newcomer()
        db.session.commit()
        wechat_sign_in.link(person.id, f"o{number}")
        actors.append(Actor(person.id))
    return actors


def test_a_person_of_the_roster_is_bound_to_one_wechat_account(app: Flask, committed_database: SQLAlchemy) -> None:
    person = make.person()
    form = {"name": person.name, "id_number": person.id_number, "phone": person.phone}
    calls = [lambda actor=actor: binding.bind(actor, **form) for actor in strangers(THREADS)]
    committed_database.session.remove()
    outcomes = at_once(app, calls)
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes if isinstance(outcome, Exception)} == {BoundElsewhere}
    query = select(func.count()).select_from(WeChatIdentity).where(WeChatIdentity.person_id == person.id)
    assert committed_database.session.scalar(query) == 1


@pytest.mark.parametrize("engine_name", [POSTGRESQL])
def test_without_the_lock_the_database_alone_would_refuse_and_less_politely(
    app: Flask, committed_database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control. On SQLite the writer's lock is the database's, which cannot be left out."""
    person = make.person()
    form = {"name": person.name, "id_number": person.id_number, "phone": person.phone}
    calls = [lambda actor=actor: binding.bind(actor, **form) for actor in strangers(2)]
    committed_database.session.remove()
    meet = threading.Barrier(2)

    def unlocked(ids: set[int]) -> dict[int, Person]:
        found = people.by_ids(ids)
        meet.wait(10)
        return found

    refuse = binding._refusal

    def late(*given: Any) -> ServiceError | None:
        refusal = refuse(*given)
        meet.wait(10)
        return refusal

    monkeypatch.setattr(people, "lock", unlocked)
    monkeypatch.setattr(binding, "_refusal", late)
    outcomes = at_once(app, calls)
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [IntegrityError]


def let_through(app: Flask) -> int:
    """How many of many tries at once were let through."""
    outcomes = at_once(app, [lambda: attempts.take(AttemptKind.BINDING, "17")] * (2 * THREADS))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    return outcomes.count(None)


def test_of_many_tries_at_once_five_are_let_through(app: Flask, committed_database: SQLAlchemy) -> None:
    assert let_through(app) == 5


@pytest.mark.parametrize("engine_name", [POSTGRESQL])
def test_without_the_lock_more_would_be_let_through(
    app: Flask, committed_database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control. On SQLite the writer's lock is the database's, which cannot be left out."""
    now = attempts.clock.now()
    committed_database.session.add(Attempt(kind=AttemptKind.BINDING, subject="17", count=0, first_at=now, last_at=now))
    committed_database.session.commit()
    meet = threading.Barrier(2 * THREADS)

    def unlocked(kind: AttemptKind, subject: str, _now: object) -> Attempt:
        row = db.session.get_one(Attempt, (kind, subject))
        meet.wait(10)
        return row

    monkeypatch.setattr(attempts, "_locked", unlocked)
    assert let_through(app) > 5


def test_many_first_sign_ins_of_one_account_make_one_person(
    app: Flask, committed_database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat_sign_in.login, "exchange_code", lambda _wechat, code: LoginSession(code))
    outcomes = at_once(app, [lambda: wechat_sign_in.sign_in("oSame").person.id] * THREADS)
    assert len(set(outcomes)) == 1
    assert isinstance(outcomes[0], int)
    assert committed_database.session.scalar(select(func.count()).select_from(Person)) == 1


def test_the_same_refresh_token_many_times_at_once_gives_one_successor(
    app: Flask, committed_database: SQLAlchemy
) -> None:
    given = sign_ins.sign_in(make.person().id, Channel.WECHAT)
    committed_database.session.remove()
    outcomes = at_once(app, [lambda: sign_ins.refresh(given.refresh_token)] * THREADS)
    assert not [outcome for outcome in outcomes if isinstance(outcome, ServiceError)]
    assert len({outcome.refresh_token for outcome in outcomes}) == 1
    assert sign_ins.refresh(outcomes[0].refresh_token)
