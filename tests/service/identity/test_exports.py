"""What is taken out is marked, written down, and told of where it is much."""

import io
from datetime import datetime

import openpyxl
import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit.models import AuditEntry, AuditSubject
from service.audit.reads import EXPORTED
from service.core import clock, reference
from service.core.access import Actor, Role
from service.core.db import db
from service.files import workbook
from service.identity import exports
from service.identity.models import Account
from service.messaging.models import OutboxRow
from service.organisations.enums import NodeKind
from tests import make
from tests.service.legal_aid.conftest import clerk

MORNING = datetime(2026, 11, 25, 10, 0, tzinfo=clock.SHANGHAI)
EVENING, SUNDAY = MORNING.replace(hour=22), MORNING.replace(day=29)


class House:
    """A county with who exports, and who should be told: its auditor and the city's administrator."""

    def __init__(self) -> None:
        city = make.node()
        county = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city, county="530802")
        other = make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=city, county="530828")
        self.clerk = clerk(county, Role.TRAINING_STAFF)
        self.told = {clerk(county, Role.AUDITOR).worker_id, clerk(city, Role.ADMINISTRATOR).worker_id}
        gone = clerk(city, Role.AUDITOR)
        db.session.scalars(select(Account).where(Account.person_id == gone.person_id)).one().is_disabled = True
        clerk(other, Role.AUDITOR), clerk(county, Role.LEGAL_STAFF)
        db.session.commit()

    def take(self, rows: int, by: Actor | None = None) -> None:
        """Take so many rows out."""
        exports.taken(by or self.clerk, EXPORTED, "class", 7, rows=rows, about=[self.clerk.worker_id])


@pytest.fixture
def house(database: SQLAlchemy) -> House:
    """The house."""
    return House()


def notices() -> dict[int, str]:
    """Who was told of what."""
    rows = db.session.scalars(select(OutboxRow).where(OutboxRow.key.startswith("notice:export_alert:")))
    return {row.payload["person_id"]: row.payload["body"] for row in rows}


def test_up_to_the_limit_nobody_is_told(house: House) -> None:
    with time_machine.travel(MORNING, tick=False):
        house.take(400)
        house.take(600)
    assert notices() == {}


def test_above_the_rows_of_a_day_auditors_and_administrators_are_told_once(
    house: House, capfd: pytest.CaptureFixture[str]
) -> None:
    seen: list[str] = []
    exports.register(seen.append)
    with time_machine.travel(MORNING, tick=False):
        house.take(999)
        house.take(2)
        house.take(1)
    exports.watchers.remove(seen.append)
    assert notices().keys() == house.told
    assert all(f"clerk-{house.clerk.person_id}" in said and "1001行" in said for said in notices().values())
    assert seen == [exports.OVER_A_DAY] * 2
    assert "bulk_export" in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("when", "rows", "is_told"), [(EVENING, 101, True), (SUNDAY, 101, True), (EVENING, 100, False)]
)
def test_outside_office_hours_less_is_enough(house: House, when: datetime, rows: int, is_told: bool) -> None:
    with time_machine.travel(when, tick=False):
        house.take(rows)
    assert bool(notices()) is is_told


def test_what_was_taken_by_day_does_not_count_at_night_nor_the_next_day(house: House) -> None:
    for at, rows in ((MORNING, 900), (EVENING, 90), (MORNING.replace(day=26), 900)):
        with time_machine.travel(at, tick=False):
            house.take(rows)
    assert notices() == {}


def test_the_trail_says_how_many_whose_and_by_which_request(house: House) -> None:
    token = reference.request_id.set("abc12345")
    house.take(5)
    reference.request_id.reset(token)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == EXPORTED)).one()
    assert (entry.actor_id, entry.details) == (house.clerk.person_id, {"rows": 5, "request_id": "abc12345"})
    whose = db.session.scalars(select(AuditSubject.person_id).where(AuditSubject.entry_id == entry.id))
    assert whose.all() == [house.clerk.person_id]


def test_a_workbook_bears_who_when_and_the_request(house: House) -> None:
    token = reference.request_id.set("abc12345")
    with time_machine.travel(EVENING, tick=False):
        mark = exports.mark(house.clerk)
    reference.request_id.reset(token)
    assert mark == f"账号clerk-{house.clerk.person_id}（#{house.clerk.person_id}） 2026-11-25 22:00 编号abc12345"
    made = openpyxl.load_workbook(io.BytesIO(workbook.written(["a"], [["b"]], sheet="c", mark=mark)))
    assert made["c"].oddFooter.left.text == mark
    assert made["概况"]["B1"].value == mark
    assert made.properties.description == mark
