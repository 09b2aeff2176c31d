"""Case numbers: gapless in a union's register of the year (docs/rules.md `legal_aid.register`)."""

from sqlalchemy import update

from service.core import clock
from service.core.db import db
from service.core.upsert import insert_new
from service.legal_aid.models import AidCase, AidRegister
from service.organisations import nodes


def number(case: AidCase) -> str:
    """Give the case the next number of its union's year, in the caller's transaction: a number that is rolled back is
    given to the next."""
    year = clock.today().year
    db.session.execute(insert_new(AidRegister, "node_id", "year"), [{"node_id": case.node_id, "year": year, "last": 0}])
    taken = (
        update(AidRegister)
        .where(AidRegister.node_id == case.node_id, AidRegister.year == year)
        .values(last=AidRegister.last + 1)
        .returning(AidRegister.last)
        .execution_options(synchronize_session=False)
    )
    sequence = db.session.scalars(taken).one()
    case.register_year, case.register_sequence = year, sequence
    case.number = f"{nodes.node(case.node_id).code[-12:]}-{year}-{sequence:04d}"
    return case.number
