"""Announcements, as publishing staff write and send them."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.announcements import (
    ApproveAnnouncement,
    CancelAnnouncement,
    ChangeAnnouncement,
    ListAnnouncements,
    PreviewView,
    SendAnnouncement,
    StaffAnnouncementLine,
    StaffAnnouncementView,
    WriteAnnouncement,
)
from schemas.fields import page_view
from service.announcements import announcements
from service.announcements.announcements import Preview, Writing
from service.announcements.errors import (
    AnnouncementStale,
    AnnouncementUnknown,
    ApprovalNeeded,
    AudienceEmpty,
    AudienceInvalid,
    OwnApproval,
    TimePast,
)
from service.announcements.models import Announcement
from service.core.lifecycle import WrongState
from service.core.pages import Page
from service.organisations.errors import NodeUnknown

bp = Blueprint("staff_announcements", __name__, url_prefix="/staff/announcements", description="公告管理")


@bp.get("")
@bp.arguments(ListAnnouncements, location="query")
@bp.response(200, page_view(StaffAnnouncementLine))
def list_staff_announcements(query: dict[str, Any]) -> Page[Announcement]:
    """The announcements of the scope, newest first, with how far they have got."""
    return announcements.listed(current_actor(), **query)


@bp.post("")
@bp.arguments(WriteAnnouncement)
@bp.response(201, StaffAnnouncementView)
@refuses(NodeUnknown, AudienceInvalid)
@keyed(StaffAnnouncementView, 201)
def create_announcement(order: dict[str, Any]) -> Announcement:
    """Write an announcement: a draft."""
    return announcements.create(current_actor(), Writing(**order))


@bp.get("/<int:announcement_id>")
@bp.response(200, StaffAnnouncementView)
@refuses(AnnouncementUnknown)
def get_staff_announcement(announcement_id: int) -> Announcement:
    """One announcement, with how far it has got."""
    return announcements.one(current_actor(), announcement_id)


@bp.put("/<int:announcement_id>")
@bp.arguments(ChangeAnnouncement)
@bp.response(200, StaffAnnouncementView)
@refuses(AnnouncementUnknown, AnnouncementStale, WrongState, NodeUnknown, AudienceInvalid)
@keyed(StaffAnnouncementView)
def change_announcement(order: dict[str, Any], announcement_id: int) -> Announcement:
    """Write a draft anew; a second person has to look again."""
    version = order.pop("version")
    return announcements.change(current_actor(), announcement_id, Writing(**order), version)


@bp.get("/<int:announcement_id>/preview")
@bp.response(200, PreviewView)
@refuses(AnnouncementUnknown)
def preview_announcement(announcement_id: int) -> Preview:
    """How many it reaches and how it looks in the inbox and on a phone."""
    return announcements.preview(current_actor(), announcement_id)


@bp.post("/<int:announcement_id>/approve")
@bp.arguments(ApproveAnnouncement)
@bp.response(200, StaffAnnouncementView)
@refuses(AnnouncementUnknown, AnnouncementStale, WrongState, OwnApproval)
@keyed(StaffAnnouncementView)
def approve_announcement(order: dict[str, Any], announcement_id: int) -> Announcement:
    """Let somebody else's draft be sent, as the second person."""
    return announcements.approve(current_actor(), announcement_id, order["version"])


@bp.post("/<int:announcement_id>/send")
@bp.arguments(SendAnnouncement)
@bp.response(200, StaffAnnouncementView)
@refuses(AnnouncementUnknown, AnnouncementStale, WrongState, ApprovalNeeded, AudienceEmpty, TimePast)
@keyed(StaffAnnouncementView)
def send_announcement(order: dict[str, Any], announcement_id: int) -> Announcement:
    """Send it now or at a time, not in quiet hours."""
    return announcements.send(current_actor(), announcement_id, order["version"], order["at"])


@bp.post("/<int:announcement_id>/cancel")
@bp.arguments(CancelAnnouncement)
@bp.response(200, StaffAnnouncementView)
@refuses(AnnouncementUnknown, WrongState)
@keyed(StaffAnnouncementView)
def cancel_announcement(order: dict[str, Any], announcement_id: int) -> Announcement:
    """Call it off: who has not been reached never is."""
    return announcements.cancel(current_actor(), announcement_id, order["reason"])
