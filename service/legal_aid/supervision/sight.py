"""Which tips a supervisor sees: those of her scope, but for her own and those about her own employer
(docs/rules.md `supervision.committee`, `legal_aid.conflict`)."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from service.audit import entries, reads
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.legal_aid.access import employment
from service.legal_aid.errors import Stale
from service.legal_aid.supervision import timeline
from service.legal_aid.supervision.committees import SUPERVISOR
from service.legal_aid.supervision.errors import TipUnknown
from service.legal_aid.supervision.models import LabourTip
from service.organisations import nodes
from service.organisations.models import UnionNode

SUBJECT = "labour_tip"


def sought(actor: Actor) -> Select[LabourTip, UnionNode]:
    """Tips in sight, with their unions."""
    query = select(LabourTip, UnionNode).join(UnionNode, UnionNode.id == LabourTip.node_id)
    return query.where(_in_sight(actor))


def to_read(actor: Actor, tip_id: UUID) -> LabourTip:
    """The tip, for a supervisor. Raises TipUnknown."""
    row = db.session.execute(sought(actor).where(LabourTip.id == tip_id)).first()
    if row is None:
        raise TipUnknown
    found: LabourTip = row[0]
    return found


def to_change(actor: Actor, tip_id: UUID, version: int | None = None) -> LabourTip:
    """The tip locked, as it stands now. Raises TipUnknown, Stale for another version than was read."""
    found = timeline.locked(to_read(actor, tip_id).id)
    if version is not None and version != found.version:
        raise Stale(details={"version": found.version})
    return found


def tell(actor: Actor, tip: LabourTip, field: str) -> None:
    """Write down that a supervisor opened it; who gave it by name sees that."""
    if tip.person_id is not None:
        reads.tell(actor, SUBJECT, tip.id, people=[tip.person_id], fields=[field])
    else:
        transactional(entries.record)(actor, reads.READ, SUBJECT, tip.id, fields=[field])


def _in_sight(actor: Actor) -> ColumnElement[bool]:
    if actor.person_id is None:
        return false()
    apart = [or_(LabourTip.person_id.is_(None), LabourTip.person_id != actor.person_id)]
    place = employment(actor.person_id)
    if place.employer_id is not None:
        apart.append(or_(LabourTip.employer_id.is_(None), LabourTip.employer_id != place.employer_id))
        apart.append(or_(LabourTip.employer_index.is_(None), LabourTip.employer_index.not_in(place.indexes)))
    return and_(nodes.scope_filter(actor.paths(SUPERVISOR)), *apart)
