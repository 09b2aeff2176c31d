"""The states of an announcement, as one table."""

from service.announcements.enums import AnnouncementEvent, AnnouncementState
from service.core.lifecycle import Lifecycle

ANNOUNCEMENT = Lifecycle[AnnouncementState, AnnouncementEvent](
    {
        (AnnouncementState.DRAFT, AnnouncementEvent.CHANGE): AnnouncementState.DRAFT,
        (AnnouncementState.DRAFT, AnnouncementEvent.APPROVE): AnnouncementState.DRAFT,
        (AnnouncementState.DRAFT, AnnouncementEvent.SEND): AnnouncementState.SCHEDULED,
        (AnnouncementState.SCHEDULED, AnnouncementEvent.START): AnnouncementState.SENDING,
        (AnnouncementState.SENDING, AnnouncementEvent.FINISH): AnnouncementState.SENT,
        (AnnouncementState.DRAFT, AnnouncementEvent.CANCEL): AnnouncementState.CANCELLED,
        (AnnouncementState.SCHEDULED, AnnouncementEvent.CANCEL): AnnouncementState.CANCELLED,
        (AnnouncementState.SENDING, AnnouncementEvent.CANCEL): AnnouncementState.CANCELLED,
    }
)
