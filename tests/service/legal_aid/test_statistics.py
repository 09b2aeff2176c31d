"""The month's numbers: by county, matter and outcome, small ones left out, no word and no number of a case."""

from collections.abc import Sequence
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.files import workbook
from service.legal_aid import statistics
from service.legal_aid.enums import CaseState, Matter, Turn
from service.legal_aid.models import AidCase
from service.legal_aid.statistics_errors import MonthUnfinished
from tests.service.legal_aid.conftest import Office

MAY, IN_MAY, IN_JUNE = date(2026, 5, 20), "2026-05-20T09:00:00+08:00", "2026-06-04T09:00:00+08:00"


def entered(office: Office, count: int, matter: Matter, county: str = "530802", *, is_ended: bool = False) -> None:
    """So many cases received today."""
    node = office.county if county == "530802" else office.other_county
    for _ in range(count):
        case_id = new_id()
        db.session.add(
            AidCase(
                id=case_id, node_id=node.id, state=CaseState.WITHDRAWN if is_ended else CaseState.SUBMITTED,
                matter=matter, number=f"n-{case_id.hex}"[:32], county_code=county, turn=Turn.OFFICE,
                turn_since=clock.now(), created_at=clock.now(), received_at=clock.now(),
                ended_at=clock.now() if is_ended else None,
            )
        )  # fmt: skip
    db.session.commit()


def numbers(actor: Actor) -> dict[tuple[str, str], str]:
    """The sheet, by table and item."""
    lines: Sequence[Sequence[object]] = list(workbook.rows(statistics.monthly(actor, MAY)))
    return {(str(line[0]), str(line[1])): str(line[2]).removesuffix(".0") for line in lines[1:]}


def test_numbers_of_a_month_are_counted_and_small_ones_left_out_with_another(office: Office) -> None:
    with time_machine.travel(IN_MAY, tick=False):
        entered(office, 12, Matter.WAGES)
        entered(office, 6, Matter.INJURY, is_ended=True)
        entered(office, 2, Matter.DISMISSAL)
        entered(office, 7, Matter.WAGES, "530828")
    with time_machine.travel(IN_JUNE, tick=False):
        entered(office, 9, Matter.CONTRACT)
        found = numbers(office.upper)
        assert found["收到，按县区", "思茅区"] == "20"
        assert found["收到，按县区", "合计"] == found["收到，按案由", "合计"] == "27"
        assert found["收到，按案由", "拖欠工资"] == "19"
        assert found["收到，按案由", "被辞退、被逼离职"] == found["收到，按案由", "工作中受伤、职业病"] == "—"
        assert found["收到，按案由", "没签合同、合同有问题"] == "0"
        assert (found["结束，按结果", "已撤回"], found["结束，按结果", "办结"]) == ("6", "0")
        of_county = numbers(office.intake)
        assert of_county["收到，按县区", "合计"] == "20"
        assert numbers(office.handler)["收到，按案由", "合计"] == "0"
    deeds = select(AuditEntry).where(AuditEntry.action == "legal_aid.statistics_taken").order_by(AuditEntry.id)
    assert db.session.scalars(deeds).first().details == {"least": 5}  # type: ignore[union-attr]


def test_a_month_that_is_not_over_has_no_numbers_yet(office: Office) -> None:
    with time_machine.travel(IN_MAY, tick=False), pytest.raises(MonthUnfinished):
        statistics.monthly(office.upper, MAY)
    with time_machine.travel("2026-12-31T23:00:00+08:00", tick=False), pytest.raises(MonthUnfinished):
        statistics.monthly(office.upper, date(2026, 12, 1))
    with time_machine.travel("2027-01-01T00:30:00+08:00", tick=False):
        assert statistics.monthly(office.upper, date(2026, 12, 1))
