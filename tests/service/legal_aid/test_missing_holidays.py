"""In December the keepers of the holiday table are told once that next year's is missing."""

from datetime import UTC, date, datetime

import time_machine
from sqlalchemy import select

from service.core.access import Actor, Role
from service.core.db import db
from service.identity.models import Account
from service.legal_aid import missing_holidays
from service.messaging.models import OutboxRow
from service.organisations import holidays
from service.organisations.statutory_days import statutory_days
from tests.service.legal_aid.conftest import Office, clerk


def tell(day: date) -> int:
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        return missing_holidays.tell(at)


def told() -> list[int]:
    db.session.expire_all()
    return [
        row.payload["person_id"]
        for row in db.session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        if "放假安排" in row.payload["body"]
    ]


def away(who: Actor) -> None:
    account = db.session.scalars(select(Account).where(Account.person_id == who.person_id)).one()
    account.is_disabled = True
    db.session.commit()


def test_the_keepers_are_told_once_a_year(office: Office) -> None:
    administrator = clerk(office.city, Role.ADMINISTRATOR)
    away(clerk(office.city, Role.ADMINISTRATOR))
    assert [tell(date(2026, 11, 30)), tell(date(2026, 12, 1)), tell(date(2026, 12, 20))] == [0, 2, 0]
    assert sorted(told()) == sorted([office.upper.worker_id, administrator.worker_id])
    assert tell(date(2027, 12, 1)) == 2


def test_nobody_is_told_where_the_notice_is_there(office: Office) -> None:
    days = [holidays.SpecialDay(day, is_worked=False, name=name) for day, name in statutory_days(2027).items()]
    holidays.enter(office.upper, 2027, "国办发明电〔2026〕7号", days)
    assert tell(date(2026, 12, 5)) == 0


def test_without_a_keeper_it_waits_for_one(office: Office) -> None:
    away(office.upper)
    assert tell(date(2026, 12, 5)) == 0
    clerk(office.city, Role.ADMINISTRATOR)
    assert tell(date(2026, 12, 6)) == 1
