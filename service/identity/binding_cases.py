"""Disputed bindings: a second WeChat account, a new phone, a lost account. Staff decide; nothing is merged silently.

Whose case lies in whose scope is asked above (`service/overview/binding_desk.py`), where memberships are known.
"""

from dataclasses import dataclass

from sqlalchemy import select

from service.audit import entries
from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import TryAgain
from service.identity import binding, people, sign_ins, wechat_sign_in
from service.identity.binding import Claim
from service.identity.binding_errors import CaseDecided, DisputeOpen, OwnCase
from service.identity.binding_models import BindingCase
from service.identity.enums import BindingCaseKind, BindingCaseState, Channel
from service.identity.errors import AlreadyVerified, NoWeChat
from service.identity.models import Person, SignIn
from service.messaging import outbox

LINK = "/me"
FIELDS = ("name", "id_number", "phone", "note")


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a case claims, in clear: for the desk, which masks it."""

    name: str
    id_number: str
    phone: str
    note: str


def open_case(actor: Actor, kind: BindingCaseKind, claim: Claim, note: str, node_id: int) -> BindingCase:
    """A new case of the actor's, in the caller's transaction. Who is claimed to be is told of it.

    Raises AlreadyVerified, NoWeChat, DisputeOpen.
    """
    subject = people.by_id_number(claim.id_number)
    claimant = people.lock({actor.worker_id, *([subject.id] if subject else [])})[actor.worker_id]
    if claimant.is_verified:
        raise AlreadyVerified
    if not wechat_sign_in.has_any(claimant.id):
        raise NoWeChat
    waiting = select(BindingCase.id).where(
        BindingCase.claimant_id == claimant.id, BindingCase.state == BindingCaseState.OPEN
    )
    open_id = db.session.scalar(waiting)
    if open_id is not None:
        raise DisputeOpen(details={"id": open_id})
    case = BindingCase(
        uid=new_id(), kind=kind, claimant_id=claimant.id, subject_id=subject.id if subject else None,
        node_id=node_id, created_at=clock.now(),
    )  # fmt: skip
    _seal(case, Claimed(claim.name, claim.id_number, claim.phone, note))
    db.session.add(case)
    db.session.flush()
    entries.record(actor, "identity.case_opened", "binding_case", case.id, case_kind=kind.value)
    if subject is not None:
        body = "有人用另一个微信申请绑定您的身份，工会正在核实。如不是您本人，请尽快联系所在工会。"
        outbox.notice(subject.id, f"binding_case:{case.id}:opened", "有人申请绑定您的身份", body, LINK)
    return case


def decide(actor: Actor, case_id: int, *, is_moved: bool, reason: str) -> BindingCase:
    """Move the binding to the claimant, or refuse; in the caller's transaction, the case in the actor's scope.

    The displaced account's sign-ins end, and it is nobody's again. Raises CaseDecided, OwnCase.
    """
    case = db.session.get_one(BindingCase, case_id)
    claimed = claimed_of(case)
    found = people.by_id_number(claimed.id_number)
    locked = people.lock({case.claimant_id, *([found.id] if found else [])})
    case = db.session.get_one(BindingCase, case_id, with_for_update=True, populate_existing=True)
    if people.by_id_number(claimed.id_number) is not found:
        raise TryAgain
    claimant, subject = locked[case.claimant_id], found
    if case.state is not BindingCaseState.OPEN or claimant.is_verified:
        raise CaseDecided
    if actor.person_id in locked:
        raise OwnCase
    case.state = BindingCaseState.MOVED if is_moved else BindingCaseState.REFUSED
    case.decided_at, case.decided_by, case.reason = clock.now(), actor.person_id, reason
    if is_moved:
        _move(case, claimant, subject, Claim(claimed.name, claimed.id_number, claimed.phone))
    else:
        body = f"您的身份申诉没有通过：{reason}"
        outbox.notice(claimant.id, f"binding_case:{case.id}:refused", "身份申诉未通过", body, LINK)
    entries.record(actor, f"identity.case_{case.state.value}", "binding_case", case.id, subject_id=case.subject_id)
    return case


def claimed_of(case: BindingCase) -> Claimed:
    """What the case claims, in clear; empty once it has been erased."""
    sealed = {name: getattr(case, f"{name}_sealed") for name in FIELDS}
    return Claimed(
        **{
            name: crypto.unseal(value, field=f"binding_cases.{name}", row=case.uid) if value else ""
            for name, value in sealed.items()
        }
    )


def _seal(case: BindingCase, claimed: Claimed) -> None:
    for name in FIELDS:
        sealed = crypto.seal(getattr(claimed, name), field=f"binding_cases.{name}", row=case.uid)
        setattr(case, f"{name}_sealed", sealed)


def _move(case: BindingCase, claimant: Person, subject: Person | None, claim: Claim) -> None:
    if subject is not None and wechat_sign_in.has_any(subject.id):
        displaced = people.newcomer()
        wechat_sign_in.hand_over(subject.id, displaced.id)
        sign_ins.revoke_where((SignIn.person_id == subject.id) & (SignIn.channel != Channel.STAFF))
        body = "经工会核实，您的微信与原身份的绑定已解除。如有异议，请到所在工会窗口办理。"
        outbox.notice(displaced.id, f"binding_case:{case.id}:displaced", "身份绑定已解除", body, LINK)
    person = binding.become(claimant, subject, claim)
    case.subject_id = person.id
    body = "经工会核实，您的身份已绑定到现在的微信。如不是您本人，请尽快联系所在工会。"
    outbox.notice(person.id, f"binding_case:{case.id}:moved", "身份绑定已完成", body, LINK)
