"""Separate consents to the use of sensitive data (docs/rules.md `privacy.separate_consent`)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.errors import NotFound
from service.core.transaction import transactional
from service.identity.consent_models import Consent
from service.identity.models import Person

ATTENDANCE_PLACE = "attendance_place"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the data is for: told to the person with its need and its effect before consent is asked."""

    code: str
    title: str
    explanation: str


PURPOSES = {
    ATTENDANCE_PLACE: Purpose(
        ATTENDANCE_PLACE,
        "签到时使用位置",
        "签到时用您手机的位置核对是否在教室附近，只记下是否较远，不保存位置。不同意也能签到，可随时撤回。",
    )
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A purpose and whether the person has consented, since when."""

    purpose: str
    title: str
    explanation: str
    is_given: bool
    given_at: datetime | None


class PurposeUnknown(NotFound):
    """There is no such purpose."""

    code = "consent.unknown_purpose"
    message = "没有这项授权"


@transactional
def decide(*, actor: Actor, purpose: str, is_given: bool) -> Standing:
    """Give or withdraw one's own consent; saying the same again changes nothing. Raises PurposeUnknown."""
    if purpose not in PURPOSES:
        raise PurposeUnknown
    person_id = actor.worker_id
    # One row in force: two requests of one person follow each other.
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    row = _in_force(person_id, purpose)
    if row is None and is_given:
        db.session.add(Consent(person_id=person_id, purpose=purpose, given_at=clock.now()))
    elif row is not None and not is_given:
        row.withdrawn_at = clock.now()
    db.session.flush()
    return _standing(person_id, purpose)


def mine(*, actor: Actor) -> list[Standing]:
    """Every purpose, with where the person stands."""
    return [_standing(actor.worker_id, purpose) for purpose in PURPOSES]


def is_given(person_id: int, purpose: str) -> bool:
    """Whether the person's consent is in force."""
    return _in_force(person_id, purpose) is not None


def _standing(person_id: int, purpose: str) -> Standing:
    told, row = PURPOSES[purpose], _in_force(person_id, purpose)
    return Standing(told.code, told.title, told.explanation, row is not None, row.given_at if row else None)


def _in_force(person_id: int, purpose: str) -> Consent | None:
    query = select(Consent).where(
        Consent.person_id == person_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    )
    return db.session.scalar(query)
