"""Numbers of a month as .xlsx: received by county and by matter, ended by outcome. No word of a case, no line of one.

Small numbers are left out, with as many others as it takes that none can be reckoned (docs/rules.md
`legal_aid.statistics`). Only months that are over, and only the actor's whole scope: no two tables of somebody's differ
by a few cases.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from service.audit import entries
from service.core import clock, configuration
from service.core.access import Actor, Role
from service.core.db import db
from service.core.transaction import transactional
from service.files import workbook
from service.identity import exports
from service.legal_aid import spoken, suppression
from service.legal_aid.enums import CaseState, Matter
from service.legal_aid.lifecycle import ENDED
from service.legal_aid.models import AidCase
from service.legal_aid.statistics_errors import MonthUnfinished
from service.legal_aid.triage_questions import MATTERS
from service.organisations import divisions, nodes
from service.organisations.models import UnionNode

STAFF = Role.LEGAL_STAFF
HIDDEN, TOTAL = "—", "合计"
HEADER = ("表", "项目", "件数")
Tables = dict[str, dict[str, int]]


def monthly(actor: Actor, month: date) -> bytes:
    """The month's numbers; that they were taken is written down. Raises MonthUnfinished."""
    first = month.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    if after > clock.today():
        raise MonthUnfinished
    least = configuration.current().legal_aid_smallest_count
    lines: list[tuple[str, str, int | str]] = []
    for tables in (received(actor, first, after), ended(actor, first, after)):
        for title, counts in suppression.protected(tables, least, TOTAL).items():
            lines += [(title, item, HIDDEN if count is None else count) for item, count in counts.items()]
    transactional(entries.record)(actor, "legal_aid.statistics_taken", "aid_cases", f"{first:%Y-%m}", least=least)
    facts = [("月份", f"{first:%Y-%m}"), ("说明", f"少于{least}件的不显示，并隐去能推算出它的数字")]
    return workbook.written(HEADER, lines, sheet="统计", mark=exports.mark(actor), facts=facts)


def received(actor: Actor, first: date, after: date) -> Tables:
    """What came in from the first day to before the other, by county and by matter."""
    within = _within(AidCase.received_at, first, after)
    by_county = _counted(actor, AidCase.county_code, within, lambda code: divisions.county_name(code) or "其他")
    by_matter = _counted(actor, AidCase.matter, within, lambda matter: MATTERS[Matter(matter)])
    return {"收到，按县区": by_county, "收到，按案由": dict.fromkeys(MATTERS.values(), 0) | by_matter}


def ended(actor: Actor, first: date, after: date) -> Tables:
    """What ended in these days, by how."""
    within = _within(AidCase.ended_at, first, after)
    by_state = _counted(actor, AidCase.state, within, lambda state: spoken.STATES[CaseState(state)])
    return {"结束，按结果": {spoken.STATES[each]: 0 for each in CaseState if each in ENDED} | by_state}


def _within(column: InstrumentedAttribute[datetime | None], first: date, after: date) -> ColumnElement[bool]:
    return (column >= clock.day_start(first)) & (column < clock.day_start(after))


def _counted(
    actor: Actor, column: InstrumentedAttribute[Any], within: ColumnElement[bool], said: Callable[[str], str]
) -> dict[str, int]:
    query: Select[Any, int] = (
        select(column, func.count())
        .join(UnionNode, UnionNode.id == AidCase.node_id)
        .where(within, AidCase.state != CaseState.DRAFT, nodes.scope_filter(actor.paths(STAFF)))
        .group_by(column)
    )
    found: dict[str, int] = {}
    for value, count in db.session.execute(query):
        name = said(value)
        found[name] = found.get(name, 0) + count
    return dict(sorted(found.items()))
