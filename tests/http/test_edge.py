"""What every request and every answer have in common."""

import contextvars
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, Response, g, request
from flask.testing import FlaskClient
from flask_smorest import Blueprint
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from blueprints import edge, errors
from blueprints.app import create_app
from blueprints.errors import Guard
from config import logging, settings
from schemas.fields import Number, Order, Text
from service.core import reference
from service.core.access import Actor
from service.core.errors import Conflict
from tests.engines import environment

ONE = pytest.mark.parametrize("engine_name", ["sqlite"])
NOWHERE = "/api/v1/nowhere"


class Given(Order):
    """An order for tests."""

    name = Text(20, required=True)
    count = Number(0, 10)


def small_app(**of_settings: object) -> Flask:
    """An app with the edge and three routes of its own: no database is asked."""
    app = Flask("small", static_folder=None)
    errors.register(app)
    edge.register(app, SimpleNamespace(trusted_proxies=0, **of_settings))
    bp = Blueprint("small", __name__)

    @bp.post("/things/<int:thing_id>")
    @bp.arguments(Given)
    def make_thing(given: dict[str, object], thing_id: int) -> dict[str, object]:
        g.actor = Actor(person_id=7)
        return {"name": given["name"], "id": thing_id}

    @bp.get("/address")
    def show_address() -> dict[str, object]:
        return {"address": request.remote_addr, "is_secure": request.is_secure}

    @bp.get("/fails")
    def fail() -> None:
        raise RuntimeError("岩温 13800000001")

    @bp.get("/refuses")
    def refuse() -> None:
        raise Conflict(details={"a": 1}, next_step="再试")

    @bp.get("/database-away")
    def lose_database() -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    app.register_blueprint(bp)
    return app


@pytest.fixture
def small() -> FlaskClient:
    """Requests to the small app, logged from INFO as in production."""
    logging.configure("INFO", is_production=True)
    return small_app().test_client()


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    yield
    logging.configure("INFO", is_production=False)


