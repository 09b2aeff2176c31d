"""Which columns hold sealed values. Each says so itself, beside its type, and this reads it from the tables:

    phone_sealed = mapped_column(LargeBinary, info=sealed("people.phone", index="phone_index"))

Key rotation, re-indexing and the tests go by this list; a `*_sealed` column that does not say what it is fails a test.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from service.core.db import Base

INFO = "sealed"


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A sealed column: the field's name and the row's id it is bound to, and its blind index where there is one."""

    table: Table
    column: Column[Any]
    row: Column[Any]
    field: str
    index: Column[Any] | None

    @property
    def name(self) -> str:
        """`people.phone_sealed`"""
        return f"{self.table.name}.{self.column.name}"


def sealed(field: str, *, row: str = "uid", index: str | None = None) -> dict[str, Any]:
    """What a sealed column says of itself: bound to `field` and to the UUID in the table's column `row`."""
    return {INFO: (field, row, index)}


def columns() -> list[SealedColumn]:
    """Every sealed column, tables and columns in the order of their names."""
    found = []
    for table in sorted(Base.metadata.tables.values(), key=lambda each: each.name):
        for column in sorted(table.columns, key=lambda each: each.name):
            if INFO in column.info:
                field, row, index = column.info[INFO]
                found.append(SealedColumn(table, column, table.c[row], field, table.c[index] if index else None))
    return found


def by_name(name: str) -> SealedColumn:
    """The column called so. Raises KeyError."""
    return {each.name: each for each in columns()}[name]
