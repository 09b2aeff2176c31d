"""Letters: 提示函 and 意见书 to the employer, 建议书 to the authority, each with its reply clock.

The clocks are settings of each union, labelled as local rules; the days shipped are examples (docs/rules.md
`supervision.letters`, `legal_aid.union_clocks`).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from service.audit import entries
from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.legal_aid import settings
from service.legal_aid.supervision import journal, registers, sight, timeline
from service.legal_aid.supervision.enums import LetterKind, TipEvent, TipStep
from service.legal_aid.supervision.errors import LetterUnknown, RepliedAlready
from service.legal_aid.supervision.models import LabourLetter, LabourTip
from service.organisations import holidays, nodes

ORDER = tuple(LetterKind)
CONTENT, REPLY = "labour_letters.content", "labour_letters.reply"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says: to whom, what was found, on which ground, what is asked for."""

    addressee: str
    facts: str
    ground: str
    demands: str


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter in clear, with its reply."""

    letter: LabourLetter
    content: dict[str, Any]
    reply: str
    days_left: int | None


@transactional
def issue(*, actor: Actor, tip_id: UUID, version: int, kind: LetterKind, letter: Letter) -> LabourLetter:
    """Issue a letter: its number, its date, until when to reply. Raises TipUnknown, Stale, WrongState."""
    tip = sight.to_change(actor, tip_id, version)
    journal.move(actor, tip, TipEvent(kind.value))
    node = nodes.node(tip.node_id)
    found = settings.at(node).clock(f"{kind.value}_reply")
    today = clock.today()
    tip.due_on = holidays.calendar().last_day(today, found.length, found.unit, moves=found.moves)
    made = LabourLetter(
        id=new_id(), tip_id=tip.id, kind=kind, number=registers.letter_number(node, kind), issued_by=actor.worker_id,
        issued_on=today, due_on=tip.due_on,
    )  # fmt: skip
    made.content_sealed = crypto.seal(json.dumps(asdict(letter), ensure_ascii=False), field=CONTENT, row=made.id)
    db.session.add(made)
    db.session.flush()
    return made


@transactional
def reply(*, actor: Actor, letter_id: UUID, replied_on: date, words: str) -> LabourLetter:
    """Enter the reply. Raises LetterUnknown, RepliedAlready."""
    tip = timeline.locked(of_actor(actor, letter_id).tip_id)
    found = db.session.get_one(LabourLetter, letter_id, with_for_update=True)
    if found.replied_on is not None:
        raise RepliedAlready
    found.replied_on, found.reply_sealed = replied_on, crypto.seal(words, field=REPLY, row=found.id)
    if tip.due_on == found.due_on:
        tip.due_on = None
    timeline.add(tip, TipStep.REPLY, actor=actor)
    entries.record(actor, "supervision.replied", sight.SUBJECT, tip.id, letter=str(found.id))
    return found


def of_actor(actor: Actor, letter_id: UUID) -> LabourLetter:
    """The letter, where its tip is in sight. Raises LetterUnknown."""
    seen = sight.sought(actor).join(LabourLetter, LabourLetter.tip_id == LabourTip.id)
    found = db.session.scalar(seen.with_only_columns(LabourLetter).where(LabourLetter.id == letter_id))
    if found is None:
        raise LetterUnknown
    return found


def of_tip(tip_id: UUID) -> Sequence[LetterLine]:
    """The letters of a tip, in the order in which they went out."""
    query = select(LabourLetter).where(LabourLetter.tip_id == tip_id)
    return sorted(map(_line, db.session.scalars(query)), key=lambda line: ORDER.index(line.letter.kind))


def content_of(letter: LabourLetter) -> dict[str, Any]:
    """What it says. Raises SealBroken."""
    opened: dict[str, Any] = json.loads(crypto.unseal(letter.content_sealed, field=CONTENT, row=letter.id))
    return opened


def _line(row: LabourLetter) -> LetterLine:
    said = crypto.unseal(row.reply_sealed, field=REPLY, row=row.id) if row.reply_sealed else ""
    left = (row.due_on - clock.today()).days if row.replied_on is None else None
    return LetterLine(row, content_of(row), said, left)
