"""Checks on site: two supervisors in charge at least, cards shown (docs/rules.md `supervision.site_check`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from service.audit import entries
from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.lifecycle import WrongState
from service.core.transaction import transactional
from service.identity import people
from service.identity.models import Account, Person, RoleGrant
from service.legal_aid.supervision import committees, sight, timeline
from service.legal_aid.supervision.committees import SUPERVISOR
from service.legal_aid.supervision.enums import TipState, TipStep
from service.legal_aid.supervision.errors import CheckersTooFew
from service.legal_aid.supervision.models import LabourTip, SiteCheck, SiteChecker
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.organisations.settings import here_and_above

FOUND = "labour_site_checks.found"
LEAST = 2
CHECKABLE = frozenset({TipState.CHECKING, TipState.HINTED, TipState.OPINED, TipState.ADVISED})


@dataclass(frozen=True, slots=True)
class SiteCheckLine:
    """A check in clear."""

    checked_on: date
    checkers: Sequence[str]
    found: str


@transactional
def record(
    *, actor: Actor, tip_id: UUID, checked_on: date, checker_ids: Sequence[int], is_card_shown: bool, found: str
) -> LabourTip:
    """Write a check down. Raises TipUnknown, WrongState, CheckersTooFew."""
    tip = sight.to_change(actor, tip_id)
    if tip.state not in CHECKABLE:
        raise WrongState(details={"state": tip.state.value, "event": "site_check"})
    checkers = [each for each in _in_charge(tip) if each in checker_ids]
    if not is_card_shown or len(checkers) < LEAST or len(checkers) != len(set(checker_ids)):
        raise CheckersTooFew
    made = SiteCheck(
        id=new_id(), tip_id=tip.id, checked_on=checked_on, people_count=len(checkers), recorded_by=actor.worker_id,
        recorded_at=clock.now(),
    )  # fmt: skip
    made.found_sealed = crypto.seal(found, field=FOUND, row=made.id)
    db.session.add(made)
    db.session.flush()
    db.session.add_all(SiteChecker(check_id=made.id, checker_id=each) for each in checkers)
    timeline.add(tip, TipStep.SITE_CHECK, actor=actor)
    entries.record(actor, "supervision.site_checked", sight.SUBJECT, tip.id, checkers=checkers)
    return tip


def may_check(actor: Actor, tip_id: UUID) -> list[Person]:
    """The supervisors who may check this tip on site, by name. Raises TipUnknown."""
    found = people.by_ids(_in_charge(sight.to_read(actor, tip_id)))
    return sorted(found.values(), key=lambda each: (each.name, each.id))


def of_tip(tip_id: UUID) -> list[SiteCheckLine]:
    """The checks of a tip, oldest first. Raises SealBroken."""
    rows = db.session.scalars(select(SiteCheck).where(SiteCheck.tip_id == tip_id).order_by(SiteCheck.recorded_at)).all()
    there = db.session.execute(
        select(SiteChecker.check_id, SiteChecker.checker_id).where(SiteChecker.check_id.in_([row.id for row in rows]))
    ).all()
    names = people.by_ids({person_id for _, person_id in there})
    return [
        SiteCheckLine(
            row.checked_on,
            [names[person_id].name for check_id, person_id in there if check_id == row.id],
            crypto.unseal(row.found_sealed, field=FOUND, row=row.id),
        )
        for row in rows
    ]


def _in_charge(tip: LabourTip) -> list[int]:
    """The supervisors over the tip who have nothing to do with it."""
    held = (
        select(RoleGrant.person_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .join(UnionNode, UnionNode.id == RoleGrant.node_id)
        .where(
            RoleGrant.role == SUPERVISOR, Account.is_disabled.is_(False),
            UnionNode.path.in_(here_and_above(nodes.node(tip.node_id).path)),
        )
    )  # fmt: skip
    return sorted(each for each in set(db.session.scalars(held)) if not committees.is_concerned(tip, each))
