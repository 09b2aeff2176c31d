"""Work on a case: messages both ways, hearings with reminders, hand-overs, the result.

What is said is sealed; the notice beside it only says that something is there (docs/rules.md `legal_aid.confidential`,
`legal_aid.hearing`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update

from service.core import clock, crypto
from service.core.access import SYSTEM, Actor
from service.core.db import db
from service.core.errors import Invalid
from service.core.ids import new_id
from service.core.lifecycle import WrongState
from service.core.transaction import transactional
from service.legal_aid import deciding, journal, scopes
from service.legal_aid.access import Right
from service.legal_aid.enums import CaseEvent, CaseState, HandOverTo, HearingKind, Outcome, StepKind
from service.legal_aid.file_models import AidFile
from service.legal_aid.lifecycle import ENDED
from service.legal_aid.models import AidCase
from service.legal_aid.work_lines import opened
from service.legal_aid.work_models import AidHandOver, AidHearing, AidMessage, AidResult

REMINDED_DAYS = (5, 1)
"""A worker is reminded so many days before a hearing."""
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message in clear."""

    id: UUID
    is_from_worker: bool
    words: str
    sent_at: datetime
    read_at: datetime | None


@transactional
def write_own(*, actor: Actor, case_id: UUID, words: str) -> list[MessageLine]:
    """Write to the office or the handler about one's own case. Raises CaseUnknown, WrongState."""
    case = scopes.own_to_change(actor, case_id)
    _check_runs(case, "message")
    _add_message(actor, case, words, is_from_worker=True)
    for person_id in {case.handler_id} - {None}:
        journal.tell_staff(int(person_id or 0), case, f"{case.number}有职工留言，请查看。")
    return _messages(case.id)


@transactional
def write_to_worker(*, actor: Actor, case_id: UUID, words: str) -> list[MessageLine]:
    """Write to the worker. Raises CaseUnknown, CaseSealed, CaseLocked, WrongState."""
    case = scopes.to_change(actor, case_id, Right.WORK, Right.DECIDE)
    _check_runs(case, "message")
    _add_message(actor, case, words, is_from_worker=False)
    journal.tell_worker(case, "您的案件有新留言，请点开看。")
    return _messages(case.id)


@transactional
def read_own(*, actor: Actor, case_id: UUID) -> list[MessageLine]:
    """The messages of one's own case; those of the office are read from now on. Raises CaseUnknown."""
    case = scopes.own(actor, case_id)
    _mark_read(case.id, is_from_worker=False)
    return _messages(case.id)


def read_as_staff(actor: Actor, case_id: UUID) -> list[MessageLine]:
    """The messages of a case, for those who may open it; that is told. Raises CaseUnknown, CaseSealed."""
    case = scopes.to_read(actor, case_id)
    scopes.tell(actor, case)
    transactional(_mark_read)(case.id, is_from_worker=True)
    return _messages(case.id)


@transactional
def set_hearing(*, actor: Actor, case_id: UUID, kind: HearingKind, at: datetime, place: str) -> AidHearing:
    """Enter a hearing; the worker is told now, and reminded. Raises CaseUnknown, CaseSealed, CaseLocked, WrongState."""
    case = scopes.to_change(actor, case_id, Right.WORK)
    _check_runs(case, "hearing")
    if at <= clock.now():
        raise Invalid(details={"at": ["须晚于现在"]})
    made = AidHearing(
        id=new_id(), case_id=case.id, person_id=case.person_id, kind=kind, at=at, entered_by=actor.worker_id,
        entered_at=clock.now(),
    )  # fmt: skip
    made.place_sealed = crypto.seal(place, field="aid_hearings.place", row=made.id)
    db.session.add(made)
    journal.step(actor, case, StepKind.HEARING, hearing=kind.value, at=at.isoformat())
    journal.tell_worker(case, f"安排了{clock.spoken(at)}的开庭或调解，地点请点开看。")
    return made


def remind_due(now: datetime) -> int:
    """Remind workers of hearings five days and one day ahead, each once; how many. By the clock."""
    done = 0
    for days in REMINDED_DAYS:
        near = AidHearing.at.between(now, now + timedelta(days=days))
        untold = or_(AidHearing.told_before.is_(None), AidHearing.told_before > days)
        query = select(AidHearing.id).where(near, untold, AidHearing.cancelled_at.is_(None)).limit(AT_A_TIME)
        done += sum(_remind(each, days) for each in db.session.scalars(query).all())
    return done


