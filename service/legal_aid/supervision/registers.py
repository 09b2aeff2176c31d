"""Numbers of tips and letters, gapless in a committee's year (docs/rules.md `supervision.register`)."""

from sqlalchemy import update

from service.core import clock
from service.core.db import db
from service.core.upsert import insert_new
from service.legal_aid.supervision.enums import LetterKind, Numbered
from service.legal_aid.supervision.models import LabourRegister
from service.legal_aid.supervision.spoken import LETTERS
from service.organisations.models import UnionNode


def tip_number(node: UnionNode) -> str:
    """`XS530802-2026-0001`."""
    year, sequence = _next(node, Numbered.TIP)
    return f"XS{node.code[-12:]}-{year}-{sequence:04d}"


def letter_number(node: UnionNode, kind: LetterKind) -> str:
    """`530802工会劳监提示函〔2026〕1号`."""
    year, sequence = _next(node, Numbered(kind.value))
    return f"{node.code[-12:]}工会劳监{LETTERS[kind]}〔{year}〕{sequence}号"


def _next(node: UnionNode, kind: Numbered) -> tuple[int, int]:
    year = clock.today().year
    row = {"node_id": node.id, "year": year, "kind": kind, "last": 0}
    db.session.execute(insert_new(LabourRegister, "node_id", "year", "kind"), [row])
    of_kind = (LabourRegister.node_id == node.id, LabourRegister.year == year, LabourRegister.kind == kind)
    taken = (
        update(LabourRegister)
        .where(*of_kind)
        .values(last=LabourRegister.last + 1)
        .returning(LabourRegister.last)
        .execution_options(synchronize_session=False)
    )
    return year, db.session.scalars(taken).one()
