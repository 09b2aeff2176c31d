"""Who saw whose data: counted from the trail, by actor and by person, as text and as a workbook."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit import entries, reads
from service.audit.models import AuditEntry
from service.core import clock
from service.core.access import SYSTEM, Role
from service.core.db import db
from service.core.transaction import transactional
from service.identity import exports
from service.overview import breach_pages, breach_report
from service.overview.breach_report import Asked, Report
from tests import make
from tests.service.legal_aid.conftest import clerk


class Trail:
    """Two of the staff, three people, and what was done."""

    def __init__(self) -> None:
        node = make.node()
        self.thief, self.other = clerk(node, Role.TRAINING_STAFF), clerk(node, Role.LEGAL_STAFF)
        self.people = [make.person(name=f"职工{number}").id for number in range(3)]
        db.session.commit()
        self.since = clock.now()
        reads.tell(self.thief, "person", self.people[0], people=[self.people[0]], fields=["name", "phone_masked"])
        exports.taken(self.thief, reads.EXPORTED, "class", 7, rows=3, about=self.people, fields=["attendance"])
        reads.tell(self.other, "aid_case", "x", people=[self.people[2]], fields=["case"])
        transactional(entries.record)(self.thief, "training.class_changed", "class", 7)
        transactional(entries.record)(self.thief, "own", "person", 1, about=[self.thief.worker_id])

    def report(self, **narrowed: Any) -> Report:
        """The report on all of it."""
        return breach_report.report(SYSTEM, Asked(self.since, clock.now() + timedelta(minutes=1), **narrowed))


@pytest.fixture
def trail(database: SQLAlchemy) -> Trail:
    """The trail."""
    return Trail()


def test_it_counts_deeds_and_people_by_actor_and_by_person(trail: Trail) -> None:
    found = trail.report()
    thief, other = found.actors[trail.thief.person_id], found.actors[trail.other.person_id]
    assert (thief.deeds, thief.exports, thief.rows, thief.others) == (2, 1, 3, set(trail.people))
    assert (other.deeds, other.exports, other.fields, other.others) == (1, 0, {"case"}, {trail.people[2]})
    assert {each: (tally.deeds, len(tally.others)) for each, tally in found.persons.items()} == {
        trail.people[0]: (2, 1), trail.people[1]: (1, 1), trail.people[2]: (2, 2),
    }  # fmt: skip
    assert {name: len(whose) for name, whose in found.fields.items()} == {
        "name": 1, "phone_masked": 1, "attendance": 3, "case": 1,
    }  # fmt: skip


def test_it_is_narrowed_to_an_actor_a_person_and_a_time(trail: Trail) -> None:
    assert trail.report(actor_id=trail.other.person_id).persons.keys() == {trail.people[2]}
    of_one = trail.report(person_id=trail.people[1])
    assert of_one.persons.keys() == {trail.people[1]}
    assert of_one.actors.keys() == {trail.thief.person_id}
    assert not breach_report.report(SYSTEM, Asked(trail.since - timedelta(days=1), trail.since)).actors


def test_that_it_was_asked_for_is_in_the_trail(trail: Trail) -> None:
    trail.report(actor_id=trail.thief.person_id)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "audit.breach_reported")).one()
    assert (entry.details["actor_id"], entry.details["people"]) == (trail.thief.person_id, 3)


def test_the_text_names_accounts_and_what_people_have_to_write(trail: Trail) -> None:
    said = "\n".join(breach_pages.text(trail.report()))
    assert "涉及个人：3人；账号：2个；操作：3次" in said
    assert f"clerk-{trail.thief.person_id}（#{trail.thief.person_id}）：2次，导出1次3行，涉及3人" in said
    assert "可能造成的危害：" in said


def test_the_workbook_holds_every_deed_and_goes_on_in_another_sheet(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breach_pages, "MOST_LINES", 2)
    monkeypatch.setattr(breach_pages, "MOST_NAMED", 2)
    book = openpyxl.load_workbook(io.BytesIO(breach_pages.written(trail.report(), "m")))
    assert book.sheetnames == ["账号", "个人", "明细", "明细2", "概况"]
    assert [row[1] for row in book["个人"].iter_rows(min_row=2, values_only=True)] == ["职工0", "职工1", "职工2"]
    lines = [row for name in ("明细", "明细2") for row in book[name].iter_rows(min_row=2, values_only=True)]
    assert [line[4] for line in lines] == ["personal_data.read", "attendance.export", "personal_data.read"]
    assert lines[1][10] == f"{trail.people[0]}、{trail.people[1]}……"


def test_the_command_writes_both_and_overwrites_nothing(app: Flask, database: SQLAlchemy, tmp_path: Path) -> None:
    trail, target = Trail(), tmp_path / "report.xlsx"
    command = ["breach-report", "--since", "2020-01-01", "--until", "2100-01-01T00:00+08:00", "--to", str(target)]
    done = app.test_cli_runner().invoke(args=command)
    assert (done.exit_code, f"written: {target}" in done.output) == (0, True)
    assert f"#{trail.thief.person_id}" in done.output
    assert oct(target.stat().st_mode)[-3:] == "600"
    again = app.test_cli_runner().invoke(args=command)
    assert (again.exit_code, "not written" in again.output) == (2, True)
    assert app.test_cli_runner().invoke(args=["breach-report", "--since", "x", "--until", "y"]).exit_code == 2
