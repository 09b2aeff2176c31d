"""The trainer's records of a lesson, made by hand or kept by a device without signal: each judged by its own time.

Every item gets an answer and is kept with it; the same `client_id` with the same content is answered the same for ever.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.errors import ServiceError
from service.core.transaction import transactional
from service.training import attendance_rules as rules
from service.training import attendance_scope as scope
from service.training import check_in, codes, completion, marks
from service.training.attendance_errors import (
    CodeWrong,
    ItemMalformed,
    ItemReused,
    NotEarly,
    NotOnRoster,
    Outranked,
    SheetSealed,
    TimeOutOfRange,
)
from service.training.attendance_models import BatchItem, Mark
from service.training.attendance_rules import Claim
from service.training.enums import MarkSource, MarkState
from service.training.marks import Effect
from service.training.models import Lesson


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One record about one worker, at its own time: a state set by hand, a leaving, or a scan kept on the device.

    Exactly one of `state`, `left_at`, `code` and `digits` is given.
    """

    worker_id: int
    client_id: str
    at: datetime
    state: MarkState | None = None
    left_at: datetime | None = None
    code: str | None = None
    digits: str | None = None

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the item's content."""
        content = (self.worker_id, self.at, self.state, self.left_at, self.code, self.digits)
        return hashlib.sha256(orjson.dumps(content)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """A record that cannot be read: what is wrong by field, and what tells which record it is, where that is sound."""

    client_id: str | None
    worker_id: int | None
    malformed: dict[str, Any]


def item_of(fields: dict[str, Any]) -> Item | Malformed:
    """The record of these fields; a malformed one where they say so."""
    return Malformed(**fields) if "malformed" in fields else Item(**fields)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answers to a batch, in its order, and whether the sheet is sealed."""

    items: list[dict[str, Any]]
    sealed_at: datetime | None

    @property
    def counts(self) -> dict[str, int]:
        """How many items had each result."""
        results = [item["result"] for item in self.items]
        return {name: results.count(name) for name in ("applied", "unchanged", "refused")}


@transactional
def record(*, actor: Actor, lesson_id: int, items: Sequence[Item | Malformed]) -> Recorded:
    """What became of each item: `applied`, `unchanged` or `refused` with a code. Safe to repeat, in any order.

    A malformed item is refused and not kept: put right, it may come again with the same `client_id`.

    Raises LessonUnknown or ClassNotHeld for the whole batch.
    """
    readable = [item for item in items if isinstance(item, Item)]
    people = {item.worker_id for item in readable}
    lesson = scope.lock(scope.lesson_for(actor, lesson_id).id, people)
    known = _answered(lesson.id, [item.client_id for item in readable])
    table = _Table(actor, lesson, marks.marks_of(lesson.id, people), people)
    outcomes = []
    for item in items:
        if isinstance(item, Malformed):
            outcomes.append(_refused(item, ItemMalformed()) | {"details": item.malformed})
            continue
        row = known.get(item.client_id)
        if row is None:
            row = known[item.client_id] = table.take(item)
        same = row.fingerprint == item.fingerprint
        outcomes.append(row.outcome if same else _refused(item, ItemReused()))
    if table.changed:
        marks.weigh_devices(lesson.id)
        completion.refresh(lesson.training_class, table.changed)
        entries.record(actor, "attendance.record", "lesson", lesson.id, items=len(items), changed=len(table.changed))
    return Recorded(outcomes, lesson.sealed_at)


class _Table:
    """The lesson under its lock, with the marks of the people in the batch."""

    def __init__(self, actor: Actor, lesson: Lesson, known: dict[int, Mark], people: set[int]) -> None:
        self.actor = actor
        self.lesson = lesson
        self.marks = known
        self.people = scope.holders_among(lesson.training_class, people) | set(known)
        self.changed: set[int] = set()

    def take(self, item: Item) -> BatchItem:
        """Judge an item that was not seen before, and keep it with its answer."""
        try:
            outcome = self._apply(item)
        except ServiceError as error:
            outcome = _refused(item, error)
        row = BatchItem(
            lesson_id=self.lesson.id, client_id=item.client_id, recorded_by=self.actor.worker_id,
            recorded_at=clock.now(), fingerprint=item.fingerprint, outcome=outcome,
        )  # fmt: skip
        db.session.add(row)
        return row

    def _apply(self, item: Item) -> dict[str, Any]:
        if self.lesson.sealed_at is not None:
            raise SheetSealed
        if item.worker_id not in self.people:
            raise NotOnRoster.told_to_who_records()
        claim = claim_of(item, self.lesson, clock.now())
        known = self.marks.get(item.worker_id)
        was_told_absent = known is not None and known.source == MarkSource.CLOCK
        mark, effect = marks.apply(self.lesson, item.worker_id, claim, self.actor, known)
        if was_told_absent and effect is Effect.APPLIED:
            marks.tell_corrected(self.lesson, mark, "老师已补交考勤记录")
        self.marks[item.worker_id] = mark
        self.changed.add(item.worker_id)
        result = Effect.APPLIED if effect is Effect.APPLIED else Effect.UNCHANGED
        return {
            "client_id": item.client_id,
            "worker_id": item.worker_id,
            "result": result.value,
            "state": mark.state.value,
            **(_told(Outranked()) if effect is Effect.OUTRANKED else {}),
        }


def claim_of(item: Item, lesson: Lesson, now: datetime) -> Claim:
    """The record an item makes, judged by its own time.

    Raises TimeOutOfRange, NotEarly, CodeWrong, CodeExpired, TooEarly, LessonOver.
    """
    if item.at > now + rules.CLOCK_SKEW:
        raise TimeOutOfRange("这条记录的时间在将来")
    if item.left_at is not None and item.left_at > now + rules.CLOCK_SKEW:
        raise TimeOutOfRange("离开的时间在将来")
    if item.code is not None or item.digits is not None:
        return _scan(item, lesson)
    _require_by_hand(lesson, item.at)
    if item.left_at is not None and not lesson.starts_at <= item.left_at < lesson.ends_at:
        raise NotEarly
    return Claim(
        source=MarkSource.TRAINER, at=item.at, client_id=item.client_id, state=item.state, left_at=item.left_at
    )


def _require_by_hand(lesson: Lesson, at: datetime) -> None:
    """Raise TimeOutOfRange for a hand mark before the check-in opens or long after the end."""
    timing = scope.timing(lesson)
    if at < timing.opens_at:
        said = "这条记录的时间早于签到开始"
        raise TimeOutOfRange(said, next_step=f"这节课{clock.spoken(timing.opens_at)}开始登记，请检查手机时间")
    if at > timing.ends_at + rules.HAND_MARKS_FOR:
        said = f"这节课结束超过{rules.HAND_MARKS_FOR.days}天，老师不能再登记"
        raise TimeOutOfRange(said, next_step="请联系工会培训工作人员更正")


def _scan(item: Item, lesson: Lesson) -> Claim:
    """A scan kept on the trainer's device: the code must be of this lesson and of the time the scan was made."""
    if item.code is not None:
        stamp, source = codes.read(item.code), MarkSource.SCAN
    else:
        found, source = codes.find(item.digits or "", [lesson.id], item.at), MarkSource.TYPED
        if found is None:
            raise CodeWrong
        stamp = found
    if stamp.lesson_id != lesson.id:
        raise CodeWrong("这是另一节课的签到码")
    signals: dict[str, Any] = {"step": stamp.step, rules.CODE_AGE: codes.age(stamp, item.at)}
    check_in.require_open(lesson, item.at)
    signals |= {"place": check_in.NOT_GIVEN, rules.KEPT_OFFLINE: True}
    return Claim(source=source, at=item.at, client_id=item.client_id, signals=signals)


def _answered(lesson_id: int, client_ids: list[str]) -> dict[str, BatchItem]:
    query = select(BatchItem).where(BatchItem.lesson_id == lesson_id, BatchItem.client_id.in_(client_ids))
    return {row.client_id: row for row in db.session.scalars(query)}


def _refused(item: Item | Malformed, error: ServiceError) -> dict[str, Any]:
    return {"client_id": item.client_id, "worker_id": item.worker_id, "result": "refused", "state": None} | _told(error)


def _told(error: ServiceError) -> dict[str, Any]:
    return {"code": error.code, "detail": error.message, "next_step": error.next_step}
