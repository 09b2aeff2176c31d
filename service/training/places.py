"""Places in a class: what workers and staff ask of the booking desk, by class."""

from uuid import UUID

from sqlalchemy import select

from service.audit import entries
from service.booking import bookings, places
from service.booking.errors import (
    AlreadyBooked,
    BookingUnknown,
    Clash,
    Full,
    LimitReached,
    NotEligible,
    NotOpen,
    OfferingUnknown,
    Paused,
    ReasonMissing,
)
from service.booking.models import Booking
from service.core.access import Actor, Role
from service.core.db import db
from service.core.errors import ServiceError
from service.core.transaction import transactional
from service.identity.models import Person
from service.organisations.models import UnionNode
from service.training import scopes
from service.training.errors import WorkerOutOfScope
from service.training.models import TrainingClass
from service.unions.models import Membership, MembershipState

MOST_KEPT = 10_000
TO_STAFF: dict[type[ServiceError], tuple[str, str]] = {
    NotOpen: ("这个班还没开始报名", "请在开始报名后再代办"),
    Paused: ("这个班已暂停报名", "恢复报名后再代办"),
    Full: ("这个班名额和候补都满了", "可以增加名额，或为该职工另选班次"),
    AlreadyBooked: ("该职工已经报过这个班", "请在名单里查看"),
    Clash: ("上课时间和该职工已报的班冲突", "请先和职工商量取消冲突的班"),
    LimitReached: ("该职工同时报的班已到上限", "等该职工上完或取消一个班后再代办"),
    NotEligible: ("该职工不符合这个班的报名条件", "请看各项原因；登记有误的，先更正再代办"),
}
"""Refusals as staff hear them who book on somebody's behalf: message and next step."""
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
    try:
        return bookings.book(
            actor=actor, offering_id=offering_id, key=key, body_hash=body_hash, person_id=worker_id, reason=reason
        )
    except ServiceError as refusal:
        raise _to_staff(refusal) from refusal


def _to_staff(refusal: ServiceError) -> ServiceError:
    """The same refusal in words for who asked on the worker's behalf."""
    if type(refusal) not in TO_STAFF:
        return refusal
    message, next_step = TO_STAFF[type(refusal)]
    if refusal.message != type(refusal).message:
        message = _of_the_worker(refusal.message)
    details = dict(refusal.details)
    if "reasons" in details:
        reasons = details["reasons"]
        details["reasons"] = [{key: _of_the_worker(said) for key, said in each.items()} for each in reasons]
    return type(refusal)(message, details=details, next_step=next_step)


def _of_the_worker(said: str) -> str:
    return said.replace("您", "该职工")


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
