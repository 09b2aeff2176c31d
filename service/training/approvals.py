"""A second person before a class is published, where its union demands it (docs/rules.md `training.approval`).

A draft is handed in as it stands. Who wrote on it, or handed it in, does not decide; and what is changed meanwhile has
to be handed in again.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from service.audit import entries
from service.core import clock
from service.core.access import Actor, Role
from service.core.db import db
from service.core.pages import Page, page_of_rows
from service.core.transaction import transactional
from service.identity.models import Person
from service.messaging import outbox
from service.organisations import nodes, settings
from service.organisations.models import UnionNode
from service.training import authors, publishing, scopes
from service.training.approval_errors import NotSubmitted, OwnClass
from service.training.approval_models import ClassApproval
from service.training.enums import ApprovalState, ClassEvent
from service.training.errors import ClassUnknown, Stale
from service.training.lifecycle import CLASS
from service.training.models import TrainingClass

DECIDERS = (Role.TRAINING_STAFF, Role.PUBLISHING_STAFF)


@dataclass(frozen=True, slots=True)
class Approval:
    """Where a class stands. `is_stale`: it was changed after it was handed in; `may_decide`: the reader may."""

    class_id: int
    title: str
    node_name: str
    version: int
    is_demanded: bool
    state: ApprovalState | None = None
    submitted_by: str | None = None
    submitted_at: datetime | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    is_stale: bool = False
    may_decide: bool = False


@transactional
def submit(actor: Actor, class_id: int) -> Approval:
    """Hand the draft in as it stands; handed in before, it is handed in anew.

    Raises ClassUnknown, WrongState for what is no draft, PlanInvalid where something is missing.
    """
    found = scopes.class_in_scope(actor, class_id)
    scopes.lock(found)
    CLASS.next(found.state, ClassEvent.PUBLISH)
    publishing.check_ready(found, clock.now())
    waiting = _waiting(found.id)
    if waiting is not None:
        _close(waiting, ApprovalState.WITHDRAWN, actor, None)
    db.session.add(
        ClassApproval(class_id=found.id, version=found.version, submitted_by=actor.worker_id, submitted_at=clock.now())
    )
    db.session.flush()
    entries.record(actor, "training.class_submitted", "class", found.id, version=found.version)
    return _approval(actor, found)


@transactional
def approve(actor: Actor, class_id: int, version: int) -> Approval:
    """Publish the class as it was handed in. `version` is the one the actor has read.

    Raises ClassUnknown, NotSubmitted, Stale, OwnClass, WrongState, PlanInvalid.
    """
    found, waiting = _to_decide(actor, class_id)
    if not waiting.version == version == found.version:
        raise Stale(details={"version": found.version})
    _close(waiting, ApprovalState.APPROVED, actor, None)
    publishing.publish_now(actor, found)
    _tell(found, waiting, "班次已批准发布", f"“{found.title}”已批准并发布。")
    entries.record(actor, "training.class_approved", "class", found.id, submitted_by=waiting.submitted_by)
    return _approval(actor, found)


@transactional
def send_back(actor: Actor, class_id: int, reason: str) -> Approval:
    """Give the draft back with a reason, which who handed it in is told.

    Raises ClassUnknown, NotSubmitted, OwnClass.
    """
    found, waiting = _to_decide(actor, class_id)
    _close(waiting, ApprovalState.SENT_BACK, actor, reason)
    _tell(found, waiting, "班次被退回", f"“{found.title}”没有批准：{reason}")
    entries.record(actor, "training.class_sent_back", "class", found.id, submitted_by=waiting.submitted_by)
    return _approval(actor, found)


def of_class(actor: Actor, class_id: int) -> Approval:
    """Where one class of the scope stands. Raises ClassUnknown."""
    return _approval(actor, _in_scope(actor, class_id))


def waiting(actor: Actor, *, page: int, per_page: int) -> Page[Approval]:
    """What waits for a second person in the actor's scope, oldest first, the actor's own too."""
    query = (
        _classes(actor)
        .join(ClassApproval, ClassApproval.class_id == TrainingClass.id)
        .where(ClassApproval.state == ApprovalState.WAITING)
        .order_by(ClassApproval.id)
    )
    found = page_of_rows(query, page=page, per_page=per_page)
    return Page([_approval(actor, row.TrainingClass) for row in found.items], page, per_page, found.total)


def _to_decide(actor: Actor, class_id: int) -> tuple[TrainingClass, ClassApproval]:
    found = _in_scope(actor, class_id)
    scopes.lock(found)
    row = _waiting(found.id)
    if row is None:
        raise NotSubmitted
    if not _is_second(actor, row):
        raise OwnClass
    return found, row


def _is_second(actor: Actor, row: ClassApproval) -> bool:
    return actor.person_id != row.submitted_by and actor.person_id not in authors.of(row.class_id)


def _close(row: ClassApproval, state: ApprovalState, actor: Actor, reason: str | None) -> None:
    row.state, row.decided_at, row.decided_by, row.reason = state, clock.now(), actor.person_id, reason
    db.session.flush()


def _tell(found: TrainingClass, row: ClassApproval, title: str, body: str) -> None:
    outbox.notice(row.submitted_by, f"approval:{row.id}", title, body, f"/staff/classes/{found.id}")


def _waiting(class_id: int) -> ClassApproval | None:
    query = select(ClassApproval).where(
        ClassApproval.class_id == class_id, ClassApproval.state == ApprovalState.WAITING
    )
    return db.session.scalar(query.with_for_update())


def _classes(actor: Actor) -> Select[TrainingClass]:
    query = select(TrainingClass).join(UnionNode, UnionNode.id == TrainingClass.node_id)
    return query.where(nodes.scope_filter(actor.paths(*DECIDERS)))


def _in_scope(actor: Actor, class_id: int) -> TrainingClass:
    query = _classes(actor).where(TrainingClass.id == class_id).options(selectinload(TrainingClass.lessons))
    found = db.session.scalar(query)
    if found is None:
        raise ClassUnknown
    return found


def _approval(actor: Actor, found: TrainingClass) -> Approval:
    node = nodes.node(found.node_id)
    newest = select(ClassApproval).where(ClassApproval.class_id == found.id).order_by(ClassApproval.id.desc()).limit(1)
    row = db.session.scalar(newest)
    about = Approval(found.id, found.title, node.name, found.version, settings.is_approval_demanded(node))
    if row is None:
        return about
    is_waiting = row.state is ApprovalState.WAITING
    return Approval(
        class_id=found.id,
        title=found.title,
        node_name=node.name,
        version=found.version,
        is_demanded=about.is_demanded,
        state=row.state,
        submitted_by=_name(row.submitted_by),
        submitted_at=row.submitted_at,
        decided_by=_name(row.decided_by),
        decided_at=row.decided_at,
        reason=row.reason,
        is_stale=is_waiting and row.version != found.version,
        may_decide=is_waiting and _is_second(actor, row),
    )


def _name(person_id: int | None) -> str | None:
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) if person_id else None
