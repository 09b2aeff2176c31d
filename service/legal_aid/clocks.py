"""Clocks: terms of the law and of unions as data, and what is left of them on a day.

Counted by 民法典 201 to 203 with the holiday table (docs/rules.md `calendar.start_day`, `calendar.months` and
`calendar.last_day`). Which clocks there are is `clock_table.py`; what a union has settled itself, `clock_settings.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from service.core.calendar import DAY, Calendar
from service.core.enums import Unit
from service.legal_aid.enums import Force, Interruption, Supplement, Watched

RED_DAYS = 7
"""Shown red at so many days or fewer."""
URGENT_DAYS = 7
"""Below so many days of a limitation aid is granted first, papers come later (docs/rules.md `legal_aid.urgent`)."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A term: from what, how long, on which ground, and what starts it anew or makes it stand.

    `extension` may be added in the same unit by who handles it. `is_limitation`: who misses it loses a right.
    `moves`: a last day off moves. `is_before`: counted back from an event. `is_settable`: a union may settle it.
    """

    code: str
    title: str
    starts: str
    length: int
    unit: Unit
    source: str
    watched: Watched
    force: Force = Force.LAW
    extension: int = 0
    interrupted_by: tuple[Interruption, ...] = ()
    suspended_by: str = ""
    is_limitation: bool = False
    moves: bool = True
    is_before: bool = False
    is_settable: bool = False

    def settled(self, length: int, unit: Unit, source: str) -> "Clock":
        """The clock as a union has settled it: a rule of its own, no longer the law's words."""
        return replace(self, length=length, unit=unit, source=source, force=Force.LOCAL)


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which a clock stands: from `starts_on` until the cause is gone on `ends_on`."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Term:
    """A clock that runs: from when, to when, what is left. `days_left` counts calendar days, negative when over.

    `is_certain` is False where a day off that is not entered yet could change it: of the years its workdays are
    counted through, else of the year its last day falls in.
    """

    clock: Clock
    starts_on: date
    ends_on: date
    days_left: int
    is_certain: bool

    @property
    def is_red(self) -> bool:
        """Seven days or fewer, or over."""
        return self.days_left <= RED_DAYS

    @property
    def is_over(self) -> bool:
        """The last day has passed."""
        return self.days_left < 0

    @property
    def calls_for_urgent_grant(self) -> bool:
        """A limitation that still runs, with fewer than seven days (docs/rules.md `legal_aid.urgent`)."""
        return self.clock.is_limitation and 0 <= self.days_left < URGENT_DAYS


def term(
    clock: Clock,
    starts_on: date,
    *,
    today: date,
    calendar: Calendar,
    interrupted_on: Iterable[date] = (),
    suspensions: Iterable[Suspension] = (),
    is_extended: bool = False,
) -> Term:
    """The clock as it stands today. What comes after its end starts nothing anew and stops nothing."""
    length = clock.length + (clock.extension if is_extended else 0)
    begins, bare = starts_on, _bare_end(clock, starts_on, length, calendar)
    for day in sorted(interrupted_on) if clock.interrupted_by else ():
        if begins < day <= _moved(clock, bare, calendar):
            begins, bare = day, _bare_end(clock, day, length, calendar)
    for each in sorted(suspensions, key=lambda found: found.starts_on) if clock.suspended_by else ():
        if begins <= each.starts_on <= _moved(clock, bare, calendar):
            bare = _resumed(clock, bare, each, calendar)
    ends = _moved(clock, bare, calendar)
    return Term(clock, begins, ends, (ends - today).days, _is_certain(clock, begins, bare, ends, calendar))


@dataclass(frozen=True, slots=True)
class DecisionDates:
    """The two dates of a decision for which papers were asked: as if nothing had been missing, and as it counts.

    `ends_on` is None while the clock stands.
    """

    from_receipt: date
    ends_on: date | None


def decision_dates(
    clock: Clock,
    received_on: date,
    mode: Supplement,
    *,
    told_on: date | None,
    complete_on: date | None,
    calendar: Calendar,
) -> DecisionDates:
    """Until when to decide: papers were asked for on `told_on` and all there on `complete_on`.

    The law does not say what the days between do: a setting (docs/rules.md `legal_aid.supplement`).
    """
    plain = calendar.last_day(received_on, clock.length, clock.unit, moves=clock.moves)
    if told_on is None or mode is Supplement.RUNS:
        return DecisionDates(plain, plain)
    if complete_on is None:
        return DecisionDates(plain, None)
    if mode is Supplement.RESTARTS:
        return DecisionDates(plain, calendar.last_day(complete_on, clock.length, clock.unit, moves=clock.moves))
    bare = _bare_end(clock, received_on, clock.length, calendar)
    stood = _resumed(clock, bare, Suspension(told_on, complete_on), calendar)
    return DecisionDates(plain, _moved(clock, stood, calendar))


def _bare_end(clock: Clock, begins: date, length: int, calendar: Calendar) -> date:
    """The last day before it is moved."""
    if clock.is_before:
        return begins - length * DAY
    return calendar.last_day(begins, length, clock.unit, moves=False)


def _is_certain(clock: Clock, begins: date, bare: date, ends: date, calendar: Calendar) -> bool:
    if clock.unit is Unit.WORKDAY:
        return calendar.is_known(min(begins, ends), max(begins, ends))
    return not clock.moves or calendar.is_known(bare, ends)


def _moved(clock: Clock, bare: date, calendar: Calendar) -> date:
    return calendar.next_workday(bare) if clock.moves else bare


def _resumed(clock: Clock, bare: date, stood: Suspension, calendar: Calendar) -> date:
    """The last day of a clock that stood: what was left when it stopped runs on from when the cause is gone."""
    if clock.unit is Unit.WORKDAY:
        return calendar.add_workdays(stood.ends_on, max(0, calendar.workdays_between(stood.starts_on, bare)))
    return bare + max(0, (stood.ends_on - stood.starts_on).days) * DAY
