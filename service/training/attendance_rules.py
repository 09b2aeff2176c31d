"""Rules of attendance: when a check-in counts as what, whose word decides, what speaks against a check-in.

Pure: no database, no clock. Each cites its rule in docs/rules.md, where its source stands.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.training.enums import LessonMode, MarkSource, MarkState

ATTENDED = frozenset({MarkState.PRESENT, MarkState.LATE, MarkState.LEFT_EARLY, MarkState.MADE_UP})
"""What counts towards the hours (docs/rules.md `completion.what_counts`): excused and absent do not."""

WEIGHT = {MarkSource.CLOCK: 0, MarkSource.SCAN: 1, MarkSource.TYPED: 1, MarkSource.TRAINER: 2, MarkSource.STAFF: 3}
"""Whose word counts more (docs/rules.md `attendance.whose_word`)."""

SEVERITY = (MarkState.PRESENT, MarkState.LATE, MarkState.LEFT_EARLY, MarkState.ABSENT)
CLOCK_SKEW = timedelta(minutes=5)
HAND_MARKS_FOR = timedelta(days=7)
"""How long after a lesson's end a trainer may record by hand (docs/rules.md `attendance.hand_marks`)."""

SHARED_DEVICE = "shared_device"
CODE_AGE = "code_age"
FAR_AWAY = "far_away"
KEPT_OFFLINE = "kept_offline"
NO_DEVICE = "no_device"
LOSS = {SHARED_DEVICE: 50, CODE_AGE: 10, FAR_AWAY: 40, KEPT_OFFLINE: 10, NO_DEVICE: 5}
"""What each signal takes from 100 (docs/rules.md `attendance.confidence`); example values of our own."""
SPOKEN = {
    SHARED_DEVICE: "这部手机还替别人签了到",
    CODE_AGE: "扫的不是屏幕上最新的码",
    FAR_AWAY: "签到位置离教室较远",
    KEPT_OFFLINE: "没有信号时留存的扫码",
    NO_DEVICE: "没有手机标识",
}
LEAST_SURE = 60
"""Below this the roster asks the trainer to look at the person."""
MOST_ACCURACY_METRES = 200
EARTH_METRES = 6_371_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """A lesson's times and its class's settings. Minutes are whole minutes."""

    starts_at: datetime
    ends_at: datetime
    opens_minutes: int
    late_after_minutes: int
    absent_after_minutes: int
    early_before_minutes: int

    @property
    def opens_at(self) -> datetime:
        """When check-in opens."""
        return self.starts_at - timedelta(minutes=self.opens_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One record about one worker and lesson: somebody's word. `left_at` instead of `state` for a leaving.

    A scan carries its `signals` and the digest of the device; `at` is its own time, not the time it reached us.
    """

    source: MarkSource
    at: datetime
    client_id: str = ""
    state: MarkState | None = None
    left_at: datetime | None = None
    device_index: str | None = None
    signals: Mapping[str, Any] | None = None


def state_on_arrival(at: datetime, timing: Timing) -> MarkState:
    """到课, 迟到 or 缺课, by the class's minutes after the start (docs/rules.md `attendance.late`)."""
    if at <= timing.starts_at + timedelta(minutes=timing.late_after_minutes):
        return MarkState.PRESENT
    if at <= timing.starts_at + timedelta(minutes=timing.absent_after_minutes):
        return MarkState.LATE
    return MarkState.ABSENT


def state_on_leaving(left_at: datetime, timing: Timing) -> MarkState:
    """早退, or 缺课 for leaving earlier than the class allows (docs/rules.md `attendance.early`)."""
    if left_at < timing.ends_at - timedelta(minutes=timing.early_before_minutes):
        return MarkState.ABSENT
    return MarkState.LEFT_EARLY


def decides(new: Claim, old: Claim) -> bool:
    """Whether the new record decides in place of the old one (docs/rules.md `attendance.whose_word`).

    A total order among what devices may keep, so the order of arrival never matters; staff's word counts as it comes.
    """
    return new.source is MarkSource.STAFF or _rank(new) > _rank(old)


def _rank(claim: Claim) -> tuple[int, float, str]:
    weight = WEIGHT[claim.source]
    seconds = claim.at.timestamp()
    return weight, -seconds if weight == WEIGHT[MarkSource.SCAN] else seconds, claim.client_id


def is_earlier_scan(new: Claim, arrived_at: datetime | None, signals: Mapping[str, Any]) -> bool:
    """Whether this scan takes the place of the earliest one known so far. Ties are broken by content."""
    return arrived_at is None or (new.at, _text(new.signals or {})) < (arrived_at, _text(signals))


def _text(signals: Mapping[str, Any]) -> str:
    return json.dumps({name: value for name, value in signals.items() if name != SHARED_DEVICE}, sort_keys=True)


def state_of(claim: Claim, arrived_at: datetime | None, timing: Timing) -> MarkState:
    """The state that follows from the deciding record and the earliest scan."""
    arrival = state_on_arrival(arrived_at, timing) if arrived_at else None
    if claim.left_at is not None:
        return worse(arrival or MarkState.PRESENT, state_on_leaving(claim.left_at, timing))
    if claim.state is not None:
        return claim.state
    return arrival or MarkState.ABSENT


def worse(one: MarkState, other: MarkState) -> MarkState:
    """Of 到课 < 迟到 < 早退 < 缺课 the later one."""
    return max(one, other, key=SEVERITY.index)


def confidence(signals: Mapping[str, Any]) -> int:
    """0-100: 100 less what each signal takes; two or more others on one device take half as much again."""
    loss = sum(LOSS[name] for name, value in signals.items() if name in LOSS and value)
    if int(signals.get(SHARED_DEVICE) or 0) > 1:
        loss += LOSS[SHARED_DEVICE] // 2
    return max(0, 100 - loss)


def distance_metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance between two (latitude, longitude) pairs in degrees, in metres (haversine)."""
    latitude, longitude = (math.radians(b - a) for a, b in zip(one, other, strict=True))
    half = math.sin(latitude / 2) ** 2
    half += math.cos(math.radians(one[0])) * math.cos(math.radians(other[0])) * math.sin(longitude / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, half)))


def is_far(distance: float, accuracy: float, limit: int) -> bool:
    """Whether a position is farther off than the limit, its stated inaccuracy (at most 200 m) granted."""
    return distance - min(accuracy, MOST_ACCURACY_METRES) > limit


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a class: planned, attended, and attended by the mode of the lesson."""

    planned: int
    attended: int
    by_mode: dict[str, int]

    def meets(self, percent: int) -> bool:
        """Whether enough of the hours were attended (docs/rules.md `completion.hours`). Never for a class of none."""
        return self.planned > 0 and self.attended * 100 >= self.planned * percent


def count_hours(lessons: Iterable[tuple[LessonMode, int, MarkState | None]]) -> Hours:
    """The hours of a class's lessons, each given as (mode, hours, state or None)."""
    planned = attended = 0
    by_mode = {mode.value: 0 for mode in LessonMode}
    for mode, hours, state in lessons:
        planned += hours
        if state in ATTENDED:
            attended += hours
            by_mode[mode.value] += hours
    return Hours(planned, attended, {mode: hours for mode, hours in by_mode.items() if hours})
