"""One access token for all processes: fetched once, renewed early, dropped when refused. On both engines."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text
from structlog.testing import capture_logs

from service.core import clock
from service.core.db import db
from service.core.errors import ServiceError
from service.wechat import access_token, subscribe
from service.wechat.access_token import HeldToken, SharedTokens
from service.wechat.calls import Call
from service.wechat.client import WeChatClient
from service.wechat.errors import WeChatBusy, WeChatUnavailable
from service.wechat.models import WeChatToken
from tests.wechat.conftest import Served

THREADS = 12
HOUR = timedelta(hours=1)


class Platform:
    """stable_token as the platform answers it: a value until it is forced or changed."""

    def __init__(self) -> None:
        self.value = "60_first"
        self.lives_s: Any = 7_200
        self.asked: list[bool] = []
        self.error: ServiceError | None = None
        self.hold = threading.Event()
        self.hold.set()
        self.lock = threading.Lock()

    def ask(self, call: Call) -> dict[str, Any]:
        """The answer to stable_token."""
        assert call.body is not None
        assert call.path == "/cgi-bin/stable_token"
        assert call.body["appid"] == "wxa"
        is_forced = call.body["force_refresh"]
        assert call.is_repeatable is not is_forced
        with self.lock:
            self.asked.append(is_forced)
            if is_forced:
                self.value += "+"
        assert self.hold.wait(10)
        if self.error:
            raise self.error
        return {"access_token": self.value, "expires_in": self.lives_s}


@pytest.fixture
def platform() -> Platform:
    """The other side."""
    return Platform()


def tokens_of(platform: Platform) -> SharedTokens:
    """A process's view of the shared token."""
    return SharedTokens("wxa", "s3cret", platform.ask)


@pytest.fixture
def tokens(database: SQLAlchemy, platform: Platform) -> SharedTokens:
    """One process's."""
    return tokens_of(platform)


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    """The clock stands still until it is moved."""
    with time_machine.travel(clock.now(), tick=False) as moved:
        yield moved


def row() -> WeChatToken:
    """What stands in the database."""
    db.session.close()
    return db.session.scalars(select(WeChatToken)).one()


def test_it_is_fetched_once_and_shared(platform: Platform, tokens: SharedTokens) -> None:
    assert {tokens.token().value, tokens.token().value, tokens_of(platform).token().value} == {"60_first"}
    assert platform.asked == [False]


def test_it_is_sealed_in_the_database(tokens: SharedTokens) -> None:
    tokens.token()
    db.session.close()
    stored = str(db.session.execute(text("SELECT * FROM wechat_tokens")).mappings().one())
    assert "60_first" not in stored
    assert "s3cret" not in stored
    assert row().token_sealed


