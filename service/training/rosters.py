"""What staff see of classes: the list with its counts, one class, who has booked it, and the desk on a rush day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select

from service.audit import reads
from service.booking.enums import BookingState, EventKind
from service.booking.models import Booking, BookingEvent, Offering
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.lifecycle import WrongState
from service.core.pages import Page, page_of, page_of_rows
from service.identity.masking import mask_phone
from service.identity.models import Person
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.training import audience, listing, plans, rules, scopes, states, trainers
from service.training.enums import ClassState
from service.training.listing import Filters
from service.training.models import Course, TrainingClass
from service.training.publishing import offering_id
from service.training.trainers import Teacher

LAST_EVENTS = 20


@dataclass(frozen=True, slots=True)
class Counts:
    """How many hold what in a class."""

    booked: int = 0
    offered: int = 0
    waitlisted: int = 0


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A class in the staff's list."""

    training_class: TrainingClass
    state: ClassState
    node_name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class StaffDetail:
    """A class as staff see it. `warnings` are told, not enforced."""

    training_class: TrainingClass
    state: ClassState
    is_paused: bool
    counts: Counts
    trainers: list[Teacher]
    warnings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def audience_said(self) -> list[dict[str, Any]]:
        """Each condition in order: what it says, and the name of the union or course it asks for."""
        rules = self.training_class.audience
        return [{"said": audience.said(rule), "name": rule.get("name") or rule.get("title")} for rule in rules]


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One booking of a class with the person's name and masked phone."""

    booking: Booking
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class RushDay:
    """The desk at one class now. `last_minute` counts journal entries by kind, `per_second` accepted requests.

    `since_opening` counts the class's own journal entries by kind, all of them. `answers_all_classes` counts what the
    web server answered to requests for a place, by status and for all classes together: refusals are not journalled.
    """

    class_id: int
    state: ClassState
    is_paused: bool
    capacity: int
    taken: int
    counts: Counts
    waiting_capacity: int
    sequence: int
    last_minute: Mapping[str, int]
    since_opening: Mapping[str, int]
    per_second: float
    last_events: Sequence[BookingEvent]
    answers_all_classes: Mapping[str, int]
    server_time: datetime


def classes(actor: Actor, filters: Filters, *, node_id: int | None, page: int, per_page: int) -> Page[StaffLine]:
    """The classes of the scope, drafts too; of one node and below where named. Raises NodeUnknown."""
    now = clock.now()
    query = (
        select(TrainingClass)
        .join(UnionNode, UnionNode.id == TrainingClass.node_id)
        .join(Course, Course.id == TrainingClass.course_id)
        .outerjoin(Offering, Offering.id == TrainingClass.offering_id)
        .where(or_(scopes.in_scope(actor), scopes.taught_by(actor)))
    )
    if node_id is not None:
        query = query.where(nodes.subtree_filter(nodes.node_in_scope(actor, node_id, scopes.STAFF).path))
    if filters.county is not None:
        query = query.where(TrainingClass.county_code == filters.county)
    if filters.states:
        query = query.where(states.effective_column(now).in_(filters.states))
    found = page_of(listing.narrowed(query, filters, now), page=page, per_page=per_page)
    names = {node.id: node.name for node in nodes.by_ids(each.node_id for each in found.items).values()}
    counted = _counts([each.offering_id for each in found.items if each.offering_id is not None])
    items = [
        StaffLine(each, states.effective(each, now), names[each.node_id], counted.get(each.offering_id or 0, Counts()))
        for each in found.items
    ]
    return Page(items, page, per_page, found.total)


def one(actor: Actor, class_id: int) -> StaffDetail:
    """One class, for training staff in scope and who teaches it. Raises ClassUnknown."""
    return detail(scopes.class_to_read(actor, class_id))


def detail(found: TrainingClass) -> StaffDetail:
    """The class just loaded or written, as staff see it."""
    counted = _counts([found.offering_id]) if found.offering_id is not None else {}
    return StaffDetail(
        found,
        states.effective(found, clock.now()),
        listing.is_paused(found.offering.state) if found.offering else False,
        counted.get(found.offering_id or 0, Counts()),
        trainers.of_class(found.id),
        _warnings(found),
    )


