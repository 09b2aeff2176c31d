"""Employers (用人单位): known by unified social credit code where they have one, else by name."""

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select

from service.core.db import db
from service.organisations.models import Employer


def employer(employer_id: int | None) -> Employer | None:
    """The employer, None for no id or an unknown one."""
    return db.session.get(Employer, employer_id) if employer_id is not None else None


def by_ids(ids: Iterable[int]) -> dict[int, Employer]:
    """The employers with these ids."""
    return {row.id: row for row in db.session.scalars(select(Employer).where(Employer.id.in_(set(ids))))}


def known(names: Iterable[str], credit_codes: Iterable[str]) -> list[Employer]:
    """The employers with any of these names or codes."""
    either = or_(Employer.name.in_(set(names)), Employer.credit_code.in_(set(credit_codes)))
    return list(db.session.scalars(select(Employer).where(either).order_by(Employer.id)))


def add(employers: Sequence[Employer]) -> None:
    """Enter employers, in the caller's transaction; each has its id afterwards."""
    db.session.add_all(employers)
    db.session.flush()
