"""Reading everything that is held about a person, table by table, in words a person can read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, func, or_, select

from service.core import clock, crypto, sealed
from service.core.db import Base, db
from service.core.sealed import SealedColumn
from service.overview.holdings import DEEDS, HOLDINGS, Holding, Shown


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one table holds: Chinese headings, and a row of plain values an entry."""

    holding: Holding
    headings: list[str]
    rows: list[list[Any]]
    count: int


def everything(person_id: int) -> Iterator[Chapter]:
    """All that is held about the person, one table after the other. Raises SealBroken."""
    seals = {each.name: each for each in sealed.columns()}
    for holding in HOLDINGS:
        yield _chapter(holding, person_id, seals)


def counts(person_id: int) -> dict[str, int]:
    """How many rows each table holds about the person."""
    found = {}
    for holding in HOLDINGS:
        table = Base.metadata.tables[holding.table]
        found[holding.table] = _count(table, _about(table, holding, person_id))
    return found


def deeds(person_id: int) -> int:
    """How many records of others the person has had a hand in, as staff or trainer."""
    total = 0
    for name, column in sorted(DEEDS):
        table = Base.metadata.tables[name]
        total += _count(table, table.c[column] == person_id)
    return total


def _chapter(holding: Holding, person_id: int, seals: dict[str, SealedColumn]) -> Chapter:
    table = Base.metadata.tables[holding.table]
    about = _about(table, holding, person_id)
    if not holding.shown:
        return Chapter(holding, [], [], _count(table, about))
    picked, source = [], table
    joined: Any = source
    for name, shown in holding.shown.items():
        if shown.leads_to is None:
            picked.append(table.c[name].label(name))
        else:
            target = Base.metadata.tables[shown.leads_to[0]].alias()
            joined = joined.outerjoin(target, target.c.id == table.c[name])
            picked.append(target.c[shown.leads_to[1]].label(name))
    needed = [seals[f"{table.name}.{name}"] for name in holding.shown if f"{table.name}.{name}" in seals]
    bound = [each.row.label(f"row_of_{each.column.name}") for each in needed]
    query = select(*picked, *bound).select_from(joined).where(about).order_by(*table.primary_key.columns)
    rows = [_row(holding, each, needed) for each in db.session.execute(query).mappings()]
    return Chapter(holding, [shown.label for shown in holding.shown.values()], rows, len(rows))


def _row(holding: Holding, found: Any, needed: list[SealedColumn]) -> list[Any]:
    clear = {
        each.column.name: crypto.unseal(
            found[each.column.name], field=each.field, row=found[f"row_of_{each.column.name}"]
        )
        for each in needed
        if found[each.column.name] is not None
    }
    return [_plain(shown, clear.get(name, found[name])) for name, shown in holding.shown.items()]


def _plain(shown: Shown, value: Any) -> Any:
    """A value as JSON and a reader take it."""
    if isinstance(value, Enum):
        value = value.value
    if shown.said and value is not None:
        return shown.said.get(str(value), str(value))
    if isinstance(value, datetime):
        return clock.local(value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | UUID):
        return str(value)
    return value


def _about(table: Table, holding: Holding, person_id: int) -> ColumnElement[bool]:
    columns: list[Column[Any]] = [table.c[name] for name in holding.whose]
    return or_(*(column == person_id for column in columns))


def _count(table: Table, about: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(about)) or 0
