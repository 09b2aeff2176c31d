"""Giving a tip, by name or by nobody, seeing what becomes of it, and answering what the committee asks.

An anonymous tip has no actor at all: no row, audit entry, stored answer, outbox row or log line names anybody
(docs/rules.md `supervision.anonymous`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.legal_aid.access import employer_index
from service.legal_aid.enums import Matter
from service.legal_aid.supervision import claim_codes, committees, registers, spoken, timeline
from service.legal_aid.supervision.enums import TipState, TipStep
from service.legal_aid.supervision.errors import NothingAsked, TipUnknown
from service.legal_aid.supervision.lifecycle import ENDED
from service.legal_aid.supervision.models import LabourTip
from service.messaging import outbox
from service.organisations import employers, nodes
from service.organisations.models import UnionNode

TOLD = "labour_tips.told"
SAID_TO_TIPPER = (TipStep.ASK, TipStep.ANSWER, TipStep.CLOSE, TipStep.DISMISS, TipStep.HAND_OVER)
"""Steps whose words the tipper reads; of the others only that they were taken."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told: about which employer, what happened."""

    matter: Matter
    employer_name: str
    employer_address: str
    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where it belongs: a union, or a county, or neither."""

    node_id: int | None = None
    county_code: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """An anonymous tip that was taken in, and the code that opens it: shown this once."""

    number: str
    claim_code: str


@dataclass(frozen=True, slots=True)
class TipStepLine:
    """A step in plain words."""

    at: datetime
    step: TipStep
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class FollowedTip:
    """A tip as the tipper follows it. What was told is not in it: a code may fall into strange hands."""

    tip: LabourTip
    committee: str
    steps: Sequence[TipStepLine]
    can_answer: bool


@transactional
def give(*, actor: Actor, told: Told, place: Place) -> LabourTip:
    """Give a tip by name. Raises NodeUnknown, NoOffice."""
    node = committees.in_charge(actor.worker_id, place.node_id, place.county_code)
    return _taken_in(told, node, person_id=actor.worker_id)


def give_anonymously(*, told: Told, place: Place, request_key: str | None) -> Claimed:
    """Take in a tip of nobody's. The same request sent twice is one tip with one code. Raises NodeUnknown, NoOffice."""
    code = claim_codes.made(request_key, json.dumps([asdict(told), asdict(place)], ensure_ascii=False))
    found = _by_code(code)
    if found is not None:
        return Claimed(found.number, code)
    try:
        return Claimed(_give_anonymously(told, place, claim_codes.digest(code)).number, code)
    except IntegrityError:
        return Claimed(claimed(code).number, code)


@transactional
def answer(*, actor: Actor, tip_id: UUID, words: str) -> LabourTip:
    """Answer the committee, by name. Raises TipUnknown, NothingAsked."""
    return _answered(own(actor, tip_id), words)


@transactional
def answer_claimed(*, claim_code: str, words: str) -> LabourTip:
    """Answer the committee, by the claim code. Raises TipUnknown, NothingAsked."""
    return _answered(claimed(claim_code), words)


def own(actor: Actor, tip_id: UUID) -> LabourTip:
    """The actor's own tip. Raises TipUnknown."""
    found = db.session.get(LabourTip, tip_id)
    if found is None or found.person_id != actor.worker_id:
        raise TipUnknown
    return found


def claimed(claim_code: str) -> LabourTip:
    """The tip the code opens. Raises TipUnknown."""
    found = _by_code(claim_code)
    if found is None:
        raise TipUnknown
    return found


def mine(actor: Actor) -> list[LabourTip]:
    """Tips given by name, newest first."""
    query = select(LabourTip).where(LabourTip.person_id == actor.worker_id)
    return list(db.session.scalars(query.order_by(LabourTip.received_at.desc(), LabourTip.id)))


def followed(tip: LabourTip) -> FollowedTip:
    """The tip as the tipper follows it."""
    steps = timeline.of_tip(tip.id)
    lines = [
        TipStepLine(
            row.at, row.step, spoken.STEPS[row.step], timeline.words_of(row) if row.step in SAID_TO_TIPPER else ""
        )
        for row in steps
    ]
    return FollowedTip(tip, nodes.node(tip.node_id).name, lines, _is_asked(tip))


def told_in(tip: LabourTip) -> Mapping[str, str]:
    """What was told, in clear; empty where it was erased. Raises SealBroken."""
    if tip.told_sealed is None:
        return {}
    opened: dict[str, str] = json.loads(crypto.unseal(tip.told_sealed, field=TOLD, row=tip.id))
    return opened


@transactional
def _give_anonymously(told: Told, place: Place, digest: str) -> LabourTip:
    return _taken_in(told, committees.in_charge(None, place.node_id, place.county_code), claim_digest=digest)


def _taken_in(
    told: Told, node: UnionNode, *, person_id: int | None = None, claim_digest: str | None = None
) -> LabourTip:
    known = employers.known([told.employer_name], [])
    made = LabourTip(
        id=new_id(), number=registers.tip_number(node), node_id=node.id, is_anonymous=claim_digest is not None,
        person_id=person_id, claim_digest=claim_digest, matter=told.matter, state=TipState.RECEIVED,
        employer_id=known[0].id if known else None, employer_index=employer_index(told.employer_name),
        received_at=clock.now(),
    )  # fmt: skip
    content = {
        "employer_name": told.employer_name, "employer_address": told.employer_address, "words": told.words
    }  # fmt: skip
    made.told_sealed = crypto.seal(json.dumps(content, ensure_ascii=False), field=TOLD, row=made.id)
    db.session.add(made)
    db.session.flush()
    timeline.add(made, TipStep.RECEIVE)
    for member in (each for each in committees.members(node) if not committees.is_concerned(made, each)):
        outbox.notice(
            member, f"legal_aid:{new_id()}", "劳动法律监督待办", f"收到新线索{made.number}，请查看。",
            f"/staff/labour-tips/{made.id}",
        )  # fmt: skip
    return made


def _answered(tip: LabourTip, words: str) -> LabourTip:
    found = timeline.locked(tip.id)
    if not _is_asked(found):
        raise NothingAsked
    timeline.add(found, TipStep.ANSWER, words)
    return found


def _is_asked(tip: LabourTip) -> bool:
    """Whether the last word is a question's."""
    said = [row.step for row in timeline.of_tip(tip.id) if row.step in (TipStep.ASK, TipStep.ANSWER)]
    return tip.state not in ENDED and said[-1:] == [TipStep.ASK]


def _by_code(code: str) -> LabourTip | None:
    return db.session.scalar(select(LabourTip).where(LabourTip.claim_digest == claim_codes.digest(code)))
