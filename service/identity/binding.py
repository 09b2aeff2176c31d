"""Binding a WeChat account to a person of the roster by name, ID number and phone.

Where the three do not agree, a provider may confirm them (`real_name.py`, off by default), or staff decide
(`binding_cases.py`). Rule: docs/rules.md `identity.binding`.
"""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.errors import ServiceError
from service.core.transaction import TryAgain, transactional
from service.identity import attempts, own_phone, people, real_name, sign_ins, wechat_sign_in
from service.identity import id_number as id_numbers
from service.identity import phone as phones
from service.identity.accounts import SignedIn
from service.identity.enums import AttemptKind, Channel
from service.identity.errors import AlreadyVerified, BindingRefused, BoundElsewhere, NoWeChat, TooManyTries
from service.identity.models import Person, SignIn
from service.identity.rules import normal_name


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody says she is. `is_confirmed` by a provider, whatever the roster says of the phone."""

    name: str
    id_number: str
    phone: str
    is_confirmed: bool = False


def bind(actor: Actor, *, name: str, id_number: str, phone: str) -> SignedIn:
    """Make the actor the person of the roster who has this name, this ID number and this phone; a new sign-in.

    The actor's old sign-ins end. Five tries an hour. Raises IdNumberWrong, PhoneWrong (neither counts as a try),
    AlreadyVerified, PhoneNotProved, TooManyTries, BoundElsewhere, and BindingRefused, which does not tell which of the
    three differs.
    """
    number, mobile = id_numbers.checked(id_number, clock.today()), phones.checked(phone)
    own_phone.check_proved(people.person(actor.worker_id), mobile)
    count_try(actor)
    claim = Claim(name, number, mobile, real_name.current().confirms(name, number, mobile))
    outcome = _bind(actor, claim)
    if isinstance(outcome, ServiceError):
        raise outcome
    return outcome


def count_try(actor: Actor) -> None:
    """Count a try at being somebody. Raises TooManyTries."""
    blocked_until = attempts.take(AttemptKind.BINDING, str(actor.worker_id))
    if blocked_until is not None:
        raise TooManyTries(details={"retry_after_s": int((blocked_until - clock.now()).total_seconds()) + 1})


@transactional
def _bind(actor: Actor, claim: Claim) -> SignedIn | ServiceError:
    """The deed. A refusal is given back, not raised, so that its audit row is committed."""
    candidate = people.by_id_number(claim.id_number)
    locked = people.lock({actor.worker_id, *([candidate.id] if candidate else [])})
    shell = locked[actor.worker_id]
    refusal = _refusal(shell, candidate, claim)
    if refusal:
        entries.record(actor, "identity.binding_denied", "person", shell.id, code=refusal.code)
        return refusal
    bound = become(shell, candidate, claim)
    attempts.forget(AttemptKind.BINDING, str(shell.id))
    entries.record(
        actor, "identity.bound", "person", bound.id, from_person_id=shell.id, is_confirmed=claim.is_confirmed
    )
    return SignedIn(sign_ins.sign_in(bound.id, Channel.WECHAT), bound)


def become(shell: Person, candidate: Person | None, claim: Claim) -> Person:
    """Make who was nobody the person claimed, of the roster or new to it; in the caller's transaction, both locked.

    Nothing personal stays behind with the one who was nobody, and her sign-ins end.
    """
    proved_at = shell.phone_proved_at if shell.phone == claim.phone else None
    sign_ins.revoke_where(SignIn.person_id == shell.id)
    if candidate is None:
        candidate = _entered(shell, claim)
    else:
        wechat_sign_in.hand_over(shell.id, candidate.id)
        shell.phone = shell.phone_proved_at = None
    if candidate.phone != claim.phone:
        candidate.phone = claim.phone
        candidate.phone_proved_at = None
    candidate.phone_proved_at = proved_at or candidate.phone_proved_at
    candidate.is_verified = True
    return candidate


def _entered(shell: Person, claim: Claim) -> Person:
    """The person with a name and an ID number nobody had. Raises TryAgain where somebody has just got it."""
    people.rename(shell, claim.name)
    try:
        with db.session.begin_nested():
            shell.id_number = claim.id_number
    except IntegrityError as error:
        raise TryAgain from error
    return shell


def _refusal(shell: Person, candidate: Person | None, claim: Claim) -> ServiceError | None:
    if shell.is_verified:
        return AlreadyVerified()
    if not wechat_sign_in.has_any(shell.id):
        return NoWeChat()
    if not _agrees(candidate, claim):
        return BindingRefused()
    if candidate is not None and wechat_sign_in.has_any(candidate.id):
        return BoundElsewhere()
    return None


def _agrees(candidate: Person | None, claim: Claim) -> bool:
    """Whether the roster knows these three together, or does not contradict who confirmed them."""
    if candidate is None:
        return claim.is_confirmed
    is_name = normal_name(candidate.name) == normal_name(claim.name)
    return is_name and (claim.is_confirmed or candidate.phone == claim.phone)
