"""Lists of the office: what is due soon or overdue, whose turn it is and since when; found by number, state, date,
handler, and by a person's blind index. A line holds no word of a case and no name of its worker
(docs/rules.md `legal_aid.confidential`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, false, func, or_, select

from service.audit import entries
from service.audit.reads import CASES_EXPORTED, CASES_SEARCHED
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.pages import Page, page_of_rows
from service.core.transaction import transactional
from service.files import workbook
from service.identity import exports, id_number, people, phone, roster
from service.identity.models import Person
from service.legal_aid import access, escalations, spoken
from service.legal_aid.clocks import RED_DAYS
from service.legal_aid.cover_models import absent_for
from service.legal_aid.enums import CaseState, Turn
from service.legal_aid.escalations import Escalated
from service.legal_aid.lifecycle import ENDED, IN_HAND
from service.legal_aid.models import AidCase
from service.organisations import holidays
from service.organisations.models import UnionNode

SOON_DAYS = 3
MOST_EXPORTED = 5000
HEADER = ("编号", "工会", "状态", "轮到谁", "从何时起", "收到日期", "应办日期", "剩余天数", "承办人", "来源")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases. `pressing`: `overdue`, `soon` (three days or fewer) or `red` (the worker's own claim).

    Who asks for her own by `handler_id` gets those she covers too.
    """

    state: CaseState | None = None
    turn: Turn | None = None
    number: str | None = None
    handler_id: int | None = None
    received_from: date | None = None
    received_to: date | None = None
    pressing: str | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """Whose cases: a worker's by ID number or phone, those against an employer by its whole name."""

    id_number: str | None = None
    phone: str | None = None
    employer: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A case in a list. `is_cover`: who asks covers for its absent handler."""

    case: AidCase
    node_name: str
    handler_name: str | None
    is_cover: bool
    days_left: int | None
    limitation_days_left: int | None
    may_open: bool
    escalated: Escalated | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The office at a glance: how many are overdue, due soon, how many wait for whom; years without a notice."""

    overdue: int
    soon: int
    limitation_red: int
    by_turn: dict[str, int]
    missing_years: Sequence[int]


def listed(actor: Actor, wanted: Wanted, *, page: int, per_page: int) -> Page[Line]:
    """Lines in sight, what is due first in front."""
    query = _narrowed(actor, _in_sight(actor), wanted)
    order = (AidCase.due_on.is_(None), AidCase.due_on, AidCase.received_at)
    found = page_of_rows(query.order_by(*order), page=page, per_page=per_page)
    return Page(_lines(actor, found.items), page, per_page, found.total)


def search(actor: Actor, sought: Sought, *, page: int, per_page: int) -> Page[Line]:
    """Cases found by blind index. That somebody was looked for is written down.

    Raises IdNumberWrong, PhoneWrong.
    """
    conditions = []
    if sought.id_number:
        number = id_number.checked(sought.id_number, clock.today())
        conditions.append(Person.id_number_index == people.id_number_index(number))
    if sought.phone:
        conditions.append(Person.phone_index == roster.phone_index(phone.checked(sought.phone)))
    if sought.employer:
        conditions.append(AidCase.employer_index == access.employer_index(sought.employer))
    query = _in_sight(actor).outerjoin(Person, Person.id == AidCase.person_id).where(or_(false(), *conditions))
    found = page_of_rows(query.order_by(AidCase.received_at.desc()), page=page, per_page=per_page)
    about = {row.AidCase.person_id for row in found.items if row.AidCase.person_id is not None}
    transactional(entries.record)(
        actor, CASES_SEARCHED, "aid_cases", "search", about=about, found=found.total, fields=["case_line"]
    )
    return Page(_lines(actor, found.items), page, per_page, found.total)


def export(actor: Actor, wanted: Wanted) -> bytes:
    """The list as .xlsx, without a word of a case; that it was taken is written down."""
    query = _narrowed(actor, _in_sight(actor), wanted).order_by(AidCase.received_at).limit(MOST_EXPORTED)
    lines = _lines(actor, db.session.execute(query).all())
    about = {each.case.person_id for each in lines if each.case.person_id is not None}
    exports.taken(actor, CASES_EXPORTED, "aid_cases", "list", rows=len(lines), about=about, fields=["case_line"])
    return workbook.written(HEADER, [_row(each) for each in lines], sheet="案件", mark=exports.mark(actor))


