"""Announcements, as those they are for read them."""

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.refusals import refuses
from schemas.announcements import AnnouncementView
from service.announcements import announcements
from service.announcements.errors import AnnouncementUnknown
from service.announcements.models import Announcement

bp = Blueprint("announcements", __name__, url_prefix="/announcements", description="公告")


@bp.get("/<int:announcement_id>")
@bp.response(200, AnnouncementView)
@refuses(AnnouncementUnknown)
def get_announcement(announcement_id: int) -> Announcement:
    """An announcement I have been sent, in full."""
    return announcements.told(current_actor(), announcement_id)
