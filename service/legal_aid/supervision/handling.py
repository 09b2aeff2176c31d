"""What the committee does with a tip: lists by clock, opening it, asking the tipper, checking, ending it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.lifecycle import WrongState
from service.core.pages import Page, page_of_rows
from service.core.transaction import transactional
from service.legal_aid.enums import Matter
from service.legal_aid.queues import SOON_DAYS
from service.legal_aid.supervision import journal, letters, sight, site_checks, spoken, timeline, tips
from service.legal_aid.supervision.enums import TipEvent, TipOutcome, TipState, TipStep
from service.legal_aid.supervision.letters import LetterLine
from service.legal_aid.supervision.lifecycle import ENDED, TIP
from service.legal_aid.supervision.models import LabourTip
from service.legal_aid.supervision.site_checks import SiteCheckLine
from service.legal_aid.supervision.tips import TipStepLine


@dataclass(frozen=True, slots=True)
class SoughtTips:
    """Which tips. `pressing`: `overdue`, or `soon` (three days or fewer)."""

    state: TipState | None = None
    matter: Matter | None = None
    pressing: str | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class TipLine:
    """A tip in the committee's list: no word of it."""

    tip: LabourTip
    node_name: str
    days_left: int | None


@dataclass(frozen=True, slots=True)
class OpenedTip:
    """A tip with everything in it."""

    tip: LabourTip
    committee: str
    told: Mapping[str, str]
    steps: Sequence[TipStepLine]
    letters: Sequence[LetterLine]
    site_checks: Sequence[SiteCheckLine]


@transactional
def begin(*, actor: Actor, tip_id: UUID, version: int) -> LabourTip:
    """Begin to check. Raises TipUnknown, Stale, WrongState."""
    return journal.move(actor, sight.to_change(actor, tip_id, version), TipEvent.CHECK)


@transactional
def ask(*, actor: Actor, tip_id: UUID, words: str) -> LabourTip:
    """Ask the tipper something. Raises TipUnknown, WrongState for a tip that has ended."""
    tip = sight.to_change(actor, tip_id)
    if tip.state in ENDED:
        raise WrongState(details={"state": tip.state.value, "event": "ask"})
    timeline.add(tip, TipStep.ASK, words, actor)
    entries.record(actor, "supervision.asked", sight.SUBJECT, tip.id)
    journal.tell_tipper(tip, "监督委员会有问题要问您。")
    return tip


@transactional
def close(*, actor: Actor, tip_id: UUID, version: int, outcome: TipOutcome, words: str) -> LabourTip:
    """Close it with its outcome; the tipper reads the words. Raises TipUnknown, Stale, WrongState."""
    tip = sight.to_change(actor, tip_id, version)
    tip.outcome = outcome if TIP.allows(tip.state, TipEvent.CLOSE) else None
    return journal.move(actor, tip, TipEvent.CLOSE, words=words)


@transactional
def end(*, actor: Actor, tip_id: UUID, version: int, event: TipEvent, words: str) -> LabourTip:
    """Find it unfounded, or hand it over; the tipper reads why or to whom. Raises TipUnknown, Stale, WrongState."""
    return journal.move(actor, sight.to_change(actor, tip_id, version), event, words=words)


def listed(actor: Actor, wanted: SoughtTips, *, page: int, per_page: int) -> Page[TipLine]:
    """Tips in sight, what is due first in front."""
    today = clock.today()
    pressing = {
        "overdue": LabourTip.due_on < today,
        "soon": LabourTip.due_on.between(today, today + timedelta(days=SOON_DAYS)),
    }
    query = sight.sought(actor)
    if wanted.pressing is not None:
        query = query.where(pressing[wanted.pressing])
    if wanted.is_open:
        query = query.where(LabourTip.state.not_in(ENDED))
    if wanted.state is not None:
        query = query.where(LabourTip.state == wanted.state)
    if wanted.matter is not None:
        query = query.where(LabourTip.matter == wanted.matter)
    order = (LabourTip.due_on.is_(None), LabourTip.due_on, LabourTip.received_at.desc(), LabourTip.id)
    found = page_of_rows(query.order_by(*order), page=page, per_page=per_page)
    lines = [TipLine(tip, node.name, (tip.due_on - today).days if tip.due_on else None) for tip, node in found.items]
    return Page(lines, page, per_page, found.total)


def opened(actor: Actor, tip_id: UUID) -> OpenedTip:
    """A tip with everything in it; that it was opened is written down. Raises TipUnknown."""
    tip = sight.to_read(actor, tip_id)
    sight.tell(actor, tip, "tip")
    steps = [
        TipStepLine(row.at, row.step, spoken.STEPS[row.step], timeline.words_of(row)) for row in timeline.of_tip(tip.id)
    ]
    committee = tips.followed(tip).committee
    return OpenedTip(tip, committee, tips.told_in(tip), steps, letters.of_tip(tip.id), site_checks.of_tip(tip.id))