def at_a_glance(actor: Actor) -> Desk:
    """How the actor's office stands."""
    today = clock.today()
    sight = _in_sight(actor).where(AidCase.state.not_in(ENDED))
    counted = sight.with_only_columns(AidCase.turn, func.count()).group_by(AidCase.turn)
    by_turn = {turn.value: count for turn, count in db.session.execute(counted)}
    return Desk(
        overdue=_count(_narrowed(actor, sight, Wanted(pressing="overdue"))),
        soon=_count(_narrowed(actor, sight, Wanted(pressing="soon"))),
        limitation_red=_count(_narrowed(actor, sight, Wanted(pressing="red"))),
        by_turn=by_turn,
        missing_years=holidays.holidays(today).missing_years,
    )


def _in_sight(actor: Actor) -> Select[AidCase, UnionNode]:
    query = select(AidCase, UnionNode).join(UnionNode, UnionNode.id == AidCase.node_id)
    return query.where(access.listable(actor))


def _narrowed(actor: Actor, query: Select[AidCase, UnionNode], wanted: Wanted) -> Select[AidCase, UnionNode]:
    today = clock.today()
    conditions = {
        "overdue": AidCase.due_on < today,
        "soon": AidCase.due_on.between(today, today + timedelta(days=SOON_DAYS)),
        "red": AidCase.limitation_on.between(today, today + timedelta(days=RED_DAYS)),
    }
    if wanted.pressing is not None:
        query = query.where(conditions[wanted.pressing], AidCase.state.not_in(ENDED))
    if wanted.is_open:
        query = query.where(AidCase.state.not_in(ENDED))
    for column, value in (
        (AidCase.state, wanted.state), (AidCase.turn, wanted.turn), (AidCase.number, wanted.number),
    ):  # fmt: skip
        if value is not None:
            query = query.where(column == value)
    if wanted.handler_id is not None:
        own = AidCase.handler_id == wanted.handler_id
        query = query.where(or_(own, access.covered(actor)) if wanted.handler_id == actor.person_id else own)
    if wanted.received_from is not None:
        query = query.where(AidCase.received_at >= clock.day_start(wanted.received_from))
    if wanted.received_to is not None:
        query = query.where(AidCase.received_at < clock.day_start(wanted.received_to + timedelta(days=1)))
    return query


def _lines(actor: Actor, rows: Sequence[object]) -> list[Line]:
    found = [(row[0], row[1]) for row in rows]  # type: ignore[index]
    names = people.by_ids({case.handler_id for case, _ in found if case.handler_id is not None})
    today = clock.today()
    told_up = escalations.of_cases(case for case, _ in found)
    absent = set(db.session.scalars(absent_for(actor.person_id, today)))
    opened = access.opened_of(actor, found)
    return [
        Line(
            case=case,
            is_cover=case.handler_id in absent and case.state in IN_HAND,
            node_name=node.name,
            handler_name=names[case.handler_id].name if case.handler_id in names else None,
            days_left=(case.due_on - today).days if case.due_on else None,
            escalated=told_up.get(case.id),
            limitation_days_left=(case.limitation_on - today).days if case.limitation_on else None,
            may_open=case.id in opened,
        )
        for case, node in found
    ]


def _row(line: Line) -> list[str | int]:
    case = line.case
    received = clock.local(case.received_at).date().isoformat() if case.received_at else ""
    return [
        case.number or "", line.node_name, spoken.STATES[case.state], spoken.OFFICE_TURNS[case.turn],
        clock.local(case.turn_since).date().isoformat(), received, case.due_on.isoformat() if case.due_on else "",
        line.days_left if line.days_left is not None else "", line.handler_name or "", spoken.SOURCES[case.source],
    ]  # fmt: skip


def _count(query: Select[AidCase, UnionNode]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.with_only_columns(AidCase.id).subquery())) or 0
