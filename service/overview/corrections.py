"""Wishes for correction, at the staff's desk: those of members in their scope (docs/rules.md `privacy.correction`)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from service.audit import entries, reads
from service.core import clock
from service.core.access import Actor, Role
from service.core.db import db
from service.core.pages import Page, page_of_rows
from service.core.transaction import transactional
from service.identity import corrections, people
from service.identity.enums import CorrectionField, CorrectionState
from service.identity.models import Person
from service.identity.request_errors import CorrectionDecided, CorrectionUnknown, IdNumberTaken
from service.identity.request_models import DataCorrection
from service.messaging import outbox
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.overview.holdings import FIELDS_SAID
from service.unions.models import Membership, MembershipState

ROLES = (Role.MEMBERSHIP_STAFF,)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish for correction as staff see it: what shall stand there, and what the person says about it."""

    id: int
    person_id: int
    person_name: str
    field: CorrectionField
    state: CorrectionState
    wanted: str | None
    note: str | None
    requested_at: datetime
    decided_at: datetime | None
    reason: str | None


@transactional
def listed(actor: Actor, *, state: CorrectionState | None, page: int, per_page: int) -> Page[Wish]:
    """Wishes of members in scope, oldest first. That they were read is written down."""
    query = _in_scope(actor).order_by(DataCorrection.id)
    if state is not None:
        query = query.where(DataCorrection.state == state)
    found = page_of_rows(query, page=page, per_page=per_page)
    wishes = [_wish(row.DataCorrection, row.Person) for row in found.items]
    for wish in wishes:
        reads.write_down(actor, "data_correction", wish.id, people=[wish.person_id], fields=[wish.field.value])
    return Page(wishes, page, per_page, found.total)


@transactional
def decide(actor: Actor, correction_id: int, *, is_accepted: bool, reason: str) -> Wish:
    """Accept a wish, which changes name and ID number at once, the rest being done in the register, or refuse it.

    The person is told. Deciding the same again changes nothing. Raises CorrectionUnknown, CorrectionDecided,
    IdNumberTaken.
    """
    wished = _in_scope(actor).where(DataCorrection.id == correction_id)
    found = db.session.execute(wished).one_or_none()
    if found is None:
        raise CorrectionUnknown
    person = people.lock([found.Person.id])[found.Person.id]
    row = db.session.get_one(DataCorrection, correction_id, populate_existing=True)
    state = CorrectionState.ACCEPTED if is_accepted else CorrectionState.REFUSED
    if row.state == state:
        return _wish(row, person)
    if row.state != CorrectionState.OPEN:
        raise CorrectionDecided
    if is_accepted:
        _correct(person, row)
    row.state, row.decided_at, row.decided_by, row.reason = state, clock.now(), actor.worker_id, reason
    db.session.flush()
    entries.record(
        actor, "personal_data.correction_decided", "data_correction", row.id,
        about=[person.id], field=row.field.value, state=state.value,
    )  # fmt: skip
    said = "已更正" if is_accepted else f"未采纳：{reason}"
    outbox.notice(person.id, f"correction:{row.id}", "更正申请", f"{FIELDS_SAID[row.field.value]}{said}", "/me/data")
    return _wish(row, person)


def _correct(person: Person, row: DataCorrection) -> None:
    wanted = corrections.wanted(row)
    if wanted is None:
        return
    if row.field == CorrectionField.NAME:
        people.rename(person, wanted)
    elif row.field == CorrectionField.ID_NUMBER:
        other = people.by_id_number(wanted)
        if other is not None and other.id != person.id:
            raise IdNumberTaken
        person.id_number = wanted


def _in_scope(actor: Actor) -> Any:
    """Those of members in the actor's unions; of people who are members nowhere, for staff of the whole tree."""
    paths = actor.paths(*ROLES)
    root = nodes.root()
    everywhere = root is not None and actor.reaches(root.path, *ROLES)
    in_scope = nodes.scope_filter(paths)
    return (
        select(DataCorrection, Person)
        .join(Person, Person.id == DataCorrection.person_id)
        .outerjoin(Membership, (Membership.person_id == Person.id) & (Membership.state == MembershipState.ACTIVE))
        .outerjoin(UnionNode, UnionNode.id == Membership.node_id)
        .where(or_(in_scope, UnionNode.id.is_(None)) if everywhere else in_scope)
    )


def _wish(row: DataCorrection, person: Person) -> Wish:
    return Wish(
        row.id, person.id, person.name, row.field, row.state, corrections.wanted(row), corrections.note(row),
        row.requested_at, row.decided_at, row.reason,
    )  # fmt: skip
