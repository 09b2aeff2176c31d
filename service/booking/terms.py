"""The rules of offerings, parsed once per version and kept in memory.

An offering's rules change only under its row lock, and the lessons a person has booked change only under hers, so a
copy with the version that was read under those locks is the truth.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from service.booking.models import Offering
from service.booking.rules import Terms
from service.core.db import db

MOST_KEPT = 4096
_kept: dict[int, tuple[int, Terms]] = {}


def parsed(rules: Mapping[str, Any]) -> Terms:
    """The rules as stored in a row, ready to judge by."""
    return Terms(tuple(rules.get("gates", ())), tuple((start, end) for start, end in rules.get("spans", ())))


def of(versions: Mapping[int, int]) -> dict[int, Terms]:
    """The terms of these offerings at these versions: from memory, else read in the caller's transaction."""
    known: dict[int, Terms] = {}
    for offering_id, version in versions.items():
        kept = _kept.get(offering_id)
        if kept is not None and kept[0] == version:
            known[offering_id] = kept[1]
    missing = [each for each in versions if each not in known]
    if missing:
        rows = db.session.execute(
            select(Offering.id, Offering.rules_version, Offering.rules).where(Offering.id.in_(missing))
        )
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        for offering_id, version, rules in rows:
            known[offering_id] = parsed(rules)
            _kept[offering_id] = (version, known[offering_id])
    return known


def forget() -> None:
    """Drop what is kept: for a database that was replaced under the process."""
    _kept.clear()
