"""What a person says about herself, and what the union says of her work.

Name, ID number and employer come from the roster, a phone is proved (`own_phone.py`). Industry and worker category
decide which classes are open to her, so the register has them, and staff correct them (docs/rules.md `profile.work`).
"""

from dataclasses import dataclass
from typing import Any

from service.audit import entries
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people
from service.identity.errors import NotVerified, OccupationUnknown
from service.identity.models import Person
from service.identity.request_errors import KeptByUnion, OwnWork
from service.organisations.enums import Industry, WorkerCategory
from service.organisations.occupations import OCCUPATIONS

KEPT = ("industry", "worker_category")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What somebody works as, and why staff say so."""

    occupation_code: str | None
    industry: Industry
    worker_category: WorkerCategory
    reason: str


@transactional
def change_profile(actor: Actor, *, occupation_code: str | None, **kept: Any) -> Person:
    """The actor's own profile, everything that can be changed at once.

    Raises NotVerified, OccupationUnknown, and KeptByUnion for anything the union keeps.
    """
    person = people.lock([actor.worker_id])[actor.worker_id]
    if not person.is_verified:
        raise NotVerified
    if kept:
        raise KeptByUnion(details={name: [KeptByUnion.message] for name in sorted(kept)})
    _require_occupation(occupation_code)
    person.occupation_code = occupation_code
    entries.record(actor, "identity.profile_changed", "person", person.id, fields=_changed(person))
    return person


def set_work(actor: Actor, person_id: int, work: Work) -> list[str]:
    """Write what staff found out about somebody's work; the names of the fields that changed, none for no change.

    In the caller's transaction, which has asked for the scope. Raises OwnWork, OccupationUnknown, PersonUnknown.
    """
    if person_id == actor.person_id:
        raise OwnWork
    _require_occupation(work.occupation_code)
    person = people.lock([person_id])[person_id]
    person.occupation_code, person.industry, person.worker_category = (
        work.occupation_code, work.industry, work.worker_category,
    )  # fmt: skip
    changed = _changed(person)
    if changed:
        entries.record(
            actor, "identity.work_changed", "person", person_id,
            about=[person_id], private={"reason": work.reason}, fields=changed,
        )  # fmt: skip
        db.session.flush()
    return changed


def _require_occupation(code: str | None) -> None:
    if code is not None and code not in OCCUPATIONS:
        raise OccupationUnknown(details={"occupation_code": [OccupationUnknown.message]})


def _changed(person: Person) -> list[str]:
    return sorted(attribute.key for attribute in db.inspect(person).attrs if attribute.history.has_changes())
