"""The steps of a tip: what the tipper did names nobody, what the committee did names who."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.legal_aid.supervision.enums import TipStep
from service.legal_aid.supervision.errors import TipUnknown
from service.legal_aid.supervision.models import LabourTip, LabourTipEntry

WORDS = "labour_tip_entries.words"


def add(tip: LabourTip, step: TipStep, words: str = "", actor: Actor | None = None) -> None:
    """Put a step on the timeline, in the caller's transaction. Without an actor it is the tipper's own."""
    made = LabourTipEntry(
        id=new_id(), tip_id=tip.id, person_id=tip.person_id, at=clock.now(), step=step,
        actor_id=actor.person_id if actor else None,
    )  # fmt: skip
    if words:
        made.words_sealed = crypto.seal(words, field=WORDS, row=made.id)
    db.session.add(made)
    db.session.flush()


def of_tip(tip_id: UUID) -> Sequence[LabourTipEntry]:
    """Its steps, oldest first."""
    query = select(LabourTipEntry).where(LabourTipEntry.tip_id == tip_id)
    return db.session.scalars(query.order_by(LabourTipEntry.at, LabourTipEntry.id)).all()


def words_of(row: LabourTipEntry) -> str:
    """What was written at the step. Raises SealBroken."""
    return crypto.unseal(row.words_sealed, field=WORDS, row=row.id) if row.words_sealed else ""


def locked(tip_id: UUID) -> LabourTip:
    """The tip locked until the end of the transaction, as it stands now. Raises TipUnknown."""
    query = select(LabourTip).where(LabourTip.id == tip_id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise TipUnknown
    return found
