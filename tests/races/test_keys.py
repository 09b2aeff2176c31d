"""The same Idempotency-Key from several sides at once: done once, and everybody hears the same or "still running"."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from service.core import idempotency
from service.core.db import db
from service.identity import sign_ins
from service.identity.enums import Channel
from service.skills import certificates
from service.skills.models import SkillCertificate
from tests import make
from tests.engines import POSTGRESQL

FORM = {"occupation_code": "4-03-02-07", "level": 5, "number": "S000053000001245000001", "issued_on": None}
Ask = Callable[[], TestResponse]


@pytest.fixture
def ask(app: Flask, committed_database: SQLAlchemy) -> Iterator[Ask]:
    """Call it, from any thread, to enter the same certificate under the same key."""
    person_id = make.person().id
    header = {"Authorization": f"Bearer {sign_ins.sign_in(person_id, Channel.WECHAT).access_token}"}
    db.session.remove()

    def post() -> TestResponse:
        keyed = header | {"Idempotency-Key": "one-key"}
        return app.test_client().post("/api/v1/me/certificates", json=FORM, headers=keyed)

    yield post
    db.session.remove()


def in_threads(count: int, ask: Ask) -> list[TestResponse]:
    """The answers to as many requests begun at once."""
    together = threading.Barrier(count)

    def run() -> TestResponse:
        together.wait()
        return ask()

    with ThreadPoolExecutor(count) as pool:
        return [each.result() for each in [pool.submit(run) for _ in range(count)]]


def entered() -> int:
    """How many certificates there are."""
    count = db.session.scalar(select(func.count()).select_from(SkillCertificate)) or 0
    db.session.remove()
    return count


def test_a_key_from_many_sides_at_once_is_done_once(ask: Ask) -> None:
    answers = in_threads(12, ask)
    done = {answer.data for answer in answers if answer.status_code == 201}
    others = {
        (answer.status_code, answer.get_json(force=True)["code"]) for answer in answers if answer.status_code != 201
    }
    assert len(done) == 1
    assert others <= {(409, "request.still_running")}
    assert entered() == 1
    assert ask().data in done


def test_without_the_claim_the_same_key_is_done_more_than_once(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control. The certificate's own rule, which would still hold, is taken away with it."""
    together = threading.Barrier(2)

    def perform_at_once(_key: idempotency.Key, perform: Callable[[], tuple[int, str]]) -> tuple[int, str]:
        together.wait()
        return perform()

    monkeypatch.setattr(idempotency, "once", perform_at_once)
    original = certificates.enter
    numbers = iter("23")
    monkeypatch.setattr(
        certificates,
        "enter",
        lambda actor, **form: original(actor, **form | {"number": f"S00005300000124500000{next(numbers)}"}),
    )
    assert [answer.status_code for answer in in_threads(2, ask)] == [201, 201]
    assert entered() == 2


def test_while_the_first_is_under_way_the_second_waits_or_is_told_so(
    ask: Ask, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, release = threading.Event(), threading.Event()
    original = certificates.enter

    def slow(*args: Any, **form: Any) -> SkillCertificate:
        begun.set()
        assert release.wait(20)
        return original(*args, **form)

    monkeypatch.setattr(certificates, "enter", slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask)
        assert begun.wait(20)
        second = pool.submit(ask)
        if engine_name == POSTGRESQL:
            # Longer than lock_timeout waits: the second is not kept waiting for ever.
            assert second.result(20).get_json(force=True)["code"] == "request.still_running"
        release.set()
        done = first.result(20)
        if engine_name != POSTGRESQL:
            assert second.result(20).data == done.data
    assert done.status_code == 201
    assert ask().data == done.data
    assert entered() == 1
