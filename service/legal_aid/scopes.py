"""Loading a case for somebody: what may not be known of is not found; what is only listed says so. Reads are told."""

from uuid import UUID

from sqlalchemy import select

from service.audit import entries, reads
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people
from service.legal_aid import access
from service.legal_aid.access import Relation, Right
from service.legal_aid.errors import CaseLocked, CaseSealed, CaseUnknown, Stale
from service.legal_aid.models import AidCase
from service.organisations import nodes

SUBJECT = "aid_case"


def own(actor: Actor, case_id: UUID) -> AidCase:
    """The actor's own case, to be read by the worker. Raises CaseUnknown."""
    found = db.session.get(AidCase, case_id)
    if found is None or found.person_id != actor.worker_id:
        raise CaseUnknown
    return found


def own_to_change(actor: Actor, case_id: UUID) -> AidCase:
    """The same, locked and as it stands now. Raises CaseUnknown."""
    return locked(own(actor, case_id).id)


def to_read(actor: Actor, case_id: UUID, right: Right = Right.READ) -> AidCase:
    """The case for staff who may open it; the caller tells of it by `tell`. Raises CaseUnknown, CaseSealed."""
    found = db.session.get(AidCase, case_id)
    if found is None:
        raise CaseUnknown
    _check(actor, found, right)
    return found


def to_change(actor: Actor, case_id: UUID, *wanted: Right, version: int | None = None) -> AidCase:
    """The case locked for one of these rights, as it stands now, and nobody else writing on it.

    Raises CaseUnknown, CaseSealed, CaseLocked, Stale for another version than the one that was read.
    """
    found = locked(to_read(actor, case_id, Right.LIST).id)
    held = access.rights(actor, found)
    if not held & set(wanted):
        raise CaseSealed(details=whom_to_ask(found))
    if is_locked_by_other(actor, found):
        raise CaseLocked(details=holder(found))
    if version is not None and version != found.version:
        raise Stale(details={"version": found.version})
    return found


def locked(case_id: UUID) -> AidCase:
    """The case locked until the end of the transaction, as it stands now. Raises CaseUnknown."""
    query = select(AidCase).where(AidCase.id == case_id).with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is None:
        raise CaseUnknown
    return row


def is_locked_by_other(actor: Actor, case: AidCase) -> bool:
    """Whether somebody else writes on the case just now."""
    return (
        case.locked_by is not None
        and case.locked_by != actor.person_id
        and case.locked_until is not None
        and case.locked_until > clock.now()
    )


def holder(case: AidCase) -> dict[str, str]:
    """Who writes on the case and until when, for the colleague who is refused."""
    by = people.person(case.locked_by).name if case.locked_by is not None else None
    return {"until": clock.spoken(case.locked_until or clock.now()), "by": by or ""}


def tell(actor: Actor, case: AidCase, field: str = "case", subject: object = None) -> None:
    """Write down that somebody opened the case or a file of it; the worker sees it. Her own looks are her own."""
    held = access.relations(actor, case)
    if Relation.WORKER in held:
        return
    # Who covers for the handler looks as that, and the trail says so.
    fields = [field, "cover"] if Relation.COVER in held and Relation.SUPERVISOR not in held else [field]
    kind = SUBJECT if field == "case" else f"aid_{field}"
    about = subject or case.id
    if case.person_id is not None:
        reads.tell(actor, kind, about, people=[case.person_id], fields=fields)
    else:
        transactional(entries.record)(actor, reads.READ, kind, about, fields=fields)


def whom_to_ask(case: AidCase) -> dict[str, str]:
    """Whom to ask about a case one may only see listed: its handler, or the office it lies with."""
    if case.handler_id is not None:
        return {"ask": people.person(case.handler_id).name or ""}
    return {"ask": nodes.node(case.node_id).name}


def _check(actor: Actor, case: AidCase, right: Right) -> None:
    held = access.rights(actor, case)
    if right in held:
        return
    if Right.LIST in held:
        raise CaseSealed(details=whom_to_ask(case))
    raise CaseUnknown
