"""Binding a WeChat account to a person of the roster by name, ID number and phone.

Rule: docs/rules.md `identity.binding`.
"""

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.errors import ServiceError
from service.core.transaction import transactional
from service.identity import attempts, people, sign_ins, wechat_sign_in
from service.identity import id_number as id_numbers
from service.identity import phone as phones
from service.identity.accounts import SignedIn
from service.identity.enums import AttemptKind, Channel
from service.identity.errors import AlreadyVerified, BindingRefused, BoundElsewhere, NoWeChat, TooManyTries
from service.identity.models import Person, SignIn
from service.identity.rules import normal_name


def bind(actor: Actor, *, name: str, id_number: str, phone: str) -> SignedIn:
    """Make the actor the person of the roster who has this name, this ID number and this phone; a new sign-in.

    The actor's old sign-ins end. Five tries an hour. Raises IdNumberWrong, PhoneWrong (neither counts as a try),
    AlreadyVerified, TooManyTries, BoundElsewhere, and BindingRefused, which does not tell which of the three differs.
    """
    number, mobile = id_numbers.checked(id_number, clock.today()), phones.checked(phone)
    blocked_until = attempts.take(AttemptKind.BINDING, str(actor.worker_id))
    if blocked_until is not None:
        raise TooManyTries(details={"retry_after_s": int((blocked_until - clock.now()).total_seconds()) + 1})
    outcome = _bind(actor, name, number, mobile)
    if isinstance(outcome, ServiceError):
        raise outcome
    return outcome


@transactional
def _bind(actor: Actor, name: str, number: str, mobile: str) -> SignedIn | ServiceError:
    """The deed. A refusal is given back, not raised, so that its audit row is committed."""
    candidate = people.by_id_number(number)
    locked = people.lock({actor.worker_id, *([candidate.id] if candidate else [])})
    shell = locked[actor.worker_id]
    refusal = _refusal(shell, candidate, name, mobile)
    if refusal or candidate is None:
        refusal = refusal or BindingRefused()
        entries.record(actor, "identity.binding_denied", "person", shell.id, code=refusal.code)
        return refusal
    _move(shell, candidate)
    attempts.forget(AttemptKind.BINDING, str(shell.id))
    entries.record(actor, "identity.bound", "person", candidate.id, from_person_id=shell.id)
    return SignedIn(sign_ins.sign_in(candidate.id, Channel.WECHAT), candidate)


def _refusal(shell: Person, candidate: Person | None, name: str, mobile: str) -> ServiceError | None:
    if shell.is_verified:
        return AlreadyVerified()
    if wechat_sign_in.identity_of(shell.id) is None:
        return NoWeChat()
    if candidate is None or normal_name(candidate.name) != normal_name(name) or candidate.phone != mobile:
        return BindingRefused()
    if wechat_sign_in.identity_of(candidate.id) is not None:
        return BoundElsewhere()
    return None


def _move(shell: Person, candidate: Person) -> None:
    """The WeChat account changes hands; nothing personal stays behind with the one who was nobody."""
    wechat_sign_in.move(shell.id, candidate.id)
    candidate.is_verified = True
    shell.phone = None
    sign_ins.revoke_where(SignIn.person_id == shell.id)
