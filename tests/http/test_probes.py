"""Probes and meters: is it alive, may it get requests, what does it count."""

import shutil
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import create_engine

from blueprints import errors, metrics, worker_metrics
from service.booking.errors import Full
from service.core import clock, health
from service.core.transaction import transactional
from service.messaging import outbox, ticks
from service.wechat import watching


@pytest.fixture
def worker_alive(committed_database: SQLAlchemy) -> None:
    """A worker has just said that it is alive."""
    ticks.tick(ticks.HEARTBEAT, 10, lambda: None)


def failed(client: FlaskClient) -> list[str]:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "service.not_ready")
    checks: list[str] = answer.get_json()["details"]["failed"]
    return checks


@transactional
def put() -> None:
    outbox.notice(1, "x", "通知", "内容")


def test_production_without_a_malware_scanner_is_ready_and_says_what_it_lacks(
    app: Flask, client: FlaskClient, worker_alive: None
) -> None:
    settings = app.config["GONGYUN"]
    try:
        for address, said in (("", ["no_malware_scanner"]), ("127.0.0.1:3310", None)):
            app.config["GONGYUN"] = replace(settings, environment="production", clamd_address=address)
            answer = client.get("/readyz")
            assert (answer.status_code, answer.get_json().get("warnings")) == (200, said)
    finally:
        app.config["GONGYUN"] = settings


def test_it_is_ready_when_all_is_well(client: FlaskClient, worker_alive: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ready"})


def test_it_is_alive_even_where_nothing_else_is(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_answers", lambda: False)
    assert client.get("/healthz").get_json() == {"status": "alive"}


def test_without_a_worker_it_is_not_ready(client: FlaskClient, committed_database: SQLAlchemy) -> None:
    assert failed(client) == ["worker"]


def test_a_silent_worker_and_an_old_outbox_are_told(client: FlaskClient, worker_alive: None) -> None:
    put()
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert failed(client) == ["outbox", "worker"]


def test_a_database_that_is_away_and_a_full_disk_are_told(
    client: FlaskClient, worker_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_ask", lambda _engine: False)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=5, total=100))
    assert failed(client) == ["disk", "database"]


def test_a_database_that_hangs_is_given_a_second(
    client: FlaskClient, worker_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(_engine: object) -> bool:
        stopped.wait(5)
        return True

    stopped = threading.Event()
    monkeypatch.setattr(health, "_ask", hang)
    began = clock.now()
    assert failed(client) == ["database"]
    stopped.set()
    assert clock.now() - began < timedelta(seconds=3)


def test_the_database_answers(committed_database: SQLAlchemy) -> None:
    assert health.database_answers(5) is True


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_database_that_cannot_be_opened_does_not_answer(app: Flask, engine_name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert health._ask(create_engine(f"sqlite:///{tmp_path}/file/all.db")) is False


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_answers_are_counted_by_route_not_by_path(client: FlaskClient, engine_name: str) -> None:
    client.get("/api/v1/bookings/0192f0c1-5b1e-7c3a-9d8e-2f6a1b4c7d90")
    client.get("/api/v1/nowhere/53080219900101000X")
    client.open("/healthz", method="BREW")
    text = client.get("/metrics").text
    assert 'route="/api/v1/bookings/<uuid:booking_id>",status="401"' in text
    assert 'method="GET",route="unknown",status="404"' in text
    assert 'method="other"' in text
    assert "0192f0c1" not in text
    assert "53080219900101000X" not in text


def test_the_outbox_and_the_worker_are_measured(client: FlaskClient, worker_alive: None) -> None:
    put()
    text = client.get("/metrics").text
    assert "gongyun_database_up 1.0" in text
    assert "gongyun_outbox_due 1.0" in text
    assert "gongyun_outbox_dead 0.0" in text
    assert "gongyun_worker_heartbeat_seconds" in text


def test_without_a_worker_there_is_no_heartbeat(client: FlaskClient, committed_database: SQLAlchemy) -> None:
    assert "gongyun_worker_heartbeat_seconds" not in client.get("/metrics").text


def test_without_the_database_there_are_still_meters(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_answers", lambda: False)
    text = client.get("/metrics").text
    assert "gongyun_database_up 0.0" in text
    assert "gongyun_outbox_due" not in text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_outcomes_at_the_desk_are_counted(client: FlaskClient, engine_name: str) -> None:
    metrics.count_receipt(b'{"state":"waitlisted"}')
    metrics.count_receipt(b'{"state":"booked"}')
    errors._service_error(Full())
    text = client.get("/metrics").text
    for outcome in ("booked", "waitlisted", "booking.full"):
        assert f'gongyun_bookings_total{{outcome="{outcome}"}}' in text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_calls_to_wechat_are_counted_by_operation_and_outcome(client: FlaskClient, engine_name: str) -> None:
    metrics.count_wechat_call("of_this_test_alone", "wechat.user_refused", 0.1)
    metrics.count_wechat_call("of_this_test_alone", watching.BREAKER_OPEN, 0.0)
    text = client.get("/metrics").text
    assert 'gongyun_wechat_calls_total{operation="of_this_test_alone",outcome="wechat.user_refused"} 1.0' in text
    assert 'gongyun_wechat_calls_total{operation="of_this_test_alone",outcome="breaker_open"} 1.0' in text
    assert 'gongyun_wechat_seconds_count{operation="of_this_test_alone"} 1.0' in text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_app_has_its_calls_to_wechat_counted(app: Flask, engine_name: str) -> None:
    assert metrics.count_wechat_call in watching.watchers


@pytest.mark.parametrize("token", ["", "m" * 32])
def test_a_worker_answers_for_itself(token: str) -> None:
    metrics.count_wechat_call("msg_sec_check", "ok", 0.1)
    server = worker_metrics.serve("127.0.0.1", 0, token)
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        headers = {"Authorization": f"Bearer {token}"}
        told = requests.get(f"{url}/metrics", headers=headers, timeout=5)
        assert 'gongyun_wechat_calls_total{operation="msg_sec_check",outcome="ok"}' in told.text
        assert requests.get(f"{url}/", headers=headers, timeout=5).status_code == 404
        bare = requests.get(f"{url}/metrics", timeout=5)
        assert bare.status_code == (401 if token else 200)
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_meters_may_want_a_token(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch, engine_name: str
) -> None:
    guarded = replace(app.config["GONGYUN"], metrics_token="m" * 32)
    monkeypatch.setitem(app.config, "GONGYUN", guarded)
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer " + "m" * 32}).status_code == 200


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_several_processes_are_summed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: object, engine_name: str
) -> None:
    monkeypatch.setenv(metrics.MULTIPROCESS, str(tmp_path))
    assert client.get("/metrics").status_code == 200
