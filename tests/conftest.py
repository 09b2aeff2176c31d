"""Fixtures: every test that names a database or a client runs once on SQLite and once on PostgreSQL.

`database` for nearly all tests: one transaction, rolled back. `committed_database` where threads or processes
must see each other: commits for real, every table emptied afterwards. `client` asks the app over HTTP.
"""

import contextvars
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from werkzeug.test import TestResponse

from blueprints import hot
from blueprints.app import create_app
from config import settings
from service.booking import terms
from service.booking.sold_out import sold_out
from service.core import reference
from service.core.db import db
from service.training import places as class_places
from tests import databases, engines, equipment
from tests.house import House, house
from tests.live import LiveServer, live_server

# No test is judged by the time it takes: a busy machine would fail what is right.
UNTIMED = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("untimed", UNTIMED)
hypothesis.settings.register_profile("thorough", UNTIMED)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "untimed"))


Opening = Callable[[str], House]


class Client(FlaskClient):
    """A test client whose requests are as separate from the test as a real server's would be.

    Flask reuses an app context that is already pushed, and with it the test's own session and its stale rows.
    An empty `contextvars.Context` makes each request push, and tear down, its own.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            databases.finish_open_work(db.session())
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture(autouse=True)
def behind_no_request() -> None:
    """What a test before asked over HTTP is not what this one does."""
    reference.request_id.set("")


@pytest.fixture
def chinese_font() -> None:
    """For tests that print."""
    equipment.chinese_font()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run's DATA_DIR, the same for both engines: the process has one configuration."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Call it with an engine's name: the URL of a fresh, empty database, removed at the end of the run.

    PostgreSQL is a server of our own, started at the first need, or the one TEST_DATABASE_URL names (as superuser).
    """
    with ExitStack() as stack:
        server_url = os.environ.get("TEST_DATABASE_URL", "")

        def make(engine_name: str) -> str:
            nonlocal server_url
            if engine_name == engines.SQLITE:
                return engines.sqlite_url(tmp_path_factory.mktemp("sqlite"))
            server_url = server_url or stack.enter_context(engines.postgres_server()).url
            url = engines.create_database(server_url)
            stack.callback(engines.drop_database, url)
            return url

        yield make


@pytest.fixture(scope="session")
def application(data_dir: Path, new_database: Callable[[str], str]) -> Iterator[Callable[[str], Flask]]:
    """Call it with an engine's name: the app on a database with all tables, made once in a run."""
    apps: dict[str, Flask] = {}

    def make(engine_name: str) -> Flask:
        if engine_name not in apps:
            url = new_database(engine_name)
            app = create_app(settings.load(engines.environment(url, data_dir)))
            app.test_client_class = Client
            databases.build_schema(app)
            apps[engine_name] = app
        return apps[engine_name]

    yield make
    for app in apps.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(params=engines.ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`. Parametrise it directly where a test is about one of them."""
    return str(request.param)


@pytest.fixture
def app(application: Callable[[str], Flask], engine_name: str) -> Flask:
    """The product's app on the engine, without a database of the test's own: rarely what a test wants."""
    return application(engine_name)


@pytest.fixture
def database(app: Flask) -> Iterator[SQLAlchemy]:
    """The database of a test, in an app context, inside a transaction that is rolled back.

    A command starts by closing the session, so what a test arranges by hand must be committed
    (`database.session.commit()`) before the command is called; the outer transaction still takes it back.
    """
    with app.app_context(), databases.rolled_back(app):
        yield db


@pytest.fixture
def committed_database(app: Flask) -> Iterator[SQLAlchemy]:
    """The database of a test with threads or processes: commits are real, all tables are emptied afterwards."""
    with app.app_context():
        yield db
        db.session.remove()
    databases.empty(app)


@pytest.fixture
def client(request: pytest.FixtureRequest, app: Flask) -> FlaskClient:
    """Requests to the app, on `committed_database` where the test names it, else on `database`."""
    if "committed_database" in request.fixturenames:
        request.getfixturevalue("committed_database")
    else:
        request.getfixturevalue("database")
    return app.test_client()


@pytest.fixture
def live(new_database: Callable[[str], str], engine_name: str, tmp_path: Path) -> Iterator[LiveServer]:
    """The real server and worker on a fresh database of the engine; `live.kill("web")`, `live.start("web")`."""
    with live_server(new_database(engine_name), tmp_path) as server:
        yield server


@pytest.fixture(scope="session")
def open_house(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opening]:
    """Call it with an engine's name: the whole product with its demo data, started once in a run, shared by tests."""
    with ExitStack() as stack:
        houses: dict[str, House] = {}

        def open_one(engine_name: str) -> House:
            if engine_name not in houses:
                folder = tmp_path_factory.mktemp("house")
                houses[engine_name] = stack.enter_context(house(new_database(engine_name), folder))
            return houses[engine_name]

        yield open_one


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    """What a process remembers of rows is forgotten: the next test's rows may bear the same ids."""
    yield
    terms.forget()
    sold_out.forget()
    class_places.forget_offerings()
    hot.forget()
