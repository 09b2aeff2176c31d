"""Places in a class: what workers and staff ask of the booking desk, by class."""

from uuid import UUID

from sqlalchemy import select

from service.audit import entries
from service.booking import bookings, places
from service.booking.errors import BookingUnknown, OfferingUnknown, ReasonMissing
from service.booking.models import Booking
from service.core.access import Actor, Role
from service.core.db import db
from service.core.transaction import transactional
from service.identity.models import Person
from service.organisations.models import UnionNode
from service.training import scopes
from service.training.errors import WorkerOutOfScope
from service.training.models import TrainingClass
from service.unions.models import Membership, MembershipState

MOST_KEPT = 10_000
_offerings: dict[int, int] = {}


def offering_of(class_id: int) -> int:
    """The offering of a published class; it never changes, so it is read once. Raises OfferingUnknown."""
    known = _offerings.get(class_id)
    if known is None:
        known = db.session.scalar(select(TrainingClass.offering_id).where(TrainingClass.id == class_id))
        if known is None:
            raise OfferingUnknown
        if len(_offerings) > MOST_KEPT:
            _offerings.clear()
        _offerings[class_id] = known
    return known


def forget_offerings() -> None:
    """Forget which offering belongs to which class: for a database that was replaced under the process."""
    _offerings.clear()


def book(*, actor: Actor, class_id: int, key: str | None, body_hash: str) -> bytes:
    """A place in the class for the actor: the receipt's JSON. Raises what `bookings.book` raises."""
    return bookings.book(actor=actor, offering_id=offering_of(class_id), key=key, body_hash=body_hash)


def book_for(*, actor: Actor, class_id: int, worker_id: int, reason: str, key: str | None, body_hash: str) -> bytes:
    """A place for a worker without a phone, asked for by staff under the same rules; the reason is kept.

    Raises ClassUnknown, WorkerOutOfScope, ReasonMissing and what `bookings.book` raises.
    """
    offering_id = _offering_in_scope(actor, class_id)
    if not reason.strip():
        raise ReasonMissing
    if not _reaches_worker(actor, worker_id):
        raise WorkerOutOfScope
    return bookings.book(
        actor=actor, offering_id=offering_id, key=key, body_hash=body_hash, person_id=worker_id, reason=reason
    )


@transactional
def remove(*, actor: Actor, class_id: int, booking_id: UUID, reason: str) -> Booking:
    """Take somebody's booking away; the place goes to the next. Raises ClassUnknown, BookingUnknown, ReasonMissing."""
    offering_id = _offering_in_scope(actor, class_id)
    if not reason.strip():
        raise ReasonMissing
    removed = places.remove(actor=actor, offering_id=offering_id, booking_id=booking_id, reason=reason)
    entries.record(actor, "booking.removed", "booking", booking_id, class_id=class_id)
    return removed


def _offering_in_scope(actor: Actor, class_id: int) -> int:
    offering_id = scopes.class_in_scope(actor, class_id).offering_id
    if offering_id is None:
        raise BookingUnknown("班次还没有发布")
    return offering_id


def _reaches_worker(actor: Actor, worker_id: int) -> bool:
    path = db.session.scalar(
        select(UnionNode.path)
        .join(Membership, Membership.node_id == UnionNode.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.id == worker_id, Membership.state == MembershipState.ACTIVE)
    )
    return path is not None and actor.reaches(path, Role.TRAINING_STAFF)
