"""What somebody with the database in hands could do: past the triggers, by plain SQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from service.audit.models import ENTRY_EXPIRED, SEAL_EXPIRED
from service.core import append_only
from service.core.db import db

UNLESS = {"audit_entries": ENTRY_EXPIRED, "audit_seals": SEAL_EXPIRED}


@contextmanager
def unprotected(*tables: str) -> Iterator[None]:
    """Without the triggers of these append-only tables."""
    dialect = db.session.get_bind().dialect.name
    for table in tables:
        for statement in append_only.release(dialect, table, UNLESS.get(table, "")):
            db.session.execute(text(statement))
    yield
    for table in tables:
        for statement in append_only.statements(dialect, table, UNLESS.get(table, "")):
            db.session.execute(text(statement))
    db.session.commit()


def run(statement: str, **values: object) -> None:
    """Plain SQL, with the triggers of the audit trail out of the way."""
    with unprotected("audit_entries", "audit_seals", "audit_checkpoints"):
        db.session.execute(text(statement), values)
