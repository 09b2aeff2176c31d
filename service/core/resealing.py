"""Sealing values anew, a piece of a column at a time: with the key and cipher in force, or with a new blind index.

A piece is one short transaction. A value changed in between is left alone: whoever changed it sealed it by the key in
force, and a row is only written where it still holds what was read. So reading and writing go on meanwhile.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Column, LargeBinary, Select, Uuid, bindparam, func, select, text, tuple_, update

from service.core import crypto
from service.core.crypto import Seal, SealBroken
from service.core.db import db
from service.core.sealed import SealedColumn
from service.core.transaction import transactional

PIECE = 500
Place = list[Any]
"""A row's primary key as JSON can hold it: how far the work has come."""
log = structlog.get_logger("resealing")


@transactional
def reseal_some(sealed: SealedColumn, after: Place | None, limit: int = PIECE) -> Place | None:
    """Seal up to `limit` values behind `after` by the key in force; the place of the last, None when none was left.

    What does not open is left as it is and told in the log.
    """
    by = crypto.current_seal().header
    head = func.substr(sealed.column, 1, len(by), type_=LargeBinary())
    rows = db.session.execute(_behind(sealed, after).where(head != by).limit(limit)).all()
    changes = []
    for *key, row, value in rows:
        try:
            clear = crypto.unseal_bytes(value, field=sealed.field, row=row)
        except SealBroken:
            log.warning("not_resealed", column=sealed.name, row=row.hex)
            continue
        new = crypto.seal_bytes(clear, field=sealed.field, row=row)
        changes.append(_named(key) | {"was": value, "becomes": new})
    if changes:
        statement = update(sealed.table).where(*_same_row(sealed), sealed.column == bindparam("was"))
        db.session.connection().execute(statement.values({sealed.column: bindparam("becomes")}), changes)
    return _place(rows)


@transactional
def reindex_some(sealed: SealedColumn, after: Place | None, limit: int = PIECE) -> Place | None:
    """Make the blind indexes of up to `limit` rows behind `after` anew; as `reseal_some`. Raises SealBroken."""
    if sealed.index is None:
        return None
    rows = db.session.execute(_behind(sealed, after).limit(limit)).all()
    changes = []
    for *key, row, value in rows:
        clear = crypto.unseal(value, field=sealed.field, row=row)
        changes.append(_named(key) | {"becomes": crypto.blind_index(clear, field=sealed.field)})
    if changes:
        statement = update(sealed.table).where(*_same_row(sealed))
        db.session.connection().execute(statement.values({sealed.index: bindparam("becomes")}), changes)
    return _place(rows)


def seals_in_use(sealed: SealedColumn) -> Counter[Seal]:
    """How many values of the column are sealed by which key and cipher."""
    found: Counter[Seal] = Counter()
    without_hurry()
    start = func.substr(sealed.column, 1, 2, type_=LargeBinary())
    for (first,) in db.session.execute(select(start).where(sealed.column.is_not(None)).distinct()).all():
        head = func.substr(sealed.column, 1, 2 + first[1], type_=LargeBinary())
        counted = select(head, func.count()).where(start == first).group_by(head)
        found.update({crypto.seal_of(header): number for header, number in db.session.execute(counted)})
    return found


def open_one(sealed: SealedColumn) -> None:
    """Open one value of the column, if there is any. Raises SealBroken."""
    query = select(sealed.row, sealed.column).where(sealed.column.is_not(None)).limit(1)
    for row, value in db.session.execute(query):
        crypto.unseal_bytes(value, field=sealed.field, row=row)


def index_is_right(sealed: SealedColumn) -> bool:
    """Whether blind indexes were made with the key and hash in force, judged by one row; True where there is none."""
    if sealed.index is None:
        return True
    query = select(sealed.row, sealed.column, sealed.index).where(sealed.column.is_not(None)).limit(1)
    for row, value, index in db.session.execute(query):
        clear = crypto.unseal(value, field=sealed.field, row=row)
        return bool(crypto.blind_index(clear, field=sealed.field) == index)
    return True


def without_hurry() -> None:
    """Let this transaction's statements take as long as a whole table takes; a request's may not."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL statement_timeout = 0"))


def _key(sealed: SealedColumn) -> list[Column[Any]]:
    return list(sealed.table.primary_key.columns)


def _behind(sealed: SealedColumn, after: Place | None) -> Select[*tuple[Any, ...]]:
    key = _key(sealed)
    query = select(*key, sealed.row.label("bound_to"), sealed.column).where(sealed.column.is_not(None)).order_by(*key)
    if after is None:
        return query
    values = [UUID(value) if isinstance(column.type, Uuid) else value for column, value in zip(key, after, strict=True)]
    return query.where(key[0] > values[0] if len(key) == 1 else tuple_(*key) > tuple_(*_typed(key, values)))


def _typed(key: list[Column[Any]], values: list[Any]) -> Iterator[Any]:
    for column, value in zip(key, values, strict=True):
        yield bindparam(None, value, type_=column.type)


def _place(rows: Any) -> Place | None:
    if not rows:
        return None
    *key, _row, _value = rows[-1]
    return [value.hex if isinstance(value, UUID) else value for value in key]


def _named(key: list[Any]) -> dict[str, Any]:
    return {f"key_{number}": value for number, value in enumerate(key)}


def _same_row(sealed: SealedColumn) -> list[Any]:
    return [column == bindparam(f"key_{number}") for number, column in enumerate(_key(sealed))]
