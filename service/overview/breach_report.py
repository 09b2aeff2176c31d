"""Who saw, changed or took out whose personal data, from the audit trail, for the hours after an incident.

What the law wants told (kinds of data, how many people, to whom it was shown) is counted here; cause, harm and measures
are for people to write (docs/rules.md `privacy.breach_report`). Names of fields, never values.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select

from service.audit import entries
from service.audit.models import AuditEntry, AuditSubject
from service.audit.reads import EXPORTS
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people
from service.identity.models import Account

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries: from `since` to before `until`; by one actor, about one person, where these are given."""

    since: datetime
    until: datetime
    actor_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """One entry about others' data: who did what to what, and whose data it was."""

    entry_id: int
    at: datetime
    actor_id: int | None
    action: str
    subject: str
    fields: tuple[str, ...]
    rows: int
    request_id: str
    person_ids: tuple[int, ...]


@dataclass(slots=True)
class Tally:
    """What one actor did, or what befell one person."""

    first_at: datetime
    last_at: datetime
    deeds: int = 0
    exports: int = 0
    rows: int = 0
    fields: set[str] = field(default_factory=set)
    others: set[int] = field(default_factory=set)

    def add(self, deed: Deed, others: Iterable[int]) -> None:
        """Count a deed; deeds come in the order of time."""
        self.last_at = deed.at
        self.deeds += 1
        self.rows += deed.rows
        self.exports += deed.action in EXPORTS
        self.fields.update(deed.fields)
        self.others.update(others)


@dataclass(slots=True)
class Report:
    """The tallies by actor (None: the clock or an operator's command) and by person, and what names there are."""

    asked: Asked
    actors: dict[int | None, Tally] = field(default_factory=dict)
    persons: dict[int, Tally] = field(default_factory=dict)
    actions: dict[str, int] = field(default_factory=dict)
    fields: dict[str, set[int]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    logins: dict[int, str] = field(default_factory=dict)


def report(actor: Actor, asked: Asked) -> Report:
    """Count; that it was asked for is a deed of its own."""
    found = Report(asked)
    for deed in deeds(asked):
        _count(found, deed)
    staff = {each for each in found.actors if each is not None}
    found.names = {person_id: row.name for person_id, row in people.by_ids(staff | set(found.persons)).items()}
    logins = select(Account.person_id, Account.login).where(Account.person_id.in_(staff))
    found.logins = {row.person_id: row.login for row in db.session.execute(logins)}
    transactional(entries.record)(
        actor, "audit.breach_reported", "audit", "breach", since=asked.since.isoformat(), until=asked.until.isoformat(),
        actor_id=asked.actor_id, person_id=asked.person_id, people=len(found.persons),
    )  # fmt: skip
    return found


def deeds(asked: Asked) -> Iterator[Deed]:
    """The deeds, oldest first, a batch in memory at a time."""
    rows = db.session.execute(_query(asked).execution_options(yield_per=BATCH))
    for _, group in groupby(rows, key=lambda row: row.id):
        entry, *more = group
        told = [each.person_id for each in (entry, *more) if each.person_id not in (None, entry.actor_id)]
        if told or entry.action in EXPORTS:
            yield _deed(entry, tuple(told))


def _query(asked: Asked) -> Select[Any]:
    columns = [each for each in AuditEntry.__table__.columns if each.name != "private_hash"]
    query = select(*columns, AuditSubject.person_id).outerjoin(AuditSubject, AuditSubject.entry_id == AuditEntry.id)
    whose: ColumnElement[bool] = or_(AuditSubject.person_id.is_not(None), AuditEntry.action.in_(EXPORTS))
    query = query.where(AuditEntry.at >= asked.since, AuditEntry.at < asked.until, whose)
    if asked.actor_id is not None:
        query = query.where(AuditEntry.actor_id == asked.actor_id)
    if asked.person_id is not None:
        about = (AuditSubject.entry_id == AuditEntry.id) & (AuditSubject.person_id == asked.person_id)
        query = query.where(exists().where(about).correlate(AuditEntry), AuditSubject.person_id == asked.person_id)
    return query.order_by(AuditEntry.id, AuditSubject.person_id)


def _deed(entry: Any, person_ids: tuple[int, ...]) -> Deed:
    details = entry.details
    return Deed(
        entry.id, entry.at, entry.actor_id, entry.action, f"{entry.subject_kind} {entry.subject_id}",
        tuple(details.get("fields", ())), int(details.get("rows", 0)), details.get("request_id", ""), person_ids,
    )  # fmt: skip


def _count(found: Report, deed: Deed) -> None:
    by = found.actors.setdefault(deed.actor_id, Tally(deed.at, deed.at))
    by.add(deed, deed.person_ids)
    found.actions[deed.action] = found.actions.get(deed.action, 0) + 1
    for name in deed.fields or ("other",):
        found.fields.setdefault(name, set()).update(deed.person_ids)
    for person_id in deed.person_ids:
        befell = found.persons.setdefault(person_id, Tally(deed.at, deed.at))
        befell.add(deed, () if deed.actor_id is None else (deed.actor_id,))


def moment(at: datetime) -> str:
    """`2026-11-28 20:15:03`, on a clock in Pu'er."""
    return f"{clock.local(at):%Y-%m-%d %H:%M:%S}"
