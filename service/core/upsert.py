"""`INSERT ... ON CONFLICT DO NOTHING`, which both engines have and SQLAlchemy spells once for each."""

from typing import cast

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

from service.core.db import db


def insert_new(model: type[DeclarativeBase], *unique: str) -> Insert:
    """An INSERT for rows of the model that leaves out those whose `unique` columns stand in the table already."""
    table = cast(Table, model.__table__)
    if db.session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=unique)
    return postgresql.insert(table).on_conflict_do_nothing(index_elements=unique)
