"""Marks: records applied by the one rule of whose word decides, staff's corrections, the trainer's confirming."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.messaging import outbox
from service.training import attendance_rules as rules
from service.training import attendance_scope as scope
from service.training import completion
from service.training.attendance_errors import NotOnRoster, SheetSealed
from service.training.attendance_models import Mark, MarkCorrection
from service.training.attendance_rules import Claim
from service.training.enums import MarkSource, MarkState
from service.training.labels import MY_TRAINING, SAID
from service.training.models import Lesson

BY_HAND = (MarkSource.TRAINER, MarkSource.STAFF)


class Effect(StrEnum):
    """What a record did to its mark: changed the state, left it as it was, or lost to a word that counts more."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    OUTRANKED = "outranked"


@dataclass(frozen=True, slots=True)
class History:
    """A mark and its corrections, oldest first."""

    mark: Mark
    corrections: list[MarkCorrection]


@transactional
def correct(*, actor: Actor, lesson_id: int, person_id: int, state: MarkState, reason: str) -> Mark:
    """The mark as staff set it, sealed sheet or not, with the reason. Hours and completion follow; the worker is told.

    A walk-in is booked on behalf first (docs/rules.md `attendance.walk_in`).

    Raises LessonUnknown, ClassNotHeld, NotOnRoster for one who neither holds a place nor has a mark.
    """
    lesson = scope.lock(scope.lesson_for_staff(actor, lesson_id).id, [person_id])
    mark = marks_of(lesson.id, [person_id]).get(person_id)
    if mark is None and person_id not in scope.holders_among(lesson.training_class, [person_id]):
        raise NotOnRoster.told_to_who_records()
    before = mark.state if mark else None
    claim = Claim(source=MarkSource.STAFF, at=clock.now(), state=state)
    mark, effect = apply(lesson, person_id, claim, actor, mark, reason=reason)
    if effect is Effect.APPLIED:
        completion.refresh(lesson.training_class, [person_id])
        entries.record(actor, "mark.correct", "mark", mark.id, before=before, after=state.value)
        tell_corrected(lesson, mark, reason)
    return mark


@transactional
def confirm(*, actor: Actor, lesson_id: int, person_ids: list[int]) -> list[int]:
    """The trainer has looked at these people. Returns the ids that have a mark to confirm, ascending; safe to repeat.

    Raises LessonUnknown, ClassNotHeld, SheetSealed.
    """
    lesson = scope.lock(scope.lesson_for(actor, lesson_id).id, person_ids)
    if lesson.sealed_at is not None:
        raise SheetSealed
    found = marks_of(lesson.id, person_ids)
    for mark in found.values():
        if mark.confirmed_at is None:
            mark.confirmed_at, mark.confirmed_by = clock.now(), actor.worker_id
    entries.record(actor, "attendance.confirm", "lesson", lesson.id, people=len(found))
    return sorted(found)


def apply(
    lesson: Lesson, person_id: int, claim: Claim, actor: Actor, mark: Mark | None, *, reason: str | None = None
) -> tuple[Mark, Effect]:
    """Let a record count. The caller holds the lesson's lock and gives the mark as it stands, or None.

    In whatever order records come, and however often, the mark ends the same (docs/rules.md `attendance.whose_word`).
    """
    timing = scope.timing(lesson)
    before = mark.state if mark else None
    if mark is None:
        mark = Mark(lesson_id=lesson.id, person_id=person_id, signals={}, client_id="", version=0)
        db.session.add(mark)
        is_deciding = True
    else:
        is_deciding = rules.decides(claim, claim_of(mark))
    if claim.signals is not None and rules.is_earlier_scan(claim, mark.arrived_at, mark.signals):
        mark.arrived_at, mark.device_index = claim.at, claim.device_index
        mark.signals = dict(claim.signals)
        mark.confidence = rules.confidence(mark.signals)
    if is_deciding:
        mark.source, mark.at, mark.client_id, mark.left_at = claim.source, claim.at, claim.client_id, claim.left_at
        mark.recorded_at, mark.recorded_by = clock.now(), actor.person_id
        mark.version += 1
    deciding = claim if is_deciding else claim_of(mark)
    mark.state = rules.state_of(deciding, mark.arrived_at, timing)
    db.session.flush()
    if mark.state == before:
        own = rules.state_of(claim, claim.at if claim.signals is not None else None, timing)
        return mark, Effect.UNCHANGED if is_deciding or own == mark.state else Effect.OUTRANKED
    if before is not None or reason is not None:
        _keep_correction(mark, before, actor, reason)
    return mark, Effect.APPLIED