def roster(
    actor: Actor, class_id: int, wanted: Sequence[BookingState] | None, *, page: int, per_page: int
) -> Page[RosterLine]:
    """Who has booked, in the order of their requests; in these states where named. Raises ClassUnknown, WrongState."""
    found = scopes.class_to_read(actor, class_id)
    query = (select(Booking, Person).join(Person, Person.id == Booking.person_id).order_by(Booking.sequence)).where(
        Booking.offering_id == offering_id(found)
    )
    if wanted:
        query = query.where(Booking.state.in_(wanted))
    rows = page_of_rows(query, page=page, per_page=per_page)
    items = [RosterLine(booking, person.name, mask_phone(person.phone)) for booking, person in rows.items]
    shown = [person.id for _, person in rows.items]
    reads.tell(actor, "class_roster", class_id, people=shown, fields=("name", "phone_masked"))
    return Page(items, page, per_page, rows.total)


def rush_day(actor: Actor, class_id: int, answers: Mapping[str, int]) -> RushDay:
    """The desk at this class now, from its journal, with what the web server has counted.

    Raises ClassUnknown, WrongState for a draft.
    """
    found = scopes.class_in_scope(actor, class_id)
    if found.offering is None:
        raise WrongState(details={"state": found.state.value})
    now, its_offering = clock.now(), found.offering.id
    counts = _counts([its_offering]).get(its_offering, Counts())
    recent = _since(its_offering, now - timedelta(minutes=1))
    ten_seconds = _since(its_offering, now - timedelta(seconds=10))
    accepted = sum(ten_seconds.get(kind.value, 0) for kind in (EventKind.BOOKED, EventKind.WAITLISTED))
    events = select(BookingEvent).where(BookingEvent.offering_id == its_offering)
    return RushDay(
        class_id=found.id,
        state=states.effective(found, now),
        is_paused=listing.is_paused(found.offering.state),
        capacity=found.offering.capacity,
        taken=found.offering.taken,
        counts=counts,
        waiting_capacity=found.offering.waiting_capacity,
        sequence=found.offering.sequence,
        last_minute=recent,
        since_opening=_since(its_offering, None),
        per_second=accepted / 10,
        last_events=db.session.scalars(events.order_by(BookingEvent.sequence.desc()).limit(LAST_EVENTS)).all(),
        answers_all_classes=answers,
        server_time=now,
    )


def _since(its_offering: int, since: datetime | None) -> dict[str, int]:
    query = select(BookingEvent.kind, func.count()).where(BookingEvent.offering_id == its_offering)
    if since is not None:
        query = query.where(BookingEvent.at >= since)
    return {kind.value: count for kind, count in db.session.execute(query.group_by(BookingEvent.kind))}


def _counts(offering_ids: Sequence[int]) -> dict[int, Counts]:
    def of(state: BookingState) -> Any:
        return func.sum(case((Booking.state == state, 1), else_=0))

    rows = db.session.execute(
        select(Booking.offering_id, of(BookingState.BOOKED), of(BookingState.OFFERED), of(BookingState.WAITLISTED))
        .where(Booking.offering_id.in_(offering_ids))
        .group_by(Booking.offering_id)
    )
    return {each: Counts(booked, offered, waiting) for each, booked, offered, waiting in rows}


def _warnings(found: TrainingClass) -> list[dict[str, Any]]:
    lessons = [plans.lesson_plan(lesson) for lesson in found.lessons]
    warnings = []
    if rules.hours_differ(lessons, found.course.hours):
        planned = sum(lesson.hours for lesson in lessons)
        detail = f"课次合计{planned}课时，课程要求{found.course.hours}课时"
        warnings.append({"code": "training.hours_differ", "detail": detail})
    busy = trainers.clashes(found)
    if busy:
        warnings.append({"code": "training.trainer_busy", "detail": f"{'、'.join(busy)}同一时间还有别的课"})
    return warnings
