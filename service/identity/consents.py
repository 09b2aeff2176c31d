"""Separate consents: to the use of sensitive data, and to publishing one's honours.

Asked at each use, so that a withdrawal counts from the next one on. Every decision is kept with the version of the
words it was made on (docs/rules.md `privacy.separate_consent`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.errors import Conflict, NotFound
from service.core.pages import Page, page_of
from service.core.transaction import transactional
from service.identity.consent_models import Consent, ConsentDecision
from service.identity.models import Person
from service.identity.purposes import ATTENDANCE_PLACE, PURPOSES, Purpose

__all__ = ["ATTENDANCE_PLACE", "PURPOSES", "decide", "given_by", "history", "is_given", "mine"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A purpose in its present words, and whether the person has consented, since when, to which version."""

    purpose: str
    title: str
    explanation: str
    kind: str
    version: int
    is_given: bool
    given_at: datetime | None
    given_version: int | None


class PurposeUnknown(NotFound):
    """There is no such purpose."""

    code = "consent.unknown_purpose"
    message = "没有这项授权"


class WordsChanged(Conflict):
    """The words were changed since they were shown; `details.version` is the present one."""

    code = "consent.words_changed"
    message = "授权说明已更新，请重新阅读"


@transactional
def decide(*, actor: Actor, purpose: str, is_given: bool, version: int | None = None) -> Standing:
    """Give or withdraw one's own consent; saying the same again changes nothing. `version` is that of the words read.

    Raises PurposeUnknown, WordsChanged.
    """
    asked = PURPOSES.get(purpose)
    if asked is None:
        raise PurposeUnknown
    if is_given and version not in (None, asked.version):
        raise WordsChanged(details={"version": asked.version})
    person_id = actor.worker_id
    # One row in force: two requests of one person follow each other.
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    row = _in_force(person_id, purpose)
    if is_given and (row is None or row.version != asked.version):
        _end(row)
        db.session.add(Consent(person_id=person_id, purpose=purpose, version=asked.version, given_at=clock.now()))
        _keep(actor, asked, is_given=True)
    elif row is not None and not is_given:
        _end(row)
        _keep(actor, asked, is_given=False)
    db.session.flush()
    return _standing(person_id, asked)


def mine(*, actor: Actor) -> list[Standing]:
    """Every purpose, with where the person stands."""
    return [_standing(actor.worker_id, purpose) for purpose in PURPOSES.values()]


def history(*, actor: Actor, page: int, per_page: int) -> Page[ConsentDecision]:
    """One's own decisions, latest first."""
    query = select(ConsentDecision).where(ConsentDecision.person_id == actor.worker_id)
    return page_of(query.order_by(ConsentDecision.id.desc()), page=page, per_page=per_page)


def is_given(person_id: int, purpose: str) -> bool:
    """Whether the person's consent is in force, to words that still count. Raises KeyError for an unknown purpose."""
    return person_id in given_by([person_id], purpose)


def given_by(person_ids: Iterable[int], purpose: str) -> set[int]:
    """Those of the people whose consent is in force. Raises KeyError for a purpose that is not on the list."""
    counts = _counts(PURPOSES[purpose])
    return set(db.session.scalars(select(Consent.person_id).where(Consent.person_id.in_(set(person_ids)), counts)))


def withdraw_all(actor: Actor, person_id: int) -> None:
    """End every consent of a person whose account is closed, in the caller's transaction."""
    query = select(Consent).where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None))
    for row in db.session.scalars(query.order_by(Consent.id)):
        _end(row)
        db.session.add(_decision(actor, person_id, PURPOSES[row.purpose], is_given=False))


def _counts(purpose: Purpose) -> ColumnElement[bool]:
    return (
        (Consent.purpose == purpose.code) & Consent.withdrawn_at.is_(None) & (Consent.version >= purpose.needed_version)
    )


def _end(row: Consent | None) -> None:
    if row is not None:
        row.withdrawn_at = clock.now()
        # Before the next one begins: one in force a purpose.
        db.session.flush()


def _keep(actor: Actor, purpose: Purpose, *, is_given: bool) -> None:
    db.session.add(_decision(actor, actor.worker_id, purpose, is_given=is_given))
    action = "consent.given" if is_given else "consent.withdrawn"
    entries.record(actor, action, "purpose", purpose.code, version=purpose.version)


def _decision(actor: Actor, person_id: int, purpose: Purpose, *, is_given: bool) -> ConsentDecision:
    return ConsentDecision(
        person_id=person_id, purpose=purpose.code, version=purpose.version, text_hash=purpose.text_hash,
        is_given=is_given, decided_at=clock.now(), sign_in_id=actor.sign_in_id,
    )  # fmt: skip


def _standing(person_id: int, purpose: Purpose) -> Standing:
    row = _in_force(person_id, purpose.code)
    counts = row is not None and row.version >= purpose.needed_version
    return Standing(
        purpose.code, purpose.title, purpose.explanation, purpose.kind.value, purpose.version, counts,
        row.given_at if row and counts else None, row.version if row else None,
    )  # fmt: skip


def _in_force(person_id: int, purpose: str) -> Consent | None:
    query = select(Consent).where(
        Consent.person_id == person_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    )
    return db.session.scalar(query)
