"""Requests that come on paper: from a person without the app, or from the kin of one who has died.

An operator does what the office has checked (docs/rules.md `privacy.on_paper`); it is in the trail with the reason, and
the person sees it among the looks at her data.
"""

from service.audit import reads
from service.core.access import Actor
from service.identity import closures, people
from service.identity.request_models import AccountClosure
from service.overview import copying

ALL_FIELDS = ("all",)


def copy_of(actor: Actor, person_id: int, *, why: str) -> bytes:
    """The zip with everything held about the person, as she would get it herself. Raises PersonUnknown, SealBroken."""
    whose = people.person(person_id).id
    content = copying.packed(whose)
    reads.tell(actor, "person", whose, people=[whose], fields=ALL_FIELDS, why=why)
    return content


def close_account_of(actor: Actor, person_id: int, *, why: str) -> AccountClosure:
    """Have the person's account closed: sign-ins end at once, after the days she may take it back she is erased.

    Raises PersonUnknown, HoldsRoles.
    """
    return closures.request(actor=actor, person_id=person_id, why=why)
