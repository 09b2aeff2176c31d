"""Turning people away from memory once an offering is full, so that a rush's losers cost the database nothing.

Only when places *and* waiting list are full, and only for a caller who has no booking there of any kind (whose key
might be a replay). A process looks at the offering again after 250 ms, one thread at a time, and never turns anybody
away on word older than 0.8 s: a freed place is seen by every process within a second.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from service.booking.enums import OfferingState
from service.booking.models import Booking, Offering
from service.core import clock
from service.core.db import db

FRESH_SECONDS = 0.25
LONGEST_SECONDS = 0.8


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one look found. `looked_at` is monotonic seconds at the start of the look."""

    looked_at: float
    is_full: bool
    closes_at: datetime
    version: int
    holders: frozenset[int]
    details: dict[str, int] = field(default_factory=dict)


class SoldOut:
    """The full offerings this process knows of."""

    def __init__(self, look: Callable[[int, Snapshot | None], Snapshot | None]) -> None:
        self._look = look
        self._seen: dict[int, Snapshot] = {}
        self._looking: dict[int, threading.Lock] = {}
        self.looks = 0

    def watch(self, offering_id: int) -> None:
        """The desk has just answered "full" for this offering: from now on it may be answered here."""
        if offering_id not in self._seen:
            self._refresh(offering_id, None)

    def turns_away(self, offering_id: int, person_id: int) -> dict[str, int] | None:
        """The details of the "full" this person can be told without asking the desk; None where it must be asked."""
        seen = self._seen.get(offering_id)
        if seen is None:
            return None
        age = time.monotonic() - seen.looked_at
        if age > FRESH_SECONDS:
            seen = self._refresh(offering_id, seen) or seen
            age = time.monotonic() - seen.looked_at
        known = seen.is_full and age <= LONGEST_SECONDS and clock.now() < seen.closes_at
        return seen.details if known and person_id not in seen.holders else None

    def _refresh(self, offering_id: int, seen: Snapshot | None) -> Snapshot | None:
        """Look again unless another thread is looking: then what is known serves until it is too old."""
        lock = self._looking.setdefault(offering_id, threading.Lock())
        if not lock.acquire(blocking=False):
            return None
        try:
            self.looks += 1
            found = self._look(offering_id, seen)
            if found is None or not found.is_full:
                self._seen.pop(offering_id, None)
            else:
                self._seen[offering_id] = found
            return found
        finally:
            lock.release()

    def forget(self) -> None:
        """Know nothing again."""
        self._seen.clear()


def look(offering_id: int, seen: Snapshot | None) -> Snapshot | None:
    """Read one offering; its holders only if anything has moved since `seen`."""
    started = time.monotonic()
    row = db.session.execute(
        select(
            Offering.state, Offering.capacity, Offering.taken, Offering.waiting_capacity, Offering.waiting,
            Offering.offers_until, Offering.closes_at, Offering.version,
        ).where(Offering.id == offering_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    waiting_full = row.waiting >= row.waiting_capacity or clock.now() >= row.offers_until
    is_full = row.state == OfferingState.OPEN and row.taken >= row.capacity and waiting_full
    if seen is not None and seen.version == row.version:
        holders = seen.holders
    else:
        holders = frozenset(db.session.scalars(select(Booking.person_id).where(Booking.offering_id == offering_id)))
    details = {"capacity": row.capacity, "waiting_capacity": row.waiting_capacity}
    return Snapshot(started, is_full, row.closes_at, row.version, holders, details)


sold_out = SoldOut(look)
