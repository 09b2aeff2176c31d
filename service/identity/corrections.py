"""Wishes to have something corrected that the person cannot change herself (docs/rules.md `privacy.correction`).

Asked for here; staff decide in `service/overview/corrections.py`, where it is known who is a member where.
"""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from service.audit import entries
from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.identity import id_number as id_numbers
from service.identity import people
from service.identity.enums import CorrectionField, CorrectionState
from service.identity.request_errors import CorrectionOpen
from service.identity.request_models import DataCorrection

WANTED, NOTE = "data_corrections.wanted", "data_corrections.note"


@transactional
def request(*, actor: Actor, field: CorrectionField, wanted: str, note: str) -> DataCorrection:
    """Ask for a correction. Raises NotVerified, CorrectionOpen, IdNumberWrong."""
    person = people.verified(actor.worker_id)
    if field == CorrectionField.ID_NUMBER:
        wanted = id_numbers.checked(wanted, clock.today())
    uid = new_id()
    made = DataCorrection(
        uid=uid, person_id=person.id, field=field, requested_at=clock.now(),
        wanted_sealed=crypto.seal(wanted, field=WANTED, row=uid), note_sealed=crypto.seal(note, field=NOTE, row=uid),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise CorrectionOpen from error
    entries.record(actor, "personal_data.correction_requested", "data_correction", made.id, field=field.value)
    return made


def close_of(person_id: int) -> None:
    """End the open wishes of a person who is being erased, in the caller's transaction."""
    db.session.execute(
        update(DataCorrection)
        .where(DataCorrection.person_id == person_id, DataCorrection.state == CorrectionState.OPEN)
        .values(state=CorrectionState.REFUSED, decided_at=clock.now())
    )


def mine(*, actor: Actor) -> list[DataCorrection]:
    """One's own wishes, latest first."""
    query = select(DataCorrection).where(DataCorrection.person_id == actor.worker_id)
    return list(db.session.scalars(query.order_by(DataCorrection.id.desc())))


def wanted(row: DataCorrection) -> str | None:
    """What shall stand there instead; None once erased."""
    return crypto.unseal(row.wanted_sealed, field=WANTED, row=row.uid) if row.wanted_sealed else None


def note(row: DataCorrection) -> str | None:
    """What the person said about it; None once erased."""
    return crypto.unseal(row.note_sealed, field=NOTE, row=row.uid) if row.note_sealed else None
