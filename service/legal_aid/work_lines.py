"""What was done on a case, in clear: hearings, hand-overs, the result. For who has opened the case already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from service.core import crypto
from service.core.db import db
from service.legal_aid.enums import HandOverTo, HearingKind, Outcome
from service.legal_aid.work_models import AidHandOver, AidHearing, AidResult


@dataclass(frozen=True, slots=True)
class HearingLine:
    """A hearing, and where."""

    kind: HearingKind
    at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """A hand-over, with what was sent."""

    to: HandOverTo
    files: Sequence[str]
    note: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class ResultLine:
    """How it came out, what was recovered, in fen."""

    outcome: Outcome
    amount_fen: int
    note: str
    closed_at: datetime


def hearings(case_id: UUID) -> list[HearingLine]:
    """By time. Raises SealBroken."""
    rows = db.session.scalars(select(AidHearing).where(AidHearing.case_id == case_id).order_by(AidHearing.at))
    return [HearingLine(row.kind, row.at, opened(row.place_sealed, "aid_hearings.place", row.id)) for row in rows]


def hand_overs(case_id: UUID) -> list[HandOverLine]:
    """Oldest first. Raises SealBroken."""
    query = select(AidHandOver).where(AidHandOver.case_id == case_id).order_by(AidHandOver.sent_at)
    return [
        HandOverLine(row.to, row.files, opened(row.note_sealed, "aid_hand_overs.note", row.id), row.sent_at)
        for row in db.session.scalars(query)
    ]


def result(case_id: UUID) -> ResultLine | None:
    """How the case came out; None while it goes on. Raises SealBroken."""
    row = db.session.get(AidResult, case_id)
    if row is None:
        return None
    amount = opened(row.amount_sealed, "aid_results.amount", case_id)
    return ResultLine(
        row.outcome, int(amount or 0), opened(row.note_sealed, "aid_results.note", case_id), row.closed_at
    )


def opened(value: bytes | None, field: str, row: UUID) -> str:
    """A sealed text in clear; nothing where it was erased. Raises SealBroken."""
    return crypto.unseal(value, field=field, row=row) if value else ""
