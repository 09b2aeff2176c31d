"""Closed lists of announcements."""

from enum import StrEnum


class AnnouncementState(StrEnum):
    """Written, waiting for its time, on its way, all through, or called off."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


class AnnouncementEvent(StrEnum):
    """What happens to an announcement."""

    CHANGE = "change"
    APPROVE = "approve"
    SEND = "send"
    START = "start"
    FINISH = "finish"
    CANCEL = "cancel"
