"""`flask demo ...`: tokens one a line, and nothing of it in production."""

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from service.core.db import db
from service.identity import tokens
from service.identity.models import Person
from service.overview.demo import register


@pytest.fixture
def production(app: Flask) -> Iterator[None]:
    """The app believes that it is in production."""
    settings = app.config["GONGYUN"]
    app.config["GONGYUN"] = dataclasses.replace(settings, environment="production")
    yield
    app.config["GONGYUN"] = settings


def test_tokens_come_one_a_line(app: Flask, database: SQLAlchemy) -> None:
    given = app.test_cli_runner().invoke(args=["demo", "tokens", "--count", "3"])
    assert given.exit_code == 0, given.output
    assert len({tokens.verify(line).person_id for line in given.stdout.split()}) == 3


def test_seeding_and_refreshing_say_what_they_did(
    app: Flask, database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(register.SCALES, "small", (110, 20))
    runner = app.test_cli_runner()
    seeded = runner.invoke(args=["demo", "seed", "--password", "demo-2026-puer"])
    assert (seeded.exit_code, seeded.stdout, seeded.stderr) == (0, "", "workers 110/110\n")
    refreshed = runner.invoke(args=["demo", "refresh"])
    assert refreshed.exit_code == 0, refreshed.output
    told = [line.split(":")[0] for line in refreshed.stdout.splitlines()]
    assert told == ["workers", "staff", "legal aid", "password"]


@pytest.mark.parametrize("command", [["seed"], ["refresh"], ["tokens", "--count", "1"]])
def test_production_refuses(app: Flask, database: SQLAlchemy, production: None, command: list[str]) -> None:
    refused = app.test_cli_runner().invoke(args=["demo", *command])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "production" in refused.stderr
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0
