"""Ended sign-ins, remembered by a process for a second: for doors at which thousands arrive at once."""

import time
from datetime import timedelta
from threading import Lock
from uuid import UUID

from sqlalchemy import or_, select

from service.core import clock
from service.core.db import db
from service.identity import tokens
from service.identity.enums import Channel
from service.identity.models import Account, SignIn

FRESH_S = 1.0
HARD_S = 2.0
MARGIN = timedelta(seconds=2 * tokens.LEEWAY_S)


class RevokedSignIns:
    """The ids of ended sign-ins whose access tokens may still run: a snapshot, read again at most once a second.

    One thread reads, the others go on with what was known; only a snapshot older than two seconds is waited for.
    """

    def __init__(self) -> None:
        self._ids: frozenset[UUID] = frozenset()
        self._read_at = float("-inf")
        self._reading = Lock()

    def holds(self, sign_in_id: UUID) -> bool:
        """Whether this sign-in has ended."""
        age = time.monotonic() - self._read_at
        if age > FRESH_S and self._reading.acquire(blocking=age > HARD_S):
            try:
                self._read()
            finally:
                self._reading.release()
        return sign_in_id in self._ids

    def forget(self) -> None:
        """Read again at the next question."""
        self._read_at = float("-inf")

    def _read(self) -> None:
        started = time.monotonic()
        if started - self._read_at <= FRESH_S:
            # Somebody else read while this thread waited.
            return
        self._ids = ended_sign_ins()
        self._read_at = started


def ended_sign_ins() -> frozenset[UUID]:
    """The ids of sign-ins that were ended within an access token's life, and those of shut accounts.

    An account is shut while it is disabled or its password must be changed first.
    """
    since = clock.now() - tokens.lifetime() - MARGIN
    shut = select(Account.person_id).where(or_(Account.is_disabled, Account.must_change))
    query = select(SignIn.id).where(
        or_(
            SignIn.revoked_at > since,
            (SignIn.channel == Channel.STAFF) & SignIn.person_id.in_(shut),
        )
    )
    return frozenset(db.session.scalars(query))
