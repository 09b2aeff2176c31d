"""Cover while somebody of the office is absent (代办): from, until, by whom; ended early.

Within these days the cover opens and works the absent one's cases, but for those with whose employer or worker she has
to do (docs/rules.md `legal_aid.cover`, `legal_aid.conflict`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.errors import Invalid
from service.core.ids import new_id
from service.core.lifecycle import WrongState
from service.core.transaction import transactional
from service.identity import people
from service.identity.errors import PersonUnknown
from service.identity.models import Account, Person, RoleGrant
from service.legal_aid import access, journal, spoken
from service.legal_aid.cover_models import AidCover
from service.legal_aid.enums import StepKind
from service.legal_aid.errors import CoverOverlaps, CoverUnknown, HandlerUnknown
from service.legal_aid.lifecycle import IN_HAND
from service.legal_aid.models import AidCase
from service.messaging import outbox
from service.organisations.models import UnionNode
from service.organisations.settings import here_and_above

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is absent (None: who asks), who covers, from and until which day, both included."""

    absent_id: int | None
    cover_id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class CoverLine:
    """A cover with names. `uncovered`: numbers of cases the cover has to keep away from."""

    cover: AidCover
    absent_name: str
    cover_name: str
    is_in_force: bool
    uncovered: Sequence[str]


@dataclass(frozen=True, slots=True)
class CoverCandidate:
    """Somebody who might cover: cases in hand, and how many of the absent one's she would have to keep away from."""

    person_id: int
    name: str
    node_name: str
    in_hand: int
    barred: int


@dataclass(frozen=True, slots=True)
class Covers:
    """Those one has to do with, and for whom one may enter a cover."""

    items: Sequence[CoverLine]
    may_enter_for: Sequence[Person]


