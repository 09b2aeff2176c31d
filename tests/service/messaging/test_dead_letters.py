"""What was given up is seen without what it holds, and tried again in bulk; what may have gone out never is."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from service.audit.models import AuditEntry
from service.core import clock
from service.core.access import SYSTEM, Role
from service.core.errors import Forbidden
from service.messaging import dead_letters, delivery
from service.messaging.enums import OutboxState
from service.messaging.models import OutboxRow
from service.messaging.outcomes import GiveUp
from service.organisations.enums import NodeKind
from tests import make


@pytest.fixture
def dead(database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Three dead rows of two kinds, a due and an unclear one: their ids."""

    def refuse(_payload: Mapping[str, Any]) -> None:
        raise GiveUp("ArgumentBad")

    monkeypatch.setattr(delivery, "handlers", {})
    delivery.register("a", refuse)
    delivery.register("b", refuse)
    now = clock.now()
    rows = [
        OutboxRow(kind=kind, key=f"k{number}", payload={"name": "岩温"}, created_at=now, due_at=now)
        for number, kind in enumerate("aab")
    ]
    database.session.add_all(rows)
    database.session.commit()
    assert delivery.deliver_due() == 0
    unclear = OutboxRow(kind="a", key="k3", payload={}, created_at=now, due_at=now, state=OutboxState.UNCLEAR)
    database.session.add(unclear)
    database.session.commit()
    return [row.id for row in (*rows, unclear)]


def test_dead_rows_are_listed_newest_first_without_what_they_hold(dead: list[int]) -> None:
    found = dead_letters.letters(SYSTEM, OutboxState.DEAD, kind=None, page=1, per_page=2)
    assert ([each.id for each in found.items], found.total) == ([dead[2], dead[1]], 3)
    assert {each.last_error for each in found.items} == {"ArgumentBad"}
    assert {each.attempts for each in found.items} == {1}
    assert "岩温" not in repr(found)
    assert dead_letters.letters(SYSTEM, OutboxState.DEAD, kind="b", page=1, per_page=9).total == 1


def test_dead_rows_are_tried_again_by_id_or_kind(database: SQLAlchemy, dead: list[int]) -> None:
    done: list[str] = []
    for kind in "ab":
        delivery.register(kind, lambda _payload: done.append("done"))
    assert dead_letters.resend(SYSTEM, ids=[dead[0], dead[3], 987_654]) == 1
    assert delivery.deliver_due() == 1
    assert dead_letters.resend(SYSTEM, kind="a") == 1
    assert dead_letters.resend(SYSTEM, kind="a") == 0
    assert delivery.deliver_due() == 1
    database.session.expire_all()
    states = [database.session.get_one(OutboxRow, each).state for each in dead]
    assert states == [OutboxState.DONE, OutboxState.DONE, OutboxState.DEAD, OutboxState.UNCLEAR]
    assert {each.action for each in database.session.query(AuditEntry)} == {"outbox.resent"}


def test_the_outbox_is_for_administrators_of_the_whole_tree(dead: list[int]) -> None:
    city = make.node()
    county = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city)
    assert dead_letters.resend(make.staff(city, Role.ADMINISTRATOR), kind="b") == 1
    for stranger in (make.staff(county, Role.ADMINISTRATOR), make.staff(city, Role.AUDITOR)):
        with pytest.raises(Forbidden):
            dead_letters.resend(stranger, kind="a")
        with pytest.raises(Forbidden):
            dead_letters.letters(stranger, OutboxState.DEAD, kind=None, page=1, per_page=20)


def test_the_command_line_lists_and_resends(app: Flask, dead: list[int]) -> None:
    run = app.test_cli_runner().invoke
    listed = run(args=["outbox", "list"])
    assert listed.exit_code == 0, listed.output
    assert [line.split("\t")[1:5] for line in listed.output.splitlines()[:1]] == [["b", "k2", "1", "ArgumentBad"]]
    assert listed.output.endswith("3 of 3\n")
    assert run(args=["outbox", "list", "--state", "unclear"]).output.splitlines()[-1] == "1 of 1"
    assert run(args=["outbox", "resend", str(dead[0])]).output == "1 to be tried again\n"
    assert run(args=["outbox", "resend", "--kind", "a"]).output == "1 to be tried again\n"
    assert run(args=["outbox", "resend"]).exit_code == 2