def claim_of(mark: Mark) -> Claim:
    """The record that decides a mark, as it was."""
    is_by_hand = mark.source in BY_HAND and mark.left_at is None
    return Claim(
        source=mark.source,
        at=mark.at,
        client_id=mark.client_id,
        state=mark.state if is_by_hand else None,
        left_at=mark.left_at,
    )


def marks_of(lesson_id: int, person_ids: Iterable[int] | None = None) -> dict[int, Mark]:
    """The marks of a lesson, of these people or of all, by person; as they stand now, not as once read."""
    query = select(Mark).where(Mark.lesson_id == lesson_id).order_by(Mark.person_id)
    if person_ids is not None:
        query = query.where(Mark.person_id.in_(set(person_ids)))
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return {mark.person_id: mark for mark in found}


def weigh_devices(lesson_id: int, device_index: str | None = None) -> None:
    """Note at each mark how many others used its device: this one, or any. The caller holds the lesson's lock."""
    query = select(Mark).where(Mark.lesson_id == lesson_id, Mark.device_index.is_not(None)).order_by(Mark.person_id)
    if device_index is not None:
        query = query.where(Mark.device_index == device_index)
    found = list(db.session.scalars(query))
    users = Counter(mark.device_index for mark in found)
    for mark in found:
        others = users[mark.device_index] - 1
        if mark.signals.get(rules.SHARED_DEVICE, 0) != others:
            mark.signals = {**mark.signals, rules.SHARED_DEVICE: others}
            mark.confidence = rules.confidence(mark.signals)


def is_confirmed(mark: Mark) -> bool:
    """Whether somebody stands for it: the trainer looked, or recorded it by hand, or staff did."""
    return mark.confirmed_at is not None or mark.source in BY_HAND


def is_doubtful(mark: Mark) -> bool:
    """Whether the signals ask for a look that nobody has taken yet. A hint for the trainer, never a refusal."""
    return mark.confidence < rules.LEAST_SURE and not is_confirmed(mark)


def history(*, actor: Actor, lesson_id: int, person_id: int) -> History:
    """A person's mark with every correction. Raises LessonUnknown, NotOnRoster where there is no mark."""
    lesson = scope.lesson_for(actor, lesson_id)
    mark = marks_of(lesson.id, [person_id]).get(person_id)
    if mark is None:
        raise NotOnRoster("此人还没有考勤记录", next_step="请在名单上核对")
    query = select(MarkCorrection).where(MarkCorrection.mark_id == mark.id).order_by(MarkCorrection.id)
    return History(mark, list(db.session.scalars(query)))


def _keep_correction(mark: Mark, before: str | None, actor: Actor, reason: str | None) -> None:
    db.session.add(
        MarkCorrection(
            mark_id=mark.id, before=before, after=mark.state, corrected_by=actor.worker_id,
            corrected_at=clock.now(), reason=reason,
        )
    )  # fmt: skip


def tell_corrected(lesson: Lesson, mark: Mark, reason: str) -> None:
    """Leave the worker a notice of the mark as it is now, and why; once a version of the mark."""
    said = f"《{lesson.training_class.title}》{clock.spoken(lesson.starts_at)}的考勤已更正为“{SAID[mark.state]}”"
    outbox.notice(
        mark.person_id,
        f"mark:{mark.id}:{mark.version}",
        "考勤已更正",
        f"{said}。原因：{reason}",
        MY_TRAINING,
    )
