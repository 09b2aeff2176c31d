"""Lists in pages."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from service.core.db import db

T = TypeVar("T")
MOST_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, as it goes over the wire: `items`, `page` from 1, `per_page` <= 100, `total`."""

    items: list[T]
    page: int
    per_page: int
    total: int


def page_of(query: Select[T], *, page: int, per_page: int) -> Page[T]:
    """The asked page of single-entity rows. The query brings its own order."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = db.session.scalars(_slice(query, page, per_page)).unique().all()
    return Page(list(rows), page, per_page, total)


def page_of_rows(query: Select[*tuple[Any, ...]], *, page: int, per_page: int) -> Page[Any]:
    """The asked page of rows with several columns."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return Page(list(db.session.execute(_slice(query, page, per_page)).all()), page, per_page, total)


def _slice(query: Select[*tuple[Any, ...]], page: int, per_page: int) -> Select[*tuple[Any, ...]]:
    return query.limit(per_page).offset((page - 1) * per_page)