@pytest.mark.parametrize("given", ["0192f0c1-5b1e", "a.b_c-D1", "x" * 64])
def test_a_good_request_id_is_kept(small: FlaskClient, given: str) -> None:
    assert small.get("/address", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space", "岩温岩温岩温岩温", "a;b=c;d=e"])
def test_a_bad_request_id_is_replaced(small: FlaskClient, given: str) -> None:
    own = small.get("/address", environ_base={"HTTP_X_REQUEST_ID": given}).headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{16}", own)


def test_a_problem_names_the_request(small: FlaskClient) -> None:
    answer = small.get("/refuses", headers={"X-Request-Id": "my-request-1"})
    assert answer.get_json()["request_id"] == "my-request-1"
    assert answer.get_json()["next_step"] == "再试"
    assert answer.content_type == "application/problem+json"


def test_no_answer_is_sniffed_framed_or_stored(small: FlaskClient) -> None:
    headers = small.get("/address").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Strict-Transport-Security" not in headers
    assert "Strict-Transport-Security" in small.get("/address", base_url="https://x").headers


BROKEN = {
    "no JSON": b"{",
    "NaN": b'{"name": NaN}',
    "infinity": b'{"name": 1e999}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "bad UTF-8": b'{"name": "\xff\xfe"}',
    "endless nesting": b"[" * 100_000,
    "deep nesting, closed": b"[" * 5000 + b"]" * 5000,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_broken_json_is_a_400_in_the_envelope(small: FlaskClient, body: bytes) -> None:
    answer = small.post("/things/1", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "request.malformed")


WRONG = {
    "a list": b"[]",
    "null": b"null",
    "text": b'"x"',
    "number": b"1",
    "nothing": b"",
    "unknown field": b'{"name": "x", "role": "admin"}',
    "huge integer": b'{"name": "x", "count": 99999999999999999999999}',
    "NUL": b'{"name": "a\\u0000b"}',
    "wrong type": b'{"name": 1}',
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_wrong_json_is_a_422_that_names_the_field(small: FlaskClient, body: bytes) -> None:
    answer = small.post("/things/1", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "request.invalid")
    assert answer.get_json()["details"]


def test_another_content_type_is_a_415(small: FlaskClient) -> None:
    answer = small.post("/things/1", data=b"name=x", content_type="text/plain")
    assert (answer.status_code, answer.get_json()["code"]) == (415, "request.not_json")


def test_a_large_body_is_a_413_whether_or_not_its_length_is_told(small: FlaskClient) -> None:
    body = b'{"name": "' + b"x" * 1_100_000 + b'"}'
    answer = small.post("/things/1", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (413, "request.too_large")


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/nowhere", "GET", 404), ("/address", "DELETE", 405), ("/refuses", "GET", 409)]
)
def test_every_error_comes_in_the_envelope(small: FlaskClient, path: str, method: str, status: int) -> None:
    answer = small.open(path, method=method)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert set(answer.get_json()) >= {"type", "title", "status", "detail", "code", "details", "request_id"}


def test_a_fault_of_ours_tells_the_caller_nothing(small: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    answer = small.get("/fails")
    assert (answer.status_code, answer.get_json()["code"]) == (500, "service.failed")
    assert "RuntimeError" not in answer.text
    told = capsys.readouterr().err
    assert "RuntimeError" in told
    assert "岩温" not in told
    assert "13800000001" not in told


def test_a_database_that_is_away_is_a_503_to_be_tried_again(small: FlaskClient) -> None:
    answer = small.get("/database-away")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "service.database_away")
    assert answer.headers["Retry-After"] == "2"


def test_a_database_that_dies_at_teardown_is_a_503_too(capsys: pytest.CaptureFixture[str]) -> None:
    app = small_app()

    @app.teardown_request
    def lose_database(_error: BaseException | None) -> None:
        raise OperationalError("ROLLBACK", {}, Exception("gone"))

    answer = app.test_client().get("/address")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "service.database_away")
    assert answer.headers.getlist("Content-Length") == [str(len(answer.data))]
    assert '"status":503' in capsys.readouterr().err


def test_the_guard_lets_other_faults_through() -> None:
    def inner(environ: object, start_response: object) -> list[bytes]:
        raise KeyError("x")

    with pytest.raises(KeyError):
        Guard(inner)({}, lambda *_: None)


def test_a_request_is_one_line_by_route_without_personal_data(
    small: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    small.post(
        "/things/53080219900101000?phone=13800000001", json={"name": "岩温"}, headers={"Authorization": "Bearer eyJ"}
    )
    lines = [line for line in capsys.readouterr().err.splitlines() if '"event":"request"' in line]
    assert len(lines) == 1
    assert '"route":"/things/<int:thing_id>"' in lines[0]
    assert '"person_id":7' in lines[0]
    assert not re.search("13800000001|53080219900101000|岩温|eyJ", lines[0])


@pytest.mark.parametrize(("level", "lines"), [("INFO", 2), ("WARNING", 1), ("ERROR", 1)])
def test_faults_are_logged_at_every_level(
    small: FlaskClient, capsys: pytest.CaptureFixture[str], level: str, lines: int
) -> None:
    logging.configure(level, is_production=True)
    small.get("/address")
    small.get("/database-away")
    assert capsys.readouterr().err.count('"event":"request"') == lines


def test_forwarded_headers_are_believed_from_a_trusted_proxy_only(small: FlaskClient) -> None:
    forged = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https"}
    seen = small.get("/address", headers=forged, environ_base={"REMOTE_ADDR": "10.0.0.9"}).get_json()
    assert seen == {"address": "10.0.0.9", "is_secure": False}


def test_behind_one_trusted_proxy_the_last_hop_counts() -> None:
    app = Flask("proxied")
    edge.register(app, SimpleNamespace(trusted_proxies=1))

    @app.get("/address")
    def show_address() -> Response:
        return Response(request.remote_addr)

    forged = {"X-Forwarded-For": "6.6.6.6, 1.2.3.4", "X-Forwarded-Proto": "https"}
    assert app.test_client().get("/address", headers=forged).text == "1.2.3.4"


def test_a_redirect_stays_a_redirect() -> None:
    app = small_app()
    app.url_map.strict_slashes = True
    app.add_url_rule("/folder/", "folder", lambda: "x")
    answer = app.test_client().get("/folder")
    assert answer.status_code == 308
    assert answer.headers["Location"].endswith("/folder/")


def test_an_unheard_of_status_has_a_code_too() -> None:
    app = small_app()

    @app.get("/teapot")
    def brew() -> None:
        error = HTTPException()
        error.code = 418
        raise error

    assert app.test_client().get("/teapot").get_json()["code"] == "request.failed"


@ONE
def test_the_product_has_this_edge(client: FlaskClient, engine_name: str) -> None:
    answer = client.get(NOWHERE)
    assert answer.status_code == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.get_json()["request_id"] == answer.headers["X-Request-Id"]


def test_production_refuses_to_start_without_secrets(tmp_path: Path) -> None:
    with pytest.raises(settings.SettingsError) as refused:
        create_app(settings.load({**environment("sqlite://", tmp_path), "GONGYUN_ENV": "production"}))
    for name in ("FIELD_KEYS", "JWT_SECRET", "INDEX_KEY", "ATTENDANCE_KEY", "WECHAT_APPID"):
        assert name in str(refused.value)


@ONE
def test_what_follows_a_request_does_not_bear_its_id(app: Flask) -> None:
    def id_after_a_request() -> str:
        answer = FlaskClient(app, Response).get("/healthz")
        assert answer.headers["X-Request-Id"]
        return reference.request_id.get()

    assert contextvars.copy_context().run(id_after_a_request) == ""