@transactional
def enter(actor: Actor, absence: Absence) -> CoverLine:
    """Enter who covers, as the absent one or as her supervisor.

    Raises HandlerUnknown, Invalid, CoverOverlaps where one of the two is absent or covered for in these days already.
    """
    absent_id = absence.absent_id or actor.worker_id
    _check_days(absence, absent_id)
    if not _may_enter(actor, absent_id):
        raise HandlerUnknown
    lock_people(absent_id, absence.cover_id)
    if absence.cover_id not in {person.id for person, _ in db.session.execute(_colleagues(absent_id))}:
        raise HandlerUnknown
    if db.session.scalar(overlapping(absent_id, absence)) is not None:
        raise CoverOverlaps
    made = AidCover(
        id=new_id(), absent_id=absent_id, cover_id=absence.cover_id, starts_on=absence.starts_on,
        ends_on=absence.ends_on, entered_by=actor.worker_id, entered_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    span = {"from": made.starts_on.isoformat(), "until": made.ends_on.isoformat()}
    days = f"{spoken.day(made.starts_on)}到{spoken.day(made.ends_on)}"
    entries.record(
        actor, "legal_aid.cover_entered", "aid_cover", made.id, absent=absent_id, cover=made.cover_id, days=span
    )
    for case in _cases_of(absent_id):
        if not access.is_barred(made.cover_id, case):
            journal.step(actor, case, StepKind.COVER, **span)
            journal.tell_worker(case, f"{days}承办人不在，由同事代办。")
    _tell(made.cover_id, f"{days}由您代办同事的案件，列表里有“代办”字样。")
    return _line(made)


@transactional
def end(*, actor: Actor, cover_id: UUID) -> CoverLine:
    """End it before its last day. Raises CoverUnknown, WrongState for one that is over."""
    found = db.session.get(AidCover, cover_id, with_for_update=True, populate_existing=True)
    if found is None or not (_may_enter(actor, found.absent_id) or found.entered_by == actor.person_id):
        raise CoverUnknown
    if found.ended_at is not None or found.ends_on < clock.today():
        raise WrongState(details={"state": "ended", "event": "end"})
    found.ended_at, found.ended_by = clock.now(), actor.worker_id
    db.session.flush()
    entries.record(actor, "legal_aid.cover_ended", "aid_cover", found.id, absent=found.absent_id, cover=found.cover_id)
    _tell(found.cover_id, "代办已提前结束。")
    return _line(found)


def listed(actor: Actor) -> Covers:
    """Covers that hold or will hold, one's own, for one, entered by one, or of handlers one supervises."""
    led = _supervised(actor)
    concerned = or_(
        AidCover.absent_id == actor.person_id, AidCover.cover_id == actor.person_id,
        AidCover.entered_by == actor.person_id, AidCover.absent_id.in_(led),
    )  # fmt: skip
    query = select(AidCover).where(concerned, AidCover.ended_at.is_(None), AidCover.ends_on >= clock.today())
    rows = db.session.scalars(query.order_by(AidCover.starts_on, AidCover.id))
    handlers = select(Person).where(or_(Person.id == actor.person_id, Person.id.in_(led))).order_by(Person.id)
    return Covers([_line(row) for row in rows], db.session.scalars(handlers).all())


def candidates(actor: Actor, absent_id: int | None) -> list[CoverCandidate]:
    """Who might cover, those with the fewest conflicts and cases in front. Raises HandlerUnknown."""
    whose = absent_id or actor.worker_id
    if not _may_enter(actor, whose):
        raise HandlerUnknown
    loads = dict(
        db.session.execute(
            select(AidCase.handler_id, func.count()).where(AidCase.state.in_(IN_HAND)).group_by(AidCase.handler_id)
        ).all()
    )
    cases = _cases_of(whose)
    found: dict[int, CoverCandidate] = {}
    for person, node in db.session.execute(_colleagues(whose)):
        if person.id not in found:
            barred = sum(access.is_barred(person.id, case) for case in cases)
            found[person.id] = CoverCandidate(person.id, person.name, node.name, loads.get(person.id, 0), barred)
    return sorted(found.values(), key=lambda each: (each.barred, each.in_hand, each.person_id))


def lock_people(*ids: int) -> None:
    """Both wait for each other's covers: what no constraint says on both engines. Raises HandlerUnknown."""
    try:
        people.lock(ids)
    except PersonUnknown as error:
        raise HandlerUnknown from error


def overlapping(absent_id: int, absence: Absence) -> Select[UUID]:
    """Covers in these days by which either of the two is absent, or the absent one covers for somebody."""
    same_days = (AidCover.starts_on <= absence.ends_on) & (AidCover.ends_on >= absence.starts_on)
    either = or_(AidCover.absent_id.in_([absent_id, absence.cover_id]), AidCover.cover_id == absent_id)
    return select(AidCover.id).where(same_days, either, AidCover.ended_at.is_(None)).limit(1)


def _check_days(absence: Absence, absent_id: int) -> None:
    problems = {}
    if absence.starts_on < clock.today():
        problems["starts_on"] = ["不能早于今天"]
    if not absence.starts_on <= absence.ends_on <= absence.starts_on + LONGEST:
        problems["ends_on"] = ["须在开始以后，一年以内"]
    if absence.cover_id == absent_id:
        problems["cover_id"] = ["请另选一位"]
    if problems:
        raise Invalid(details=problems)


def _may_enter(actor: Actor, absent_id: int) -> bool:
    if not actor.holds(*access.HANDLERS):
        return False
    return absent_id == actor.person_id or absent_id in set(db.session.scalars(_supervised(actor)))


def _supervised(actor: Actor) -> Select[int | None]:
    """The handlers of cases in hand that the actor supervises."""
    return select(AidCase.handler_id).where(
        AidCase.supervisor_id == actor.person_id, AidCase.state.in_(IN_HAND), AidCase.handler_id.is_not(None)
    )


def _cases_of(absent_id: int) -> Sequence[AidCase]:
    query = select(AidCase).where(AidCase.handler_id == absent_id, AidCase.state.in_(IN_HAND))
    return db.session.scalars(query.order_by(AidCase.number)).all()


def _colleagues(absent_id: int) -> Select[Person, UnionNode]:
    """Others who handle cases at the absent one's unions, above them or below."""
    own = (
        select(UnionNode.path)
        .join(RoleGrant, RoleGrant.node_id == UnionNode.id)
        .where(RoleGrant.person_id == absent_id, RoleGrant.role.in_(access.HANDLERS))
    )
    paths = db.session.scalars(own).all()
    near = or_(
        UnionNode.path.in_({each for path in paths for each in here_and_above(path)}),
        *(UnionNode.path.startswith(path) for path in paths),
    )
    return (
        select(Person, UnionNode)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .join(UnionNode, UnionNode.id == RoleGrant.node_id)
        .where(RoleGrant.role.in_(access.HANDLERS), Account.is_disabled.is_(False), Person.id != absent_id, near)
        .order_by(Person.id, UnionNode.path)
    )


def _line(cover: AidCover) -> CoverLine:
    names = people.by_ids({cover.absent_id, cover.cover_id})
    away = [case.number or "" for case in _cases_of(cover.absent_id) if access.is_barred(cover.cover_id, case)]
    return CoverLine(
        cover, names[cover.absent_id].name, names[cover.cover_id].name, cover.is_in_force(clock.today()), away
    )


def _tell(person_id: int, body: str) -> None:
    outbox.notice(person_id, f"legal_aid:{new_id()}", "法律援助代办", body, "/staff/legal-aid/cases")
