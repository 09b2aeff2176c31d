"""The audit trail as the auditor reads it: ids and states, never what personal stands beside them.

Somebody with the role on the whole tree reads everything; elsewhere the deeds of those who hold a role or are members
below the auditor's nodes. That it was read is a deed as well (docs/rules.md `audit.readers`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, true

from service.audit import entries
from service.audit.models import AuditEntry, AuditSeal
from service.core.access import Actor, Role
from service.core.pages import Page, page_of_rows
from service.core.transaction import transactional
from service.identity.models import RoleGrant
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.unions.models import Membership


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry, and its place in the chain; None until it is sealed, a few seconds later."""

    id: int
    at: datetime
    actor_id: int | None
    action: str
    subject_kind: str
    subject_id: str
    details: dict[str, Any]
    sequence: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; None is anything. `action` also by its beginning, with the dot: `auth.`."""

    action: str | None = None
    actor_id: int | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@transactional
def listed(actor: Actor, looked_for: Filter, *, page: int, per_page: int) -> Page[EntryLine]:
    """Entries in the auditor's scope, latest first."""
    query = (
        select(*AuditEntry.__table__.columns, AuditSeal.sequence)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(_scope(actor), *_conditions(looked_for))
        .order_by(AuditEntry.id.desc())
    )
    found = page_of_rows(query, page=page, per_page=per_page)
    lines = [
        EntryLine(
            each.id, each.at, each.actor_id, each.action, each.subject_kind, each.subject_id, each.details,
            each.sequence,
        )
        for each in found.items
    ]  # fmt: skip
    entries.record(actor, "audit.read", "audit", "list", page=page, found=found.total)
    return Page(lines, page, per_page, found.total)


def _scope(actor: Actor) -> ColumnElement[bool]:
    root = nodes.root()
    if root is not None and actor.reaches(root.path, Role.AUDITOR):
        return true()
    below = nodes.scope_filter(actor.paths(Role.AUDITOR))
    staff = select(RoleGrant.person_id).join(UnionNode, UnionNode.id == RoleGrant.node_id).where(below)
    members = select(Membership.person_id).join(UnionNode, UnionNode.id == Membership.node_id).where(below)
    return AuditEntry.actor_id.in_(staff) | AuditEntry.actor_id.in_(members)


def _conditions(looked_for: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if looked_for.action is not None:
        is_beginning = looked_for.action.endswith(".")
        found.append(
            AuditEntry.action.startswith(looked_for.action, autoescape=True)
            if is_beginning
            else AuditEntry.action == looked_for.action
        )
    for column, value in (
        (AuditEntry.actor_id, looked_for.actor_id),
        (AuditEntry.subject_kind, looked_for.subject_kind),
        (AuditEntry.subject_id, looked_for.subject_id),
    ):
        if value is not None:
            found.append(column == value)
    if looked_for.since is not None:
        found.append(AuditEntry.at >= looked_for.since)
    if looked_for.until is not None:
        found.append(AuditEntry.at < looked_for.until)
    return found
