"""What a person says about herself. Name, ID number and employer come from the roster and stay
as they are; a phone is proved (`own_phone.py`)."""

from service.audit import entries
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people
from service.identity.errors import NotVerified, OccupationUnknown
from service.identity.models import Person
from service.organisations.enums import Industry, WorkerCategory
from service.organisations.occupations import OCCUPATIONS


@transactional
def change_profile(
    actor: Actor,
    *,
    occupation_code: str | None,
    industry: Industry,
    worker_category: WorkerCategory,
) -> Person:
    """The actor's own profile, everything that can be changed at once.

    Raises NotVerified, OccupationUnknown.
    """
    person = people.lock([actor.worker_id])[actor.worker_id]
    if not person.is_verified:
        raise NotVerified
    if occupation_code is not None and occupation_code not in OCCUPATIONS:
        raise OccupationUnknown(details={"occupation_code": [OccupationUnknown.message]})
    person.occupation_code, person.industry, person.worker_category = occupation_code, industry, worker_category
    changed = sorted(attribute.key for attribute in db.inspect(person).attrs if attribute.history.has_changes())
    entries.record(actor, "identity.profile_changed", "person", person.id, fields=changed)
    return person
