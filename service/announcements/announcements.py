"""Announcements: written, looked at by a second person where the union wants that, sent, called off; and asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from service.announcements import audience, fan_out
from service.announcements.enums import AnnouncementEvent, AnnouncementState
from service.announcements.errors import (
    AnnouncementStale,
    AnnouncementUnknown,
    ApprovalNeeded,
    AudienceEmpty,
    OwnApproval,
    TimePast,
)
from service.announcements.lifecycle import ANNOUNCEMENT
from service.announcements.models import Announcement
from service.audit import entries
from service.core import clock
from service.core.access import Actor, Role
from service.core.db import db
from service.core.pages import Page, page_of
from service.core.transaction import transactional
from service.messaging import inbox, phones, subscriptions, templates, topics
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.organisations.setting_models import NodeSetting

ROLE = Role.PUBLISHING_STAFF
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What staff write: `node_id` and below is told, narrowed by `audience`."""

    node_id: int
    title: str
    body: str
    text: str = ""
    audience: dict[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preview:
    """How many it reaches now, how many of their phones ring, and how both look; `phone` is None where none does."""

    total: int
    phones: int
    audience: str
    title: str
    body: str
    link: str
    phone: list[str] | None
    earliest_at: datetime
    needs_approval: bool


@transactional
def create(actor: Actor, writing: Writing) -> Announcement:
    """A draft. Raises NodeUnknown for a node outside the scope, AudienceInvalid."""
    nodes.node_in_scope(actor, writing.node_id, ROLE)
    author = actor.worker_id
    made = Announcement(created_by=author, changed_by=author, created_at=clock.now(), **_columns(writing))
    db.session.add(made)
    db.session.flush()
    entries.record(actor, "announcement.created", "announcement", made.id, node_id=made.node_id)
    return made


@transactional
def change(actor: Actor, announcement_id: int, writing: Writing, version: int) -> Announcement:
    """Write the draft anew; who approved it has to look again.

    Raises AnnouncementUnknown, AnnouncementStale, WrongState, NodeUnknown, AudienceInvalid.
    """
    found = _locked(actor, announcement_id)
    nodes.node_in_scope(actor, writing.node_id, ROLE)
    found.state = ANNOUNCEMENT.next(found.state, AnnouncementEvent.CHANGE)
    if found.version != version:
        raise AnnouncementStale(details={"version": found.version})
    for name, value in _columns(writing).items():
        setattr(found, name, value)
    found.changed_by, found.approved_by, found.version = actor.worker_id, None, version + 1
    entries.record(actor, "announcement.changed", "announcement", found.id, version=found.version)
    return found


@transactional
def approve(actor: Actor, announcement_id: int, version: int) -> Announcement:
    """Be the second person for this version. Raises AnnouncementUnknown, AnnouncementStale, WrongState, OwnApproval."""
    found = _locked(actor, announcement_id)
    found.state = ANNOUNCEMENT.next(found.state, AnnouncementEvent.APPROVE)
    if found.version != version:
        raise AnnouncementStale(details={"version": found.version})
    if actor.worker_id in (found.created_by, found.changed_by):
        raise OwnApproval
    found.approved_by = actor.worker_id
    entries.record(actor, "announcement.approved", "announcement", found.id, version=version)
    return found


@transactional
def send(actor: Actor, announcement_id: int, version: int, at: datetime | None = None) -> Announcement:
    """Send it, now or at a time; in quiet hours it waits for their end (docs/rules.md `messaging.quiet_hours`).

    Raises AnnouncementUnknown, AnnouncementStale, WrongState, ApprovalNeeded, AudienceEmpty, TimePast.
    """
    now = clock.now()
    found = _locked(actor, announcement_id)
    following = ANNOUNCEMENT.next(found.state, AnnouncementEvent.SEND)
    if found.version != version:
        raise AnnouncementStale(details={"version": found.version})
    if found.approved_by is None and needs_approval(found):
        raise ApprovalNeeded
    if at is not None and not now <= at <= now + FARTHEST:
        raise TimePast(details={"at": [TimePast.message]})
    if not audience.count(found):
        raise AudienceEmpty
    found.send_at, found.state = phones.quiet_hours().release(at or now), following
    fan_out.begin(found)
    entries.record(actor, "announcement.sent", "announcement", found.id, at=found.send_at.isoformat())
    return found


@transactional
def cancel(actor: Actor, announcement_id: int, reason: str) -> Announcement:
    """Call it off: who has not been reached never is, and phones that have not rung stay silent.

    Raises AnnouncementUnknown, WrongState.
    """
    found = _locked(actor, announcement_id)
    found.state = ANNOUNCEMENT.next(found.state, AnnouncementEvent.CANCEL)
    found.finished_at = clock.now()
    fan_out.stop(found)
    entries.record(
        actor, "announcement.cancelled", "announcement", found.id, reached=found.reached, private={"reason": reason}
    )
    return found


def one(actor: Actor, announcement_id: int) -> Announcement:
    """The announcement, for publishing staff of its node. Raises AnnouncementUnknown."""
    return _in_scope(actor, select(Announcement).where(Announcement.id == announcement_id))


def listed(actor: Actor, *, state: AnnouncementState | None = None, page: int, per_page: int) -> Page[Announcement]:
    """The announcements of the scope, newest first; of one state where named."""
    query = (
        select(Announcement)
        .join(UnionNode, UnionNode.id == Announcement.node_id)
        .where(nodes.scope_filter(actor.paths(ROLE)))
    )
    if state is not None:
        query = query.where(Announcement.state == state)
    return page_of(query.order_by(Announcement.id.desc()), page=page, per_page=per_page)


def preview(actor: Actor, announcement_id: int) -> Preview:
    """How it would look and whom it would reach, were it sent now. Raises AnnouncementUnknown."""
    found, now = one(actor, announcement_id), clock.now()
    template = templates.current().for_topic(topics.ANNOUNCEMENT)
    shown, ringing = None, 0
    if template is not None:
        shown = list(template.filled(topics.topic(topics.ANNOUNCEMENT).text, now).values())
        ringing = subscriptions.count_of(audience.everybody(found), template.template_id)
    return Preview(
        total=audience.count(found),
        phones=ringing,
        audience=audience.said(nodes.node(found.node_id).name, found.audience),
        title=found.title,
        body=found.body,
        link=fan_out.link(found.id),
        phone=shown,
        earliest_at=phones.quiet_hours().release(now),
        needs_approval=needs_approval(found),
    )


def told(actor: Actor, announcement_id: int) -> Announcement:
    """The announcement, for somebody it has reached. Raises AnnouncementUnknown."""
    found = db.session.get(Announcement, announcement_id)
    if found is None or not inbox.has(actor, fan_out.key(announcement_id, actor.worker_id)):
        raise AnnouncementUnknown
    return found


def needs_approval(announcement: Announcement) -> bool:
    """Whether the node, or one above it, wants a second person."""
    ids = [int(each) for each in nodes.node(announcement.node_id).path.split("/") if each.isdigit()]
    query = select(NodeSetting.node_id).where(NodeSetting.node_id.in_(ids), NodeSetting.needs_approval)
    return db.session.scalar(query.limit(1)) is not None


def _columns(writing: Writing) -> dict[str, Any]:
    return {
        "node_id": writing.node_id, "title": writing.title, "body": writing.body, "text": writing.text,
        "audience": audience.checked(writing.audience),
    }  # fmt: skip


def _locked(actor: Actor, announcement_id: int) -> Announcement:
    return _in_scope(actor, select(Announcement).where(Announcement.id == announcement_id).with_for_update())


def _in_scope(actor: Actor, query: Any) -> Announcement:
    found: Announcement | None = db.session.scalar(query)
    if found is None or not actor.reaches(nodes.node(found.node_id).path, ROLE):
        raise AnnouncementUnknown
    return found
