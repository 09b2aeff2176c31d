"""Rates: a person's own first, an address's much looser, so that a factory behind one address can work."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import fakeredis
import pytest
import redis
import time_machine
from flask import Flask, g, request
from flask.testing import FlaskClient

from blueprints import edge, errors, limits
from blueprints.limits import InProcess, InRedis, Limit, Limits
from config import logging
from service.core.access import Actor

LOOSE = 1_000_000


def small_app(**changed: Any) -> Flask:
    """An app with limits; the header `Person` says who is asking."""
    settings = SimpleNamespace(
        **{
            "trusted_proxies": 0, "web_workers": 1, "redis_url": "", "address_requests_per_minute": LOOSE,
            "address_sign_ins_per_minute": LOOSE, "account_sign_ins_per_minute": LOOSE,
            "user_reads_per_minute": LOOSE, "user_writes_per_minute": LOOSE, **changed,
        }
    )  # fmt: skip
    app = Flask("limited", static_folder=None)
    rates = Limits(settings)
    errors.register(app)
    edge.register(app, settings)
    limits.register_before_token(app, rates)
    app.before_request(lambda: setattr(g, "actor", Actor(person_id=request.headers.get("Person", type=int))))
    limits.register_after_token(app, rates)
    for path in ("/api/v1/things", "/api/v1/auth/staff", "/api/v1/auth/wechat", "/healthz"):
        app.add_url_rule(path, path, lambda: "done", methods=["GET", "POST"])
    return app


@pytest.fixture(autouse=True)
def time() -> Iterator[time_machine.Traveller]:
    """Ten seconds into a minute."""
    logging.configure("INFO", is_production=False)
    with time_machine.travel("2026-11-22T09:00:10Z", tick=False) as traveller:
        yield traveller


def statuses(client: FlaskClient, count: int, path: str = "/api/v1/things", **kwargs: Any) -> list[int]:
    return [client.post(path, **kwargs).status_code for _ in range(count)]


def test_a_person_over_the_limit_is_told_when_to_come_again(time: time_machine.Traveller) -> None:
    client = small_app(user_writes_per_minute=3).test_client()
    assert statuses(client, 3, headers={"Person": "1"}) == [200] * 3
    answer = client.post("/api/v1/things", headers={"Person": "1"})
    assert (answer.status_code, answer.get_json()["code"]) == (429, "request.too_many")
    assert answer.headers["Retry-After"] == "50"
    assert answer.get_json()["next_step"] == "请等50秒再试"
    time.shift(50)
    assert statuses(client, 1, headers={"Person": "1"}) == [200]


def test_one_persons_haste_is_not_anothers_wait() -> None:
    client = small_app(user_writes_per_minute=3).test_client()
    statuses(client, 10, headers={"Person": "1"})
    assert statuses(client, 3, headers={"Person": "2"}) == [200] * 3


def test_reading_and_writing_are_counted_apart() -> None:
    client = small_app(user_writes_per_minute=1, user_reads_per_minute=2).test_client()
    assert statuses(client, 2, headers={"Person": "1"}) == [200, 429]
    assert [client.get("/api/v1/things", headers={"Person": "1"}).status_code for _ in range(3)] == [200, 200, 429]


def test_a_factory_behind_one_address_gets_through() -> None:
    client = small_app(user_writes_per_minute=2).test_client()
    assert {client.post("/api/v1/things", headers={"Person": str(person)}).status_code for person in range(1, 500)} == {
        200
    }


def test_an_address_has_a_limit_of_its_own() -> None:
    client = small_app(address_requests_per_minute=2).test_client()
    assert statuses(client, 3) == [200, 200, 429]
    assert statuses(client, 1, environ_base={"REMOTE_ADDR": "10.0.0.2"}) == [200]


def test_probes_are_never_limited() -> None:
    client = small_app(address_requests_per_minute=1).test_client()
    assert [client.get("/healthz").status_code for _ in range(5)] == [200] * 5


def test_a_shift_change_signs_in_from_one_address() -> None:
    client = small_app(account_sign_ins_per_minute=10, address_sign_ins_per_minute=3000).test_client()
    assert statuses(client, 600, "/api/v1/auth/wechat", json={"code": "x"}) == [200] * 600


def test_one_account_is_tried_only_so_often_from_anywhere() -> None:
    client = small_app(account_sign_ins_per_minute=2).test_client()
    tries = [
        client.post("/api/v1/auth/staff", json={"account": name}, environ_base={"REMOTE_ADDR": f"10.0.0.{number}"})
        for number, name in enumerate(("simao", " SIMAO ", "simao", "lancang"))
    ]
    assert [answer.status_code for answer in tries] == [200, 200, 429, 200]


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b'{"account": 1}', b""])
def test_a_malformed_sign_in_counts_too_and_does_not_fail_here(body: bytes) -> None:
    client = small_app(account_sign_ins_per_minute=1).test_client()
    assert statuses(client, 2, "/api/v1/auth/staff", data=body) == [200, 429]


def test_an_address_has_a_limit_of_sign_ins() -> None:
    client = small_app(address_sign_ins_per_minute=2).test_client()
    assert statuses(client, 3, "/api/v1/auth/wechat", json={"code": "x"}) == [200, 200, 429]
    assert statuses(client, 1) == [200]


@pytest.mark.parametrize(("most", "processes", "allowed"), [(60, 2, 30), (5, 2, 3), (1, 4, 1)])
def test_each_process_allows_its_share(most: int, processes: int, allowed: int) -> None:
    assert InProcess(processes).count(Limit("x", most), 1, 0) == (1, allowed)


def test_a_window_forgets_the_one_before() -> None:
    counts = InProcess(1)
    limit = Limit("x", 1)
    assert [counts.count(limit, 1, window)[0] for window in (5, 5, 6)] == [1, 2, 1]
    assert len(counts.counts) == 1


def test_with_redis_all_processes_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    server = fakeredis.FakeServer()
    monkeypatch.setattr(redis, "from_url", lambda _url, **_: fakeredis.FakeStrictRedis(server=server))
    one, other = (InRedis("redis://localhost", InProcess(2)) for _ in range(2))
    limit = Limit("x", 60)
    assert one.count(limit, 7, 0) == (1, 60)
    assert other.count(limit, 7, 0) == (2, 60)


def test_where_redis_is_away_the_process_counts_by_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = fakeredis.FakeServer()
    monkeypatch.setattr(redis, "from_url", lambda _url, **_: fakeredis.FakeStrictRedis(server=server))
    counts = InRedis("redis://localhost", InProcess(2))
    limit = Limit("x", 60)
    assert counts.count(limit, 7, 0) == (1, 60)
    server.connected = False
    assert [counts.count(limit, 7, 0) for _ in range(2)] == [(1, 30), (2, 30)]
    assert len(re.findall("redis_away", capsys.readouterr().err)) == 1
    server.connected = True
    assert counts.count(limit, 7, 0) == (3, 30)
    counts.rests_until = 0
    assert counts.count(limit, 7, 0) == (2, 60)


def test_a_redis_that_was_never_there_is_no_fault() -> None:
    client = small_app(redis_url="redis://127.0.0.1:1/0", user_writes_per_minute=2).test_client()
    assert statuses(client, 3, headers={"Person": "1"}) == [200, 200, 429]


def test_too_many_names_the_limit() -> None:
    client = small_app(user_reads_per_minute=1).test_client()
    answers = [client.get("/api/v1/things", headers={"Person": "1"}) for _ in range(2)]
    assert answers[1].get_json()["details"] == {"retry_after_s": 50, "limit": "reads"}
