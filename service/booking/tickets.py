"""What printed codes say: a short text without meaning, and the thing behind it."""

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from service.booking.enums import OfferingKind
from service.booking.ticket_models import Ticket
from service.core import clock
from service.core.db import db
from service.core.errors import NotFound
from service.core.transaction import transactional

SCENE_BYTES = 8
SCENE = re.compile(r"[0-9a-f]{16}")
PLACES: dict[OfferingKind, str] = {OfferingKind.TRAINING_CLASS: "/classes/{id}"}
"""Where in the clients a thing is shown."""


class TicketUnknown(NotFound):
    """No code of ours says this."""

    code = "booking.unknown_ticket"
    message = "这个码已失效或不是本平台的码"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a scanned code leads."""

    kind: OfferingKind
    subject_id: int
    link: str


@transactional
def of(kind: OfferingKind, subject_id: int) -> Ticket:
    """The thing's ticket, made at the first call: what is printed once stays good."""
    found = _find(kind, subject_id)
    if found is not None:
        return found
    made = Ticket(scene=secrets.token_hex(SCENE_BYTES), kind=kind, subject_id=subject_id, created_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        # Another process made it in between.
        found = _find(kind, subject_id)
        if found is None:
            raise
        return found
    return made


def target(scene: str) -> Target:
    """Where the code with this scene leads. Raises TicketUnknown."""
    row = db.session.get(Ticket, scene) if SCENE.fullmatch(scene) else None
    if row is None:
        raise TicketUnknown
    return Target(row.kind, row.subject_id, PLACES[row.kind].format(id=row.subject_id))


def _find(kind: OfferingKind, subject_id: int) -> Ticket | None:
    return db.session.scalar(select(Ticket).where(Ticket.kind == kind, Ticket.subject_id == subject_id))