@transactional
def hand_over(*, actor: Actor, case_id: UUID, to: HandOverTo, files: Sequence[UUID], note: str) -> AidHandOver:
    """Write down that the matter was handed over, and what was sent. Raises CaseUnknown, CaseSealed, CaseLocked."""
    case = scopes.to_change(actor, case_id, Right.WORK, Right.DECIDE)
    known = set(db.session.scalars(select(AidFile.id).where(AidFile.case_id == case.id)))
    if not set(files) <= known:
        raise Invalid(details={"files": ["没有这个文件"]})
    made = AidHandOver(
        id=new_id(), case_id=case.id, person_id=case.person_id, to=to, files=[str(each) for each in files],
        sent_by=actor.worker_id, sent_at=clock.now(),
    )  # fmt: skip
    made.note_sealed = crypto.seal(note, field="aid_hand_overs.note", row=made.id) if note else None
    db.session.add(made)
    journal.step(actor, case, StepKind.HAND_OVER, to=to.value, files=len(made.files))
    journal.tell_worker(case, "您的案件已转交有关部门。")
    return made


@transactional
def close(*, actor: Actor, case_id: UUID, version: int, outcome: Outcome, amount_fen: int, note: str) -> AidCase:
    """Close the case with its result and what was recovered. Raises as `desk.take`."""
    case = scopes.to_change(actor, case_id, Right.WORK, version=version)
    journal.move(actor, case, CaseEvent.CLOSE, outcome=outcome.value)
    deciding.end_assignment(case)
    made = AidResult(
        case_id=case.id, person_id=case.person_id, outcome=outcome, closed_by=actor.worker_id, closed_at=clock.now()
    )
    made.amount_sealed = crypto.seal(str(amount_fen), field="aid_results.amount", row=case.id)
    made.note_sealed = crypto.seal(note, field="aid_results.note", row=case.id) if note else None
    db.session.add(made)
    journal.tell_worker(case, "您的案件已办结，请看看结果，给我们打个分。")
    return case


def _check_runs(case: AidCase, event: str) -> None:
    if case.state in ENDED or case.state is CaseState.DRAFT:
        raise WrongState(details={"state": case.state.value, "event": event})


def _add_message(actor: Actor, case: AidCase, words: str, *, is_from_worker: bool) -> None:
    made = AidMessage(
        id=new_id(), case_id=case.id, person_id=case.person_id, sender_id=actor.worker_id,
        is_from_worker=is_from_worker, sent_at=clock.now(),
    )  # fmt: skip
    made.words_sealed = crypto.seal(words, field="aid_messages.words", row=made.id)
    db.session.add(made)
    journal.step(actor, case, StepKind.MESSAGE)


def _messages(case_id: UUID) -> list[MessageLine]:
    query = select(AidMessage).where(AidMessage.case_id == case_id).order_by(AidMessage.sent_at, AidMessage.id)
    return [
        MessageLine(
            row.id, row.is_from_worker, opened(row.words_sealed, "aid_messages.words", row.id), row.sent_at,
            row.read_at,
        )
        for row in db.session.scalars(query)
    ]  # fmt: skip


def _mark_read(case_id: UUID, *, is_from_worker: bool) -> None:
    unread: Any = (
        update(AidMessage)
        .where(
            AidMessage.case_id == case_id, AidMessage.is_from_worker.is_(is_from_worker), AidMessage.read_at.is_(None)
        )
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    db.session.execute(unread)


@transactional
def _remind(hearing_id: UUID, days: int) -> bool:
    hearing = db.session.get(AidHearing, hearing_id, with_for_update=True)
    if hearing is None or (hearing.told_before is not None and hearing.told_before <= days):
        return False
    hearing.told_before = days
    case = db.session.get_one(AidCase, hearing.case_id)
    if case.state not in ENDED:
        journal.tell_worker(case, f"提醒：{clock.spoken(hearing.at)}有开庭或调解，请带好材料按时到场。")
        journal.step(SYSTEM, case, StepKind.HEARING, hearing=hearing.kind.value, reminded=days)
    return True