def test_one_that_no_longer_opens_is_fetched_anew(
    platform: Platform, tokens: SharedTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key was taken away."""
    tokens.token()
    monkeypatch.setattr(access_token, "FIELD", "elsewhere")
    platform.value = "60_second"
    assert tokens.token().value == "60_second"
    assert tokens.token().value == "60_second"
    assert platform.asked == [False, False]


def test_it_is_renewed_five_minutes_early(
    platform: Platform, tokens: SharedTokens, traveller: time_machine.Traveller
) -> None:
    tokens.token()
    platform.value = "60_second"
    traveller.shift(timedelta(seconds=6_899))
    assert tokens.token().value == "60_first"
    traveller.shift(timedelta(seconds=1))
    assert tokens.token().value == "60_second"
    assert platform.asked == [False, False]


def test_the_rest_of_an_old_token_s_life_is_used(
    platform: Platform, tokens: SharedTokens, traveller: time_machine.Traveller
) -> None:
    platform.lives_s = "345"
    tokens.token()
    traveller.shift(timedelta(seconds=59))
    tokens.token()
    assert len(platform.asked) == 1
    traveller.shift(timedelta(seconds=1))
    tokens.token()
    assert len(platform.asked) == 2


def test_while_one_renews_the_others_use_the_old_one(
    platform: Platform, tokens: SharedTokens, traveller: time_machine.Traveller
) -> None:
    tokens.token()
    traveller.shift(timedelta(seconds=6_950))
    assert access_token._claim("wxa", clock.now())
    platform.value = "60_second"
    assert tokens.token().value == "60_first"
    assert platform.asked == [False]


def test_where_renewing_fails_the_old_one_is_used_to_its_end(
    platform: Platform, tokens: SharedTokens, traveller: time_machine.Traveller
) -> None:
    tokens.token()
    platform.error = WeChatUnavailable()
    traveller.shift(timedelta(seconds=6_950))
    with capture_logs() as lines:
        assert tokens.token().value == "60_first"
    assert [line["event"] for line in lines] == ["wechat_token_not_renewed"]
    traveller.shift(timedelta(seconds=250))
    with pytest.raises(WeChatUnavailable):
        tokens.token()
    platform.error = None
    assert tokens.token().value == "60_first"


def test_a_refused_one_is_dropped_and_fetched_anew(platform: Platform, tokens: SharedTokens) -> None:
    held = tokens.token()
    platform.value = "60_second"
    tokens.refused(held)
    assert tokens.token().value == "60_second"
    assert platform.asked == [False, False]


def test_whoever_was_refused_an_older_one_does_not_drop_the_newer(platform: Platform, tokens: SharedTokens) -> None:
    held = tokens.token()
    platform.value = "60_second"
    tokens.refused(held)
    tokens.token()
    tokens.refused(held)
    tokens.refused(HeldToken("60_other", -1))
    assert tokens.token().value == "60_second"
    assert len(platform.asked) == 2


def test_a_refresh_is_forced_only_for_the_same_token_and_after_thirty_seconds(
    platform: Platform, tokens: SharedTokens, traveller: time_machine.Traveller
) -> None:
    tokens.refused(tokens.token())
    traveller.shift(timedelta(seconds=29))
    assert tokens.token().value == "60_first"
    assert platform.asked == [False, False]
    tokens.refused(tokens.token())
    traveller.shift(timedelta(seconds=1))
    assert tokens.token().value == "60_first+"
    assert platform.asked == [False, False, False, True]
    platform.value = "60_first"
    tokens.refused(HeldToken("60_first", row().version))
    assert tokens.token().value == "60_first"
    assert platform.asked[4:] == [False]
    traveller.shift(timedelta(seconds=30))
    tokens.refused(tokens.token())
    assert tokens.token().value == "60_first+"
    assert platform.asked[5:] == [False, True]


def test_another_token_than_the_refused_one_is_never_forced(
    platform: Platform, tokens: SharedTokens, traveller: time_machine.Traveller
) -> None:
    tokens.refused(tokens.token())
    platform.value = "60_second"
    traveller.shift(HOUR)
    assert tokens.token().value == "60_second"
    assert platform.asked == [False, False]


@pytest.mark.parametrize(("value", "lives_s"), [("", 7200), (7, 7200), ("x" * 3000, 7200), ("60_x", "soon")])
def test_what_makes_no_sense_is_no_token(platform: Platform, tokens: SharedTokens, value: Any, lives_s: Any) -> None:
    platform.value, platform.lives_s = value, lives_s
    with pytest.raises(WeChatUnavailable):
        tokens.token()
    platform.value, platform.lives_s = "60_good", 7200
    assert tokens.token().value == "60_good"


def test_nobody_waits_for_ever_for_another_process(tokens: SharedTokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_token, "WAIT_S", 0.2)
    assert access_token._claim("wxa", clock.now())
    with pytest.raises(WeChatBusy):
        tokens.token()


def test_a_process_that_died_while_fetching_is_stepped_over(
    platform: Platform, tokens: SharedTokens, traveller: time_machine.Traveller
) -> None:
    dead = access_token._claim("wxa", clock.now())
    assert dead
    traveller.shift(access_token.LEASE)
    assert tokens.token().value == "60_first"
    late = access_token._Fetched("60_late", HOUR, is_forced=False)
    assert access_token._store("wxa", dead, late) == -1
    assert tokens.token().value == "60_first"
    assert access_token._store("wxother", dead, late) == -1


def test_the_client_and_the_sandbox_agree_on_it(
    sandbox: Served, database: SQLAlchemy, traveller: time_machine.Traveller
) -> None:
    """Over real HTTP: fetched once, refused and forced."""
    wechat = WeChatClient(appid=sandbox.box.appid, secret=sandbox.box.secret, base_url=sandbox.url)
    first = sandbox.box.tokens.stable(is_forced=False)[0]
    assert subscribe.templates(wechat)
    assert subscribe.templates(wechat)
    assert sandbox.get("/calls") == {"/cgi-bin/stable_token": 1, "/wxaapi/newtmpl/gettemplate": 2}
    assert wechat.tokens.token().value == first
    sandbox.box.tokens._until.pop(first)
    sandbox.box.tokens._until[first + "x"] = 0
    sandbox.post("/faults", path="/wxaapi/newtmpl/gettemplate", kind="40001", times=1)
    traveller.shift(timedelta(seconds=30))
    with time_machine.travel(clock.now(), tick=True):
        assert subscribe.templates(wechat)
    assert wechat.tokens.token().value != first


def in_threads(app: Flask, calls: list[Callable[[], Any]]) -> list[Any]:
    """What each call gave or raised, all started together, each in an app context of its own."""
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


def test_many_processes_without_a_token_fetch_one(
    app: Flask, committed_database: SQLAlchemy, platform: Platform
) -> None:
    committed_database.session.remove()
    outcomes = in_threads(app, [lambda: tokens_of(platform).token().value] * THREADS)
    assert set(outcomes) == {"60_first"}
    assert platform.asked == [False]


def test_without_the_lease_each_would_fetch_one(
    app: Flask, committed_database: SQLAlchemy, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    committed_database.session.remove()
    monkeypatch.setattr(access_token, "_claim", lambda _appid, _now: access_token.new_id())
    platform.hold.clear()
    threading.Timer(1.0, platform.hold.set).start()
    in_threads(app, [lambda: tokens_of(platform).token().value] * THREADS)
    assert len(platform.asked) > 1


def test_many_that_are_refused_the_same_token_fetch_one(
    app: Flask, committed_database: SQLAlchemy, platform: Platform
) -> None:
    held = tokens_of(platform).token()
    committed_database.session.remove()
    platform.value = "60_second"

    def refused_and_again() -> str:
        tokens = tokens_of(platform)
        tokens.refused(held)
        return tokens.token().value

    assert set(in_threads(app, [refused_and_again] * THREADS)) == {"60_second"}
    assert platform.asked == [False, False]
