"""Logs are JSON lines without personal data."""

import json
import logging as standard
from collections.abc import Iterator

import pytest
import structlog

from config import logging

log = structlog.get_logger("test")


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    logging.configure("DEBUG", is_production=True)
    yield
    logging.configure("INFO", is_production=False)


def last(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    line: dict[str, object] = json.loads(capsys.readouterr().err.splitlines()[-1])
    return line


def test_a_line_is_json_with_level_and_time(capsys: pytest.CaptureFixture[str]) -> None:
    log.info("something_happened", count=3)
    line = last(capsys)
    assert (line["event"], line["level"], line["count"]) == ("something_happened", "info", 3)
    assert str(line["at"]).endswith("Z")


@pytest.mark.parametrize("level", ["WARNING", "warning"])
def test_lines_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str], level: str) -> None:
    logging.configure(level, is_production=True)
    log.info("quiet")
    assert capsys.readouterr().err == ""
    log.warning("loud")
    assert last(capsys)["event"] == "loud"


def test_an_unknown_level_is_info(capsys: pytest.CaptureFixture[str]) -> None:
    logging.configure("CHATTY", is_production=True)
    log.debug("quiet")
    log.info("told")
    assert last(capsys)["event"] == "told"


PERSONAL = [
    "53080219900101000X",
    "13812345678",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "Bearer abc.def",
    "postgresql://gongyun:hunter2@db/gongyun",
]


@pytest.mark.parametrize("value", PERSONAL)
def test_what_looks_personal_is_hidden_wherever_it_stands(capsys: pytest.CaptureFixture[str], value: str) -> None:
    secret = value.removeprefix("postgresql://gongyun:").removeprefix("Bearer ").partition("@")[0]
    log.info("x", text=f"before {value} after", deep={"list": [f"a {value}"], "pair": (value,)}, number=1)
    told = capsys.readouterr().err
    assert secret not in told
    assert logging.HIDDEN in told


@pytest.mark.parametrize("name", ["phone", "name", "id_number", "password", "access_token", "body", "openid"])
def test_some_names_are_never_logged(capsys: pytest.CaptureFixture[str], name: str) -> None:
    log.info("x", **{name: "岩温", "deep": {name: "岩温"}})
    assert "岩温" not in capsys.readouterr().err


@pytest.mark.parametrize("value", ["2026-11-22T09:34:03.959894Z", "0192f0c1-5b1e-7c3a-9d8e-2f6a1b4c7d90", "5308"])
def test_times_and_ids_are_left(capsys: pytest.CaptureFixture[str], value: str) -> None:
    log.info("x", value=value)
    assert last(capsys)["value"] == value


def fail() -> None:
    try:
        {}["岩温"]
    except KeyError as error:
        raise ValueError("岩温 again") from error


@pytest.mark.parametrize("is_production", [True, False])
def test_in_production_only_the_kind_and_place_of_a_fault_are_told(
    capsys: pytest.CaptureFixture[str], is_production: bool
) -> None:
    logging.configure("INFO", is_production=is_production)
    try:
        fail()
    except ValueError as error:
        log.exception("failed")
        log.exception("failed", exc_info=error)
        log.exception("failed", exc_info=(type(error), error, error.__traceback__))
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert len(lines) == 3
    for line in lines:
        told = "\n".join(line["exception"])
        assert "ValueError" in told
        assert "KeyError" in told
        assert "test_logging.py" in told
        assert ("岩温" in told) is not is_production


def test_no_exception_is_no_exception(capsys: pytest.CaptureFixture[str]) -> None:
    log.exception("x")  # noqa: LOG004  nothing is being handled, and nothing must break
    assert "exception" not in last(capsys)


def test_libraries_write_the_same_lines(capsys: pytest.CaptureFixture[str]) -> None:
    standard.config.dictConfig(logging.foreign_logs("INFO"))  # type: ignore[attr-defined]
    standard.getLogger("gunicorn.error").info("Listening at %s", "13812345678")
    line = last(capsys)
    assert (line["event"], line["logger"]) == (f"Listening at {logging.HIDDEN}", "gunicorn.error")
    try:
        fail()
    except ValueError:
        standard.getLogger("some.package").exception("it broke")
    assert "岩温" not in str(last(capsys))


def test_the_web_servers_own_access_log_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    standard.getLogger("gunicorn.access").error("GET /api/v1/x?phone=1")
    assert capsys.readouterr().err == ""
